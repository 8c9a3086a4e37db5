"""Setting up a desk of the demo: the tenant with its preset, staff, customers with contracts and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Tenant, User
from accounts.services import (
    accept_invitation,
    add_owner,
    create_customer,
    create_tenant,
    invite_person,
)
from accounts.tenancy import tenant_scope
from sla.business_time import BusinessCalendar
from sla.models import CalendarVersion, Plan, Rota, SupportCalendar
from sla.presets import Preset, apply_preset, load_preset
from sla.rota_turns import filled
from sla.services.contracts import give_contract
from sla.services.turns import fill_turns
from supportdesk.demo.content import Company, DeskContent, Person
from supportdesk.demo.logins import PASSWORD
from supportdesk.demo.plot import DeskPlot
from supportdesk.demo.rules import DeskRules, PlanRules
from tickets.models import Category

_ON_CALL_SINCE, _ON_CALL_AHEAD = timedelta(weeks=15), timedelta(weeks=10)
_CHANGES_AT = time(9)


@dataclass
class Stage:
    """A desk that is ready to play on: people by email, categories by name."""

    tenant: Tenant
    plot: DeskPlot
    people: dict[str, Membership]
    categories: dict[str, Category]


def set_up(desk: DeskContent, *, founded_at: datetime, now: datetime) -> Stage:
    """Make the desk as it stood on the day it was founded, before its first ticket."""
    preset = load_preset(desk.preset)
    tenant = create_tenant(
        slug=desk.slug,
        name=desk.name,
        ticket_prefix=preset.ticket_prefix,
        language=preset.language,
        time_zone=preset.time_zone,
        at=founded_at,
    )
    plans = apply_preset(tenant=tenant, preset=preset, at=founded_at)
    with tenant_scope(tenant.pk):
        rules = _rules(preset, plans)
        plot = DeskPlot(desk, rules, now, Random(f"demo {desk.slug}"))  # noqa: S311  invented life, no secret
        people = _staff(tenant, desk, founded_at)
        _take_turns([people[one.email] for one in desk.agents], plot, now)
        owner = people[desk.staff[0].email]
        for company in desk.companies:
            people |= _customer(plot, company, plans[company.plan], owner, founded_at)
        _give_password(people)
        categories = {category.name: category for category in Category.objects.all()}
    return Stage(tenant, plot, people, categories)


def _rules(preset: Preset, plans: dict[str, Plan]) -> DeskRules:
    """What the plot has to know, read back from what the services stored."""
    ids = {calendar.name: calendar.pk for calendar in SupportCalendar.objects.all()}
    calendars = {
        key: BusinessCalendar.from_spec(CalendarVersion.objects.get(calendar_id=ids[terms.name]).spec)
        for key, terms in preset.calendars.items()
    }
    terms = {
        key: PlanRules(
            calendars[preset.plans[key].calendar],
            {(one.metric, one.priority): one for one in preset.plans[key].targets},
        )
        for key in plans
    }
    return DeskRules(preset.language, ZoneInfo(preset.time_zone), calendars["standard"], terms)


def _staff(tenant: Tenant, desk: DeskContent, at: datetime) -> dict[str, Membership]:
    first, *others = desk.staff
    owner = add_owner(tenant=tenant, email=first.email, name=first.name, at=at)
    accept_invitation(membership=owner, at=at)
    people = {first.email: owner}
    for person in others:
        people[person.email] = _invite(owner, person, at)
    return people


def _take_turns(agents: list[Membership], plot: DeskPlot, now: datetime) -> None:
    """Each agent is on call for a week, from Monday morning; since long ago, and for some weeks to come."""
    zone = plot.rules.zone
    monday = (now.astimezone(zone) - _ON_CALL_SINCE).date()
    monday -= timedelta(days=monday.weekday())
    weeks = (_ON_CALL_SINCE + _ON_CALL_AHEAD) // timedelta(days=7)
    for rota in Rota.objects.all():
        first = datetime.combine(monday, _CHANGES_AT)
        turns = filled([one.pk for one in agents], first, zone=zone, days=7, turns=weeks)
        fill_turns(rota=rota, turns=turns, by=None, at=now)


def _customer(
    plot: DeskPlot, company: Company, plan: Plan, owner: Membership, at: datetime
) -> dict[str, Membership]:
    customer = create_customer(tenant_id=owner.tenant_id, name=company.name, at=at, notes=company.notes)
    give_contract(
        customer=customer,
        plan=plan,
        starts_on=(at - timedelta(days=200)).date(),
        ends_on=plot.ends_on(company) if company.ended_days_ago is not None else None,
        at=at,
        by=owner,
    )
    people = {}
    for person in company.people:
        membership = invite_person(
            by=owner, email=person.email, name=person.name, role=person.role, customer=customer, at=at
        )
        accept_invitation(membership=membership, at=at + timedelta(hours=2))
        people[person.email] = membership
    return people


def _invite(by: Membership, person: Person, at: datetime) -> Membership:
    membership = invite_person(by=by, email=person.email, name=person.name, role=person.role, at=at)
    accept_invitation(membership=membership, at=at + timedelta(hours=1))
    return membership


def _give_password(people: dict[str, Membership]) -> None:
    """Hashing is slow on purpose, so the one password that all share is hashed once."""
    ids = [membership.user_id for membership in people.values()]
    User.objects.filter(pk__in=ids).update(password=make_password(PASSWORD))
