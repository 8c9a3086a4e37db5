"""Entries for people's calendars (RFC 5545, RFC 5546): one identity, changed and called off by later ones.

What a reader's calendar program does with a mail is decided by three things: the UID is that of the entry for
good, a higher SEQUENCE replaces a lower one, and METHOD says whether it holds (REQUEST) or is off (CANCEL).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Support Desk//Maintenance//EN"


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One state of a calendar entry. `summary`, `description` and `location` are texts or `Words`."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    summary: Any
    description: Any = ""
    location: Any = ""
    is_cancelled: bool = False

    def values(self) -> dict[str, Any]:
        """What `rendering.pack` takes; `Invitation(**values)` is the same again."""
        return asdict(self) | {
            "summary": self.summary,
            "description": self.description,
            "location": self.location,
        }


def method_of(invitation: Invitation) -> str:
    """What the reader's calendar is asked to do."""
    return "CANCEL" if invitation.is_cancelled else "REQUEST"


def event_of(invitation: Invitation, *, url: str = "") -> Event:
    """The entry by itself, as it stands in invitations, downloads and feeds. Instants are in UTC.

    It does not make its reader busy: they are told of work that others do.
    """
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamped_at.astimezone(UTC))
    event.add("dtstart", invitation.starts_at.astimezone(UTC))
    event.add("dtend", invitation.ends_at.astimezone(UTC))
    event.add("summary", str(invitation.summary))
    for name in ("description", "location"):
        if text := str(getattr(invitation, name)):
            event.add(name, text)
    if url:
        event.add("url", url)
    event.add("status", "CANCELLED" if invitation.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def calendar_of(events: list[Event], *, method: str = "", name: str = "") -> str:
    """The text of a calendar of these entries; `method` for mails alone, `name` for feeds."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text.decode()


def write_invitation(
    values: Mapping[str, Any], *, sender: str, sender_name: str, reader: str, url: str = ""
) -> tuple[str, str]:
    """The method and the text of a mail's calendar part, in the active language.

    `values` as `Invitation.values` gives them; `sender` is the From of our mails. The reader is not asked for
    an answer.
    """
    invitation = Invitation(**values)
    event = event_of(invitation, url=url)
    organizer = vCalAddress(f"mailto:{parseaddr(sender)[1]}")
    organizer.params["CN"] = vText(sender_name)
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{reader}")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    method = method_of(invitation)
    return method, calendar_of([event], method=method)
