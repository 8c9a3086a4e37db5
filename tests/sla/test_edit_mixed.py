"""Many tickets of every kind are moved at once, and each stands as its own record says."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.tenancy import tenant_scope
from sla import services as sla
from sla.audit import audit_tenant
from sla.models import Clock, Contract, Edit, EditState, PlanVersion, Reach
from sla.services import edits
from sla.services.plans import TargetTerms
from sla.sweep import sweep_tenant
from tests.factories import HOUR, KARACHI, MONDAY, Desk, build_desk, new_ticket
from tests.kept import Kept
from tickets.lifecycle import WAITING, Priority, Status
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import (
    TicketRuleBroken,
    change_category,
    change_priority,
    change_status,
    reopen_ticket,
    reply_to_ticket,
    resolve_ticket,
    set_due,
)
from tickets.services.categories import create_category

TICKETS = 40
NOW = MONDAY + timedelta(days=3, hours=3, minutes=7)
AHEAD = NOW + timedelta(hours=20)
OTHER_HOURS = {
    "tz": "Asia/Karachi",
    "week": {str(day): [["08:00", "12:30"], ["13:30", "16:00"]] for day in range(5)},
    "holidays": {"2026-03-06": "Day of the founder"},
}
TARGETS = [
    TargetTerms(metric, priority, unit, aim, limit)
    for metric, factor in (("first_response", 1), ("next_response", 1), ("resolution", 3), ("restore", 2))
    for priority, (unit, aim, limit) in {
        "critical": ("business_time", 2 * HOUR * factor, 5 * HOUR * factor),
        "high": ("business_days", factor, 2 * factor),
        "medium": ("business_days_end", factor, 2 * factor),
        "low": ("elapsed_time", 30 * HOUR * factor, 70 * HOUR * factor),
    }.items()
]


def crowd(desk: Desk, seed: int = 7) -> None:
    """Tickets to which what happens to tickets has happened, in the days before `NOW`."""
    dice = random.Random(seed)  # noqa: S311 - the same tickets every time
    outage = create_category(tenant_id=desk.tenant.pk, name="Outage", is_outage=True)
    for _number in range(TICKETS):
        at = MONDAY + timedelta(minutes=dice.randint(0, 3000))
        category = dice.choice([desk.category, desk.category, outage])
        ticket = new_ticket(desk, at=at, priority=dice.choice(Priority.values), category=category)
        for _step in range(dice.choice([0, 0, 1, 2, 3, 5, 8])):
            at += timedelta(minutes=dice.randint(1, 700))
            if at >= NOW:
                break
            ticket.refresh_from_db()
            try:
                dice.choice(_HAPPENINGS)(desk, ticket, at, dice, outage)
            except TicketRuleBroken:
                continue


def _due(desk: Desk, ticket: Ticket, at: datetime, dice: random.Random, _outage: Any) -> None:
    due_at = at + timedelta(hours=dice.randint(1, 90))
    set_due(ticket=ticket, metric="resolution", due_at=due_at, reason="Agreed", by=desk.supervisor, at=at)


def _category(desk: Desk, ticket: Ticket, at: datetime, dice: random.Random, outage: Any) -> None:
    change_category(ticket=ticket, category=dice.choice([desk.category, outage]), by=desk.agent, at=at)


_HAPPENINGS: list[Callable[[Desk, Ticket, datetime, random.Random, Any], Any]] = [
    lambda desk, ticket, at, dice, _o: change_status(
        ticket=ticket, status=dice.choice([*WAITING, Status.OPEN]), by=desk.agent, at=at
    ),
    lambda desk, ticket, at, dice, _o: change_status(
        ticket=ticket, status=dice.choice([*WAITING, Status.OPEN]), by=desk.agent, at=at
    ),
    lambda desk, ticket, at, dice, _o: reply_to_ticket(
        ticket=ticket, by=dice.choice([desk.agent, desk.contact, desk.contact]), body="Well.", at=at
    ),
    lambda desk, ticket, at, dice, _o: change_priority(
        ticket=ticket, priority=dice.choice(Priority.values), by=desk.agent, at=at
    ),
    lambda desk, ticket, at, _d, _o: resolve_ticket(ticket=ticket, by=desk.agent, at=at),
    lambda desk, ticket, at, _d, _o: reopen_ticket(ticket=ticket, by=desk.contact, at=at),
    _due,
    _category,
]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Audits here do not wait for the sweep: rows are right when the edit is through."""
    monkeypatch.setattr("sla.audit._before_next_step", lambda _rows, now: now)


