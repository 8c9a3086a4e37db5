"""Chat: an agent is asked to come at once, where the plan has it and while support is open."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.models import Notification
from sla.models import PlanVersion
from sla.services.chats import NoChat, ask_for_chat, chat_of
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.services import reply_to_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]
SUNDAY = datetime(2026, 3, 8, 5, 0, tzinfo=UTC)


@pytest.fixture
def with_chat(desk: Desk) -> Desk:
    PlanVersion.objects.filter(plan=desk.plan).update(channels=["portal", "chat"])
    return desk


def test_all_agents_are_asked_and_the_queue_marks_it_until_one_answers(with_chat: Desk, login: Login) -> None:
    desk, ticket = with_chat, new_ticket(with_chat)
    for _twice in range(2):
        ask_for_chat(ticket=ticket, by=desk.contact, at=MONDAY)
    bells = Notification.objects.filter(kind="chat")
    assert {bell.recipient for bell in bells} == {
        desk.owner, desk.admin, desk.supervisor, desk.agent, desk.agent2,
    }  # fmt: skip
    assert bells.count() == 5
    agent = login(desk.agent)
    assert "#i-message-circle" in agent.get("/queue/").content.decode()
    assert "asked for a chat" in agent.get(f"/tickets/{ticket.number}/").content.decode()
    page = login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()
    assert "An agent has been asked to come." in page
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Here I am", at=MONDAY)
    ticket.refresh_from_db()
    assert ticket.chat_since is None


def test_outside_hours_the_answer_says_when_somebody_is_there(with_chat: Desk) -> None:
    ticket = new_ticket(with_chat)
    with pytest.raises(NoChat) as refused:
        ask_for_chat(ticket=ticket, by=with_chat.contact, at=SUNDAY)
    assert "Support opens Mon 9 Mar" in refused.value.words()
    assert chat_of(with_chat.customer.pk, SUNDAY).changes_at == SUNDAY + timedelta(hours=23)


def test_a_plan_without_chat_offers_none(desk: Desk, login: Login) -> None:
    ticket, client = new_ticket(desk), login(desk.contact)
    assert "Chat with an agent" not in client.get(f"/tickets/{ticket.number}/").content.decode()
    answer = client.post(f"/tickets/{ticket.number}/chat/")
    assert answer.status_code == 409
    assert "Your plan has no chat." in answer.content.decode()
    api = client.post(f"/api/v1/tickets/{ticket.number}/chat/", {}, content_type="application/json")
    assert api.json()["code"] == "no_chat"
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    assert client.post(f"/tickets/{ticket.number}/chat/").status_code == 409
    assert login(desk.agent).post(f"/tickets/{ticket.number}/chat/").status_code == 403
