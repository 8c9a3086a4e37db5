"""What the ticket page says of changes that came from elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import EventKind
from tickets.services import record_event

Login = Callable[[Any], DeskClient]


def test_an_applied_edit_says_what_it_moved_to_staff_alone(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    moves = [
        {"metric": "first_response", "before": "2026-03-02T09:00:00+00:00", "after": "2026-03-02T13:00:00Z"},
        {"metric": "resolution", "before": None, "left_before": 7200, "after": None, "left_after": 3600},
        {"metric": "restore", "before": "2026-03-02T13:00:00Z", "after": None},
    ]
    data = {"edit": 1, "moves": moves}
    record_event(ticket, EventKind.PROMISE_CHANGED, at=MONDAY, actor=desk.admin, data=data)
    page = login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    assert (
        "applied an edit of what is promised: "
        "“First response” due Mon 2 Mar, 18:00 instead of due Mon 2 Mar, 14:00; "
        "“Resolution” paused, 1 h left instead of paused, 2 h left; "
        "“Restore” no commitment instead of due Mon 2 Mar, 18:00"
    ) in page
    assert "applied an edit" not in login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EventKind.EMERGENCY_DECLARED, "declared an emergency"),
        (EventKind.EMERGENCY_ACKNOWLEDGED, "acknowledged the emergency"),
        (EventKind.EMERGENCY_ENDED, "ended the emergency"),
    ],
)
def test_an_emergency_is_told_to_both_sides(desk: Desk, login: Login, kind: EventKind, words: str) -> None:
    ticket = new_ticket(desk)
    record_event(ticket, kind, at=MONDAY, actor=desk.agent)
    for reader in (desk.agent2, desk.contact):
        assert words in login(reader).get(f"/tickets/{ticket.number}/").content.decode()
