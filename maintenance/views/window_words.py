"""What happened to a window, in words for its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.humantime import period, short_moment
from maintenance.models import WindowEvent, WindowEventKind

ICONS = {
    WindowEventKind.DRAFTED: "pencil",
    WindowEventKind.CHANGED: "pencil",
    WindowEventKind.SCHEDULED: "megaphone",
    WindowEventKind.EMERGENCY: "siren",
    WindowEventKind.MOVED: "calendar-clock",
    WindowEventKind.EXTENDED: "timer",
    WindowEventKind.STARTED: "play",
    WindowEventKind.OVERRAN: "triangle-alert",
    WindowEventKind.COMPLETED: "circle-check",
    WindowEventKind.CANCELLED: "calendar-x",
    WindowEventKind.LOGGED: "clipboard-list",
    WindowEventKind.TOLD: "send",
    WindowEventKind.LINKED: "link",
    WindowEventKind.UNLINKED: "unlink",
}


@dataclass(frozen=True)
class EventLine:
    """One line of the history; `text` is what somebody wrote."""

    at: datetime
    words: str
    text: str
    icon: str
    actor: str
    is_log: bool


def event_line(event: WindowEvent) -> EventLine:
    """An event as the page shows it; its actor is loaded."""
    return EventLine(
        at=event.at,
        words=_words(event),
        text=event.text,
        icon=ICONS[WindowEventKind(event.kind)],
        actor=event.actor.name if event.actor else "",
        is_log=event.kind == WindowEventKind.LOGGED,
    )


def _words(event: WindowEvent) -> str:
    """The event and, where it moved something, to where."""
    name, data, now = event.get_kind_display(), event.data, timezone.now()
    if event.kind == WindowEventKind.TOLD:
        count = int(data.get("tickets", 0))
        return ngettext("%(n)d ticket was answered.", "%(n)d tickets were answered.", count) % {"n": count}
    if "reference" in data:
        return _("%(what)s: %(ticket)s") % {"what": name, "ticket": data["reference"]}
    if "starts_at" in data and "ends_at" in data:
        times = period(_instant(data["starts_at"]), _instant(data["ends_at"]), now=now)
        return _("%(what)s: %(when)s") % {"what": name, "when": times}
    if event.kind == WindowEventKind.EXTENDED and "to" in data:
        return _("%(what)s: %(when)s") % {"what": name, "when": short_moment(_instant(data["to"]), now=now)}
    return name


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
