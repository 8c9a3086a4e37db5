"""The work of a window through the API: checklist, log, and the tickets that it is about."""

from datetime import timedelta

from django.utils import timezone

from maintenance.services.windows import complete_window, draft_window, start_window
from tests.api.callers import Callers
from tests.factories import Desk, new_ticket
from tests.maintenance.windows import new_window, scheduled_window, window_terms
from tickets.models import Message
from tickets.services import resolve_ticket


def test_steps_are_ticked_and_the_log_is_read(desk: Desk, caller: Callers) -> None:
    now = timezone.now()
    window = scheduled_window(
        desk, at=now - timedelta(days=5), starts_at=now - timedelta(minutes=30), checklist=["Back up", "Go"]
    )
    other = draft_window(terms=window_terms(desk, checklist=["Else"]), by=desk.agent, at=now)
    start_window(window=window, by=desk.agent, at=now)
    agent, path = caller(desk.agent), f"windows/{window.pk}/"
    first, second = agent.get(path).json()["for_staff"]["checklist"]
    ticked = agent.post(f"{path}checklist/{first['id']}/", {"is_done": True}, format="json").json()
    steps = ticked["for_staff"]["checklist"]
    assert [step["text"] for step in steps if step["done_at"]] == ["Back up"]
    assert steps[0]["done_by"]["name"] == desk.agent.name
    undone = agent.post(f"{path}checklist/{first['id']}/", {"is_done": False}, format="json").json()
    assert not any(step["done_at"] for step in undone["for_staff"]["checklist"])
    alien = other.checklist.get().pk
    assert agent.post(f"{path}checklist/{alien}/", {"is_done": True}, format="json").status_code == 404
    contact = caller(desk.contact)
    assert (
        contact.post(f"{path}checklist/{first['id']}/", {"is_done": True}, format="json").status_code == 403
    )

    agent.post(f"{path}log/", {"text": "Half way"}, format="json")
    history = agent.get(f"{path}log/").json()["results"]
    assert [each["kind"] for each in history] == ["drafted", "scheduled", "started", "logged"]
    assert (history[-1]["text"], history[-1]["actor"]["name"]) == ("Half way", desk.agent.name)
    page = agent.get(f"{path}log/?limit=3").json()
    assert [each["text"] for each in agent.get(page["next"]).json()["results"]] == ["Half way"]
    assert contact.get(f"{path}log/").status_code == 403

    complete_window(window=window, by=desk.agent, at=now)
    late = agent.post(f"{path}checklist/{second['id']}/", {"is_done": True}, format="json").json()
    assert late["code"] == "wrong_status"


def test_tickets_are_linked_told_once_and_unlinked(desk: Desk, caller: Callers) -> None:
    now = timezone.now()
    window = scheduled_window(desk, at=now - timedelta(days=5), starts_at=now - timedelta(minutes=30))
    mine = new_ticket(desk)
    theirs = new_ticket(desk, by=desk.other_contact)
    agent, path = caller(desk.agent), f"windows/{window.pk}/"
    wrong = agent.post(f"{path}tickets/", {"tickets": [mine.number, 77]}, format="json").json()
    assert "77" in wrong["errors"][0]["detail"]
    linked = agent.post(f"{path}tickets/", {"tickets": [mine.number, theirs.number]}, format="json").json()
    assert linked["tickets"] == [mine.number, theirs.number]
    assert linked["for_staff"]["tickets"][0] == {"number": mine.number, "tie": "request", "told_at": None}
    assert caller(desk.contact).get(path).json()["tickets"] == [mine.number], "of other companies no word"
    sent = {"tickets": [mine.number]}
    assert caller(desk.contact).post(f"{path}tickets/", sent, format="json").status_code == 403

    said = {"text": "It is done."}
    assert agent.post(f"{path}tell/", said, format="json").json()["code"] == "wrong_status"
    start_window(window=window, by=desk.agent, at=now)
    complete_window(window=window, by=desk.agent, at=now)
    assert agent.post(f"{path}tell/", {"text": " "}, format="json").status_code == 400
    resolve_ticket(ticket=mine, by=desk.agent, at=now)
    for _turn in range(2):
        told = agent.post(f"{path}tell/", said, format="json").json()
        assert all(each["told_at"] for each in told["for_staff"]["tickets"])
    assert Message.objects.filter(body="It is done.").count() == 2

    gone = agent.post(f"{path}tickets/{theirs.number}/unlink/").json()
    assert gone["tickets"] == [mine.number]
    kinds = [each["kind"] for each in agent.get(f"{path}log/").json()["results"]]
    assert kinds[-2:] == ["told", "unlinked"]
    assert agent.post(f"{path}tickets/99999/unlink/").status_code == 404


def test_list_costs_the_same_however_many_tickets_are_linked(
    desk: Desk, caller: Callers, django_assert_max_num_queries: object
) -> None:
    agent, window = caller(desk.agent), new_window(desk)
    numbers = [new_ticket(desk).number for _turn in range(6)]
    agent.post(f"windows/{window.pk}/tickets/", {"tickets": numbers}, format="json")
    agent.get("windows/")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert agent.get("windows/").json()["results"][0]["tickets"] == numbers
