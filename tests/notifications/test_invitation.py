"""Calendar entries as a parser reads them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from icalendar import Calendar

from notifications.invitations import Invitation, calendar_of, event_of, write_invitation
from notifications.rendering import pack, unpack

START = datetime(2026, 3, 9, 10, 0, tzinfo=timezone(timedelta(hours=5)))


def invitation(**changes: Any) -> Invitation:
    values: dict[str, Any] = {
        "uid": "0b6c@maintenance",
        "sequence": 3,
        "starts_at": START,
        "ends_at": START + timedelta(hours=2),
        "stamped_at": datetime(2026, 3, 2, 5, 0, tzinfo=UTC),
        "summary": "Wartung: Kasse, Küche; „Ofen“ \\ Lüftung " * 5,
        "description": "First line\nsecond, with a comma; and more\n\nÑandú 日本語",
    }
    return Invitation(**(values | changes))


def written(one: Invitation, reader: str = "carla@acme.example") -> tuple[str, Any, Any]:
    """As it leaves, after its time in the outbox."""
    method, text = write_invitation(
        unpack(pack(one.values())),
        sender="Support Desk <desk@example.com>",
        sender_name="Acme",
        reader=reader,
        url="https://desk.example.com/t/acme/maintenance/1/",
    )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    calendar = Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    return method, calendar, event


def test_what_is_written_is_what_is_read() -> None:
    one = invitation()
    method, calendar, event = written(one)
    assert (method, str(calendar["METHOD"]), str(event["STATUS"])) == ("REQUEST", "REQUEST", "CONFIRMED")
    assert (str(event["UID"]), event["SEQUENCE"]) == (one.uid, 3)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (one.starts_at, one.ends_at)
    assert event["DTSTART"].dt.utcoffset() == timedelta(0)
    assert str(event["SUMMARY"]) == one.summary
    assert str(event["DESCRIPTION"]) == one.description
    assert str(event["ORGANIZER"]) == "mailto:desk@example.com"
    assert event["ORGANIZER"].params["CN"] == "Acme"
    assert str(event["ATTENDEE"]) == "mailto:carla@acme.example"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert str(event["TRANSP"]) == "TRANSPARENT"


def test_what_is_off_says_so() -> None:
    method, calendar, event = written(invitation(is_cancelled=True))
    assert (method, str(calendar["METHOD"]), str(event["STATUS"])) == ("CANCEL", "CANCEL", "CANCELLED")


def test_a_feed_has_a_name_and_asks_for_nothing() -> None:
    text = calendar_of([event_of(invitation()), event_of(invitation(uid="2@maintenance"))], name="Acme")
    calendar = Calendar.from_ical(text)
    assert "METHOD" not in calendar
    assert str(calendar["X-WR-CALNAME"]) == "Acme"
    assert [str(event["UID"]) for event in calendar.walk("VEVENT")] == ["0b6c@maintenance", "2@maintenance"]
    assert "ATTENDEE" not in text
