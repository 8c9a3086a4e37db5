"""Finding changes in the audit log, and saying them: for the page, its CSV file and the API alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.audit import DESK_ITSELF
from accounts.humantime import short_moment
from accounts.models import AuditEntry, Membership
from accounts.querysets import AuditQuerySet

LONGEST_QUERY = 120


@dataclass(frozen=True)
class AuditFilter:
    """Which changes; "" and None leave a question open. Both days count, in `zone`."""

    words: str = ""
    who: str = ""
    kind: str = ""
    thing: str = ""
    since: date | None = None
    until: date | None = None
    zone: tzinfo = UTC


def read_filter(values: Mapping[str, str], zone: tzinfo) -> AuditFilter:
    """What stands in an address; what cannot be read is left open."""
    kind = values.get("kind", "")
    return AuditFilter(
        words=values.get("q", "").strip()[:LONGEST_QUERY],
        who=values.get("who", "").strip()[:LONGEST_QUERY],
        kind=kind if kind in dict(kinds()) else "",
        thing=values.get("thing", "")[:40],
        since=_day(values.get("since", "")),
        until=_day(values.get("until", "")),
        zone=zone,
    )


def find_changes(membership: Membership, wanted: AuditFilter) -> AuditQuerySet:
    """Those that the person may see and asked for, in no order."""
    found: AuditQuerySet = AuditEntry.objects.visible_to(membership)
    if wanted.words:
        parts = ("object_name", "field", "before", "after")
        found = found.filter(_any(parts, wanted.words))
    if wanted.who:
        found = found.filter(by_name__icontains=wanted.who)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
        if wanted.thing:
            found = found.filter(object_id=wanted.thing)
    if wanted.since:
        found = found.filter(at__gte=datetime.combine(wanted.since, time(), wanted.zone))
    if wanted.until:
        end = datetime.combine(wanted.until + timedelta(days=1), time(), wanted.zone)
        found = found.filter(at__lt=end)
    return found


def kinds() -> list[tuple[str, str]]:
    """What changes are about, by name in the reader's language."""
    named = [(label.lower(), kind_words(label.lower())) for label in settings.AUDITED]
    return sorted(named, key=lambda pair: pair[1].lower())


def kind_words(kind: str) -> str:
    """The name of a kind of thing; the kind itself where the program no longer knows it."""
    try:
        return str(capfirst(apps.get_model(kind)._meta.verbose_name))
    except LookupError:
        return kind


def who_words(entry: AuditEntry) -> str:
    """The name that whoever did it had then; a task is the desk itself."""
    if entry.by_id is None and entry.by_name == DESK_ITSELF:
        return _("The desk itself")
    return entry.by_name or _("Nobody logged in")


@dataclass(frozen=True)
class Change:
    """An entry as people read it."""

    entry: AuditEntry
    who: str
    kind: str
    field: str
    before: str
    after: str


def in_words(entry: AuditEntry) -> Change:
    """Names of fields and choices in the reader's language, instants in its zone."""
    field = _field_of(entry)
    name = str(capfirst(field.verbose_name)) if field is not None else entry.field
    return Change(
        entry=entry,
        who=who_words(entry),
        kind=kind_words(entry.kind),
        field=name,
        before=_shown(entry, entry.before),
        after=_shown(entry, entry.after),
    )


def _field_of(entry: AuditEntry):  # type: ignore[no-untyped-def] # one of Django's many kinds of fields
    if not entry.field:
        return None
    try:
        field = apps.get_model(entry.kind)._meta.get_field(entry.field)
    except (LookupError, FieldDoesNotExist):
        return None
    return field if hasattr(field, "verbose_name") else None


def _shown(entry: AuditEntry, value: str) -> str:
    field = _field_of(entry)
    if field is None or not value:
        return value
    choices = {str(key): str(label) for key, label in getattr(field, "flatchoices", [])}
    if value in choices:
        return choices[value]
    if field.get_internal_type() == "BooleanField":
        return _("yes") if value == "true" else _("no")
    if field.get_internal_type() == "DateTimeField" and (moment := parse_datetime(value)):
        return short_moment(moment, now=entry.at)
    return value


def _any(fields: tuple[str, ...], words: str) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": words})
    return found


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    # The day after the last one has no midnight.
    return day if day is not None and day.year < date.max.year and day.year > 1 else None
