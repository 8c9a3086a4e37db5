"""A promise is never missed silently: the sweep tells at the aim and at the limit, once each."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from notifications.models import Notification, OutboxMessage
from notifications.services import deliver_waiting
from notifications.waiting import tenants_with_waiting_mail
from sla.models import Clock, Escalation
from sla.services import escalating, give_contract
from sla.services.clocks import Reckoning
from sla.sweep import sweep_tenant, take_up_again, tenants_with_due_clocks
from tests.factories import MONDAY, Desk, new_ticket
from tickets.models import DueState, Ticket, TicketEvent
from tickets.services import assign_ticket, change_status, reply_to_ticket, resolve_ticket

HOUR = timedelta(hours=1)


def first_response(ticket: Ticket) -> Clock:
    return Clock.objects.get(ticket=ticket, metric="first_response")


def test_filing_starts_the_clock_in_business_hours(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    clock = first_response(ticket)
    assert (clock.at_risk_at, clock.due_at) == (MONDAY + 4 * HOUR, MONDAY + 8 * HOUR)
    assert clock.next_action_at == clock.at_risk_at
    assert (ticket.due_at, ticket.due_metric, ticket.due_zone) == (
        clock.due_at,
        "first_response",
        "Asia/Karachi",
    )


def test_nothing_happens_before_the_aim(desk: Desk) -> None:
    new_ticket(desk, priority="high")
    assert sweep_tenant(now=MONDAY + 4 * HOUR) == 0
    assert tenants_with_due_clocks(MONDAY + 3 * HOUR) == []


def test_aim_of_an_unassigned_ticket_tells_every_supervisor(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    assert sweep_tenant(now=MONDAY + 5 * HOUR) == 1
    told = Notification.objects.filter(kind="escalation").values_list("recipient__role", flat=True)
    assert sorted(told) == ["admin", "owner", "supervisor"]
    assert OutboxMessage.objects.filter(kind="escalation").count() == 3
    event = TicketEvent.objects.get(ticket=ticket, kind="escalated")
    assert event.data["step"] == "aim"
    assert event.data["passed_at"] == (MONDAY + 4 * HOUR).isoformat()


def test_aim_of_an_assigned_ticket_tells_the_assignee_alone(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    sweep_tenant(now=MONDAY + 5 * HOUR)
    told = Notification.objects.filter(kind="escalation").values_list("recipient", flat=True)
    assert list(told) == [desk.agent.pk]


def test_limit_tells_supervisors_and_marks_the_ticket(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 5 * HOUR)
    sweep_tenant(now=MONDAY + 27 * HOUR)
    clock = first_response(ticket)
    assert clock.breached_at == MONDAY + 8 * HOUR
    assert clock.status == "breached"
    ticket.refresh_from_db()
    assert ticket.has_breached
    assert ticket.is_breached(MONDAY + 27 * HOUR)
    assert ticket.due_state == DueState.RUNNING
    assert list(Escalation.objects.values_list("step__place", flat=True)) == ["aim", "limit"]


@pytest.mark.parametrize("times", [2, 5])
def test_sweeping_again_tells_nobody_twice(desk: Desk, times: int) -> None:
    new_ticket(desk, priority="high")
    for _turn in range(times):
        sweep_tenant(now=MONDAY + 30 * HOUR)
    assert Escalation.objects.count() == 2
    assert Notification.objects.filter(kind="escalation").count() == 6
    assert tenants_with_due_clocks(MONDAY + 100 * HOUR) == []


def test_answer_before_the_aim_leaves_nothing_to_escalate(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    reply_to_ticket(ticket=ticket, by=desk.agent, body="We are on it.", at=MONDAY + HOUR)
    assert sweep_tenant(now=MONDAY + 30 * HOUR) == 0
    assert (first_response(ticket).status, first_response(ticket).ended_at) == ("met", MONDAY + HOUR)


def test_breach_answered_before_the_sweep_is_still_told(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Sorry.", at=MONDAY + 26 * HOUR)
    sweep_tenant(now=MONDAY + 26.01 * HOUR)
    assert list(Escalation.objects.values_list("step__place", flat=True)) == ["limit"]
    assert first_response(ticket).breached_at == MONDAY + 8 * HOUR


def test_paused_resolution_is_not_escalated(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="critical")
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Which printer?", at=MONDAY + HOUR, then="pending")
    assert sweep_tenant(now=MONDAY + 200 * HOUR) == 0
    clock = Clock.objects.get(ticket=ticket, metric="resolution")
    assert (clock.status, clock.due_at, clock.remaining) == ("paused", None, 15 * 3600)
    ticket.refresh_from_db()
    assert ticket.due_state == DueState.PAUSED


def test_resuming_gives_the_rest_of_the_time(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="critical")
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Which?", at=MONDAY + HOUR, then="pending")
    change_status(ticket=ticket, status="open", by=desk.agent, at=MONDAY + 3 * HOUR)
    clock = Clock.objects.get(ticket=ticket, metric="resolution")
    # 15 hours are left on Monday at 13:00: five that day, nine on Tuesday, one on Wednesday.
    assert clock.due_at == MONDAY + 48 * HOUR


def test_requester_starts_a_next_response_cycle_each_time(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Try this.", at=MONDAY + HOUR)
    reply_to_ticket(ticket=ticket, by=desk.contact, body="No.", at=MONDAY + 2 * HOUR)
    reply_to_ticket(ticket=ticket, by=desk.contact, body="Still no.", at=MONDAY + 3 * HOUR)
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Then that.", at=MONDAY + 4 * HOUR)
    reply_to_ticket(ticket=ticket, by=desk.contact, body="No.", at=MONDAY + 5 * HOUR)
    clocks = Clock.objects.filter(ticket=ticket, metric="next_response").order_by("cycle")
    assert [(c.started_at, c.status) for c in clocks] == [
        (MONDAY + 2 * HOUR, "met"),
        (MONDAY + 5 * HOUR, "running"),
    ]


def test_one_ticket_that_cannot_be_reckoned_holds_up_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = new_ticket(desk, priority="high"), new_ticket(desk, priority="high")
    real = escalating.reckon

    def broken(ticket: Ticket, *about: Any, **kwargs: Any) -> Reckoning:
        if ticket.pk == bad.pk:
            raise RuntimeError("no such hour")
        return real(ticket, *about, **kwargs)

    monkeypatch.setattr(escalating, "reckon", broken)
    sweep_tenant(now=MONDAY + 5 * HOUR)
    assert "no such hour" in first_response(bad).error
    assert Escalation.objects.get().clock.ticket_id == good.pk
    assert tenants_with_due_clocks(MONDAY + 5 * HOUR) == []


def test_resolved_ticket_owes_nothing(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="critical")
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY + HOUR)
    assert sweep_tenant(now=MONDAY + 100 * HOUR) in (0, 2)
    ticket.refresh_from_db()
    assert Clock.objects.get(ticket=ticket, metric="resolution").status == "met"


def test_ticket_without_contract_has_no_commitment(desk: Desk) -> None:
    desk.contract.delete()
    ticket = new_ticket(desk, priority="critical")
    assert not Clock.objects.filter(ticket=ticket).exists()
    assert (ticket.due_state, ticket.due_at) == (DueState.NONE, None)


def test_what_was_set_aside_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    new_ticket(desk, priority="high")
    with monkeypatch.context() as broken:
        broken.setattr(escalating, "reckon", lambda *_, **__: 1 / 0)
        assert sweep_tenant(now=MONDAY + 5 * HOUR) == 0
    assert sweep_tenant(now=MONDAY + 5 * HOUR) == 0, "set aside"
    assert take_up_again(now=MONDAY + 5 * HOUR) > 0
    assert sweep_tenant(now=MONDAY + 5 * HOUR) == 1


def test_a_deadlock_sets_nothing_aside(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def deadlock(*_: object, **__: object) -> Reckoning:
        raise OperationalError("deadlock detected")

    ticket = new_ticket(desk, priority="high")
    with monkeypatch.context() as broken:
        broken.setattr(escalating, "reckon", deadlock)
        assert sweep_tenant(now=MONDAY + 5 * HOUR) == 0
    assert first_response(ticket).error == ""
    assert sweep_tenant(now=MONDAY + 5 * HOUR) == 1


def test_aim_of_an_assignee_whose_identity_is_closed_tells_supervisors(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="high")
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    desk.agent.user.is_active = False
    desk.agent.user.save(update_fields=["is_active"])
    sweep_tenant(now=MONDAY + 5 * HOUR)
    told = Notification.objects.filter(kind="escalation").values_list("recipient__role", flat=True)
    assert sorted(told) == ["admin", "owner", "supervisor"]


def test_mail_in_plain_text_holds_no_markup(desk: Desk) -> None:
    new_ticket(desk, priority="high", subject="Rent & tax")
    sweep_tenant(now=MONDAY + 5 * HOUR)
    deliver_waiting(now=MONDAY + 5 * HOUR)
    texts = OutboxMessage.objects.filter(kind="escalation").values_list("body_text", flat=True)
    assert texts
    assert not [text for text in texts if "<" in text or "&amp;" in text or "Rent & tax" not in text]


def test_two_changes_at_once_are_reckoned_in_the_order_in_which_they_took_effect(desk: Desk) -> None:
    """Who waits for the lock took the time before: the history must not turn the two round."""
    ticket = new_ticket(desk, priority="critical")
    change_status(ticket=ticket, status="pending", by=desk.agent, at=MONDAY + HOUR)
    resolve_ticket(ticket=ticket, by=desk.agent2, at=MONDAY + HOUR - timedelta(seconds=1))
    assert [e.kind for e in TicketEvent.objects.filter(ticket=ticket)][-1] == "resolved"
    assert Clock.objects.get(ticket=ticket, metric="resolution").status == "met"


def test_contract_dated_back_covers_open_tickets_at_once(desk: Desk) -> None:
    desk.contract.delete()
    ticket = new_ticket(desk, priority="high")
    give_contract(
        customer=desk.customer, plan=desk.plan, starts_on=date(2026, 2, 1), at=MONDAY + HOUR, by=desk.owner
    )
    ticket.refresh_from_db()
    assert ticket.due_at == MONDAY + 8 * HOUR
    assert sweep_tenant(now=MONDAY + 5 * HOUR) == 1


def test_what_a_contract_dated_back_begins_overdue_is_told_once_and_not_step_by_step(desk: Desk) -> None:
    desk.contract.delete()
    new_ticket(desk, priority="high")
    given = MONDAY + 26 * HOUR
    give_contract(customer=desk.customer, plan=desk.plan, starts_on=date(2026, 2, 1), at=given, by=desk.owner)
    assert sweep_tenant(now=given + timedelta(seconds=1)) == 1
    step = Escalation.objects.get()
    assert (step.step.place, step.due_at) == ("limit", MONDAY + 8 * HOUR)


def test_closed_desk_is_left_alone(desk: Desk) -> None:
    new_ticket(desk, priority="high")
    later = MONDAY + 30 * HOUR
    assert (tenants_with_due_clocks(later), tenants_with_waiting_mail(later)) == ([desk.tenant.pk],) * 2
    desk.tenant.is_active = False
    desk.tenant.save()
    assert (tenants_with_due_clocks(later), tenants_with_waiting_mail(later)) == ([], [])
