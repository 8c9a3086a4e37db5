"""Intentions about support calendars. A change makes a version that is valid from an instant."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership, Tenant
from accounts.oneline import one_line
from accounts.uniqueness import once_only
from sla.business_time import BusinessCalendar, CalendarNeverOpens, InvalidCalendar, overlaps
from sla.calendar_spec import parse_spec
from sla.models import (
    CalendarVersion,
    Contract,
    Plan,
    PlanVersion,
    SupportCalendar,
)
from sla.public_holidays import public_holidays
from sla.services.errors import (
    CalendarInUse,
    EditedMeanwhile,
    NameTaken,
    NeverOpens,
    NotAllowed,
    UnreadableHours,
)

Spec = dict[str, Any]
YEARS_BEHIND, YEARS_AHEAD = 1, 2


@transaction.atomic
def create_calendar(
    *,
    tenant_id: int,
    name: str,
    spec: Mapping[str, Any],
    at: datetime,
    by: Membership | None = None,
    holiday_country: str = "",
    holiday_subdivision: str = "",
    override_names: Mapping[str, str] | None = None,
) -> SupportCalendar:
    """A calendar with its first version, which counts from the beginning; `spec` as `from_spec` reads it.

    With a country, its public holidays from last year to two years ahead are put in; holidays that the spec
    lists beside them are kept as exceptions that close. Raises UnreadableHours, NeverOpens, NameTaken.
    """
    full = complete_spec(
        spec, tenant_id, at, country=holiday_country, subdivision=holiday_subdivision, names=override_names
    )
    check_spec(full, at)
    with once_only(NameTaken):
        calendar = SupportCalendar.objects.create(tenant_id=tenant_id, name=one_line(name))
    first = CalendarVersion(calendar=calendar, number=1, valid_from=None, created_by=by, created_at=at)
    _save_version(first, full, holiday_country, holiday_subdivision)
    return calendar


def change_calendar(
    *,
    calendar: SupportCalendar,
    seen_number: int,
    at: datetime,
    by: Membership | None,
    name: str,
    spec: Mapping[str, Any],
    holiday_country: str = "",
    holiday_subdivision: str = "",
    override_names: Mapping[str, str] | None = None,
) -> CalendarVersion:
    """A new version, valid from `at` for open tickets too; time before it stays reckoned as it was.

    `seen_number` is the version that was edited. Open tickets are moved in the background, as by an edit
    that was looked at (`sla.services.edits`). Nothing changed: the version that stands.
    Raises NotAllowed, EditedMeanwhile, UnreadableHours, NeverOpens, NameTaken.
    """
    from sla.services.edits import change_at_once  # noqa: PLC0415  edits are made of these services

    values = {
        "name": name,
        "spec": spec,
        "holiday_country": holiday_country,
        "holiday_subdivision": holiday_subdivision,
        "override_names": override_names,
    }
    return change_at_once(calendar=calendar, seen_number=seen_number, values=values, at=at, by=by)


@transaction.atomic
def save_calendar(
    *,
    calendar: SupportCalendar,
    seen_number: int,
    at: datetime,
    by: Membership | None,
    name: str,
    spec: Mapping[str, Any],
    holiday_country: str = "",
    holiday_subdivision: str = "",
    override_names: Mapping[str, str] | None = None,
) -> CalendarVersion:
    """A new version, valid from `at`, and nothing else: no open ticket is moved (`sla.services.proposals`).

    Raises what `change_calendar` raises.
    """
    calendar, last = _lock(calendar, by)
    if last.number != seen_number:
        raise EditedMeanwhile(last.created_by.name if last.created_by else "", last.created_at)
    full = complete_spec(
        spec,
        calendar.tenant_id,
        at,
        country=holiday_country,
        subdivision=holiday_subdivision,
        names=override_names,
    )
    check_spec(full, at)
    before = (calendar.name, last.spec, last.holiday_country, last.holiday_subdivision)
    if before == (one_line(name), full, holiday_country, holiday_subdivision):
        return last
    _rename(calendar, name)
    version = CalendarVersion(
        calendar=calendar, number=last.number + 1, valid_from=at, created_by=by, created_at=at
    )
    _save_version(version, full, holiday_country, holiday_subdivision)
    return version


@transaction.atomic
def archive_calendar(*, calendar: SupportCalendar, by: Membership, at: datetime) -> None:
    """Offer it no more in plans and contracts. Raises NotAllowed, CalendarInUse."""
    calendar, _last = _lock(calendar, by)
    if _is_in_use(calendar, at):
        raise CalendarInUse
    calendar.archived_at = at
    calendar.save(update_fields=["archived_at"])


@transaction.atomic
def restore_calendar(*, calendar: SupportCalendar, by: Membership, at: datetime) -> None:
    """Offer an archived calendar again. Raises NotAllowed."""
    calendar, _last = _lock(calendar, by)
    calendar.archived_at = None
    calendar.save(update_fields=["archived_at"])


def check_spec(spec: Mapping[str, Any], at: datetime) -> None:
    """Refuse hours that cannot be read, overlap, or never open from `at` on.

    Raises UnreadableHours, NeverOpens.
    """
    try:
        calendar = BusinessCalendar.from_spec(spec)
        for day, intervals in _intervals_by_day(spec):
            if pairs := overlaps(intervals):
                said = " / ".join("\u2013".join(interval) for interval in pairs[0])
                raise UnreadableHours("overlap", day, said)
        if not parse_spec(spec).recurs:
            # Exceptions run out: some day a ticket could no longer be filed, since nothing would fall due.
            raise NeverOpens
        calendar.check(at)
    except InvalidCalendar as error:
        raise UnreadableHours(error.reason, error.day, error.value) from error
    except CalendarNeverOpens as error:
        raise NeverOpens from error


def complete_spec(
    spec: Mapping[str, Any],
    tenant_id: int,
    at: datetime,
    *,
    country: str,
    subdivision: str,
    names: Mapping[str, str] | None,
) -> Spec:
    """The spec as it is stored: with the country's holidays, and each exception carrying its name."""
    full = deepcopy(dict(spec))
    full["overrides"] = dict(full.get("overrides") or {})
    if country:
        own = full.get("holidays") or {}
        for day in own:
            said = own[day] if isinstance(own, Mapping) else ""
            full["overrides"].setdefault(str(day), {"name": said, "hours": []})
        years = range(at.year - YEARS_BEHIND, at.year + YEARS_AHEAD + 1)
        language = Tenant.objects.values_list("language", flat=True).get(pk=tenant_id)
        found = public_holidays(country, subdivision, years, language)
        full["holidays"] = {day.isoformat(): said for day, said in found.items()}
    for day, said in (names or {}).items():
        hours = full["overrides"].get(day)
        if said and isinstance(hours, list):
            full["overrides"][day] = {"name": said, "hours": hours}
    return full


