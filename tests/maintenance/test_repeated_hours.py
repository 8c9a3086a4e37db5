"""An hour that comes twice: on 25 October 2026 Madrid reads 02:00 to 03:00 from 00:00Z and from 01:00Z."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from accounts.models import User
from maintenance.models import Window
from maintenance.services.windows import start_window
from tests.factories import Desk, browser_of
from tests.maintenance.test_window_pages import body, form
from tests.maintenance.windows import new_window, scheduled_window

BEFORE = datetime(2026, 10, 12, 9, tzinfo=UTC)
FIRST = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(hours=1)
"""Both are read 02:30."""


def in_madrid(desk: Desk) -> Any:
    User.objects.filter(pk=desk.agent.user_id).update(time_zone="Europe/Madrid")
    return browser_of(desk.agent)


def test_saving_a_draft_never_moves_it_to_the_other_reading(desk: Desk) -> None:
    agent = in_madrid(desk)
    window = new_window(desk, starts_at=SECOND, at=BEFORE)
    path, service = f"/maintenance/{window.pk}/edit/", window.services.get().pk
    values: dict[str, Any] = form(desk, SECOND, title="Typo mended", services=[service], seen=window.version)
    values |= {"starts_at": "2026-10-25T02:30", "ends_at": "2026-10-25T04:30"}
    assert 'value="2026-10-25T02:30"' in body(agent.get(path))
    assert agent.post(path, values).status_code == 303
    saved = Window.objects.get()
    assert (saved.title, saved.starts_at, saved.ends_at) == (
        "Typo mended",
        SECOND,
        SECOND + timedelta(hours=2),
    )
    other = values | {"seen": saved.version, "starts_at": "2026-10-25T02:15", "ends_at": "2026-10-25T02:45"}
    assert agent.post(path, other).status_code == 303
    assert Window.objects.get().starts_at == FIRST - timedelta(minutes=15)


def test_end_that_its_clock_reads_twice_lies_behind_the_start(desk: Desk) -> None:
    agent = in_madrid(desk)
    times = {"starts_at": "2026-10-25T02:45", "ends_at": "2026-10-25T02:15"}
    assert agent.post("/maintenance/new/", form(desk, FIRST, **times)).status_code == 303
    window = Window.objects.get()
    assert (window.starts_at, window.ends_at - window.starts_at) == (
        FIRST + timedelta(minutes=15),
        timedelta(minutes=30),
    )


def test_running_window_is_extended_to_the_reading_that_lies_ahead(desk: Desk) -> None:
    agent = in_madrid(desk)
    start = FIRST - timedelta(hours=2)
    window = scheduled_window(desk, starts_at=start, ends_at=FIRST, at=BEFORE)
    start_window(window=window, by=desk.agent, at=start)
    path, now = f"/maintenance/{window.pk}/extend/", FIRST - timedelta(minutes=20)
    with patch("django.utils.timezone.now", return_value=now):
        page = body(agent.get(path))
        assert 'value="2026-10-25T02:30"' in page
        assert agent.post(path, {"ends_at": "2026-10-25T02:30"}).status_code == 303
    assert Window.objects.get().ends_at == SECOND
    with patch("django.utils.timezone.now", return_value=SECOND - timedelta(minutes=20)):
        assert agent.post(path, {"ends_at": "2026-10-25T02:50"}).status_code == 303
    assert Window.objects.get().ends_at == SECOND + timedelta(minutes=20)


def test_proposal_in_the_repeated_hour_is_kept_by_its_form(desk: Desk) -> None:
    agent = in_madrid(desk)
    path = "/maintenance/new/?start=2026-10-25T01:30:00%2B00:00&minutes=60"
    assert 'value="2026-10-25T02:30"' in body(agent.get(path))
    times = {"starts_at": "2026-10-25T02:30", "ends_at": "2026-10-25T03:30"}
    assert agent.post(path, form(desk, SECOND, **times)).status_code == 303
    assert Window.objects.get().starts_at == SECOND
