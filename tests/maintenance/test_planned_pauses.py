"""Planned maintenance is left out of resolution clocks where the plan's version says so, and of no other.

The desk is open from Monday to Saturday, 9:00 to 18:00 in Lahore. Hours count from MONDAY, 10:00 there: it
closes at 8, is open from 23 to 32 on Tuesday and from 47 to 56 on Wednesday. A critical ticket is to be
resolved in 16 business hours, so one of Monday at 31.
"""

from datetime import datetime
from typing import Any

import pytest

from maintenance.services.windows import complete_window, extend_window
from sla.audit import audit_tenant
from sla.models import Clock, Edit, Reach
from sla.presentation import clocks_of
from sla.services import MaintenanceTerms, TargetTerms, change_plan, edits
from sla.sweep import sweep_tenant
from tests.factories import FOUNDED, HOUR, Desk, new_service, new_ticket, standard_targets
from tests.maintenance.planned import announce, change, h, told
from tickets.models import EventKind, Service, Ticket, TicketEvent
from tickets.services import change_priority, change_status, record_event, reopen_ticket, resolve_ticket

TARGETS = [
    *standard_targets(),
    TargetTerms("resolution", "high", "business_days", 1, 2),
    TargetTerms("restore", "critical", "business_time", 8 * HOUR, 16 * HOUR),
]


