"""The audit finds nothing on what the services wrote, and every value that somebody else did."""

import logging
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.utils import timezone

from sla.audit import audit_tenant, count_differences
from sla.models import Clock
from sla.sweep import sweep_tenant
from tests.factories import MONDAY, Desk, new_ticket
from tickets.models import Ticket
from tickets.services import change_priority, change_status, reopen_ticket, reply_to_ticket, resolve_ticket

HOUR = timedelta(hours=1)
LATER = MONDAY + 60 * HOUR


@pytest.fixture
def lived(desk: Desk) -> Ticket:
    """A ticket that was answered, paused, resolved and opened again, among others; all of it swept."""
    ticket = new_ticket(desk, priority="critical")
    new_ticket(desk, priority="low")
    done = new_ticket(desk, priority="high")
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Which one?", at=MONDAY + HOUR, then="pending")
    reply_to_ticket(ticket=ticket, by=desk.contact, body="That one.", at=MONDAY + 3 * HOUR)
    change_priority(ticket=ticket, priority="high", by=desk.agent, at=MONDAY + 4 * HOUR)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY + 5 * HOUR)
    resolve_ticket(ticket=done, by=desk.agent, at=MONDAY + 6 * HOUR)
    reopen_ticket(ticket=ticket, by=desk.contact, at=MONDAY + 25 * HOUR)
    change_status(ticket=ticket, status="on_hold", by=desk.agent, at=MONDAY + 26 * HOUR)
    sweep_tenant(now=LATER)
    return ticket


def found(**options: Any) -> list[str]:
    return [str(one) for one in audit_tenant(now=LATER + HOUR, **options).differences]


def test_what_the_services_wrote_is_what_the_record_says(lived: Ticket) -> None:
    audit = audit_tenant(now=LATER + HOUR)
    assert (audit.differences, audit.tickets) == ([], 3)
    assert audit.clocks == Clock.objects.count()


def test_what_a_sweep_has_not_seen_yet_is_no_difference(desk: Desk) -> None:
    new_ticket(desk, priority="high")
    assert audit_tenant(now=MONDAY + 4.5 * HOUR).differences == []


def test_a_due_time_that_somebody_moved_is_found(lived: Ticket) -> None:
    clock = Clock.objects.get(ticket__priority="low", metric="first_response")
    Clock.objects.filter(pk=clock.pk).update(due_at=F("due_at") + HOUR)
    assert [said.split(" is ")[0] for said in found()] == ["first_response 1: due_at"]


def test_a_breach_that_somebody_wiped_is_found(lived: Ticket) -> None:
    breached = Clock.objects.filter(breached_at__isnull=False).first()
    assert breached is not None
    Clock.objects.filter(pk=breached.pk).update(breached_at=None)
    assert any("breached_at is nothing, reckoned 2026-" in said for said in found())


def test_a_clock_that_is_missing_is_found(desk: Desk) -> None:
    Clock.objects.filter(ticket=new_ticket(desk, priority="high")).delete()
    said = [str(one) for one in audit_tenant(now=MONDAY + HOUR).differences]
    assert "first_response 1: row is nothing, reckoned running" in said


def test_a_ticket_that_says_something_else_than_its_clocks_is_found(lived: Ticket) -> None:
    Ticket.objects.filter(pk=lived.pk).update(due_state="none", due_remaining=None)
    assert any(said.startswith("summary: due_state") for said in found())


@pytest.mark.parametrize("looked_at", [None, LATER + 900 * HOUR])
def test_a_clock_that_no_sweep_would_look_at_in_time_is_found(desk: Desk, looked_at: Any) -> None:
    new_ticket(desk, priority="high")
    Clock.objects.filter(metric="first_response").update(next_action_at=looked_at)
    said = [str(one) for one in audit_tenant(now=MONDAY + HOUR).differences]
    assert [one.split(" is ")[0] for one in said] == ["first_response 1: next_action_at"]


def test_a_clock_that_no_sweep_has_looked_at_is_found(desk: Desk) -> None:
    new_ticket(desk, priority="critical")
    found_late = {one.field for one in audit_tenant(now=MONDAY + 3.5 * HOUR).differences}
    assert found_late == {"next_action_at"}


def test_a_clock_that_was_set_aside_is_found(lived: Ticket) -> None:
    Clock.objects.filter(ticket__priority="low", metric="first_response").update(error="ValueError: no")
    assert [said.split(" is ")[0] for said in found()] == ["first_response 1: error"]


def test_the_sample_goes_on_from_the_beginning(lived: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sla.audit.random.randint", lambda first, last: last)
    assert audit_tenant(now=LATER, sample=10).tickets == Ticket.objects.count()


def test_ended_clocks_are_looked_at_by_sample(lived: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sla.audit.random.randint", lambda first, last: first)
    ended = Clock.objects.get(ticket__status="resolved", metric="first_response")
    Clock.objects.filter(pk=ended.pk).update(ended_at=LATER)
    assert found(sample=0) == []
    assert [said.split(" is ")[0] for said in found(sample=10)] == ["first_response 1: ended_at"]


def test_a_difference_is_told_by_log_command_and_probe_until_it_is_gone(
    lived: Ticket, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    sweep_tenant(now=timezone.now())
    clock = Clock.objects.get(ticket__priority="low", metric="first_response")
    Clock.objects.filter(pk=clock.pk).update(due_at=F("due_at") + HOUR)
    said = StringIO()
    with caplog.at_level(logging.ERROR, "sla.audit"), pytest.raises(SystemExit) as ended:
        call_command("audit_clocks", stdout=said)
    assert ended.value.code == 1
    assert f"{lived.tenant.ticket_prefix}-" in said.getvalue()
    assert "first_response 1: due_at" in caplog.text
    assert client.get("/readyz").json()["checks"]["clocks"]["ok"] is False
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at)
    call_command("audit_clocks", stdout=said)
    assert client.get("/readyz").json()["checks"]["clocks"]["ok"] is True


def test_an_audit_asks_as_much_of_many_tickets_as_of_few(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        new_ticket(desk, priority="high")
    audit_tenant(now=MONDAY)
    with django_assert_max_num_queries(16):
        audit_tenant(now=MONDAY)


def test_other_desks_differences_are_counted_and_not_seen(desk: Desk) -> None:
    assert count_differences() == 0
