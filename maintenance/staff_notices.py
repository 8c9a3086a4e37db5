"""Telling staff of windows that need them: those that do not keep to their times, or cannot be announced."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop

from accounts.models import Membership
from maintenance.lifecycle import Status
from maintenance.links import window_path
from maintenance.models import Window, WindowTicket
from maintenance.notices import key_of_window
from maintenance.services.errors import MaintenanceRuleBroken
from maintenance.services.periods import still_working
from notifications.services import BellLine, LateMail, Words, in_language_of, notify_many, queue_many

KIND = "maintenance_overrun"
OVERRUNS = gettext_noop("Maintenance overruns its end: %(title)s")
NOT_BEGUN = gettext_noop("Maintenance has not been started: %(title)s")
UNSCHEDULED = gettext_noop("Recurring maintenance could not be announced: %(title)s")
UNTOLD = gettext_noop("Maintenance is over, linked tickets wait for an answer: %(title)s")


def tell_overrun(window: Window, *, at: datetime) -> None:
    """Tell all staff, once for each plan; by mail whoever is responsible, else supervisors and above."""
    people = _staff()
    begun = window.status == Status.IN_PROGRESS
    heading = Words(OVERRUNS if begun else NOT_BEGUN, {"title": window.title})
    key, path = f"{key_of_window(window)}:{window.sequence}:{window.status}", window_path(window)
    notify_many(
        (BellLine(recipient=one, kind=KIND, key=key, title=heading, path=path) for one in people), at=at
    )
    answering = [one for one in people if one.pk == window.responsible_id]
    context = {
        "heading": heading,
        "begun": begun,
        "held_up_by": None if begun else _held_up_by(window),
        "starts_at": window.starts_at,
        "ends_at": window.ends_at,
    }
    queue_many(
        (
            LateMail(
                recipient=one,
                kind=KIND,
                key=key,
                template="maintenance/email/overrun",
                path=path,
                context=context,
            )
            for one in answering or [one for one in people if one.is_supervisor]
        ),
        at=at,
    )


def tell_untold(window: Window, *, at: datetime) -> None:
    """Remind whoever is responsible, else all staff, of linked tickets, if nobody was there to tell them.

    Under the bell, for a window that ended by itself.
    """
    if not WindowTicket.objects.filter(window=window).untold().exists():
        return
    heading = Words(UNTOLD, {"title": window.title})
    people = _staff()
    answering = [one for one in people if one.pk == window.responsible_id] or people
    key, path = f"{key_of_window(window)}:untold", f"{window_path(window)}#tickets"
    notify_many(
        (BellLine(recipient=one, kind=KIND, key=key, title=heading, path=path) for one in answering), at=at
    )


def tell_unscheduled(window: Window, refused: MaintenanceRuleBroken, *, at: datetime) -> None:
    """Tell all staff, under the bell, that an occurrence of a series stays a draft, and why."""
    heading = Words(UNSCHEDULED, {"title": window.title})
    key, path = f"{key_of_window(window)}:unscheduled", window_path(window)
    lines = []
    for person in _staff():
        with in_language_of(person):
            why = refused.words()
        lines.append(BellLine(recipient=person, kind=KIND, key=key, title=heading, body=why, path=path))
    notify_many(lines, at=at)


def _held_up_by(window: Window) -> str | None:
    """The title of other work that still goes on on the window's services."""
    other = still_working(window, list(window.window_services.values_list("service_id", flat=True)))
    return other.window.title if other else None


def _staff() -> list[Membership]:
    staff = Membership.objects.active().staff().filter(user__is_active=True)
    return list(staff.select_related("user", "tenant").order_by("pk"))
