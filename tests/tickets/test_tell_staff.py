"""What asks for staff while nobody has the ticket: under every bell of the staff, once, in no mail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.services import deactivate_person
from notifications.models import Notification, OutboxMessage
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import Ticket
from tickets.services import assign_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]
STAFF = {"Olga Owner", "Adam Admin", "Sara Supervisor", "Ali Agent", "Bea Agent"}


def told(kind: str) -> set[str]:
    """The staff who were told, by name; each once."""
    lines = Notification.objects.filter(kind=kind, recipient__customer=None)
    names = list(lines.values_list("recipient__name", flat=True))
    assert len(names) == len(set(names))
    return set(names)


def test_all_staff_are_told_of_a_new_ticket_and_get_no_mail(desk: Desk, login: Login) -> None:
    new_ticket(desk)
    assert told("filed") == STAFF
    assert not OutboxMessage.objects.filter(kind="filed", recipient__customer=None).exists()
    page = login(desk.agent2).get("/notifications/").content.decode()
    assert "Carla Contact filed ACME-1001: The till does not print" in page


def test_who_files_for_a_customer_is_not_told_of_it(desk: Desk) -> None:
    new_ticket(desk, by=desk.agent, requester=desk.contact)
    assert told("filed") == STAFF - {"Ali Agent"}


def test_somebody_whose_desk_is_closed_is_not_told(desk: Desk) -> None:
    deactivate_person(membership=desk.agent2, by=desk.owner, at=MONDAY)
    desk.admin.user.is_active = False
    desk.admin.user.save(update_fields=["is_active"])
    new_ticket(desk)
    assert told("filed") == STAFF - {"Bea Agent", "Adam Admin"}


def answer(login: Login, ticket: Ticket, who: Any) -> None:
    data = {"body": "Any news?", "attachments": SimpleUploadedFile("a.txt", b"one")}
    assert login(who).post(f"/tickets/{ticket.number}/reply/", data).status_code == 303


def test_a_message_on_a_ticket_that_nobody_has_is_told_to_all_staff(desk: Desk, login: Login) -> None:
    answer(login, new_ticket(desk), desk.contact)
    assert told("replied") == STAFF
    page = login(desk.supervisor).get("/notifications/").content.decode()
    assert "Carla Contact replied on ACME-1001: The till does not print" in page


def test_a_message_on_a_ticket_of_somebody_who_has_left_is_told_to_all_staff(
    desk: Desk, login: Login
) -> None:
    ticket = new_ticket(desk)
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    deactivate_person(membership=desk.agent, by=desk.owner, at=MONDAY)
    answer(login, ticket, desk.contact)
    assert told("replied") == STAFF - {"Ali Agent"}


def test_a_message_on_a_ticket_that_somebody_has_is_told_to_that_person_alone(
    desk: Desk, login: Login
) -> None:
    ticket = new_ticket(desk)
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    answer(login, ticket, desk.contact)
    assert told("replied") == {"Ali Agent"}


@pytest.mark.parametrize("has_left", [True, False])
def test_a_customer_who_reopens_is_heard(desk: Desk, login: Login, has_left: bool) -> None:
    ticket = new_ticket(desk)
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    if has_left:
        deactivate_person(membership=desk.agent, by=desk.owner, at=MONDAY)
    login(desk.contact).post(f"/tickets/{ticket.number}/reopen/")
    assert told("reopened") == (STAFF - {"Ali Agent"} if has_left else {"Ali Agent"})


def test_telling_many_takes_three_statements(
    desk: Desk, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    from tickets.notices import NEW, tell_all_staff

    ticket = new_ticket(desk)
    with django_assert_max_num_queries(3):
        tell_all_staff(ticket, by=desk.contact, kind="filed", key="x", title=NEW, at=MONDAY, name="Carla")
