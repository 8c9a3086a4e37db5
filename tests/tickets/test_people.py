"""Who of a company follows a ticket, who sees which tickets, and how the customer ends one."""

import re
from collections.abc import Callable
from typing import Any

from accounts.models import ContactGroup
from accounts.services import change_sees, create_group
from notifications.models import OutboxMessage
from sla.models import Clock
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import EventKind, Participant, Ticket, TicketEvent
from tickets.services import (
    add_person,
    change_privacy,
    merge_tickets,
    reply_to_ticket,
    resolve_ticket,
    withdraw_ticket,
)

Login = Callable[[Any], DeskClient]


def sees(client: DeskClient, ticket: Ticket) -> bool:
    """By the page, the list and the API alike."""
    found = {
        client.get(f"/tickets/{ticket.number}/").status_code == 200,
        ticket.subject in client.get("/tickets/?show=all").content.decode(),
        client.get(f"/api/v1/tickets/{ticket.number}/").status_code == 200,
    }
    assert len(found) == 1, found
    return found.pop()


def test_own_group_or_company_is_what_one_sees(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, subject="By Carla")
    chris, boss = login(desk.contact2), login(desk.customer_admin)
    assert sees(chris, ticket), "all of the company, unless the admin says otherwise"
    for what in ("group", "own"):
        boss.post(f"/company/people/{desk.contact2.pk}/sees/", {"sees": what})
        assert not sees(chris, ticket)
    mine = new_ticket(desk, by=desk.contact2, subject="By Chris")
    assert sees(chris, mine)
    change_sees(membership=desk.contact2, sees="group", by=desk.customer_admin, at=MONDAY)
    everybody = [desk.contact, desk.contact2]
    group = create_group(name="Branch", members=everybody, by=desk.customer_admin, at=MONDAY)
    assert sees(chris, ticket)
    boss.post(f"/company/groups/{group.pk}/remove/")
    assert not sees(chris, ticket)
    add_person(ticket=ticket, person=desk.contact2, by=desk.contact, at=MONDAY)
    assert sees(chris, ticket), "who was added sees it"
    assert sees(boss, ticket)
    assert not sees(login(desk.other_contact), ticket)


def test_only_the_companys_admin_groups_its_people(desk: Desk, login: Login) -> None:
    boss = login(desk.customer_admin)
    answer = boss.post("/company/groups/", {"name": "Branch", "members": [desk.contact.pk]})
    assert answer.status_code == 302
    group = ContactGroup.objects.get()
    assert list(group.members.all()) == [desk.contact]
    assert "Carla Contact" in boss.get("/company/groups/").content.decode()
    assert boss.post("/company/groups/", {"name": "branch"}).status_code == 422
    forged = {"name": "Branch", "members": [desk.other_contact.pk], "seen_version": "1"}
    assert boss.post(f"/company/groups/{group.pk}/", forged).status_code == 422
    fine = {"name": "Head office", "members": [desk.contact2.pk], "seen_version": "1"}
    assert boss.post(f"/company/groups/{group.pk}/", fine).status_code == 302
    assert boss.post(f"/company/groups/{group.pk}/", fine).status_code == 409, "edited meanwhile"
    for who in (desk.contact, desk.owner):
        assert login(who).get("/company/groups/").status_code == 403
    own = f"/company/people/{desk.other_contact.pk}/sees/"
    assert boss.post(own, {"sees": "own"}).status_code == 404


def test_a_private_ticket_is_for_its_requester_and_who_was_added(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, subject="Salaries", body="Between us: zebra")
    change = f"/tickets/{ticket.number}/privacy/"
    assert login(desk.contact2).post(change, {"private": "1"}).status_code == 403
    assert login(desk.contact).post(change, {"private": "1"}).status_code == 303
    for who in (desk.contact2, desk.customer_admin):
        assert not sees(login(who), ticket)
        assert "Salaries" not in login(who).get("/tickets/", {"q": "zebra"}).content.decode()
        assert "Salaries" not in login(who).get("/").content.decode()
    assert sees(login(desk.contact), ticket)
    assert "Hidden from colleagues" in login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    add_person(ticket=ticket, person=desk.customer_admin, by=desk.contact, at=MONDAY)
    assert sees(login(desk.customer_admin), ticket)
    login(desk.contact).post(change)
    assert sees(login(desk.contact2), ticket)


