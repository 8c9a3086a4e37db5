"""Telling a desk's admins that the public holidays of a calendar were taken further."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import ngettext

from accounts.links import desk_path
from accounts.models import Membership, Role
from notifications.services import in_language_of, notify, queue_email
from sla.models import CalendarVersion, SupportCalendar


def tell_extended(
    calendar: SupportCalendar,
    version: CalendarVersion,
    added: Mapping[date, str],
    gone: Mapping[date, str],
    *,
    at: datetime,
) -> None:
    """Under the bell and by email, once per admin and version: what came, and what is no holiday any more."""
    key, path = f"holidays:{version.pk}", desk_path("console_calendar", calendar.pk)
    admins = Membership.objects.active().filter(
        tenant_id=calendar.tenant_id, role__in=(Role.OWNER, Role.ADMIN), user__is_active=True
    )
    for person in admins.select_related("user", "tenant"):
        with in_language_of(person):
            title = ngettext(
                "%(num)s public holiday was added to “%(calendar)s”",
                "%(num)s public holidays were added to “%(calendar)s”",
                len(added),
            ) % {"num": len(added), "calendar": calendar.name}
        notify(recipient=person, kind="holidays", key=key, title=title, path=path, at=at)
        queue_email(
            recipient=person,
            kind="holidays",
            key=key,
            template="sla/email/holidays",
            path=path,
            at=at,
            context={
                "heading": title,
                "calendar_name": calendar.name,
                "version_number": version.number,
                "added": sorted(added.items()),
                "gone": sorted(gone.items()),
            },
        )