def build_busy_desk() -> Desk:
    desk = build_desk("acme")
    with tenant_scope(desk.tenant.pk):
        sla.change_plan(
            plan=desk.plan, seen_number=1, at=MONDAY - timedelta(days=1), by=desk.admin, name="Gold",
            calendar=desk.calendar, targets=TARGETS,
        )  # fmt: skip
        crowd(desk)
        sweep_tenant(now=NOW + timedelta(microseconds=1))
    return desk


@pytest.fixture(scope="module")
def kept_busy_desk(django_db_setup: None, django_db_blocker: Any) -> Kept[Desk]:
    with django_db_blocker.unblock():
        return Kept(build_busy_desk, lambda desk: [desk.tenant])


@pytest.fixture
def busy(db: None, kept_busy_desk: Kept[Desk]) -> Iterator[Desk]:
    """The busy desk in its first state, for each test anew; the test runs in its tenant scope."""
    desk = kept_busy_desk.put_back()
    with tenant_scope(desk.tenant.pk):
        yield desk


def of_calendar(desk: Desk) -> Edit:
    values = {"name": "Office hours", "spec": OTHER_HOURS}
    return edits.draft_edit(calendar=desk.calendar, seen_number=1, by=desk.admin, at=NOW, values=values)


def of_targets(desk: Desk) -> Edit:
    shorter = [TargetTerms(t.metric, t.priority, t.unit, t.aim, max(t.aim, t.limit // 2)) for t in TARGETS]
    return of_plan(desk, shorter)


def of_fewer_targets(desk: Desk) -> Edit:
    """Medium tickets are promised no solution any more, and low ones nothing but that."""
    fewer = [t for t in TARGETS if (t.metric, t.priority) != ("resolution", "medium")]
    return of_plan(desk, [t for t in fewer if t.priority != "low" or t.metric == "resolution"])


def of_plan(desk: Desk, targets: list[TargetTerms]) -> Edit:
    values = {"name": "Gold", "calendar": desk.calendar, "targets": targets}
    return edits.draft_edit(plan=desk.plan, seen_number=2, by=desk.admin, at=NOW, values=values)


def of_contract(desk: Desk) -> Edit:
    hours = sla.create_calendar(tenant_id=desk.tenant.pk, name="Early", spec=OTHER_HOURS, at=MONDAY)
    silver = sla.create_plan(
        tenant_id=desk.tenant.pk, name="Silver", calendar=hours, at=MONDAY,
        targets=[TargetTerms(t.metric, t.priority, t.unit, t.aim, t.limit * 2) for t in TARGETS],
    )  # fmt: skip
    values = {"plan": silver, "calendar": None, "starts_on": date(2026, 3, 5), "ends_on": None}
    return edits.draft_edit(contract=desk.contract, by=desk.admin, at=NOW, values=values)


DRAFTS = [of_calendar, of_targets, of_fewer_targets, of_contract]
ENDED = ("pk", "agreement", "status", "due_at", "at_risk_at", "ended_at", "breached_at", "left_out")


def applied(edit: Edit, reach: str, valid_from: datetime | None = None) -> Edit:
    edit = edits.apply_edit(edit, reach=reach, valid_from=valid_from, by=edit.created_by, at=NOW)
    while edits.work_on(edit.pk, NOW):
        pass
    edit.refresh_from_db()
    assert edit.state == EditState.APPLIED
    return edit


@pytest.mark.parametrize("reach", [Reach.FROM_NOW, Reach.FROM_START])
@pytest.mark.parametrize("draft", DRAFTS)
def test_every_ticket_stands_as_its_record_says(
    busy: Desk, draft: Callable[[Desk], Edit], reach: str
) -> None:
    assert audit_tenant(now=NOW).differences == []
    ended = list(Clock.objects.exclude(ended_at=None).order_by("pk").values_list(*ENDED))
    going = list(Clock.objects.not_ended())
    before = {clock.pk: (clock.due_at, clock.remaining) for clock in going}
    overdue = {clock.pk for clock in going if clock.is_breached(NOW)}
    edit = draft(busy)
    effect = edits.effect_of(edit, reach=reach, valid_from=None, now=NOW)
    edit = applied(edit, reach)

    assert [str(one) for one in audit_tenant(now=NOW).differences] == []
    still_ended = Clock.objects.filter(pk__in=[row[0] for row in ended]).order_by("pk")
    assert list(still_ended.values_list(*ENDED)) == ended
    moved = {
        clock.ticket_id
        for clock in Clock.objects.filter(pk__in=before)
        if before[clock.pk] != (None if clock.ended_at else clock.due_at, clock.remaining)
    }
    told = TicketEvent.objects.filter(kind=EventKind.PROMISE_CHANGED).values_list("ticket_id", flat=True)
    assert moved <= set(told)
    assert edit.moved == len(told) == len(set(told)) > TICKETS / 5
    assert effect.open_tickets == edit.total == edit.done
    assert effect.tickets_moved == edit.moved
    concerned = Clock.objects.filter(pk__in=before) | Clock.objects.not_ended()
    broken = {clock.pk for clock in concerned if clock.breached_at is not None}
    assert (effect.become_overdue, effect.stop_overdue) == (len(broken - overdue), len(overdue - broken))
    assert not effect.is_about


@pytest.mark.parametrize("draft", DRAFTS)
def test_what_is_announced_is_in_the_deadlines_at_once_and_breaks_nothing_before_its_time(
    busy: Desk, draft: Callable[[Desk], Edit]
) -> None:
    edit = draft(busy)
    if edit.contract_id is not None:
        edit.proposed["values"]["starts_on"] = {"_day": "2026-03-06"}
        edit.save()
    applied(edit, Reach.FROM_NOW, AHEAD)
    assert [str(one) for one in audit_tenant(now=NOW).differences] == []
    assert not Clock.objects.filter(breached_at__gt=NOW).exists()
    # When its time has come, the sweep has looked wherever something changes.
    later = AHEAD + timedelta(days=1)
    sweep_tenant(now=later)
    assert [str(one) for one in audit_tenant(now=later).differences] == []


def test_what_is_announced_and_does_not_hold_yet_is_not_looked_at_all_the_time(busy: Desk) -> None:
    applied(of_targets(busy), Reach.FROM_NOW, AHEAD)
    soon = NOW + timedelta(minutes=1)
    sweep_tenant(now=soon)
    assert not Clock.objects.filter(next_action_at__lt=soon).exists()


@pytest.mark.parametrize("reach", [Reach.FROM_NOW, Reach.FROM_START])
@pytest.mark.parametrize("draft", DRAFTS)
def test_an_undone_edit_leaves_the_earlier_terms(
    busy: Desk, draft: Callable[[Desk], Edit], reach: str
) -> None:
    due = dict(Clock.objects.not_ended().values_list("pk", "due_at"))
    edit = applied(draft(busy), reach)
    undoing = edits.undo_edit(edit, by=busy.admin, at=NOW)
    while edits.work_on(undoing.pk, NOW):
        pass
    assert [str(one) for one in audit_tenant(now=NOW).differences] == []
    assert dict(Clock.objects.not_ended().values_list("pk", "due_at")) == due
    assert PlanVersion.objects.filter(plan=busy.plan).count() + Contract.objects.count() > 3


def test_all_pages_of_the_effect_together_are_all_moves(busy: Desk) -> None:
    edit = of_calendar(busy)
    asked: dict[str, Any] = {"reach": Reach.FROM_NOW, "valid_from": None, "now": NOW}
    effect = edits.effect_of(edit, **asked)
    found, after = [], 0
    while after is not None:
        page = edits.page_of_effect(edit, **asked, after=after, size=4)
        found += page.shifts
        after = page.next_cursor  # type: ignore[assignment]
    assert len(found) == len({shift.clock_id for shift in found}) == effect.clocks_moved
    assert {shift.ticket_id for shift in found} == {
        shift.ticket_id for shift in sorted(found, key=lambda shift: shift.ticket_id)
    }
    largest = max(found, key=lambda shift: shift.seconds)
    assert effect.later[0].seconds == largest.seconds
    assert KARACHI["tz"] == OTHER_HOURS["tz"]
