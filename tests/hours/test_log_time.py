"""Time on tickets: what is charged, from which pack, and what is taken back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hours.balances import balance_of
from hours.models import Pack, TimeEntry
from hours.services import EstimateUsedUp, NeedsApproval, NotEnoughHours, void_time
from notifications.models import OutboxMessage
from sla.coverage_terms import CoverageTerms
from sla.services import change_plan
from sla.services.edits import contents_of
from sla.services.proposals import head_of
from tests.factories import Desk, DeskClient, new_ticket
from tests.hours.factories import approved, billing, rows, sold_pack, worked_on
from tickets.models import Ticket
from tickets.services import merge_tickets

Login = Callable[[Any], DeskClient]


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk, at=timezone.now() - timedelta(hours=1))


def form(**changes: str) -> dict[str, str]:
    today = timezone.now().date().isoformat()
    return {"minutes": "1:30", "worked_on": today, "note": "Imported invoices", "charge": "on"} | changes


def left(desk: Desk) -> int | None:
    return balance_of(desk.customer.pk, timezone.now())


def test_covered_work_is_written_down_and_draws_nothing(desk: Desk, ticket: Ticket, login: Login) -> None:
    sold_pack(desk)
    agent, page = login(desk.agent), f"/tickets/{ticket.number}/time/"
    assert "The plan covers this category" in agent.get(page).content.decode()
    assert agent.post(page, form()).status_code == 303
    entry = TimeEntry.objects.get()
    assert (entry.minutes, entry.ground, entry.charged_minutes) == (90, "covered", 0)
    assert left(desk) == 600
    assert "logged 1 h 30 min" in agent.get(f"/tickets/{ticket.number}/").content.decode()
    assert "1 h 30 min" not in login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()


def test_billable_work_draws_from_the_oldest_pack_first(desk: Desk, ticket: Ticket, login: Login) -> None:
    billing(desk)
    newer = sold_pack(desk, hours=2, name="Newer")
    older = sold_pack(desk, hours=1, name="Older", starts_on=timezone.now().date() - timedelta(days=9))
    agent = login(desk.agent)
    assert agent.post(f"/tickets/{ticket.number}/time/", form()).status_code == 303
    assert dict(Pack.objects.values_list("name", "balance")) == {newer.name: 90, older.name: 0}
    page = login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()
    assert "drew 1 h 30 min from your prepaid hours" in page
    answer = agent.post(f"/tickets/{ticket.number}/time/", form())
    assert answer.status_code == 303
    refused = agent.post(f"/tickets/{ticket.number}/time/", form(minutes="0:01"))
    assert refused.status_code == 422
    assert "The customer has 0 h of prepaid hours left." in refused.content.decode()
    assert agent.post(f"/tickets/{ticket.number}/time/", form(charge="")).status_code == 303
    assert TimeEntry.objects.latest("pk").ground == "not_charged"


def test_what_the_plan_includes_each_month_is_used_up_first(desk: Desk, ticket: Ticket) -> None:
    billing(desk, included_minutes=60)
    sold_pack(desk, hours=2)
    first, second = (worked_on(ticket, desk.agent, minutes=45) for _turn in range(2))
    assert (first.included_minutes, first.charged_minutes) == (45, 0)
    assert (second.included_minutes, second.charged_minutes) == (15, 30)
    assert left(desk) == 90


def test_work_of_an_earlier_day_is_included_as_the_plan_of_that_day_said(desk: Desk, ticket: Ticket) -> None:
    billing(desk, included_minutes=60)
    sold_pack(desk, hours=5)
    now = timezone.now()
    change = contents_of(desk.plan.versions.latest("number")) | {
        "coverage": CoverageTerms({desk.category.pk: "billable"}, included_minutes=600)
    }
    last = desk.plan.versions.latest("number")
    later = now + timedelta(days=1)
    change_plan(
        plan=desk.plan, seen_number=last.number, at=later, by=desk.admin, **(head_of(desk.plan) | change)
    )
    afterwards = now + timedelta(days=2)
    entry = worked_on(ticket, desk.agent, at=afterwards, minutes=90, worked_on=now.date())
    assert (entry.included_minutes, entry.charged_minutes) == (60, 30)


def test_what_is_not_covered_needs_an_approved_estimate_and_never_exceeds_it(
    desk: Desk, ticket: Ticket
) -> None:
    billing(desk, "not_covered")
    sold_pack(desk)
    with pytest.raises(NeedsApproval):
        worked_on(ticket, desk.agent)
    approved(desk, ticket, 120)
    worked_on(ticket, desk.agent, minutes=90)
    with pytest.raises(EstimateUsedUp) as refused:
        worked_on(ticket, desk.agent, minutes=60)
    assert refused.value.left == 30
    approved(desk, ticket, 60)
    entry = worked_on(ticket, desk.agent, minutes=60)
    assert (entry.ground, left(desk)) == ("approved", 450)


def test_what_was_approved_holds_on_the_ticket_it_was_merged_into(desk: Desk, ticket: Ticket) -> None:
    billing(desk, "not_covered")
    sold_pack(desk)
    survivor = new_ticket(desk, at=timezone.now() - timedelta(hours=1))
    approved(desk, ticket, 120)
    worked_on(ticket, desk.agent, minutes=30)
    merge_tickets(ticket=ticket, into=survivor, by=desk.agent, at=timezone.now())
    entry = worked_on(survivor, desk.agent, minutes=60)
    assert (entry.ground, entry.charged_minutes) == ("approved", 60)
    for one in (ticket, survivor):
        with pytest.raises(EstimateUsedUp):
            worked_on(Ticket.objects.get(pk=one.pk), desk.agent, minutes=31)


def test_a_price_alone_draws_no_hours(desk: Desk, ticket: Ticket) -> None:
    sold_pack(desk)
    approved(desk, ticket, None, price="200 USD")
    assert worked_on(ticket, desk.agent).ground == "covered"
    assert left(desk) == 600


def test_overdraft_is_drawn_only_where_it_was_given(desk: Desk, ticket: Ticket) -> None:
    billing(desk)
    sold_pack(desk, hours=1, overdraft_minutes=30)
    worked_on(ticket, desk.agent, minutes=90)
    assert left(desk) == -30
    with pytest.raises(NotEnoughHours):
        worked_on(ticket, desk.agent, minutes=1)


def test_time_is_taken_back_by_whoever_logged_it_and_its_hours_return(
    desk: Desk, ticket: Ticket, login: Login
) -> None:
    billing(desk)
    sold_pack(desk, hours=2)
    entry = worked_on(ticket, desk.agent, minutes=90)
    page = f"/hours/time/{entry.pk}/void/"
    assert login(desk.agent2).post(page, {"reason": "Not mine"}).status_code == 403
    client = login(desk.agent)
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "Wrong ticket"}).status_code == 303
    assert rows(desk.customer) == [("bought", 120), ("drawn", -90), ("adjusted", 90)]
    assert client.post(page, {"reason": "Again"}).status_code == 409
    assert left(desk) == 120
    seen = login(desk.contact).get(f"/tickets/{ticket.number}/?all").content.decode()
    assert "gave 1 h 30 min back to your prepaid hours" in seen


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"minutes": "long"}, "Write hours, as in 1:30 or 1.5."),
        ({"minutes": "25"}, "at most 24 hours"),
        ({"worked_on": "2031-01-01"}, "This day is still to come."),
        ({"worked_on": "2020-01-01"}, "This day is more than a year ago."),
        ({"note": " "}, "This field is required."),
    ],
)
def test_what_cannot_be_logged_is_said_beside_the_field(
    desk: Desk, ticket: Ticket, login: Login, typed: dict[str, str], words: str
) -> None:
    answer = login(desk.agent).post(f"/tickets/{ticket.number}/time/", form(**typed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not TimeEntry.objects.exists()


def test_the_customer_is_told_once_that_little_is_left(desk: Desk, ticket: Ticket) -> None:
    billing(desk)
    sold_pack(desk, hours=3)
    told = OutboxMessage.objects.filter(kind="hours_low")
    entry = worked_on(ticket, desk.agent, minutes=50)
    assert not told.exists()
    worked_on(ticket, desk.agent, minutes=25)
    worked_on(ticket, desk.agent, minutes=30)
    assert [mail.recipient for mail in told] == [desk.customer_admin]
    assert told.get().subject == "Prepaid hours of Bright Bakery: 1 h 45 min left"
    void_time(entry=entry, reason="Wrong ticket", by=desk.agent, at=timezone.now())
    worked_on(ticket, desk.agent, minutes=60)
    assert told.all().count() == 2


def test_nobody_is_told_that_little_is_left_of_hours_that_are_to_come(desk: Desk, ticket: Ticket) -> None:
    billing(desk)
    told = OutboxMessage.objects.filter(kind="hours_low")
    today = timezone.now()
    sold_pack(desk, hours=3, starts_on=(today + timedelta(days=9)).date())
    assert not told.exists(), "they have just been bought"
    worked_on(ticket, desk.agent, at=today + timedelta(days=10), minutes=150)
    assert told.get().subject == "Prepaid hours of Bright Bakery: 30 min left"


def test_a_form_that_is_sent_twice_logs_once(desk: Desk, ticket: Ticket, login: Login) -> None:
    sent = form(submission="6f1c1c7e-5c8b-4a39-9f1c-2d7e8a9b0c1d")
    client = login(desk.agent)
    for _turn in range(2):
        assert client.post(f"/tickets/{ticket.number}/time/", sent).status_code == 303
    assert TimeEntry.objects.count() == 1


def test_time_through_the_api(desk: Desk, ticket: Ticket, login: Login) -> None:
    billing(desk)
    sold_pack(desk, hours=1)
    where, kind, client = f"/api/v1/tickets/{ticket.number}/time/", "application/json", login(desk.agent)
    sent = {"minutes": 45, "worked_on": timezone.now().date().isoformat(), "note": "Imported invoices"}
    made = client.post(where, sent, kind)
    assert (made.status_code, made.json()["charged_minutes"]) == (201, 45)
    refused = client.post(where, sent, kind)
    assert (refused.status_code, refused.json()["code"], refused.json()["left"]) == (
        409,
        "not_enough_hours",
        15,
    )
    assert client.post(where, sent | {"charge": False}, kind).status_code == 201
    void = f"/api/v1/time/{made.json()['id']}/void/"
    assert client.post(void, {"reason": "Wrong ticket"}, kind).json()["void_reason"] == "Wrong ticket"
    assert client.post(void, {"reason": "Wrong ticket"}, kind).json()["code"] == "voided_before"
    assert [row["minutes"] for row in client.get(where).json()] == [45, 45]
    assert login(desk.contact).get(where).status_code == 403
