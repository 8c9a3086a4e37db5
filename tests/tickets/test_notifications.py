"""The page under the bell."""

from collections.abc import Callable
from typing import Any

from django.template import engines
from django.utils.functional import SimpleLazyObject
from django.utils.translation import override

from notifications.models import Notification
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.services import assign_ticket, reply_to_ticket

Login = Callable[[Any], DeskClient]


def test_the_bell_counts_and_the_page_lists_what_one_was_told(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    client = login(desk.agent)
    page = client.get("/notifications/").content.decode()
    assert "Sara Supervisor assigned ACME-1001 to you: The till does not print" in page
    assert "2 unread notifications" in page, "the ticket was new before it was his"


def test_opening_one_marks_it_read_and_leads_to_the_ticket(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Done", at=MONDAY)
    told = Notification.objects.get(recipient=desk.contact, kind="replied")
    response = login(desk.contact).get(f"/notifications/{told.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/t/acme/tickets/{ticket.number}/")
    told.refresh_from_db()
    assert told.read_at is not None


def test_all_are_marked_read_at_once_and_only_ones_own(desk: Desk, login: Login) -> None:
    for _turn in range(2):
        new_ticket(desk)
    new_ticket(desk, by=desk.contact2)
    client = login(desk.contact)
    assert client.post("/notifications/read/").status_code == 303
    assert not Notification.objects.filter(recipient=desk.contact, read_at=None).exists()
    assert Notification.objects.filter(recipient=desk.contact2, read_at=None).exists()
    assert client.get("/notifications/read/").status_code == 405


def test_nobody_opens_what_others_were_told(desk: Desk, other_desk: Desk, login: Login) -> None:
    new_ticket(desk)
    told = Notification.objects.get(recipient=desk.contact)
    for stranger in (desk.contact2, desk.agent, other_desk.contact):
        assert login(stranger).get(f"/notifications/{told.pk}/").status_code == 404


def test_an_empty_page_says_what_will_stand_there(desk: Desk, login: Login) -> None:
    assert "What concerns you will stand here" in login(desk.agent).get("/notifications/").content.decode()


def test_many_are_paged(desk: Desk, login: Login) -> None:
    for turn in range(33):
        new_ticket(desk, subject=f"Subject {turn}.")
    client = login(desk.contact)
    page = client.get("/notifications/")
    assert page.content.decode().count('class="notification ') == 30
    assert "Older" in page.content.decode()


def test_the_bell_counts_in_spanish_too(desk: Desk, login: Login) -> None:
    """Django's own rule for Spanish plurals reckons with the number: only a real one will do."""
    for _turn in range(2):
        new_ticket(desk)
    desk.contact.user.language = "es"
    desk.contact.user.save(update_fields=["language"])
    with override("es"):
        parts = engines["jinja2"].env.get_template("components/nav.html").module  # type: ignore[attr-defined]
        assert "2 " in parts.bell("/notifications/", SimpleLazyObject(lambda: 2))
    assert login(desk.contact).get("/tickets/").status_code == 200
