"""The clauses of the published policies about maintenance, availability and restores: enforced and evidenced.

That both presets configure them is `tests/sla/test_presets.py`. Here desks take the presets on, and the
product acts on them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts import services as accounts
from accounts.models import Customer, Membership, Role
from accounts.tenancy import tenant_scope
from maintenance.models import Kind, NoticeTold, Window, WindowCustomer, WindowEvent, WindowTicket
from maintenance.months import months_of_services, sold_to
from maintenance.services.errors import NoticeTooShort
from maintenance.services.outages import end_outage, open_outage
from maintenance.services.windows import (
    WindowTerms,
    complete_window,
    draft_window,
    link_ticket,
    log_work,
    schedule_window,
    start_window,
    tell_tickets,
)
from maintenance.sweep import sweep_tenant
from sla.models import Clock, Plan
from sla.services import give_contract
from sla.sweep import sweep_tenant as sweep_of_clocks
from tests.factories import FOUNDED, MONDAY, add_person
from tests.sla.test_presets import new_desk
from tickets.models import Category, Message, Service, Ticket
from tickets.services import file_ticket

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SALSABEEL, BINARIO = "salsabeel-erp", "codigo-binario"
PLANS = {
    SALSABEEL: ("Standard", "Dedicated enterprise"),
    BINARIO: ("Soporte ilimitado", "Soporte con guardia"),
}


@dataclass
class Provider:
    """A desk under a preset, with a customer for each of two plans and a service that both use."""

    owner: Membership
    agent: Membership
    contact: Membership
    first: Customer
    second: Customer
    service: Service

    def window(self, starts_at: datetime, *, kind: str = Kind.DATABASE, hours: int = 2) -> Window:
        """A draft."""
        terms = WindowTerms(
            title="New disks",
            kind=kind,
            impact="down",
            starts_at=starts_at,
            ends_at=starts_at + hours * HOUR,
            services=[self.service],
            responsible=self.agent,
        )
        return draft_window(terms=terms, by=self.agent, at=MONDAY)

    def ticket(self, category: str, priority: str, at: datetime = MONDAY) -> Ticket:
        """Filed by the first customer."""
        return file_ticket(
            by=self.contact, subject="Please help", body="It is about this.", priority=priority, at=at,
            category=Category.objects.get(name=category), service=self.service,
        )  # fmt: skip


@pytest.fixture(params=[SALSABEEL, BINARIO])
def preset(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def provider(preset: str) -> Iterator[Provider]:
    tenant = new_desk(preset)
    owner = accounts.add_owner(tenant=tenant, email="owner@desk.example", name="Olga Owner", at=FOUNDED)
    with tenant_scope(tenant.pk):
        accounts.accept_invitation(membership=owner, at=FOUNDED, password="correct horse battery")
        customers = [
            accounts.create_customer(tenant_id=tenant.pk, name=f"Customer of {plan}", at=FOUNDED)
            for plan in PLANS[preset]
        ]
        for plan, customer in zip(PLANS[preset], customers, strict=True):
            sold = Plan.objects.get(name=plan)
            give_contract(customer=customer, plan=sold, starts_on=date(2026, 1, 1), at=FOUNDED, by=owner)
        yield Provider(
            owner=owner,
            agent=add_person(owner, "agent@desk.example", "Ali Agent", Role.AGENT),
            contact=add_person(owner, "contact@desk.example", "Carla Contact", Role.MEMBER, customers[0]),
            first=customers[0],
            second=customers[1],
            service=Service.objects.create(tenant=tenant, name="ERP production"),
        )


def test_s5_each_kind_of_maintenance_has_its_window_with_service_customers_and_log(
    provider: Provider,
) -> None:
    for day, kind in enumerate(list(Kind)[:10]):
        starts_at = MONDAY + timedelta(days=7 + day)
        window = schedule_window(window=provider.window(starts_at, kind=kind), by=provider.agent, at=MONDAY)
        start_window(window=window, by=provider.agent, at=starts_at)
        log_work(window=window, text="Patched.", by=provider.agent, at=starts_at + HOUR)
        complete_window(window=window, by=provider.agent, at=starts_at + HOUR)
        assert WindowCustomer.objects.filter(window=window).count() == 2
        assert WindowEvent.objects.filter(window=window, kind="logged", text="Patched.").exists()
    assert Window.objects.filter(status="completed").values("kind").distinct().count() == 10


def test_s6_notice_is_kept_or_planning_is_stopped(preset: str, provider: Provider) -> None:
    hours = {SALSABEEL: 48, BINARIO: 72}[preset]
    late = provider.window(MONDAY + 71 * HOUR)
    with pytest.raises(NoticeTooShort) as stopped:
        schedule_window(window=late, by=provider.agent, at=MONDAY)
    broken = {breach.customer for breach in stopped.value.breaches}
    assert broken == ({provider.second} if hours == 48 else {provider.first, provider.second})
    in_time = schedule_window(window=provider.window(MONDAY + 73 * HOUR), by=provider.agent, at=MONDAY)
    kept = WindowCustomer.objects.get(window=in_time, customer=provider.first)
    assert (kept.promised_hours, kept.told_at) == (hours, MONDAY)
    sweep_tenant(now=MONDAY)
    sweep_tenant(now=in_time.starts_at - HOUR)
    told = NoticeTold.objects.filter(notice__window=in_time, customer=provider.first)
    assert set(told.values_list("notice__kind", flat=True)) == {"announced", "reminder"}


def test_s6_an_emergency_may_come_without_notice_and_keeps_its_reason(provider: Provider) -> None:
    window = schedule_window(
        window=provider.window(MONDAY + HOUR), by=provider.owner, at=MONDAY,
        emergency_reason="A hole in the database server is used by attackers.",
    )  # fmt: skip
    assert (window.is_emergency, window.emergency_by) == (True, provider.owner)
    assert "attackers" in window.emergency_reason


@pytest.mark.parametrize("preset", [SALSABEEL])
def test_s6_resolution_waits_where_the_dedicated_plan_says_so(provider: Provider) -> None:
    """Of Dedicated enterprise, around the clock: critical within 8 hours; Standard promises no resolution."""
    contact = add_person(provider.owner, "other@desk.example", "Omar", Role.MEMBER, provider.second)
    window = provider.window(MONDAY + 100 * HOUR)
    schedule_window(window=window, by=provider.agent, at=MONDAY)
    ticket = file_ticket(
        by=contact, subject="Down", body="Down.", priority="critical", at=window.starts_at - HOUR,
        category=Category.objects.get(name="Technical issue"), service=provider.service,
    )  # fmt: skip
    clock = Clock.objects.get(ticket=ticket, metric="resolution")
    assert clock.due_at == window.starts_at - HOUR + 10 * HOUR
    assert clock.left_out == [window.starts_at, window.ends_at]


@pytest.mark.parametrize("preset", [BINARIO])
def test_b2_availability_is_reckoned_against_four_nines(provider: Provider) -> None:
    outage = open_outage(
        tenant_id=provider.owner.tenant_id, title="Down", services={provider.service: "down"},
        text="We are on it.", started_at=MONDAY, by=provider.agent, at=MONDAY,
    )  # fmt: skip
    end_outage(outage=outage, text="Back.", by=provider.agent, at=MONDAY + HOUR / 6)
    now = MONDAY + timedelta(days=60)
    [sold] = sold_to(provider.first, MONDAY.date(), now=now)
    [month] = months_of_services([provider.service], sold, now=now)
    assert (month.promised, month.reckoning.down_seconds) == (Decimal("99.990"), 600)
    assert month.is_kept is False
    assert month.allowed_seconds == 267  # 0.01 % of the 31 days of March: 267.84 seconds


@pytest.mark.parametrize("preset", [BINARIO])
def test_b2_planned_work_counts_where_the_plan_makes_no_exception(provider: Provider) -> None:
    starts_at = MONDAY + timedelta(days=7)
    window = schedule_window(window=provider.window(starts_at), by=provider.agent, at=MONDAY)
    start_window(window=window, by=provider.agent, at=starts_at)
    complete_window(window=window, by=provider.agent, at=starts_at + HOUR)
    now = MONDAY + timedelta(days=60)
    down = [
        months_of_services([provider.service], sold_to(customer, MONDAY.date(), now=now)[0], now=now)[0]
        for customer in (provider.first, provider.second)
    ]
    assert [month.reckoning.down_seconds for month in down] == [3600, 0]


@pytest.mark.parametrize("preset", [BINARIO])
@pytest.mark.parametrize("category", ["Restablecimiento", "Conectividad y disponibilidad"])
def test_b4_a_restore_is_due_within_two_hours_at_any_hour(provider: Provider, category: str) -> None:
    saturday_night = MONDAY + timedelta(days=5, hours=16)
    ticket = provider.ticket(category, "critical", at=saturday_night)
    clock = Clock.objects.get(ticket=ticket, metric="restore")
    assert clock.due_at == saturday_night + 2 * HOUR
    sweep_of_clocks(now=saturday_night + 3 * HOUR)
    clock.refresh_from_db()
    assert clock.breached_at == saturday_night + 2 * HOUR


@pytest.mark.parametrize("preset", [BINARIO])
def test_b6_an_upgrade_request_leads_to_a_window_and_hears_of_its_end(provider: Provider) -> None:
    request = provider.ticket("Actualización de la plataforma", "low")
    starts_at = MONDAY + timedelta(days=7)
    window = provider.window(starts_at, kind=Kind.UPDATE)
    link_ticket(window=window, ticket=request, by=provider.agent, at=MONDAY)
    window = schedule_window(window=window, by=provider.agent, at=MONDAY)
    start_window(window=window, by=provider.agent, at=starts_at)
    complete_window(window=window, by=provider.agent, at=starts_at + HOUR)
    told = tell_tickets(window=window, text="Listo.", by=provider.agent, at=starts_at + HOUR)
    assert told == WindowTicket.objects.filter(window=window, told_at__isnull=False).count() == 1
    assert Message.objects.filter(ticket=request, body="Listo.", from_staff=True).exists()
