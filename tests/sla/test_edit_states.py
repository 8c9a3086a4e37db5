"""What may be done with an edit when, and whom an applied one concerns later."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from sla import services as sla
from sla.audit import audit_tenant
from sla.models import Clock, Contract, Edit, EditState, LadderStep, Place, Reach
from sla.services import StepTerms, Tell, edit_work, edits
from sla.services.errors import (
    EditedMeanwhile,
    EditNotOpen,
    EditOvertaken,
    NotAllowed,
    NothingChanged,
    TargetRefused,
)
from sla.services.plans import TargetTerms, terms_of
from tests.factories import HOUR, KARACHI, MONDAY, Desk, new_ticket
from tests.sla.test_edit_apply import SHORT_DAYS, drafted, hours, work
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.services import reopen_ticket, reply_to_ticket, resolve_ticket

LATER = MONDAY + timedelta(hours=1)


def versions_of(ticket: Ticket) -> set[tuple[str, int]]:
    """The metrics of the clocks of a ticket, with the numbers of the versions of the hours they are under."""
    return set(
        Clock.objects.filter(ticket=ticket).values_list("metric", "agreement__calendar_version__number")
    )


def apply(edit: Edit, reach: str, at: datetime = LATER) -> Edit:
    return work(edits.apply_edit(edit, reach=reach, by=edit.created_by, at=at), at)


def test_new_tickets_only_leaves_open_ones_as_they_are(desk: Desk) -> None:
    ticket = new_ticket(desk)
    edit = apply(drafted(desk), Reach.NEW)
    assert (edit.state, edit.total) == (EditState.APPLIED, 0)
    assert versions_of(ticket) == {("first_response", 1)}
    assert versions_of(new_ticket(desk, at=LATER)) == {("first_response", 2)}


def test_a_cancel_leaves_each_ticket_old_or_new(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [new_ticket(desk, priority="critical") for _number in range(5)]
    monkeypatch.setattr(edit_work, "FIRST_BATCH", 2)
    edit = edits.apply_edit(drafted(desk), reach=Reach.FROM_NOW, by=desk.admin, at=LATER)
    assert edits.work_on(edit.pk, LATER)
    edit = edits.cancel_edit(edit, by=desk.admin, at=LATER)
    assert not edits.work_on(edit.pk, LATER)
    edit.refresh_from_db()
    assert (edit.state, edit.total, edit.done) == (EditState.CANCELLED, 5, 2)
    numbers = [{number for _metric, number in versions_of(ticket)} for ticket in tickets]
    assert numbers == [{2}, {2}, {1}, {1}, {1}]
    assert TicketEvent.objects.filter(kind=EventKind.PROMISE_CHANGED).count() == 2
    assert audit_tenant(now=LATER).differences == []


def test_a_second_batch_of_the_same_tickets_does_nothing(desk: Desk) -> None:
    new_ticket(desk, priority="critical")
    edit = edits.apply_edit(drafted(desk), reach=Reach.FROM_NOW, by=desk.admin, at=LATER)
    made = edit_work.prepare(Edit.objects.get(pk=edit.pk), LATER)
    tickets = edit_work.remaining(made)
    for _time in range(2):
        edit_work.move_batch(made, tickets, LATER)
    assert TicketEvent.objects.filter(kind=EventKind.PROMISE_CHANGED).count() == 1


@pytest.mark.parametrize("reach", [Reach.FROM_NOW, Reach.FROM_START])
def test_a_ticket_that_is_opened_again_is_under_what_the_others_were_moved_to(desk: Desk, reach: str) -> None:
    ticket = new_ticket(desk, priority="critical")
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY + timedelta(minutes=30))
    apply(drafted(desk), reach)
    assert versions_of(ticket) == {("first_response", 1), ("resolution", 1)}
    ticket.refresh_from_db()
    reopen_ticket(ticket=ticket, by=desk.contact, at=LATER + timedelta(hours=1))
    assert versions_of(ticket) == {("first_response", 2), ("resolution", 2)}
    clock = Clock.objects.get(ticket=ticket, metric="resolution")
    assert clock.agreement.since == LATER  # what had ended by then was judged, so from then on
    assert audit_tenant(now=LATER + timedelta(hours=1)).differences == []


def test_a_cycle_that_begins_later_is_under_the_new_terms(desk: Desk) -> None:
    ticket = new_ticket(desk)
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Done?", at=MONDAY + timedelta(minutes=5))
    apply(drafted(desk), Reach.FROM_NOW)
    ticket.refresh_from_db()
    reply_to_ticket(ticket=ticket, by=desk.contact, body="No.", at=LATER + timedelta(minutes=5))
    assert versions_of(ticket) == {("first_response", 1), ("next_response", 2)}


def test_a_ticket_that_a_cancelled_edit_did_not_reach_stays_old_when_it_is_opened_again(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="critical")
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY + timedelta(minutes=30))
    edit = edits.apply_edit(drafted(desk), reach=Reach.FROM_NOW, by=desk.admin, at=LATER)
    edits.cancel_edit(edit, by=desk.admin, at=LATER)
    ticket.refresh_from_db()
    reopen_ticket(ticket=ticket, by=desk.contact, at=LATER + timedelta(hours=1))
    assert {number for _metric, number in versions_of(ticket)} == {1}


def test_edits_of_one_calendar_are_worked_on_one_after_another(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="critical")
    first = edits.apply_edit(drafted(desk), reach=Reach.FROM_NOW, by=desk.admin, at=LATER)
    second = edits.apply_edit(drafted(desk, KARACHI, seen=2), reach=Reach.FROM_NOW, by=desk.admin, at=LATER)
    assert edit_work.edits_to_work_on() == [first.pk]
    assert not edits.work_on(second.pk, LATER)
    work(first, LATER)
    assert work(second, LATER).state == EditState.APPLIED
    assert {number for _metric, number in versions_of(ticket)} == {3}
    assert audit_tenant(now=LATER).differences == []


def test_what_cannot_be_is_refused_when_it_is_drafted(desk: Desk) -> None:
    values: dict[str, Any] = {"name": "Gold", "calendar": desk.calendar}
    wrong = [TargetTerms("resolution", "low", "business_time", 9, 3)]
    with pytest.raises(TargetRefused):
        edits.draft_edit(
            plan=desk.plan, seen_number=1, by=desk.admin, at=MONDAY, values=values | {"targets": wrong}
        )
    with pytest.raises(NothingChanged):
        drafted(desk, KARACHI)
    with pytest.raises(EditedMeanwhile):
        drafted(desk, seen=0)
    with pytest.raises(NotAllowed):
        edits.draft_edit(
            calendar=desk.calendar, seen_number=1, by=desk.agent, at=MONDAY, values=hours(SHORT_DAYS)
        )
    assert not Edit.objects.exists()


def test_each_act_has_its_state(desk: Desk, other_desk: Desk) -> None:
    edit = drafted(desk)
    with pytest.raises(NotAllowed):
        edits.apply_edit(edit, reach=Reach.NEW, by=other_desk.admin, at=LATER)
    with pytest.raises(EditNotOpen):
        edits.undo_edit(edit, by=desk.admin, at=LATER)
    edit = apply(edit, Reach.FROM_NOW)
    for act in (edits.cancel_edit, edits.discard_draft):
        with pytest.raises(EditNotOpen):
            act(edit, by=desk.admin, **({"at": LATER} if act is edits.cancel_edit else {}))  # type: ignore[operator]
    with pytest.raises(EditNotOpen):
        edits.effect_of(edit, reach=Reach.FROM_NOW, valid_from=None, now=LATER)
    draft = drafted(desk, KARACHI, seen=2)
    edits.discard_draft(draft, by=desk.admin)
    assert list(Edit.objects.all()) == [edit]


def test_only_the_last_edit_is_undone_and_only_once(desk: Desk) -> None:
    first = apply(drafted(desk), Reach.NEW)
    second = apply(drafted(desk, KARACHI | {"tz": "Asia/Tashkent"}, seen=2), Reach.NEW)
    with pytest.raises(EditOvertaken):
        edits.undo_edit(first, by=desk.admin, at=LATER)
    undoing = edits.undo_edit(second, by=desk.admin, at=LATER)
    assert (undoing.undoes, undoing.state) == (second, EditState.APPLIED)
    assert desk.calendar.versions.latest("number").spec["week"] == SHORT_DAYS["week"]
    with pytest.raises(EditOvertaken):
        edits.undo_edit(second, by=desk.admin, at=LATER)


def test_undoing_an_edit_of_a_plan_brings_back_its_ladder_and_its_name(desk: Desk) -> None:
    version = desk.plan.versions.get()
    before = LadderStep.objects.filter(plan_version=version).count()
    ladder = [StepTerms("first_response", Place.LIMIT, tells=(Tell("supervisors"),))]
    values = {"name": "Silver", "calendar": desk.calendar, "targets": terms_of(version), "ladder": ladder}
    edit = edits.draft_edit(plan=desk.plan, seen_number=1, by=desk.admin, at=MONDAY, values=values)
    assert edits.values_of(edit)["ladder"] == ladder
    edits.undo_edit(apply(edit, Reach.NEW), by=desk.admin, at=LATER)
    last = desk.plan.versions.latest("number")
    assert (last.number, LadderStep.objects.filter(plan_version=last).count()) == (3, before)
    desk.plan.refresh_from_db()
    assert desk.plan.name == "Gold"


def test_an_edit_of_a_contract_ends_the_one_before_and_its_undoing_forgets_both(desk: Desk) -> None:
    slow = sla.create_plan(
        tenant_id=desk.tenant.pk, name="Slow", calendar=desk.calendar, at=MONDAY,
        targets=[TargetTerms("first_response", "medium", "business_time", 20 * HOUR, 40 * HOUR)],
    )  # fmt: skip
    ticket = new_ticket(desk)
    values = {"plan": slow, "calendar": None, "starts_on": date(2026, 3, 9), "ends_on": None}
    edit = edits.draft_edit(contract=desk.contract, by=desk.admin, at=MONDAY, values=values)
    assert Contract.objects.filter(customer=desk.customer).count() == 1
    edit = apply(edit, Reach.NEW)
    desk.contract.refresh_from_db()
    assert desk.contract.period.upper == date(2026, 3, 9)
    assert versions_of(ticket) == {("first_response", 1)}
    edits.undo_edit(edit, by=desk.admin, at=LATER)
    assert list(Contract.objects.filter(customer=desk.customer)) == [desk.contract]
    desk.contract.refresh_from_db()
    assert desk.contract.period.upper is None
