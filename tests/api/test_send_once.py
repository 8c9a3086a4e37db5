"""A call that names itself with a key does its work once, however often it is sent."""

from datetime import timedelta

from django.utils import timezone

from hours.models import LedgerEntry, Pack, TimeEntry
from tests.api.callers import call_as
from tests.factories import Desk
from tickets.models import Message, Ticket


def test_what_is_sent_twice_with_a_key_is_written_once_and_answered_alike(desk: Desk) -> None:
    admin, today = call_as(desk.admin), timezone.localdate() - timedelta(days=1)
    ticket = {
        "subject": "Help",
        "body": "Please",
        "priority": "low",
        "category": desk.category.pk,
        "requester": desk.contact.pk,
    }
    pack = {"name": "Spring", "starts_on": str(today), "minutes": 600}
    number = admin.post("tickets/", ticket, format="json").json()["number"]
    calls: list[tuple[str, dict[str, object], str]] = [
        (f"customers/{desk.customer.pk}/packs/", pack, "balance"),
        (f"tickets/{number}/time/", {"minutes": 30, "worked_on": str(today), "note": "Looked"}, "id"),
        ("tickets/", ticket, "number"),
        (f"tickets/{number}/reply/", {"body": "We look at it"}, "id"),
        (f"tickets/{number}/note/", {"body": "Odd"}, "id"),
    ]
    for address, sent, same in calls:
        first, again, other = (
            admin.post(address, sent, format="json", HTTP_IDEMPOTENCY_KEY=key) for key in ("a", "a", "b")
        )
        assert [answer.status_code for answer in (first, again, other)] == [201] * 3, address
        assert first.json()[same] == again.json()[same] != other.json()[same], address
    mine = call_as(desk.agent).post(address, sent, format="json", HTTP_IDEMPOTENCY_KEY="a")
    assert mine.json()["id"] != first.json()["id"], "a key is its caller's own"
    spring = Pack.objects.order_by("pk").first()
    assert spring is not None
    adjust = {"minutes": -60, "reason": "Counted twice"}
    for _each in range(2):
        answer = admin.post(f"packs/{spring.pk}/adjust/", adjust, format="json", HTTP_IDEMPOTENCY_KEY="a")
        assert answer.status_code == 200
    assert LedgerEntry.objects.filter(kind="adjusted").count() == 1
    assert (Pack.objects.count(), TimeEntry.objects.count(), Ticket.objects.count()) == (2, 2, 3)
    assert Message.objects.filter(ticket__number=number).count() == 6
    refused = admin.post("tickets/", ticket, format="json", HTTP_IDEMPOTENCY_KEY="k" * 256)
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "Idempotency-Key")
