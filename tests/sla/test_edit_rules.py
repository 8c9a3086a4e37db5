"""What an edit of a plan, a calendar or a contract does to one open ticket, in each of the three ways.

Times are hours after MONDAY, 10:00 in Lahore, open from 9:00 to 18:00: it closes at 8, opens
at 23, closes at 32, opens at 47. A critical ticket of MONDAY is due for an answer at 4, for a solution at 31.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from sla.audit import audit_tenant
from sla.models import Clock, Edit, EditState, Reach
from sla.services import TargetTerms, archive_plan, create_plan, edits
from sla.sweep import sweep_tenant
from tests.factories import FOUNDED, HOUR, KARACHI, MONDAY, Desk, new_ticket
from tickets.models import Ticket
from tickets.services import reply_to_ticket

SHORT_DAYS = KARACHI | {"week": {str(day): [["09:00", "12:00"]] for day in range(6)}}
TUESDAY = date(2026, 3, 3)  # from 14 on


def h(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk, priority="critical")


def clock(ticket: Ticket, metric: str = "resolution") -> Clock:
    return Clock.objects.get(ticket=ticket, metric=metric)


def solution_in(hours: int) -> list[TargetTerms]:
    answer = TargetTerms("first_response", "critical", "business_time", 2 * HOUR, 4 * HOUR)
    return [answer, TargetTerms("resolution", "critical", "business_time", 2 * HOUR, hours * HOUR)]


def of_calendar(desk: Desk, at: datetime) -> Edit:
    values = {"name": "Office hours", "spec": SHORT_DAYS, "holiday_country": "", "holiday_subdivision": ""}
    return edits.draft_edit(calendar=desk.calendar, seen_number=1, values=values, by=desk.admin, at=at)


def of_plan(desk: Desk, hours: int, at: datetime) -> Edit:
    values = {"name": "Gold", "calendar": desk.calendar, "targets": solution_in(hours)}
    return edits.draft_edit(plan=desk.plan, seen_number=1, values=values, by=desk.admin, at=at)


def apply(edit: Edit, reach: str, by: Any, at: datetime, until: datetime | None = None) -> Edit:
    edits.apply_edit(edit, reach=reach, by=by, at=at)
    while edits.work_on(edit.pk, until or at):
        pass
    edit.refresh_from_db()
    return edit


@pytest.mark.parametrize(
    ("reach", "answer", "solution"),
    # two of the four hours on Monday, and the rest from Tuesday on; the ways differ in what had counted by 3
    [(Reach.NEW, 4, 31), (Reach.FROM_NOW, 24, 120), (Reach.FROM_START, 25, 121)],
)
def test_a_calendar_is_spliced_or_corrected_or_left_for_new_tickets(
    desk: Desk, ticket: Ticket, reach: str, answer: float, solution: float
) -> None:
    apply(of_calendar(desk, h(3)), reach, desk.admin, h(3))
    assert (clock(ticket, "first_response").due_at, clock(ticket).due_at) == (h(answer), h(solution))
    later = new_ticket(desk, priority="critical", at=h(23))
    assert clock(later, "first_response").due_at == h(48)
    sweep_tenant(now=h(23))
    assert audit_tenant(now=h(23)).differences == []


@pytest.mark.parametrize(("reach", "due"), [(Reach.NEW, 31), (Reach.FROM_NOW, 8), (Reach.FROM_START, 8)])
def test_a_new_target_counts_from_the_tickets_own_start(
    desk: Desk, ticket: Ticket, reach: str, due: float
) -> None:
    apply(of_plan(desk, 8, h(2)), reach, desk.admin, h(2))
    assert (clock(ticket).started_at, clock(ticket).due_at) == (h(0), h(due))


@pytest.mark.parametrize(("reach", "breached_at"), [(Reach.FROM_NOW, 6), (Reach.FROM_START, 5)])
def test_a_shorter_target_breaches_at_the_edit_and_a_correction_where_it_always_was(
    desk: Desk, ticket: Ticket, reach: str, breached_at: float
) -> None:
    apply(of_plan(desk, 5, h(6)), reach, desk.admin, h(6))
    sweep_tenant(now=h(7))
    assert (clock(ticket).due_at, clock(ticket).breached_at) == (h(5), h(breached_at))


def test_another_contract_holds_from_the_first_instant_of_its_first_day(desk: Desk, ticket: Ticket) -> None:
    silver = create_plan(
        tenant_id=desk.tenant.pk, name="Silver", calendar=desk.calendar, targets=solution_in(20), at=FOUNDED
    )
    values = {"plan": silver, "calendar": None, "starts_on": TUESDAY, "ends_on": None}
    draft = edits.draft_edit(contract=desk.contract, values=values, by=desk.admin, at=h(1))
    edit = apply(draft, Reach.FROM_NOW, desk.admin, h(1), until=h(14))
    assert (edit.state, edit.valid_from) == (EditState.APPLIED, h(14))
    assert clock(ticket).due_at == h(50)
    assert clock(ticket).agreement.contract.plan == silver
    desk.contract.refresh_from_db()
    assert desk.contract.period.upper == TUESDAY


@pytest.mark.parametrize("reach", [Reach.FROM_NOW, Reach.FROM_START])
def test_what_has_ended_is_not_judged_again(desk: Desk, ticket: Ticket, reach: str) -> None:
    reply_to_ticket(ticket=ticket, by=desk.agent, body="We look into it.", at=h(1))
    before = Clock.objects.filter(metric="first_response").values().get()
    apply(of_calendar(desk, h(3)), reach, desk.admin, h(3))
    assert Clock.objects.filter(metric="first_response").values().get() == before
    assert clock(ticket).due_at != h(31)


def test_a_plan_that_is_archived_goes_on_for_those_who_have_it(desk: Desk, ticket: Ticket) -> None:
    archive_plan(plan=desk.plan, by=desk.admin, at=h(1))
    assert clock(ticket).due_at == h(31)
    assert clock(new_ticket(desk, priority="critical", at=h(2))).due_at == h(48)
    sweep_tenant(now=h(32))
    assert clock(ticket).breached_at == h(31)
