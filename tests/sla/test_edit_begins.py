"""An edit reaches open tickets that have no running promise: what it promises begins on them too.

Low tickets are promised nothing at first, and nobody is promised a solution.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from sla import services as sla
from sla.audit import audit_tenant
from sla.models import Clock, Edit, EditState, PlanVersion, Reach
from sla.services import TargetTerms, edit_work, edits
from sla.services.plans import terms_of
from sla.sweep import sweep_tenant
from tests.factories import FOUNDED, HOUR, MONDAY, Desk, new_ticket
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import change_priority, reopen_ticket, reply_to_ticket, resolve_ticket

NOW = MONDAY + timedelta(hours=2)
SOON = NOW + timedelta(hours=1)
MOMENT = timedelta(seconds=1)
WAYS = pytest.mark.parametrize("reach", [Reach.FROM_NOW, Reach.FROM_START])


@pytest.fixture
def sparse(desk: Desk) -> Desk:
    """Low tickets are promised nothing; solutions are promised to nobody."""
    version = desk.plan.versions.get()
    targets = [t for t in terms_of(version) if t.priority != "low" and t.metric != "resolution"]
    sla.change_plan(
        plan=desk.plan, seen_number=1, at=FOUNDED + timedelta(days=1), by=desk.admin, name="Gold",
        calendar=desk.calendar, targets=targets,
    )  # fmt: skip
    return desk


def answer(priority: str = "low", limit: int = 5) -> TargetTerms:
    return TargetTerms("first_response", priority, "business_time", HOUR, limit * HOUR)


def solution(priority: str = "low", limit: int = 6) -> TargetTerms:
    return TargetTerms("resolution", priority, "business_time", HOUR, limit * HOUR)


def with_more(desk: Desk, *more: TargetTerms) -> Edit:
    """A draft that promises more than the newest version."""
    last = desk.plan.versions.latest("number")
    values = {"name": "Gold", "calendar": desk.calendar, "targets": [*terms_of(last), *more]}
    return edits.draft_edit(plan=desk.plan, seen_number=last.number, by=desk.admin, at=NOW, values=values)


def apply(edit: Edit, reach: str, at: Any = NOW, valid_from: Any = None) -> Edit:
    edit = edits.apply_edit(edit, reach=reach, valid_from=valid_from, by=edit.created_by, at=at)
    while edits.work_on(edit.pk, at + MOMENT):
        pass
    edit.refresh_from_db()
    assert edit.state == EditState.APPLIED
    return edit


def wrong(now: Any = NOW) -> list[str]:
    return [str(one) for one in audit_tenant(now=now + 2 * MOMENT).differences]


def running(ticket: Ticket) -> set[str]:
    return set(Clock.objects.not_ended().filter(ticket=ticket).values_list("metric", flat=True))


@WAYS
def test_a_promise_begins_on_a_ticket_that_had_none(sparse: Desk, reach: str) -> None:
    ticket = new_ticket(sparse, priority="low")
    assert not ticket.clocks.exists()
    draft = with_more(sparse, answer(), solution())
    effect = edits.effect_of(draft, reach=reach, valid_from=None, now=NOW)
    assert (effect.open_tickets, effect.tickets_moved, effect.tickets_anew) == (1, 1, 1)
    edit = apply(draft, reach)
    assert running(ticket) == {"first_response", "resolution"}
    clock = Clock.objects.get(ticket=ticket, metric="resolution")
    assert (clock.started_at, clock.due_at) == (MONDAY, MONDAY + timedelta(hours=6))
    ticket.refresh_from_db()
    assert ticket.due_at == MONDAY + timedelta(hours=5)
    assert (edit.total, edit.done, edit.moved) == (1, 1, 1)
    [event] = TicketEvent.objects.filter(ticket=ticket, kind=EventKind.PROMISE_CHANGED)
    assert {move["metric"]: move["before"] for move in event.data["moves"]} == {
        "first_response": None, "resolution": None,
    }  # fmt: skip
    assert wrong() == []


@WAYS
def test_a_promise_begins_on_a_ticket_whose_others_have_ended(sparse: Desk, reach: str) -> None:
    ticket = new_ticket(sparse, priority="medium")
    reply_to_ticket(ticket=ticket, by=sparse.agent, body="We look.", at=MONDAY + timedelta(hours=1))
    assert running(ticket) == set()
    edit = apply(with_more(sparse, solution("medium")), reach)
    assert running(ticket) == {"resolution"}
    assert (edit.total, edit.done, edit.moved) == (1, 1, 1)
    assert wrong() == []


@pytest.mark.parametrize(("reach", "breached_at"), [(Reach.FROM_NOW, 2), (Reach.FROM_START, 1)])
def test_what_begins_overdue_is_broken_at_the_edit_or_where_it_always_was(
    sparse: Desk, reach: str, breached_at: int
) -> None:
    ticket = new_ticket(sparse, priority="low")
    draft = with_more(sparse, answer(limit=1))
    assert edits.effect_of(draft, reach=reach, valid_from=None, now=NOW).become_overdue == 1
    apply(draft, reach)
    sweep_tenant(now=SOON)
    clock = Clock.objects.get(ticket=ticket)
    assert clock.breached_at == MONDAY + timedelta(hours=breached_at)
    assert wrong(SOON) == []


def test_what_is_announced_begins_when_its_instant_comes(sparse: Desk) -> None:
    bare, answered = new_ticket(sparse, priority="low"), new_ticket(sparse, priority="medium")
    reply_to_ticket(ticket=answered, by=sparse.agent, body="We look.", at=MONDAY + timedelta(hours=1))
    open_one = new_ticket(sparse, priority="medium")
    apply(with_more(sparse, solution("medium"), answer()), Reach.FROM_NOW, valid_from=SOON)
    later = new_ticket(sparse, priority="low", at=NOW + timedelta(minutes=1))
    reply_to_ticket(ticket=open_one, by=sparse.agent, body="Yes.", at=NOW + timedelta(minutes=2))
    assert [running(ticket) for ticket in (bare, answered, open_one, later)] == [set()] * 4
    assert wrong(NOW + timedelta(minutes=5)) == []
    at = SOON + timedelta(seconds=1)
    sweep_tenant(now=at)
    assert running(bare) == running(later) == {"first_response"}
    assert running(answered) == running(open_one) == {"resolution"}
    assert wrong(at) == []


@WAYS
def test_what_is_resolved_begins_nothing_until_it_is_opened_again(sparse: Desk, reach: str) -> None:
    ticket = new_ticket(sparse, priority="low")
    resolve_ticket(ticket=ticket, by=sparse.agent, at=MONDAY + timedelta(hours=1))
    edit = apply(with_more(sparse, solution()), reach)
    assert (edit.total, Clock.objects.filter(ticket=ticket).count()) == (0, 0)
    assert wrong() == []
    ticket.refresh_from_db()
    reopen_ticket(ticket=ticket, by=sparse.contact, at=SOON)
    assert running(ticket) == {"resolution"}
    assert wrong(SOON) == []


@WAYS
def test_another_contract_begins_promises_too(sparse: Desk, reach: str) -> None:
    bare, answered = new_ticket(sparse, priority="low"), new_ticket(sparse, priority="medium")
    reply_to_ticket(ticket=answered, by=sparse.agent, body="We look.", at=MONDAY + timedelta(hours=1))
    silver = sla.create_plan(
        tenant_id=sparse.tenant.pk, name="Silver", calendar=sparse.calendar, at=FOUNDED,
        targets=[answer(), solution("medium")],
    )  # fmt: skip
    values = {"plan": silver, "calendar": None, "starts_on": date(2026, 3, 3), "ends_on": None}
    draft = edits.draft_edit(contract=sparse.contract, by=sparse.admin, at=NOW, values=values)
    edit = apply(draft, reach)
    between = new_ticket(sparse, priority="low", at=SOON)
    sweep_tenant(now=SOON + MOMENT)
    assert wrong(SOON) == []
    tuesday = MONDAY + timedelta(days=1)
    sweep_tenant(now=tuesday)
    assert (running(bare), running(answered)) == ({"first_response"}, {"resolution"})
    assert running(between) == {"first_response"}
    assert bare.clocks.get().agreement.contract == edit.new_contract
    assert wrong(tuesday) == []


def test_what_an_edit_is_still_to_begin_is_no_difference(sparse: Desk) -> None:
    new_ticket(sparse, priority="low")
    edit = edits.apply_edit(
        with_more(sparse, answer()), reach=Reach.FROM_NOW, valid_from=None, by=sparse.admin, at=NOW
    )
    assert wrong() == []
    while edits.work_on(edit.pk, NOW + MOMENT):
        pass
    assert wrong() == []
    assert Clock.objects.filter(ticket__priority="low").exists()


def test_a_cancelled_edit_begins_nothing(sparse: Desk) -> None:
    ticket = new_ticket(sparse, priority="low")
    edit = edits.apply_edit(with_more(sparse, solution()), reach=Reach.FROM_NOW, by=sparse.admin, at=NOW)
    edits.cancel_edit(edit, by=sparse.admin, at=NOW)
    assert wrong(SOON) == []
    assert running(ticket) == set()
    assert running(new_ticket(sparse, priority="low", at=SOON)) == {"resolution"}
    assert PlanVersion.objects.latest("number").number == 3


@WAYS
def test_undoing_brings_back_a_promise_that_was_the_only_one(sparse: Desk, reach: str) -> None:
    apply(with_more(sparse, solution()), Reach.NEW, at=MONDAY - timedelta(hours=1))
    ticket = new_ticket(sparse, priority="low")
    before = Clock.objects.get(ticket=ticket)
    last = sparse.plan.versions.latest("number")
    fewer = [t for t in terms_of(last) if t.metric != "resolution"]
    values = {"name": "Gold", "calendar": sparse.calendar, "targets": fewer}
    draft = edits.draft_edit(
        plan=sparse.plan, seen_number=last.number, by=sparse.admin, at=NOW, values=values
    )
    edit = apply(draft, reach)
    assert running(ticket) == set()
    undoing = edits.undo_edit(edit, by=sparse.admin, at=SOON)
    while edits.work_on(undoing.pk, SOON + MOMENT):
        pass
    assert running(ticket) == {"resolution"}
    again = Clock.objects.get(ticket=ticket)
    assert (again.pk, again.due_at) == (before.pk, before.due_at)
    assert wrong(SOON) == []


def test_a_ticket_without_promises_follows_what_it_became(sparse: Desk) -> None:
    """Its priority changes after an edit that promised nothing for the one that it had."""
    ticket = new_ticket(sparse, priority="low")
    apply(with_more(sparse, solution("high")), Reach.FROM_NOW)
    ticket.refresh_from_db()
    change_priority(ticket=ticket, priority="high", by=sparse.agent, at=SOON)
    assert running(ticket) == {"first_response", "resolution"}
    assert wrong(SOON) == []


def test_many_are_begun_batch_by_batch(sparse: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sla.services.edit_work.BATCH", 2)
    tickets = [new_ticket(sparse, priority="low") for _number in range(5)]
    edit = apply(with_more(sparse, solution()), Reach.FROM_NOW)
    assert (edit.total, edit.done, edit.moved) == (5, 5, 5)
    assert all(running(ticket) == {"resolution"} for ticket in tickets)
    assert edit_work.edits_to_work_on() == []