def plan_of(desk: Desk, *, pauses: bool) -> dict[str, Any]:
    """The values of a plan's form."""
    return {
        "name": "Gold",
        "calendar": desk.calendar,
        "targets": TARGETS,
        "maintenance": MaintenanceTerms(notice_hours=72, pauses=pauses),
    }


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With a plan by which planned maintenance pauses resolution clocks."""
    change_plan(plan=desk.plan, seen_number=1, at=FOUNDED, by=desk.admin, **plan_of(desk, pauses=True))
    return desk


@pytest.fixture
def service(desk: Desk) -> Service:
    return new_service(desk)


@pytest.fixture
def ticket(desk: Desk, service: Service) -> Ticket:
    """Critical, on the service: due for a solution at 31."""
    return new_ticket(desk, priority="critical", service=service)


def clock(ticket: Ticket, metric: str = "resolution") -> Clock:
    return Clock.objects.get(ticket=ticket, metric=metric)


def due(ticket: Ticket, metric: str = "resolution") -> datetime | None:
    return clock(ticket, metric).due_at


def audited(at: float) -> list[str]:
    sweep_tenant(now=h(at))
    return [str(one) for one in audit_tenant(now=h(at)).differences]


def test_an_announced_window_moves_the_resolution_and_no_response(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    answer = due(ticket, "first_response")
    announce(desk, service, 2, 4)
    assert due(ticket) == h(48)  # six hours on Monday, nine on Tuesday, one on Wednesday
    assert due(ticket, "first_response") == answer
    ticket.refresh_from_db()
    assert audited(1) == audited(3) == audited(60) == []


def test_only_open_hours_of_a_window_move_it(desk: Desk, service: Service, ticket: Ticket) -> None:
    announce(desk, service, 7, 24)  # an hour on Monday, the night, an hour on Tuesday
    assert due(ticket) == h(48)
    announce(desk, service, 10, 20)
    assert due(ticket) == h(48)


def test_a_restore_clock_goes_on(desk: Desk, service: Service, ticket: Ticket) -> None:
    ticket.category.is_outage = True
    data = {"from": "", "to": "", "is_outage": True}
    record_event(ticket, EventKind.CATEGORY_CHANGED, at=h(0), actor=None, data=data)
    announce(desk, service, 2, 4)
    assert (due(ticket, "restore"), due(ticket)) == (h(31), h(48))


def test_days_move_by_the_open_time_of_the_window(desk: Desk, service: Service) -> None:
    ticket = new_ticket(desk, priority="high", service=service)
    assert due(ticket) == h(48)
    announce(desk, service, 24, 27)
    assert due(ticket) == h(51)


def test_a_plan_that_does_not_say_so_leaves_it(desk: Desk, service: Service) -> None:
    change_plan(plan=desk.plan, seen_number=2, at=FOUNDED, by=desk.admin, **plan_of(desk, pauses=False))
    ticket = new_ticket(desk, priority="critical", service=service)
    announce(desk, service, 2, 4)
    assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.MAINTENANCE_PLANNED).exists()
    assert (due(ticket), clock(ticket).left_out) == (h(31), [])


def test_what_is_cancelled_before_it_begins_leaves_no_trace(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    window = announce(desk, service, 2, 4)
    change(window, at=1, status="cancelled")
    assert (due(ticket), clock(ticket).left_out) == (h(31), [])
    assert audited(2) == []


def test_what_ends_early_is_left_out_up_to_its_end(desk: Desk, service: Service, ticket: Ticket) -> None:
    window = announce(desk, service, 2, 6)
    change(window, at=3, status="completed", started_at=h(2), ended_at=h(3))
    assert clock(ticket).left_out == [h(2), h(3)]
    assert due(ticket) == h(32)


def test_an_extension_pauses_nothing_however_early_it_comes(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    window = announce(desk, service, 2, 3, status="in_progress", started_at=h(2))
    window = extend_window(window=window, ends_at=h(4), by=desk.agent, at=h(2.5))
    window = extend_window(window=window, ends_at=h(6), by=desk.agent, at=h(5))
    assert told(ticket) == [("planned", "2", "3")]
    assert (clock(ticket).left_out, due(ticket)) == ([h(2), h(3)], h(32))
    late = new_ticket(desk, priority="critical", service=service, at=h(5))
    assert (told(late), clock(late).left_out) == ([], [])
    complete_window(window=window, by=desk.agent, at=h(5.5))
    assert clock(ticket).left_out == [h(2), h(3)]
    assert audited(7) == []


def test_a_breach_is_not_undone_by_what_is_announced_later(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    sweep_tenant(now=h(31.5))
    announce(desk, service, 30, 40, at=31.5)  # begun before it was announced
    assert (clock(ticket).breached_at, due(ticket)) == (h(31), h(31))
    assert audited(32) == []


def test_a_ticket_that_comes_while_it_lasts_waits_for_its_end(desk: Desk, service: Service) -> None:
    announce(desk, service, 2, 4)
    ticket = new_ticket(desk, priority="critical", service=service, at=h(3))
    assert clock(ticket).left_out == [h(3), h(4)]


def test_pauses_and_windows_that_overlap_are_left_out_once(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    announce(desk, service, 2, 4)
    change_status(ticket=ticket, status="pending", by=desk.agent, at=h(1))
    assert clock(ticket).remaining == 15 * HOUR
    change_status(ticket=ticket, status="open", by=desk.agent, at=h(3))
    assert due(ticket) == h(49)  # Monday until 1 and from 4 to 8, nine hours on Tuesday, two on Wednesday
    assert audited(5) == []


def test_a_ticket_that_is_resolved_and_opened_again_goes_on_rightly(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    announce(desk, service, 24, 26)
    resolve_ticket(ticket=ticket, by=desk.agent, at=h(2))
    assert audited(3) == []
    reopen_ticket(ticket=ticket, by=desk.contact, at=h(25))
    change_priority(ticket=ticket, priority="high", by=desk.agent, at=h(26))
    change_priority(ticket=ticket, priority="critical", by=desk.agent, at=h(26))
    # Two hours on Monday, six on Tuesday from 26 on, eight on Wednesday.
    assert due(ticket) == h(55)
    assert audited(27.5) == []


def test_the_receipt_names_the_window(desk: Desk, service: Service, ticket: Ticket) -> None:
    announce(desk, service, 2, 4)
    [view] = [one for one in clocks_of(ticket, now=h(1)) if one.clock.metric == "resolution"]
    planned = [part for part in view.segments if part.part == "planned"]
    assert [(part.start, part.end, part.name) for part in planned] == [(h(2), h(4), "New disks")]
    assert "2 h of planned maintenance: New disks" in [words for _when, words in view.receipt.words]
    assert "planned maintenance" in view.because
    counted = sum(part.counted.total_seconds() for part in view.segments)
    assert counted == 16 * HOUR


def edited(desk: Desk, how: tuple[str, float, float | None], *, pauses: bool) -> Edit:
    """A plan's edit that switches the pauses, looked at and applied at an hour."""
    reach, at, ahead = how
    seen, values = desk.plan.versions.count(), plan_of(desk, pauses=pauses)
    edit = edits.draft_edit(plan=desk.plan, seen_number=seen, by=desk.admin, at=h(at), values=values)
    valid_from = None if ahead is None else h(ahead)
    effect = edits.effect_of(edit, reach=reach, valid_from=valid_from, now=h(at))
    page = edits.page_of_effect(edit, reach=reach, valid_from=valid_from, now=h(at))
    foreseen = {shift.clock_id or 0: shift.after for shift in page.shifts}
    assert len(foreseen) == effect.clocks_moved
    edit = worked(edits.apply_edit(edit, reach=reach, valid_from=valid_from, by=desk.admin, at=h(at)), at)
    assert {pk: Clock.objects.get(pk=pk).due_at for pk in foreseen} == foreseen
    assert edit.moved == effect.tickets_moved
    return edit


