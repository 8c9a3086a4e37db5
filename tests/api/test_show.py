"""One ticket: who sees it, and what of it."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import tenant_scope
from tests.api.callers import ApiCaller, Callers
from tests.factories import MONDAY, Desk, new_ticket
from tickets.models import Attachment, Ticket
from tickets.services import add_note, assign_ticket, reply_to_ticket

LATER = MONDAY + timedelta(hours=1)


def talk(desk: Desk) -> Ticket:
    ticket = new_ticket(desk)
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Which paper?", at=LATER)
    secret = SimpleUploadedFile("secret.txt", b"secret")
    add_note(ticket=ticket, by=desk.agent, body="The *secret* note", files=[secret], at=LATER)
    public = SimpleUploadedFile("manual.txt", b"Page 1")
    reply_to_ticket(ticket=ticket, by=desk.contact, body="This one", files=[public], at=LATER)
    return ticket


def test_staff_read_everything(desk: Desk, caller: Callers) -> None:
    ticket = caller(desk.agent2).get(f"tickets/{talk(desk).number}/").json()
    assert [(m["kind"], m["from_staff"]) for m in ticket["messages"]] == [
        ("reply", False),
        ("reply", True),
        ("note", True),
        ("reply", False),
    ]
    assert ticket["assignee"]["name"] == "Ali Agent"
    assert ticket["page_url"] == f"http://testserver/t/acme/tickets/{ticket['number']}/"
    assert ticket["actions"] == [
        "reply", "note", "assign", "change_priority", "change_category", "change_service",
        "change_status", "set_due", "merge",
        "split", "resolve", "add_people", "change_privacy",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["contact", "contact2", "customer_admin"])
def test_company_reads_all_but_notes(desk: Desk, caller: Callers, who: str) -> None:
    number = talk(desk).number
    client = caller(getattr(desk, who))
    response = client.get(f"tickets/{number}/")
    assert [m["kind"] for m in response.json()["messages"]] == ["reply"] * 3
    more = {"contact": ["change_privacy", "withdraw"], "contact2": [], "customer_admin": ["withdraw"]}[who]
    assert response.json()["actions"] == ["reply", "resolve", "add_people", *more]
    events = client.get(f"tickets/{number}/events/")
    assert {e["kind"] for e in events.json()["results"]} == {"filed", "replied"}
    for answer in (response, events, client.get("tickets/")):
        assert b"secret" not in answer.content


def test_staff_read_every_event(desk: Desk, caller: Callers) -> None:
    number = talk(desk).number
    client = caller(desk.agent)
    events = client.get(f"tickets/{number}/events/").json()["results"]
    assert [e["kind"] for e in events] == ["filed", "replied", "assigned", "noted", "replied"]
    assert events[2]["data"] == {"from": "", "to": "Ali Agent"}
    assert events[1]["at"] == "2026-03-02T06:00:00Z"
    page = client.get(f"tickets/{number}/events/?limit=3").json()
    rest = client.get(page["next"]).json()
    assert [e["id"] for e in page["results"] + rest["results"]] == [e["id"] for e in events]
    assert rest["next"] is None


def test_ticket_of_another_company_is_not_there(desk: Desk, caller: Callers) -> None:
    number = talk(desk).number
    client = caller(desk.other_contact)
    for path in (f"tickets/{number}/", f"tickets/{number}/events/", f"tickets/{number}/clocks/"):
        response = client.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    for verb in ("reply", "resolve", "reopen"):
        assert client.post(f"tickets/{number}/{verb}/", {"body": "x"}).status_code == 404
    assert client.get("tickets/").json()["results"] == []


def test_ticket_of_another_desk_is_not_there(desk: Desk, other_desk: Desk, caller: Callers) -> None:
    talk(desk)
    with tenant_scope(other_desk.tenant.pk):
        for _times in range(3):
            theirs = new_ticket(other_desk)
    assert caller(desk.owner).get(f"tickets/{theirs.number}/").status_code == 404


def test_file_is_downloaded_by_who_may_read_its_message(desk: Desk, caller: Callers) -> None:
    talk(desk)
    public, secret = Attachment.objects.get(name="manual.txt"), Attachment.objects.get(name="secret.txt")
    response = caller(desk.contact2).get(f"attachments/{public.pk}/", HTTP_ACCEPT="text/plain")
    assert b"".join(response.streaming_content) == b"Page 1"
    assert response["Content-Disposition"] == 'attachment; filename="manual.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert caller(desk.contact).get(f"attachments/{secret.pk}/").status_code == 404
    assert caller(desk.other_contact).get(f"attachments/{public.pk}/").status_code == 404
    assert caller(desk.agent).get(f"attachments/{secret.pk}/").status_code == 200
    assert caller(desk.agent).get(f"attachments/{uuid.uuid4()}/").status_code == 404


def test_anonymous_downloads_nothing(desk: Desk, anonymous: ApiCaller) -> None:
    talk(desk)
    response = anonymous.get(f"attachments/{Attachment.objects.first().pk}/")  # type: ignore[union-attr]
    assert response.status_code == 401


def test_queries_do_not_grow_with_the_conversation(desk: Desk, caller: Callers) -> None:
    ticket = talk(desk)
    client = caller(desk.agent)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"tickets/{ticket.number}/").status_code == 200
        return len(queries)

    count()
    before = count()
    for number in range(5):
        person = desk.agent2 if number % 2 else desk.supervisor
        add_note(ticket=ticket, by=person, body="n", files=[SimpleUploadedFile("n.txt", b"n")], at=LATER)
    assign_ticket(ticket=ticket, assignee=desk.agent2, by=desk.agent, at=LATER)
    assert count() == before
    assert before <= 10
