"""The bell and the outbox through the API."""

from django.utils import timezone

from notifications.models import OutboxMessage
from tests.api.callers import Callers
from tests.factories import Desk, new_ticket
from tickets.services import assign_ticket

ZOE = {"name": "Zoe New", "email": "zoe@bakery.example", "role": "agent"}


def test_everybody_reads_and_marks_their_own_bell(desk: Desk, caller: Callers) -> None:
    agent = caller(desk.agent)
    ticket = new_ticket(desk)
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=timezone.now())
    unread = agent.get("notifications/?unread=true").json()["results"]
    assert unread
    assert caller(desk.agent2).post("notifications/read/", {"id": unread[0]["id"]}).json() == {"marked": 0}
    assert agent.post("notifications/read/", {"id": unread[0]["id"]}).json() == {"marked": 1}
    agent.post("notifications/read/")
    assert agent.get("notifications/?unread=true").json()["results"] == []
    assert agent.get("notifications/").json()["results"][-1]["read_at"]


def test_admins_read_the_outbox_and_try_again(desk: Desk, caller: Callers) -> None:
    admin = caller(desk.admin)
    admin.post("people/", ZOE, format="json")
    waiting = admin.get("outbox/?state=waiting").json()["results"]
    [letter] = [row for row in waiting if row["to"] == ZOE["email"]]
    assert (letter["way"], letter["state"]) == ("email", "waiting")
    address = f"outbox/{letter['id']}/"
    assert admin.get(address).json()["text"] == "", "its link is for its reader alone"
    early = admin.post(f"{address}retry/")
    assert (early.status_code, early.json()["code"]) == (409, "not_given_up")
    OutboxMessage.objects.filter(pk=letter["id"]).update(failed_at=timezone.now(), attempts=9)
    assert [row["id"] for row in admin.get("outbox/?state=failed").json()["results"]] == [letter["id"]]
    again = admin.post(f"{address}retry/").json()
    assert (again["state"], again["attempts"]) == ("waiting", 0)
    assert caller(desk.agent).get("outbox/").status_code == 403