def test_who_is_added_is_told_of_answers_and_may_leave(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    address, client = f"/tickets/{ticket.number}/people/", login(desk.contact)
    assert client.post(address, {"person": desk.other_contact.pk}).status_code == 422
    assert client.post(address, {"person": desk.agent.pk}).status_code == 422
    for _again in range(2):
        client.post(address, {"person": desk.contact2.pk})
    assert Participant.objects.get().person == desk.contact2
    assert "Chris Contact" in login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    reply_to_ticket(ticket=ticket, by=desk.agent, body="We look", at=MONDAY)
    letters = OutboxMessage.objects.filter(to=desk.contact2.user.email).exclude(kind="invitation")
    told = letters.values_list("kind", flat=True)
    assert sorted(told) == ["added", "replied"]
    login(desk.contact2).post(f"{address}{desk.contact2.pk}/remove/")
    assert not Participant.objects.exists()
    kinds = TicketEvent.objects.filter(ticket=ticket).values_list("kind", flat=True)
    assert {EventKind.PERSON_ADDED, EventKind.PERSON_REMOVED} <= set(kinds)


def test_a_ticket_is_private_from_the_beginning_where_its_requester_says_so(desk: Desk, login: Login) -> None:
    carla, boss = login(desk.contact), login(desk.customer_admin)
    typed = {
        "category": desk.category.pk,
        "subject": "About my pay",
        "body": "Between us.",
        "priority": "low",
        "private": "on",
    }
    assert "Keep this ticket private" in carla.get("/tickets/new/").content.decode()
    carla.post("/tickets/new/draft/", typed)
    assert 'name="private"' in (page := carla.get("/tickets/new/").content.decode())
    assert re.search(r'name="private"[^>]*checked', page), "the draft keeps it"
    assert carla.post("/tickets/new/", typed).status_code in (302, 303)
    ticket = Ticket.objects.get()
    assert ticket.is_private
    assert not sees(boss, ticket)
    assert sees(carla, ticket)
    by_api = {**typed, "private": True, "subject": "About my pay again"}
    assert carla.post("/api/v1/tickets/", by_api, "application/json").json()["is_private"] is True
    assert "Keep this ticket private" not in login(desk.agent).get("/tickets/new/").content.decode()


def test_a_withdrawn_ticket_is_closed_and_its_promises_end_unjudged(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    address = f"/tickets/{ticket.number}/withdraw/"
    assert login(desk.contact2).post(address).status_code == 403, "neither requester nor admin"
    assert "closed for good" in login(desk.contact).get(address).content.decode()
    assert login(desk.contact).post(address).status_code == 303
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_state) == ("closed", "none")
    assert set(Clock.objects.filter(ticket=ticket).values_list("status", flat=True)) == {"cancelled"}
    assert "withdrew it" in login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    assert login(desk.contact).post(address).status_code == 409
    assert login(desk.contact).post(f"/tickets/{ticket.number}/rate/", {"score": "1"}).status_code == 403


def test_who_filed_and_who_follows_a_ticket_learn_that_a_colleague_ended_it(desk: Desk) -> None:
    for end in (resolve_ticket, withdraw_ticket):
        ticket = new_ticket(desk)
        add_person(ticket=ticket, person=desk.contact2, by=desk.contact, at=MONDAY)
        event = end(ticket=ticket, by=desk.customer_admin, at=MONDAY)
        letters = OutboxMessage.objects.filter(key=f"event:{event.pk}", kind=event.kind)
        assert {letter.recipient for letter in letters} == {desk.contact, desk.contact2}, end.__name__
        assert str(ticket.number) in letters[0].body_text


def test_a_customer_may_close_what_is_resolved(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    address = f"/tickets/{ticket.number}/close/"
    assert login(desk.contact).post(address).status_code == 409
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    assert login(desk.contact2).post(address).status_code == 403
    assert login(desk.customer_admin).post(address).status_code == 303
    ticket.refresh_from_db()
    assert ticket.status == "closed"


def test_who_followed_a_merged_ticket_follows_the_survivor(desk: Desk, login: Login) -> None:
    survivor, gone = new_ticket(desk, subject="First"), new_ticket(desk, by=desk.contact2)
    change_privacy(ticket=survivor, private=True, by=desk.contact, at=MONDAY)
    merge_tickets(ticket=gone, into=survivor, by=desk.agent, at=MONDAY)
    assert sees(login(desk.contact2), survivor)
