"""Quiet hours: reckoned on one's own clock, set on the profile page."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accounts.models import Membership
from accounts.quiet import QuietHours, awake_at, quiet_hours_of
from tests.factories import Desk, DeskClient

Login = Callable[[Membership], DeskClient]
NIGHTS = QuietHours("America/Mexico_City", time(20), time(7))

# Half an hour of DST, DST at midnight, DST that is suspended for Ramadan, a date that was skipped.
ZONES = [
    "UTC",
    "Asia/Karachi",
    "America/Mexico_City",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Pacific/Apia",
]
CHANGES = [
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia goes from Thursday to Saturday
    datetime(2018, 11, 4, 3, tzinfo=UTC),  # no midnight in São Paulo
    datetime(2025, 3, 9, 7, tzinfo=UTC),
    datetime(2025, 4, 5, 15, tzinfo=UTC),
    datetime(2025, 4, 24, 22, tzinfo=UTC),
    datetime(2025, 11, 2, 6, tzinfo=UTC),
    datetime(2026, 2, 15, 2, tzinfo=UTC),
    datetime(2026, 6, 1, tzinfo=UTC),
]


def readings() -> st.SearchStrategy[time]:
    return st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))


def quiet_hours() -> st.SearchStrategy[QuietHours]:
    hours = st.one_of(
        st.just((None, None)), st.tuples(readings(), readings()).filter(lambda pair: pair[0] != pair[1])
    )
    days = st.frozensets(st.integers(0, 6), max_size=6)
    return st.builds(
        lambda zone, pair, days: QuietHours(zone, pair[0], pair[1], days), st.sampled_from(ZONES), hours, days
    )


def instants() -> st.SearchStrategy[datetime]:
    return st.builds(
        lambda near, minutes: near + timedelta(minutes=minutes),
        st.sampled_from(CHANGES),
        st.integers(-4 * 1440, 4 * 1440),
    )


@given(quiet_hours(), instants())
@settings(max_examples=400, deadline=None)
def test_the_first_minute_that_is_not_quiet_is_found(quiet: QuietHours, at: datetime) -> None:
    found = awake_at(quiet, at)
    minute = at
    while quiet.covers(minute):
        minute += timedelta(minutes=1)
        assume(minute < at + timedelta(days=16))
    assert found == minute
    assert awake_at(quiet, found) == found


@given(instants(), st.sampled_from(ZONES))
@settings(deadline=None)
def test_without_quiet_hours_one_is_always_awake(at: datetime, zone: str) -> None:
    assert awake_at(QuietHours(zone), at) == at


@pytest.mark.parametrize(
    ("quiet", "at", "awake"),
    [
        (NIGHTS, "2026-03-02T19:59:59", "2026-03-02T19:59:59"),
        (NIGHTS, "2026-03-02T20:00:00", "2026-03-03T07:00:00"),
        (NIGHTS, "2026-03-03T06:59:59", "2026-03-03T07:00:00"),
        (NIGHTS, "2026-03-03T07:00:00", "2026-03-03T07:00:00"),
        # Friday night, then a whole weekend, then the night to Monday.
        (
            QuietHours(NIGHTS.zone, time(20), time(7), frozenset({5, 6})),
            "2026-03-06T21:00:00",
            "2026-03-09T07:00:00",
        ),
        # Clocks jump from 02:00 to 03:00: what should end at 02:30 ends with the jump.
        (QuietHours("America/New_York", time(22), time(2, 30)), "2026-03-08T01:00:00", "2026-03-08T03:00:00"),
        # No hours past noon: until noon.
        (QuietHours("UTC", time(9), time(12)), "2026-03-02T10:00:00", "2026-03-02T12:00:00"),
    ],
)
def test_examples_on_the_wall_clock(quiet: QuietHours, at: str, awake: str) -> None:
    zone = ZoneInfo(quiet.zone)
    start, end = (datetime.fromisoformat(moment).replace(tzinfo=zone) for moment in (at, awake))
    assert awake_at(quiet, start) == end


def test_quiet_hours_are_set_on_the_profile_page(desk: Desk, login: Login) -> None:
    browser = login(desk.agent)
    sent = {"quiet_from": "20:00", "quiet_until": "07:00", "quiet_days": ["5", "6"]}
    assert browser.post("/profile/quiet-hours/", sent).headers["Location"] == "/t/acme/profile/"
    desk.agent.refresh_from_db()
    assert quiet_hours_of(desk.agent) == QuietHours("Asia/Karachi", time(20), time(7), frozenset({5, 6}))
    page = browser.get("/profile/").content.decode()
    assert 'value="20:00"' in page
    assert page.count("checked") == 2
    browser.post("/profile/quiet-hours/", {})
    desk.agent.refresh_from_db()
    assert quiet_hours_of(desk.agent) == QuietHours("Asia/Karachi")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"quiet_from": "20:00"}, "Give both times, or neither."),
        ({"quiet_from": "20:00", "quiet_until": "20:00"}, "The two times are the same."),
        ({"quiet_from": "late", "quiet_until": "07:00"}, "Write a time such as 20:00."),
        ({"quiet_days": list("0123456")}, "Leave some time of the week"),
        ({"quiet_days": ["7"]}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_and_kept(
    desk: Desk, login: Login, sent: dict[str, str | list[str]], said: str
) -> None:
    page = login(desk.agent).post("/profile/quiet-hours/", sent).content.decode()
    assert said in page
    desk.agent.refresh_from_db()
    assert quiet_hours_of(desk.agent) == QuietHours("Asia/Karachi")


def test_contacts_have_them_too_and_read_what_they_keep_away(desk: Desk, login: Login) -> None:
    browser = login(desk.contact)
    page = browser.get("/profile/").content.decode()
    assert "Emails about maintenance that is more than a day away" in page
    assert "escalations" not in page
    assert browser.post("/profile/quiet-hours/", {"quiet_days": ["1"]}).status_code in (302, 303)
    desk.contact.refresh_from_db()
    assert quiet_hours_of(desk.contact).days == frozenset({1})
