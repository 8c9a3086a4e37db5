"""An edit is looked at before it is applied, is followed while it goes on, and can be undone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from sla.models import Clock, Contract, Edit, EditState
from sla.services.edits import draft_edit, work_on
from sla.services.plans import TargetTerms, terms_of
from tests.console.forms import calendar_form, plan_form
from tests.factories import Desk, DeskClient, draft_of, new_ticket
from tests.forms import FormPage, reader
from tickets.models import Ticket

Login = Callable[[Membership], DeskClient]


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    """Filed a moment ago, so that its promises lie ahead."""
    return new_ticket(desk, priority="high", at=timezone.now() - timedelta(minutes=5))


def work_through(edit: Edit) -> None:
    while work_on(edit.pk, timezone.now()):
        pass
    edit.refresh_from_db()


def due(ticket: Ticket) -> object:
    return Clock.objects.get(ticket=ticket, metric="first_response").due_at


def test_saving_a_calendar_leads_to_its_effect_and_changes_nothing_yet(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    before = due(ticket)
    page = login(desk.admin).post(
        f"/console/calendars/{desk.calendar.pk}/edit/",
        calendar_form(name="Office hours", seen_number="1", week_0_0_opens="08:00"),
        follow=True,
    )
    text = page.content.decode()
    assert "Edit of Office hours" in text
    assert "08:00\u201318:00" in text
    assert "Open tickets concerned" in text or "is concerned" in text
    assert desk.calendar.versions.count() == 1
    assert due(ticket) == before


def test_applying_moves_open_tickets_and_says_so_on_them(desk: Desk, ticket: Ticket, login: Login) -> None:
    client, draft, before = login(desk.admin), draft_of(desk), due(ticket)
    page = client.post(f"/console/edits/{draft.pk}/apply/", {"reach": "from_start"}, follow=True)
    assert "Being applied" in page.content.decode()
    assert page["Refresh"]
    work_through(draft)
    assert draft.state == EditState.APPLIED
    assert due(ticket) != before
    page = client.get(f"/console/edits/{draft.pk}/")
    assert "1 open ticket is under the new terms" in page.content.decode()
    assert "Refresh" not in page
    assert "promise" in client.get(f"/tickets/{ticket.number}/").content.decode()


def test_new_tickets_only_leaves_open_ones(desk: Desk, ticket: Ticket, login: Login) -> None:
    draft, before = draft_of(desk), due(ticket)
    page = login(desk.admin).post(f"/console/edits/{draft.pk}/apply/", {"reach": "new"}, follow=True)
    assert "Open tickets keep what they were promised" in page.content.decode()
    draft.refresh_from_db()
    assert (draft.state, due(ticket)) == (EditState.APPLIED, before)


def test_undoing_makes_the_next_version(desk: Desk, ticket: Ticket, login: Login) -> None:
    client, draft, before = login(desk.admin), draft_of(desk), due(ticket)
    client.post(f"/console/edits/{draft.pk}/apply/", {"reach": "from_start"})
    work_through(draft)
    page = client.post(f"/console/edits/{draft.pk}/undo/", follow=True)
    work_through(Edit.objects.get(undoes=draft))
    assert page.status_code == 200
    assert due(ticket) == before
    assert desk.calendar.versions.count() == 3
    assert "has been undone" in client.get(f"/console/edits/{draft.pk}/").content.decode()


def test_cancelling_keeps_the_rest_as_it_was(desk: Desk, ticket: Ticket, login: Login) -> None:
    client, draft, before = login(desk.admin), draft_of(desk), due(ticket)
    client.post(f"/console/edits/{draft.pk}/apply/", {"reach": "from_start"})
    page = client.post(f"/console/edits/{draft.pk}/cancel/", follow=True)
    work_through(draft)
    assert "Cancelled before any open ticket was moved" in page.content.decode()
    assert (draft.state, due(ticket)) == (EditState.CANCELLED, before)


def test_discarding_a_draft_forgets_it(desk: Desk, login: Login) -> None:
    draft = draft_of(desk)
    page = login(desk.admin).post(f"/console/edits/{draft.pk}/discard/", follow=True)
    assert "Nothing was changed" in page.content.decode()
    assert not Edit.objects.exists()


def test_back_to_the_form_keeps_everything(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = calendar_form(name="Shop", seen_number="1", week_0_0_opens="07:15")
    client.post(f"/console/calendars/{desk.calendar.pk}/edit/", sent)
    draft = Edit.objects.get()
    page = FormPage(client.get(f"/console/calendars/{desk.calendar.pk}/edit/?draft={draft.pk}"))
    assert (page.value("name"), page.value("week_0_0_opens")) == ("Shop", "07:15")
    sent = plan_form(desk.calendar.pk, name="Golden", seen_number="1", terms="No changes.")
    client.post(f"/console/plans/{desk.plan.pk}/edit/", sent)
    draft = Edit.objects.get(plan=desk.plan)
    page = FormPage(client.get(f"/console/plans/{desk.plan.pk}/edit/?draft={draft.pk}"))
    assert (page.value("name"), page.value("terms")) == ("Golden", "No changes.")


def test_another_plan_for_a_customer_ends_the_contract_the_day_before(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    today = timezone.localdate()
    sent = {"plan": desk.plan.pk, "starts_on": today.isoformat(), "calendar": desk.calendar.pk}
    page = client.post(f"/console/contracts/{desk.contract.pk}/change/", sent, follow=True)
    assert "Edit of Bright Bakery" in page.content.decode()
    draft = Edit.objects.get()
    client.post(f"/console/edits/{draft.pk}/apply/", {"reach": "new"})
    first, second = Contract.objects.filter(customer=desk.customer).order_by("period")
    assert first.last_day == today - timedelta(days=1)
    assert (second.calendar, second.period.lower) == (desk.calendar, today)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This has passed. Enter an instant ahead, or nothing for at once."),
        ("es", "Esto ya pasó. Indique un instante futuro, o nada para que sea de inmediato."),
    ],
)
def test_an_instant_that_has_passed_is_refused_beside_its_field(
    desk: Desk, language: str, words: str
) -> None:
    draft = draft_of(desk)
    sent = {"reach": "from_now", "valid_from": "2020-01-01T09:00"}
    response = reader(desk.admin, language).post(f"/console/edits/{draft.pk}/apply/", sent)
    assert response.status_code == 422
    page = FormPage(response)
    assert page.error_of("valid_from") == words
    assert page.value("valid_from") == "2020-01-01T09:00"
    draft.refresh_from_db()
    assert draft.state == EditState.DRAFT


def test_a_draft_that_a_newer_version_overtook_is_told(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    first, second = draft_of(desk), draft_of(desk)
    client.post(f"/console/edits/{first.pk}/apply/", {"reach": "new"})
    page = client.post(f"/console/edits/{second.pk}/apply/", {"reach": "new"})
    assert page.status_code == 409
    assert "has changed this meanwhile" in page.content.decode()
    second.refresh_from_db()
    assert second.state == EditState.DRAFT


def test_all_promises_that_move_can_be_looked_through(desk: Desk, ticket: Ticket, login: Login) -> None:
    draft = draft_of(desk)
    page = login(desk.admin).get(f"/console/edits/{draft.pk}/effect/", {"reach": "from_start"})
    assert f"{ticket.number} {ticket.subject}" in page.content.decode()


def test_a_promise_that_begins_is_among_those_to_look_through(desk: Desk, login: Login) -> None:
    filed = new_ticket(desk, priority="high", at=timezone.now() - timedelta(minutes=5))
    targets = [*terms_of(desk.plan.versions.get()), TargetTerms("resolution", "high", "elapsed_time", 9, 9)]
    values = {"name": "Gold", "calendar": desk.calendar, "targets": targets}
    draft = draft_edit(plan=desk.plan, seen_number=1, by=desk.admin, at=timezone.now(), values=values)
    client = login(desk.admin)
    text = client.get(f"/console/edits/{draft.pk}/").content.decode()
    assert "Look through the 1 promise" in text
    text = client.get(f"/console/edits/{draft.pk}/effect/?reach=from_now").content.decode()
    assert f"{filed.number} {filed.subject}" in text
    assert "no commitment" in text
    assert "becomes overdue" in text
    ahead = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    text = client.get(f"/console/edits/{draft.pk}/effect/?reach=from_now&valid_from={ahead}").content.decode()
    assert f"{filed.number} {filed.subject}" in text
    assert "becomes overdue" not in text


def test_another_admin_looks_at_what_somebody_drafted_who_is_no_admin_any_more(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    draft = draft_of(desk)
    Membership.objects.filter(pk=desk.admin.pk).update(role="agent")
    text = login(desk.owner).get(f"/console/edits/{draft.pk}/").content.decode()
    assert "You may not do this" not in text
    assert "Open tickets concerned" in text
    page = login(desk.owner).get(f"/console/edits/{draft.pk}/effect/?reach=from_start")
    assert f"{ticket.number} {ticket.subject}" in page.content.decode()


def test_an_edit_that_is_through_cannot_be_applied_again(desk: Desk, login: Login) -> None:
    client, draft = login(desk.admin), draft_of(desk)
    for _turn in range(2):
        page = client.post(f"/console/edits/{draft.pk}/apply/", {"reach": "new"}, follow=True)
    assert "applied, cancelled or discarded meanwhile" in page.content.decode()
    assert desk.calendar.versions.count() == 2
