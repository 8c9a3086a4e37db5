"""Presets: support policies as data, and how a new desk takes one on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from sla.models import Plan, Rota, SupportCalendar
from sla.presets.guides import lay_sections
from sla.presets.table import PresetError
from sla.presets.terms import CalendarTerms, Named, Preset, load_preset, preset_names, read_preset
from sla.services.calendars import create_calendar
from sla.services.plans import create_plan
from sla.services.rotas import create_rota
from tickets.services.categories import create_category
from tickets.services.intake import change_intake_form
from tickets.services.purposes import give_purpose

__all__ = ["Preset", "PresetError", "apply_preset", "load_preset", "preset_names", "read_preset"]


@transaction.atomic
def apply_preset(*, tenant: Tenant, preset: Preset, at: datetime) -> dict[str, Plan]:
    """Give a new desk the calendars, rotas, plans, categories and articles of a preset, and its colour.

    The plans come back by their key in the file. Language, zone and ticket prefix are the tenant's own by
    then: whoever creates it takes them from the preset. Raises what the services of these things refuse, a
    name that is taken for example. Rotas have no turns yet: who is on call is not in a preset.
    """
    with tenant_scope(tenant.pk):
        tenant.accent = preset.accent
        tenant.save(update_fields=["accent"])
        categories = {
            category.name: _create_category(tenant, category, position, at)
            for position, category in enumerate(preset.categories)
        }
        lay_sections(tenant, preset.sections, preset.language, at=at)
        calendars, rotas = _create_calendars(tenant, preset, at), _create_rotas(tenant, preset, at)
        return _create_plans(tenant, preset, calendars=calendars, rotas=rotas, categories=categories, at=at)


def _create_category(tenant: Tenant, terms: Named, position: int, at: datetime) -> int:
    category = create_category(
        tenant_id=tenant.pk,
        name=terms.name,
        description=terms.text,
        position=position,
        is_outage=terms.is_outage,
    )
    for purpose in terms.purposes:
        give_purpose(category=category, purpose=purpose)
    if terms.questions:
        change_intake_form(category=category, questions=terms.questions, seen=0, by=None, at=at)
    return category.pk


def _create_calendars(tenant: Tenant, preset: Preset, at: datetime) -> dict[str, SupportCalendar]:
    return {
        key: create_calendar(
            tenant_id=tenant.pk,
            name=terms.name,
            spec={"tz": _zone(tenant, preset, terms), "week": dict(terms.week)},
            holiday_country=terms.holiday_country,
            holiday_subdivision=terms.holiday_subdivision,
            at=at,
        )
        for key, terms in preset.calendars.items()
    }


def _zone(tenant: Tenant, preset: Preset, calendar: CalendarTerms) -> str:
    """Hours of the provider's own place are meant where the desk is."""
    return tenant.time_zone if calendar.time_zone == preset.time_zone else calendar.time_zone


def _create_rotas(tenant: Tenant, preset: Preset, at: datetime) -> dict[str, Rota]:
    return {
        key: create_rota(
            tenant_id=tenant.pk, name=terms.name, time_zone=terms.time_zone, minutes=terms.minutes, at=at
        )
        for key, terms in preset.rotas.items()
    }


def _create_plans(
    tenant: Tenant,
    preset: Preset,
    *,
    calendars: dict[str, SupportCalendar],
    rotas: dict[str, Rota],
    categories: dict[str, int],
    at: datetime,
) -> dict[str, Plan]:
    made = {}
    for position, (key, plan) in enumerate(preset.plans.items()):
        rota = rotas.get(plan.rota)
        made[key] = create_plan(
            tenant_id=tenant.pk,
            name=plan.name,
            description=plan.description,
            calendar=calendars[plan.calendar],
            targets=plan.targets,
            definitions=preset.definitions,
            exclusions=[{"key": one.name, "title": one.title, "text": one.text} for one in preset.exclusions],
            terms=preset.terms,
            position=position,
            ladder=plan.ladder.terms(rota.pk if rota else None) if plan.ladder else None,
            emergencies_a_month=plan.emergencies_a_month,
            emergency_rota=rota,
            maintenance=plan.maintenance,
            coverage=plan.coverage.terms(categories),
            at=at,
        )
    return made
