"""People on a ticket, privacy, the customer's own ways to end one, and ratings, through the API."""

from collections.abc import Callable
from typing import Any

from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.services import resolve_ticket

Login = Callable[[Any], DeskClient]


def post(client: DeskClient, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1{path}", body or {}, content_type="application/json")


def test_people_privacy_and_the_end_of_a_ticket(desk: Desk, login: Login) -> None:
    ticket, client = new_ticket(desk), login(desk.contact)
    base = f"/tickets/{ticket.number}"
    assert post(client, f"{base}/privacy/", {"private": True}).json()["is_private"] is True
    assert login(desk.contact2).get(f"/api/v1{base}/").status_code == 404
    added = post(client, f"{base}/people/", {"person": desk.contact2.pk})
    assert [row["person"]["id"] for row in added.json()] == [desk.contact2.pk]
    assert post(client, f"{base}/people/", {"person": desk.other_contact.pk}).status_code == 400
    colleague = login(desk.contact2)
    assert colleague.get(f"/api/v1{base}/").status_code == 200
    assert post(colleague, f"{base}/people/{desk.contact2.pk}/remove/").status_code == 204
    assert post(login(desk.agent), f"{base}/withdraw/").status_code == 403
    assert post(client, f"{base}/close/").json()["code"] == "wrong_status"
    withdrawn = post(client, f"{base}/withdraw/").json()
    assert (withdrawn["status"], withdrawn["actions"]) == ("closed", ["change_privacy"])


def test_ratings_are_given_read_and_followed_up(desk: Desk, login: Login) -> None:
    ticket, client = new_ticket(desk), login(desk.contact)
    base = f"/tickets/{ticket.number}"
    assert post(client, f"{base}/rate/", {"score": 1}).json()["code"] == "wrong_status"
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    assert post(client, f"{base}/rate/", {"score": 1}).json()["code"] == "rating_over", "in March"
    fresh = new_ticket(desk)
    post(login(desk.agent), f"/tickets/{fresh.number}/resolve/")
    assert post(client, f"/tickets/{fresh.number}/rate/", {"score": 9}).status_code == 400
    assert post(client, f"/tickets/{fresh.number}/rate/", {"score": 1}).json()["score"] == 1
    boss = login(desk.supervisor)
    [row] = boss.get("/api/v1/ratings/").json()["results"]
    done = post(boss, f"/ratings/{row['id']}/follow-up/", {"note": "Called"}).json()
    assert done["follow_up_note"] == "Called"
    assert login(desk.agent).get("/api/v1/ratings/").status_code == 403
