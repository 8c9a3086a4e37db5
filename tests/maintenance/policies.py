"""Desks that have taken on the preset of a published policy, at work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts import services as accounts
from accounts.models import Customer, Membership, Role
from accounts.tenancy import tenant_scope
from maintenance.models import BackupJob, Kind, Window
from maintenance.services.backups import BackupTermsOfJob, create_job
from maintenance.services.windows import WindowTerms, draft_window
from sla.models import Plan
from sla.services import give_contract
from tests.factories import FOUNDED, MONDAY, add_person
from tests.sla.test_presets import new_desk
from tickets.models import Category, Service, Ticket
from tickets.services import file_ticket

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

    def backup(self, part: str, customer: Customer | None = None) -> BackupJob:
        """Of the first customer, if no other is named, in the rhythm of its plan."""
        terms = BackupTermsOfJob(name=part.capitalize(), part=part, service=self.service)
        return create_job(customer=customer or self.first, terms=terms, by=self.owner, at=MONDAY)[0]


@contextmanager
def at_work(preset: str) -> Iterator[Provider]:
    """Inside a desk under that preset."""
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
