"""The last day of a contract is said in versions: looked at first, valid from an instant, undone."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from accounts.models import Membership
from sla import services as sla
from sla.audit import audit_tenant
from sla.models import Clock, Contract, Edit, EditState, Escalation, Reach
from sla.services import edits
from sla.services.errors import ContractChanged, EditOvertaken, ReachRefused
from sla.sweep import sweep_tenant
from sla.terms import terms_for
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.filling import Hand
from tickets.models import DueState, TicketEvent
from tickets.services import change_priority, resolve_ticket

Login = Callable[[Membership], DeskClient]
SATURDAY = date(2026, 2, 28)
NOW = MONDAY + timedelta(hours=1)
LATER = NOW + timedelta(days=2)


def ended(desk: Desk) -> Contract:
    """The contract, whose last day was Friday from the beginning."""
    return sla.end_contract(contract=desk.contract, ends_on=SATURDAY, by=desk.owner, at=MONDAY - timedelta(9))


def drafted(contract: Contract, ends_on: date | None, desk: Desk) -> Edit:
    seen = contract.period.upper
    return edits.draft_contract_end(
        contract=contract, ends_on=ends_on, seen_ends_on=seen, by=desk.admin, at=NOW
    )


def through(edit: Edit, reach: str = Reach.FROM_START) -> Edit:
    edits.apply_edit(edit, reach=reach, by=edit.created_by, at=NOW)
    while edits.work_on(edit.pk, NOW):
        pass
    edit.refresh_from_db()
    assert edit.state == EditState.APPLIED
    return edit


def test_a_later_last_day_is_looked_at_and_begins_promises_where_one_says_so(desk: Desk) -> None:
    contract = ended(desk)
    bare = new_ticket(desk, priority="critical", at=MONDAY - timedelta(hours=46))
    draft = drafted(contract, None, desk)
    for reach, tickets, overdue in ((Reach.NEW, 0, 0), (Reach.FROM_START, 1, 1)):
        effect = edits.effect_of(draft, reach=reach, valid_from=None, now=NOW)
        assert (effect.open_tickets, effect.tickets_anew, effect.become_overdue) == (
            tickets,
            tickets,
            overdue,
        )
    page = edits.page_of_effect(draft, reach=Reach.FROM_START, valid_from=None, now=NOW)
    assert {shift.number for shift in page.shifts} == {bare.number}
    assert not Clock.objects.exists()
    contract.refresh_from_db()
    assert contract.period.upper == SATURDAY, "a draft changes nothing"
    edit = through(draft)
    assert (edit.moved, [version.ends_on for version in contract.versions.all()]) == (
        1, [None, SATURDAY, None],
    )  # fmt: skip
    bare.refresh_from_db()
    assert (bare.due_state, bare.has_breached) == (DueState.RUNNING, True)
    assert TicketEvent.objects.filter(ticket=bare, kind="promise_changed").count() == 1
    assert not audit_tenant(now=NOW).differences
    sweep_tenant(now=NOW + timedelta(seconds=1))
    taken = Escalation.objects.filter(due_at__lt=NOW).values_list("step__place", flat=True)
    assert list(taken) == ["limit"], "the breach is told, and not what came before it step by step"


def test_for_new_tickets_only_leaves_open_ones_without_a_promise_whatever_happens_to_them(desk: Desk) -> None:
    contract = ended(desk)
    bare = new_ticket(desk)
    edit = through(drafted(contract, None, desk), Reach.NEW)
    change_priority(ticket=bare, priority="high", by=desk.agent, at=LATER)
    assert not bare.clocks.exists()
    assert new_ticket(desk, at=LATER).clocks.exists()
    assert (edit.total, edit.moved) == (0, 0)
    assert not audit_tenant(now=LATER).differences


def test_a_shorter_contract_takes_back_nothing_and_asks_for_no_correction(desk: Desk) -> None:
    promised, unpromised = new_ticket(desk), new_ticket(desk, priority="low")
    Clock.objects.filter(ticket=unpromised).delete()
    draft = drafted(desk.contract, SATURDAY, desk)
    with pytest.raises(ReachRefused):
        edits.apply_edit(draft, reach=Reach.FROM_START, by=desk.admin, at=NOW)
    through(draft, Reach.NEW)
    assert promised.clocks.filter(ended_at=None).exists()
    terms = terms_for(desk.customer.pk, unpromised.filed_at)
    assert terms is not None, "what was said when it was filed still covers it"
    assert terms_for(desk.customer.pk, LATER) is None
    assert not new_ticket(desk, at=LATER).clocks.exists()


def test_undoing_says_the_former_last_day_again_and_keeps_what_was_promised(desk: Desk) -> None:
    contract = ended(desk)
    bare, solved = new_ticket(desk), new_ticket(desk, priority="critical")
    resolve_ticket(ticket=solved, by=desk.agent, at=MONDAY)
    edit = through(drafted(contract, date(2026, 6, 1), desk))
    assert not solved.clocks.exists(), "what has ended is not judged"
    assert not audit_tenant(now=NOW).differences
    undoing = edits.undo_edit(edit, by=desk.admin, at=LATER)
    while edits.work_on(undoing.pk, LATER):
        pass
    contract.refresh_from_db()
    assert (contract.period.upper, contract.versions.count()) == (SATURDAY, 4)
    assert bare.clocks.filter(ended_at=None).exists()
    assert not new_ticket(desk, at=LATER).clocks.exists()
    with pytest.raises(EditOvertaken):
        edits.undo_edit(edit, by=desk.admin, at=LATER)
    assert not audit_tenant(now=LATER).differences


def test_a_cancelled_correction_begins_no_more_promises(desk: Desk) -> None:
    contract = ended(desk)
    bare = new_ticket(desk)
    edit = edits.apply_edit(drafted(contract, None, desk), reach=Reach.FROM_START, by=desk.admin, at=NOW)
    edits.cancel_edit(edit, by=desk.admin, at=NOW)
    change_priority(ticket=bare, priority="high", by=desk.agent, at=LATER)
    assert not bare.clocks.exists()
    assert not audit_tenant(now=LATER).differences


def test_a_last_day_that_somebody_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    draft = drafted(desk.contract, date(2026, 6, 1), desk)
    sla.end_contract(contract=desk.contract, ends_on=date(2026, 9, 1), by=desk.owner, at=NOW)
    with pytest.raises(ContractChanged):
        edits.apply_edit(draft, reach=Reach.NEW, by=desk.admin, at=NOW)
    assert Contract.objects.get(pk=desk.contract.pk).period.upper == date(2026, 9, 1)


def test_the_pages_lead_from_the_form_over_the_effect_to_the_versions(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    hand = Hand(client)
    hand.fill(f"/console/contracts/{desk.contract.pk}/end/", {"ends_on": "2026-02-27"})
    edit = Edit.objects.get()
    page = client.get(f"/console/edits/{edit.pk}/").content.decode()
    assert "Fri 27 Feb" in page
    assert "no end" in page
    assert "as if from their start" not in page, "what was promised is kept"
    assert Contract.objects.get(pk=desk.contract.pk).period.upper is None
    refused = client.post(f"/console/edits/{edit.pk}/apply/", {"reach": "from_start"})
    assert refused.status_code == 422
    client.post(f"/console/edits/{edit.pk}/apply/", {"reach": "new"})
    assert Contract.objects.get(pk=desk.contract.pk).period.upper == SATURDAY
    customer = client.get(f"/console/customers/{desk.customer.pk}/").content.decode()
    assert f"/console/edits/{edit.pk}/" in customer, "an edit is found again"
    assert "from the beginning" in client.get(f"/console/contracts/{desk.contract.pk}/end/").content.decode()
    client.post(f"/console/edits/{edit.pk}/undo/")
    assert Contract.objects.get(pk=desk.contract.pk).period.upper is None


def test_the_api_edits_the_last_day_alone(desk: Desk, login: Login) -> None:
    admin, json_type = login(desk.admin), "application/json"
    wrong = {"contract": {"id": desk.contract.pk, "plan": desk.plan.pk}}
    assert admin.post("/api/v1/edits/", wrong, content_type=json_type).status_code == 400
    sent = {"contract": {"id": desk.contract.pk, "ends_on": "2026-02-27"}}
    made = admin.post("/api/v1/edits/", sent, content_type=json_type).json()
    here = f"/api/v1/edits/{made['id']}/"
    assert made["changes"] == [{"label": "Last day", "before": "no end", "after": "Fri 27 Feb"}]
    assert admin.get(f"{here}effect/").status_code == 200
    refused = admin.post(f"{here}apply/", {"reach": "from_now"}, content_type=json_type)
    assert (refused.status_code, refused.json()["code"]) == (409, "refused")
    applied = admin.post(f"{here}apply/", {"reach": "new"}, content_type=json_type).json()
    assert (applied["state"], applied["made_version"], applied["made_contract"]) == ("applied", 2, None)
    assert admin.get(f"/api/v1/contracts/?customer={desk.customer.pk}").json()["results"] == [
        {
            "id": desk.contract.pk,
            "starts_on": "2026-01-01",
            "ends_on": "2026-02-27",
            "customer": {"id": desk.customer.pk, "name": "Bright Bakery"},
            "plan": {"id": desk.plan.pk, "name": "Gold"},
            "calendar": None,
        }
    ]
    shown = login(desk.agent).get(f"/api/v1/contracts/{desk.contract.pk}/").json()["versions"]
    assert [(said["version"], said["ends_on"]) for said in shown] == [(1, None), (2, "2026-02-27")]


def test_the_api_gives_and_withdraws_contracts(desk: Desk, login: Login) -> None:
    admin, json_type = login(desk.admin), "application/json"
    sent = {"customer": desk.customer.pk, "plan": desk.plan.pk, "starts_on": "2027-01-01"}
    refused = admin.post("/api/v1/contracts/", sent, content_type=json_type)
    assert (refused.status_code, refused.json()["code"]) == (409, "refused")
    assert "without end" in refused.json()["detail"]
    ended(desk)
    made = admin.post("/api/v1/contracts/", sent | {"ends_on": "2027-12-31"}, content_type=json_type)
    assert (made.status_code, made.json()["ends_on"], made.json()["versions"]) == (201, "2027-12-31", [])
    here = f"/api/v1/contracts/{made.json()['id']}/"
    for_ever = sent | {"starts_on": "2029-01-01", "ends_on": "9999-12-31"}
    assert admin.post("/api/v1/contracts/", for_ever, content_type=json_type).json()["ends_on"] is None
    assert login(desk.agent).delete(here).status_code == 403
    assert admin.delete(here).status_code == 204
    assert admin.get(here).status_code == 404
