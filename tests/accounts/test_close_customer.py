"""A customer is closed: its people read and send nothing new, until it is opened again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Customer, Membership
from notifications.models import OutboxMessage
from tests.api.callers import call_as
from tests.factories import Desk, DeskClient, new_ticket
from tests.forms import FormPage
from tests.maintenance.backups import new_job
from tests.tickets.test_approval import asked, link_in
from tickets.models import Approval, Ticket
from tickets.services import resolve_ticket

Login = Callable[[Membership], DeskClient]
CLOSED = "The account of Bright Bakery is closed"
REFUSED = "The account of your company is closed: you can read everything, and send nothing new."


def set_open(desk: Desk, login: Login, *, is_active: bool) -> None:
    address = f"/console/customers/{desk.customer.pk}/edit/"
    version = Customer.objects.get(pk=desk.customer.pk).version
    sent = {"name": "Bright Bakery", "hosting_model": "shared", "seen_version": version}
    answer = login(desk.admin).post(address, sent | ({"is_active": "on"} if is_active else {}))
    assert answer.status_code == 302


def test_people_of_a_closed_customer_read_and_send_nothing_new(desk: Desk, login: Login) -> None:
    at = timezone.now() - timedelta(minutes=5)
    ticket, done, question = (new_ticket(desk, at=at, priority="high") for _each in range(3))
    resolve_ticket(ticket=done, by=desk.agent, at=at)
    approval = asked(desk, question)
    link = link_in(OutboxMessage.objects.get(kind="approval_asked", recipient=desk.contact))
    set_open(desk, login, is_active=False)
    contact, page = login(desk.contact), f"/tickets/{ticket.number}/"
    for path in (
        "/",
        "/tickets/",
        page,
        "/tickets/new/",
        "/plan/",
        "/help/?q=zebra",
        f"/approvals/{approval.pk}/",
    ):
        shown = contact.get(path)
        text = shown.content.decode()
        assert (shown.status_code, CLOSED in text) == (200, True), path
        assert "/tickets/new/" not in text.partition("<main")[2].partition("</main")[0], path
    backup, _secret = new_job(desk)
    for path in ("/backups/", f"/backups/{backup.pk}/"):
        assert "/restore/" not in contact.get(path).content.decode(), path
    assert "The till does not print" in contact.get(page).content.decode()

    new = {"subject": "Help", "body": "Please", "priority": "low", "category": desk.category.pk}
    refused = FormPage(contact.post("/tickets/new/", new))
    assert refused.status == 409
    assert REFUSED in refused.summary[""]
    refused.keeps({"subject": "Help", "body": "Please"})
    replied = contact.post(f"{page}reply/", {"body": "Is anybody there?"})
    assert replied.status_code == 409
    assert REFUSED in replied.content.decode()
    assert "Is anybody there?" in replied.content.decode(), "nothing typed is lost"
    for path in (f"{page}chat/", f"/tickets/{done.number}/reopen/"):
        answer = contact.post(path)
        assert (answer.status_code, REFUSED in answer.content.decode()) == (409, True), path
    mailed = DeskClient(desk.tenant).get(link).content.decode()
    assert REFUSED in mailed
    assert 'value="approve"' not in mailed
    DeskClient(desk.tenant).post(link, {"answer": "approve"})
    contact.post(f"/approvals/{approval.pk}/", {"answer": "approve"})
    assert Approval.objects.get().is_waiting

    api = call_as(desk.contact)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("tickets/", new),
        (f"tickets/{ticket.number}/reply/", {"body": "Hello"}),
        (f"tickets/{done.number}/reopen/", {}),
        (f"tickets/{ticket.number}/chat/", {}),
        (f"tickets/{ticket.number}/people/", {"person": desk.contact2.pk}),
        (f"approvals/{approval.pk}/decide/", {"approve": True}),
    ]
    for address, sent in calls:
        called = api.post(address, sent, format="json")
        assert (called.status_code, called.json()["code"]) == (409, "customer_closed"), address
    assert "reply" not in api.get(f"tickets/{ticket.number}/").json()["actions"]
    boss, friend = login(desk.customer_admin), {"name": "Finn", "email": "finn@example.com", "role": "member"}
    assert "Send the invitation" not in boss.get("/company/people/").content.decode()
    boss.post("/company/people/", friend)
    assert call_as(desk.customer_admin).post("company/people/", friend).status_code == 403
    assert not Membership.objects.filter(name="Finn").exists()
    asks, staff = f"tickets/{ticket.number}/approval/", call_as(desk.agent)
    called = staff.post(asks, {"question": "Shall we?"}, format="json")
    assert called.json()["code"] == "customer_closed", "nobody could answer"
    assert "/approval/" not in login(desk.agent).get(page).content.decode()
    unanswerable = login(desk.agent).get(f"{page}approval/").content.decode()
    assert "Bright Bakery is closed: its people cannot answer" in unanswerable
    assert Ticket.objects.count() == 3
    assert "Closed" in login(desk.agent).get(page).content.decode()
    assert contact.post(f"{page}withdraw/").status_code == 303, "what is there may end"

    set_open(desk, login, is_active=True)
    assert CLOSED not in contact.get("/").content.decode()
    assert contact.post(f"/tickets/{question.number}/reply/", {"body": "Back"}).status_code == 303
    assert contact.post("/tickets/new/", new).status_code == 303
