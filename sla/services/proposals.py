"""What an edit proposes: a form's values kept as plain ones, and the version that is made of them.

The versions are made by the services that make them everywhere (`change_calendar`, `change_plan`,
`give_contract`), so a draft is refused for what they would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import Membership
from sla.coverage_terms import CoverageTerms, coverage_said_by
from sla.maintenance_terms import BackupTerms, MaintenanceTerms, terms_said_by
from sla.models import (
    CalendarVersion,
    Contract,
    ContractVersion,
    Edit,
    Plan,
    PlanVersion,
    Reach,
    SupportCalendar,
)
from sla.services import plans
from sla.services.agreements import Made
from sla.services.calendars import save_calendar
from sla.services.contracts import change_contract_end, end_contract, give_contract
from sla.services.errors import NotAllowed, NothingChanged, ReachRefused
from sla.services.ladders import StepTerms, Tell, ladder_of
from sla.services.plans import change_plan
from sla.terms import agreement_under, first_link, hours_of_version

_ROW, _VALUE, _DAY, _FIGURE = "_row", "_value", "_day", "_figure"
_VALUES = {
    kind.__name__: kind
    for kind in (plans.TargetTerms, StepTerms, Tell, MaintenanceTerms, BackupTerms, CoverageTerms)
}


def plain(value: Any) -> Any:
    """A form's value as JSON holds it: rows by their keys, days as text, a plan's small values by name."""
    if isinstance(value, models.Model):
        return {_ROW: value._meta.label_lower, "pk": value.pk}
    if isinstance(value, date | Decimal):
        return {_DAY: value.isoformat()} if isinstance(value, date) else {_FIGURE: str(value)}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: plain(getattr(value, one.name)) for one in fields(value)}
        return {_VALUE: type(value).__name__, **parts}
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return str(value) if isinstance(value, str) else value


def values_of(edit: Edit) -> dict[str, Any]:
    """What an edit proposes, as the services take it and as the form gave it."""
    values: dict[str, Any] = read(edit.proposed["values"])
    return values


def read(value: Any) -> Any:
    """What `plain` wrote."""
    if isinstance(value, list):
        return [read(part) for part in value]
    if not isinstance(value, dict):
        return value
    if _ROW in value:
        return apps.get_model(value[_ROW])._default_manager.get(pk=value["pk"])
    if _DAY in value or _FIGURE in value:
        return date.fromisoformat(value[_DAY]) if _DAY in value else Decimal(value[_FIGURE])
    parts = {key: read(part) for key, part in value.items() if key != _VALUE}
    if _VALUE not in value:
        return parts
    lists = {key: tuple(part) for key, part in parts.items() if isinstance(part, list)}
    return _VALUES[value[_VALUE]](**parts | lists)


def head_of(thing: SupportCalendar | Plan | Contract) -> dict[str, Any]:
    """What a version does not keep of its calendar, plan or contract, as plain values: to undo an edit."""
    if isinstance(thing, SupportCalendar):
        return {"name": thing.name}
    if isinstance(thing, Plan):
        return {"name": thing.name, "description": thing.description, "position": thing.position}
    return {"ends_on": plain(thing.period.upper)}


def make(edit: Edit, *, reach: str, valid_from: datetime | None, at: datetime, by: Membership | None) -> Made:
    """The version, or the contract, that an edit proposes; saved, valid from then and never before `at`.

    Raises NothingChanged, and what `change_calendar`, `change_plan`, `give_contract`, `change_contract_end`
    raise; for a last day ReachRefused.
    """
    if edit.is_of_end:
        return _make_end(edit, reach, at, by)
    if edit.contract_id is not None:
        return _make_contract(edit, at, by)
    version = _make_version(edit, at, by)
    if version.number == edit.seen_number:
        raise NothingChanged
    version.reach, version.valid_from = reach, max(valid_from or at, at)
    version.save(update_fields=["reach", "valid_from"])
    return version


def _make_version(edit: Edit, at: datetime, by: Membership | None) -> CalendarVersion | PlanVersion:
    values = values_of(edit)
    if edit.calendar_id is not None:
        calendar: SupportCalendar = edit.calendar
        return save_calendar(calendar=calendar, seen_number=edit.seen_number, at=at, by=by, **values)
    if by is None:
        raise NotAllowed
    plan: Plan = edit.plan
    # What stood once may stand again, whoever of those that it names has left since.
    stood = plan.versions.prefetch_related("ladder") if edit.undoes_id is not None else ()
    known = {step for version in stood for step in ladder_of(version)}
    return change_plan(plan=plan, seen_number=edit.seen_number, at=at, by=by, known_steps=known, **values)


def _make_contract(edit: Edit, at: datetime, by: Membership | None) -> Contract:
    """The next contract of a customer; the one before it ends where it begins."""
    if by is None or not by.is_admin or by.tenant_id != edit.tenant_id:
        raise NotAllowed
    values = values_of(edit)
    standing: Contract = edit.contract
    before: Contract = Contract.objects.select_for_update().get(pk=standing.pk)
    calendar = values.get("calendar")
    proposed = (values["plan"].pk, None if calendar is None else calendar.pk, values.get("ends_on"))
    if proposed == (before.plan_id, before.calendar_id, before.period.upper):
        raise NothingChanged
    starts_on = values["starts_on"]
    if before.period.upper is None or before.period.upper > starts_on:
        end_contract(contract=before, ends_on=starts_on, by=by, at=at)
    return give_contract(customer=before.customer, at=at, by=by, **values)


def _make_end(edit: Edit, reach: str, at: datetime, by: Membership | None) -> ContractVersion:
    """Another last day. What was promised is kept, so a shorter contract holds for new tickets alone."""
    if by is None:
        raise NotAllowed
    if reach == Reach.FROM_NOW or (reach != Reach.NEW and edit.undoes_id is None and shortens(edit)):
        raise ReachRefused
    contract: Contract = edit.contract
    return change_contract_end(
        contract=contract,
        ends_on=values_of(edit)["ends_on"],
        reach=reach,
        by=by,
        at=at,
        seen_ends_on=read(edit.proposed["head"]["ends_on"]),
    )


def shortens(edit: Edit) -> bool:
    """Whether a contract covers fewer days with the end that an edit proposes."""
    ends_on, before = values_of(edit)["ends_on"], read(edit.proposed["head"]["ends_on"])
    return ends_on is not None and (before is None or ends_on < before)


def begins_at(made: Made, at: datetime) -> datetime:
    """From when on what was made holds for open tickets: never before `at`."""
    if not isinstance(made, Contract):
        return max(made.valid_from or at, at)
    return max(start_of(made, at), at)


def start_of(contract: Contract, at: datetime) -> datetime:
    """The first instant of a contract's first day."""
    return datetime.combine(contract.period.lower, time(), zone_of(contract, at)).astimezone(UTC)


def zone_of(contract: Contract, at: datetime) -> tzinfo:
    """The zone in which a contract's days are days: that of its hours."""
    agreement = agreement_under(contract, at)
    return UTC if agreement is None else hours_of_version(first_link(agreement).calendar_version).tz


def contents_of(version: CalendarVersion | PlanVersion) -> dict[str, Any]:
    """What a form would give for a version, but for its head (`head_of`): to make it the next one again."""
    if isinstance(version, CalendarVersion):
        # Holidays of a country are found again; those that the version lists itself stay as they are.
        spec = dict(version.spec)
        if version.holiday_country:
            spec.pop("holidays", None)
        return {
            "spec": spec,
            "holiday_country": version.holiday_country,
            "holiday_subdivision": version.holiday_subdivision,
            "override_names": version.override_names,
        }
    return {
        "calendar": version.calendar,
        "targets": plans.terms_of(version),
        "ladder": ladder_of(version),
        "definitions": version.definitions,
        "exclusions": version.exclusions,
        "terms": version.terms,
        "emergencies_a_month": version.emergencies_a_month,
        "emergency_rota": version.emergency_rota,
        "maintenance": terms_said_by(version),
        "coverage": coverage_said_by(version),
    }
