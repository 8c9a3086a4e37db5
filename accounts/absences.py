"""Who of the staff is away, and until when; who may say so, and who may know why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import humantime
from accounts.models import Absence, Membership


def is_away(membership: Membership, at: datetime) -> bool:
    """Whether that person is away at an instant."""
    return membership.pk in away_among([membership], at)


def away_among(memberships: Iterable[Membership], at: datetime) -> dict[int, datetime]:
    """Those of the people who are away at an instant, each with the instant at which they are back.

    An absence that begins where another one ends goes on with it. One query; none of people who were read
    `with_absences` of that instant.
    """
    people = [person for person in memberships if person.customer_id is None]
    back: dict[int, datetime] = {}
    for person_id, starts_at, ends_at in _absences_of(people, at):
        if starts_at <= back.get(person_id, at):
            back[person_id] = ends_at
    return back


def _absences_of(people: list[Membership], at: datetime) -> Iterable[tuple[int, datetime, datetime]]:
    """Person, start and end of the absences that are not over, in the order of their starts."""
    if all(hasattr(person, "absences_ahead") for person in people):
        annotated: list[Any] = list(people)
        return [(person.pk, *_period(one)) for person in annotated for one in person.absences_ahead]
    rows = Absence.objects.filter(person__in=[person.pk for person in people]).not_over(at)
    found: Iterable[tuple[int, datetime, datetime]] = rows.order_by("starts_at", "pk").values_list(
        "person_id", "starts_at", "ends_at"
    )
    return found


def _period(written: dict[str, str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(written["starts_at"]), datetime.fromisoformat(written["ends_at"])


def may_plan_absences(by: Membership, person: Membership) -> bool:
    """Say when somebody of the staff is away and when they work: the person, and every supervisor."""
    if by.tenant_id != person.tenant_id or not person.is_staff_member:
        return False
    return by.pk == person.pk or by.is_supervisor


def may_know_kind(by: Membership, person: Membership) -> bool:
    """Read whether it is a holiday or an illness."""
    return may_plan_absences(by, person)


def may_read_note(by: Membership, person: Membership) -> bool:
    """Read what is noted of an absence: the person and admins."""
    return by.tenant_id == person.tenant_id and (by.pk == person.pk or by.is_admin)


def away_words(back_at: datetime, now: datetime) -> str:
    """Say on the reader's clock until when somebody is away: "away until Mon 24 Nov", or an hour of today."""
    if humantime.is_same_day(back_at, now):
        return _("away until %(time)s") % {"time": humantime.short_end(now, back_at, now=now)}
    day, today = timezone.localtime(back_at).date(), timezone.localtime(now).date()
    return _("away until %(day)s") % {"day": humantime.short_day(day, today=today)}
