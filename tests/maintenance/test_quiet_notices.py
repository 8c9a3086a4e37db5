"""Mail about windows and the quiet hours of its readers: what waits, what does not, what is taken back."""

from datetime import UTC, datetime, time, timedelta

import pytest

from accounts.quiet import QuietHours
from maintenance.services.windows import cancel_window, complete_window, move_window, start_window
from maintenance.sweep import sweep_tenant
from maintenance.urgency import Moment, leaves_at
from notifications.models import Notification, OutboxMessage
from tests.factories import MONDAY, Desk, browser_of
from tests.maintenance.windows import HOUR, IN_A_WEEK, promise_notice, scheduled_window

# Monday 05:00 UTC is 10:00 in Lahore; half an hour later the quiet ends.
NIGHT = {"quiet_from": "20:00", "quiet_until": "10:30"}
MORNING = MONDAY + HOUR / 2
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
WIDE = QuietHours("UTC", time(0), time(23, 59))


@pytest.fixture(autouse=True)
def _carla_sleeps(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()
    assert browser_of(desk.contact).post("/profile/quiet-hours/", NIGHT).status_code in (302, 303)


def held(desk: Desk, at: datetime) -> dict[str, datetime | None]:
    """Sweep; until when each new mail to Carla waits, by its kind."""
    mails = OutboxMessage.objects.filter(kind="maintenance", recipient=desk.contact)
    known = set(mails.values_list("pk", flat=True))
    sweep_tenant(now=at)
    return {row.key.split(":")[3]: row.send_after for row in mails.all() if row.pk not in known}


def given(
    kind: str, starts_in: int, *, hours: int = 0, was_in: int | None = None, is_emergency: bool = False
) -> Moment:
    """What a notice at midnight is about; it starts, or started before it moved, in so many hours."""
    earliest = min(starts_in, starts_in if was_in is None else was_in)
    return Moment(kind, hours, MIDNIGHT + starts_in * HOUR, MIDNIGHT + earliest * HOUR, is_emergency)


def test_announcements_and_far_reminders_wait_and_the_bell_does_not(desk: Desk) -> None:
    promise_notice(desk, 72, (72, 24, 1))
    scheduled_window(desk)
    assert held(desk, MONDAY) == {"announced": MORNING}
    assert Notification.objects.filter(recipient=desk.contact, kind="maintenance").count() == 1
    others = OutboxMessage.objects.filter(kind="maintenance").exclude(recipient=desk.contact)
    assert set(others.values_list("send_after", flat=True)) == {None}
    for hours in (72, 24):
        at = IN_A_WEEK - hours * HOUR
        assert held(desk, at) == {"reminder": at + HOUR / 2}
    assert held(desk, IN_A_WEEK - HOUR) == {"reminder": None}


def test_start_end_and_cancellation_are_sent_at_once(desk: Desk) -> None:
    window = scheduled_window(desk, starts_by_itself=False)
    other = scheduled_window(desk, starts_at=IN_A_WEEK + 48 * HOUR)
    sweep_tenant(now=MONDAY)
    at = MONDAY + HOUR / 4
    cancel_window(window=other, why="Not needed", by=desk.agent, at=at)
    assert held(desk, at) == {"cancelled": None}
    window = start_window(window=window, by=desk.agent, at=IN_A_WEEK)
    assert held(desk, IN_A_WEEK) == {"started": None}
    complete_window(window=window, by=desk.agent, at=IN_A_WEEK + HOUR / 4)
    assert held(desk, IN_A_WEEK + HOUR / 4) == {"completed": None}


def test_what_waits_is_taken_back_with_its_plan(desk: Desk) -> None:
    window = scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    later = IN_A_WEEK + 48 * HOUR
    move_window(window=window, starts_at=later, ends_at=later + HOUR, by=desk.agent, at=MONDAY)
    assert held(desk, MONDAY) == {"moved": MORNING}
    waiting = OutboxMessage.objects.waiting().filter(kind="maintenance", recipient=desk.contact)
    assert [row.key.split(":")[3] for row in waiting] == ["moved"]


def test_no_promise_is_broken_by_waiting(desk: Desk) -> None:
    promise_notice(desk, 72, ())
    scheduled_window(desk, starts_at=MONDAY + 72.25 * HOUR)
    assert held(desk, MONDAY) == {"announced": None}


@pytest.mark.parametrize(
    ("moment", "waits"),
    [
        (given("announced", 60), True),
        (given("announced", 60, is_emergency=True), False),
        (given("announced", 20), False),
        (given("moved", 60), True),
        (given("moved", 60, was_in=20), False),
        (given("moved", 20, was_in=60), False),
        (given("extended", 60), False),
        (given("reminder", 60, hours=24), True),
        (given("reminder", 60, hours=23), False),
        # It would leave less than four hours before the start, or after it.
        (given("reminder", 24, hours=24), False),
    ],
)
def test_what_is_near_does_not_wait(moment: Moment, waits: bool) -> None:
    end = MIDNIGHT + timedelta(hours=23, minutes=59)
    assert leaves_at(moment, WIDE, promised_hours=None, at=MIDNIGHT) == (end if waits else None)
    assert leaves_at(moment, QuietHours(), promised_hours=None, at=MIDNIGHT) is None
