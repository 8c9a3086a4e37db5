"""An edit is drafted, looked at and applied; open tickets move as far as it reaches."""

from datetime import timedelta
from typing import Any

from sla.audit import audit_tenant
from sla.models import Clock, Edit, EditState, Reach
from sla.services import edits
from tests.factories import KARACHI, MONDAY, Desk, new_ticket
from tickets.models import EventKind, TicketEvent

SHORT_DAYS = KARACHI | {"week": {str(day): [["09:00", "12:00"]] for day in range(6)}}


def hours(spec: dict[str, Any], name: str = "Office hours") -> dict[str, Any]:
    return {"name": name, "spec": spec, "holiday_country": "", "holiday_subdivision": ""}


def drafted(desk: Desk, spec: dict[str, Any] = SHORT_DAYS, **more: Any) -> Edit:
    return edits.draft_edit(
        calendar=desk.calendar, seen_number=more.pop("seen", 1), by=desk.admin, at=MONDAY, values=hours(spec)
    )


def work(edit: Edit, now: Any) -> Edit:
    while edits.work_on(edit.pk, now):
        pass
    edit.refresh_from_db()
    return edit


def test_a_draft_changes_nothing(desk: Desk) -> None:
    new_ticket(desk, priority="critical")
    edit = drafted(desk)
    assert edit.state == EditState.DRAFT
    assert desk.calendar.versions.count() == 1
    effect = edits.effect_of(edit, reach=Reach.FROM_NOW, valid_from=None, now=MONDAY)
    assert (effect.open_tickets, effect.tickets_moved, effect.clocks_moved) == (1, 1, 2)


def test_from_now_on_open_tickets_move_and_say_so(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="critical")
    due = Clock.objects.get(ticket=ticket, metric="first_response").due_at
    now = MONDAY + timedelta(minutes=30)
    edit = work(edits.apply_edit(drafted(desk), reach=Reach.FROM_NOW, by=desk.admin, at=now), now)
    assert (edit.state, edit.total, edit.done, edit.moved) == (EditState.APPLIED, 1, 1, 1)
    clock = Clock.objects.get(ticket=ticket, metric="first_response")
    assert due is not None
    assert clock.due_at == due + timedelta(hours=21)  # two hours on Monday, two more on Tuesday
    ticket.refresh_from_db()
    assert ticket.due_at == clock.due_at
    event = TicketEvent.objects.get(ticket=ticket, kind=EventKind.PROMISE_CHANGED)
    assert (event.actor, event.data["edit"]) == (desk.admin, edit.pk)
    assert event.data["moves"][0]["metric"] == "first_response"
    assert audit_tenant(now=now).differences == []
