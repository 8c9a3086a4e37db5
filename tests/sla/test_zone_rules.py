"""A new edition of the rules of time zones moves open promises, and judges nothing again that has ended."""

from datetime import datetime, timedelta

import pytest

from sla import zone_rules
from sla.audit import audit_tenant
from sla.models import Clock, ZoneRules
from sla.sweep import sweep_tenant
from sla.zone_rules import follow_zone_rules
from sla.zones import TZDATA_VERSION
from tests.factories import MONDAY, Desk, new_ticket
from tickets.models import Ticket
from tickets.services import change_priority, change_status, reply_to_ticket

HOUR = timedelta(hours=1)
NOW = MONDAY + HOUR


def as_older_rules_said(now: datetime) -> None:
    """Every deadline is an hour off: the clocks were to change, and did not."""
    for row in Clock.objects.all():
        for name in ("due_at", "at_risk_at", "next_action_at"):
            at = getattr(row, name)
            setattr(row, name, at + HOUR if at else None)
        row.save()
    for ticket in Ticket.objects.all():
        ticket.due_at = ticket.due_at + HOUR if ticket.due_at else None
        ticket.at_risk_at = ticket.at_risk_at + HOUR if ticket.at_risk_at else None
        ticket.save()


def test_open_clocks_are_reckoned_by_the_new_rules_and_ended_ones_stand(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone_rules, "PORTION", 2)
    tickets = [new_ticket(desk, priority="critical") for _number in range(2)]
    reply_to_ticket(ticket=tickets[0], by=desk.agent, body="We are on it.", at=NOW)
    change_status(ticket=tickets[1], status="pending", by=desk.agent, at=NOW)
    right = dict(Clock.objects.filter(ended_at=None).values_list("pk", "due_at"))
    assert len(right) == 3, "a solution that runs, one that waits, and an answer"
    answered = Clock.objects.get(metric="first_response", ended_at__isnull=False)
    as_older_rules_said(NOW)
    ZoneRules.objects.create(tenant=desk.tenant, version="1999a")
    change_priority(ticket=tickets[0], priority="high", by=desk.agent, at=NOW)
    change_priority(ticket=tickets[0], priority="critical", by=desk.agent, at=NOW)
    ended = "also before a worker saw it"
    assert Clock.objects.get(pk=answered.pk).due_at == (answered.due_at or NOW) + HOUR, ended

    later = NOW + timedelta(minutes=1)
    portions = []
    for _turn in range(3):
        assert not audit_tenant(now=later).differences, "what the sweep is still to see is no fault"
        portions.append(follow_zone_rules(desk.tenant.pk, now=later))
    assert portions == [2, 1, 0]
    assert not audit_tenant(now=later + timedelta(seconds=1)).differences
    assert audit_tenant(now=later + 2 * HOUR).differences, "no sweep came"
    sweep_tenant(now=later + timedelta(seconds=1))
    assert dict(Clock.objects.filter(ended_at=None).values_list("pk", "due_at")) == right
    assert Clock.objects.get(pk=answered.pk).due_at == (answered.due_at or NOW) + HOUR
    rules = ZoneRules.objects.get()
    assert (rules.version, rules.since, rules.reached) == (TZDATA_VERSION, later, None)
    assert not audit_tenant(now=later + timedelta(seconds=2)).differences


def test_a_worker_that_waited_for_another_does_not_begin_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_ticket(desk, priority="critical")
    ZoneRules.objects.create(tenant=desk.tenant, version="1999a")
    known = ZoneRules.objects.get()
    assert follow_zone_rules(desk.tenant.pk, now=NOW) == 2
    monkeypatch.setattr(ZoneRules.objects, "get_or_create", lambda **_asked: (known, False))
    assert follow_zone_rules(desk.tenant.pk, now=NOW + HOUR) == 0