def _save_version(version: CalendarVersion, full: Spec, country: str, subdivision: str) -> None:
    version.tenant_id = version.calendar.tenant_id
    version.spec, version.override_names = full, _names_of(full)
    version.holiday_country, version.holiday_subdivision = country, subdivision
    version.save()


def _names_of(spec: Spec) -> dict[str, str]:
    named = {day: value for day, value in spec["overrides"].items() if isinstance(value, Mapping)}
    return {str(day): str(value["name"]) for day, value in named.items() if value.get("name")}


def _intervals_by_day(spec: Mapping[str, Any]) -> list[tuple[str, Any]]:
    days: list[tuple[str, Any]] = [(str(day), value) for day, value in (spec.get("week") or {}).items()]
    for day, value in (spec.get("overrides") or {}).items():
        days.append((str(day), value.get("hours", []) if isinstance(value, Mapping) else value))
    days += [(str(span["from"]), span.get("hours", [])) for span in spec.get("ranges") or ()]
    for day, value in (spec.get("yearly") or {}).items():
        days.append((str(day), value.get("hours", []) if isinstance(value, Mapping) else value))
    return days


def _lock(calendar: SupportCalendar, by: Membership | None) -> tuple[SupportCalendar, CalendarVersion]:
    """The calendar, locked until the transaction ends, and its latest version."""
    if by is not None and (not by.is_admin or by.tenant_id != calendar.tenant_id):
        raise NotAllowed
    calendar = SupportCalendar.objects.select_for_update().get(pk=calendar.pk)
    last = calendar.versions.select_related("created_by").order_by("number").last()
    if last is None:
        raise CalendarVersion.DoesNotExist
    return calendar, last


def _rename(calendar: SupportCalendar, name: str) -> None:
    calendar.name = one_line(name)
    with once_only(NameTaken):
        calendar.save(update_fields=["name"])


def _is_in_use(calendar: SupportCalendar, at: datetime) -> bool:
    if Contract.objects.filter(calendar=calendar, period__endswith__isnull=True).exists():
        return True
    if Contract.objects.filter(calendar=calendar, period__endswith__gt=at.date()).exists():
        return True
    newest = PlanVersion.objects.filter(plan__in=Plan.objects.in_use()).order_by("plan_id", "-number")
    current = newest.distinct("plan_id").values("pk")
    return PlanVersion.objects.filter(pk__in=current, calendar=calendar).exists()