def worked(edit: Edit, at: float) -> Edit:
    while edits.work_on(edit.pk, h(at)):
        pass
    edit.refresh_from_db()
    return edit


# Reach, the hour of the edit, the hour from which it holds; what is left out then, and when it is due.
OFF = [
    ((Reach.FROM_START, 3, None), [], 31),
    ((Reach.FROM_NOW, 1, None), [], 31),
    ((Reach.FROM_NOW, 3, None), [2, 3], 32),
    ((Reach.FROM_NOW, 5, None), [2, 4], 48),
    ((Reach.FROM_NOW, 1, 3.5), [2, 3.5], 47.5),
    ((Reach.NEW, 1, None), [2, 4], 48),
]
ON = [
    ((Reach.FROM_START, 5, None), [2, 4], 48),
    ((Reach.FROM_NOW, 1, None), [2, 4], 48),
    ((Reach.FROM_NOW, 3, None), [3, 4], 32),
    ((Reach.FROM_NOW, 5, None), [], 31),
    ((Reach.FROM_NOW, 1, 3), [3, 4], 32),
]


@pytest.mark.parametrize(("edit", "left_out", "due_at"), OFF)
def test_an_edit_that_switches_pauses_off_moves_open_clocks(
    ticket: Ticket, desk: Desk, edit: Any, left_out: list[float], due_at: float
) -> None:
    assert ticket.service is not None
    announce(desk, ticket.service, 2, 4)
    plain = new_ticket(desk, priority="critical")
    applied = edited(desk, edit, pauses=False)
    assert (clock(ticket).left_out, due(ticket)) == ([h(hour) for hour in left_out], h(due_at))
    assert applied.moved == (due_at != 48)
    assert due(plain) == h(31)
    assert audited(edit[1] + 0.5) == audited(33) == []


@pytest.mark.parametrize(("edit", "left_out", "due_at"), ON)
def test_an_edit_that_switches_pauses_on_moves_open_clocks(
    desk: Desk, service: Service, edit: Any, left_out: list[float], due_at: float
) -> None:
    change_plan(plan=desk.plan, seen_number=2, at=FOUNDED, by=desk.admin, **plan_of(desk, pauses=False))
    ticket = new_ticket(desk, priority="critical", service=service)
    window = announce(desk, service, 2, 4)
    edited(desk, edit, pauses=True)
    assert (clock(ticket).left_out, due(ticket)) == ([h(hour) for hour in left_out], h(due_at))
    assert audited(edit[1] + 0.5) == []
    if edit[1] < 2:
        change(window, at=1.5, status="cancelled")
        assert due(ticket) == h(31)


def test_an_edit_of_hours_and_targets_keeps_what_is_planned(
    desk: Desk, service: Service, ticket: Ticket
) -> None:
    announce(desk, service, 2, 4)
    targets = [
        *standard_targets()[:-1],
        TargetTerms("resolution", "critical", "business_time", 4 * HOUR, 8 * HOUR),
    ]
    values = plan_of(desk, pauses=True) | {"targets": targets}
    edit = edits.draft_edit(plan=desk.plan, seen_number=2, by=desk.admin, at=h(1), values=values)
    worked(edits.apply_edit(edit, reach=Reach.FROM_NOW, by=desk.admin, at=h(1)), 1)
    assert (clock(ticket).left_out, due(ticket)) == ([h(2), h(4)], h(25))
    assert audited(3) == []


def test_undoing_brings_the_pauses_back(desk: Desk, service: Service, ticket: Ticket) -> None:
    announce(desk, service, 2, 4)
    edit = edited(desk, (Reach.FROM_NOW, 1, None), pauses=False)
    worked(edits.undo_edit(edit, by=desk.admin, at=h(1.5)), 1.5)
    assert (clock(ticket).left_out, due(ticket)) == ([h(2), h(4)], h(48))
    assert desk.plan.versions.latest("number").notice_hours == 72
    assert audited(3) == []
