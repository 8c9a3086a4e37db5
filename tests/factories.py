"""The standing cast: one desk with the same people in every test, set up through the real services."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from accounts import services as accounts
from accounts.models import Customer, Membership, Role, Tenant
from accounts.tenancy import tenant_scope
from sla import services as sla
from sla.models import Contract, Edit, Plan, SupportCalendar
from sla.services.edits import draft_edit
from tests.kept import Kept
from tickets.models import Category, Service, Ticket
from tickets.services import file_ticket
from tickets.services.categories import create_category

PASSWORD = "correct horse battery"
# A Monday, 10:00 in Lahore: an open hour of the calendar below.
MONDAY = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = 3600

NINE_TO_SIX = [["09:00", "18:00"]]
KARACHI = {"tz": "Asia/Karachi", "week": {str(day): NINE_TO_SIX for day in range(6)}}

S4_FIRST_RESPONSE = {
    "critical": ("business_time", 2 * HOUR, 4 * HOUR),
    "high": ("business_time", 4 * HOUR, 8 * HOUR),
    "medium": ("business_days", 1, 1),
    "low": ("business_days", 2, 3),
}


@dataclass
class Desk:
    """A support provider with two customers; `contact`, `contact2`, `customer_admin` are at the first."""

    tenant: Tenant
    owner: Membership
    admin: Membership
    supervisor: Membership
    agent: Membership
    agent2: Membership
    customer: Customer
    contact: Membership
    contact2: Membership
    customer_admin: Membership
    other_customer: Customer
    other_contact: Membership
    category: Category
    calendar: SupportCalendar
    plan: Plan
    contract: Contract


def build_desk(slug: str = "acme", *, spec: dict[str, Any] | None = None, targets: Any = None) -> Desk:
    """A desk founded on 2026-01-01 in Lahore; prefix and addresses are made from the slug."""
    if spec is None and targets is None and slug in _kept_desks:
        return _kept_desks[slug].put_back()
    return set_up_desk(slug, spec=spec, targets=targets)


_kept_desks: dict[str, Kept[Desk]] = {}


def keep_desks() -> None:
    """Set up the desks that most tests begin with, before any test can have changed how."""
    for slug in ("acme", "umbra"):
        _kept_desks[slug] = Kept(lambda slug=slug: set_up_desk(slug), lambda desk: [desk.tenant])  # type: ignore[misc]


def set_up_desk(slug: str, *, spec: dict[str, Any] | None = None, targets: Any = None) -> Desk:
    """The same, always through the services."""
    tenant = accounts.create_tenant(
        slug=slug,
        name=slug.capitalize(),
        ticket_prefix=slug.upper().replace("-", "")[:10],
        language="en",
        time_zone="Asia/Karachi",
        at=FOUNDED,
    )
    owner = accounts.add_owner(tenant=tenant, email=f"owner@{slug}.example", name="Olga Owner", at=FOUNDED)
    with tenant_scope(tenant.pk):
        _accept(owner)
        calendar = sla.create_calendar(
            tenant_id=tenant.pk, name="Office hours", spec=spec or KARACHI, at=FOUNDED, by=owner
        )
        plan = sla.create_plan(
            tenant_id=tenant.pk,
            name="Gold",
            calendar=calendar,
            targets=targets if targets is not None else standard_targets(),
            definitions={"critical": "Nobody can work.", "high": "One department cannot work."},
            exclusions=[{"key": "hardware", "text": "Your own hardware"}],
            terms="Support makes no changes to data.",
            at=FOUNDED,
            by=owner,
        )
        customer = accounts.create_customer(tenant_id=tenant.pk, name="Bright Bakery", at=FOUNDED)
        other_customer = accounts.create_customer(tenant_id=tenant.pk, name="Calm Carpets", at=FOUNDED)
        contract = sla.give_contract(
            customer=customer, plan=plan, starts_on=date(2026, 1, 1), at=FOUNDED, by=owner
        )
        sla.give_contract(
            customer=other_customer, plan=plan, starts_on=date(2026, 1, 1), at=FOUNDED, by=owner
        )
        category = create_category(tenant_id=tenant.pk, name="Technical issue", description="Something fails")
        staff = {
            role: add_person(owner, f"{role}@{slug}.example", name, role.removesuffix("2"))
            for role, name in (
                ("admin", "Adam Admin"),
                ("supervisor", "Sara Supervisor"),
                ("agent", "Ali Agent"),
                ("agent2", "Bea Agent"),
            )
        }
        people = {
            key: add_person(owner, f"{key}@{slug}.example", name, role, company)
            for key, name, role, company in (
                ("contact", "Carla Contact", Role.MEMBER, customer),
                ("contact2", "Chris Contact", Role.MEMBER, customer),
                ("customer_admin", "Cora Chief", Role.CUSTOMER_ADMIN, customer),
                ("other_contact", "Omar Other", Role.MEMBER, other_customer),
            )
        }
    return Desk(
        tenant=tenant,
        owner=owner,
        customer=customer,
        other_customer=other_customer,
        category=category,
        calendar=calendar,
        plan=plan,
        contract=contract,
        **staff,
        **people,
    )


def standard_targets() -> list[sla.TargetTerms]:
    """First response as policy clause S4 says, next response alike, resolution of critical in 16 hours."""
    response = [
        sla.TargetTerms(metric, priority, unit, aim, limit)
        for metric in ("first_response", "next_response")
        for priority, (unit, aim, limit) in S4_FIRST_RESPONSE.items()
    ]
    return [*response, sla.TargetTerms("resolution", "critical", "business_time", 8 * HOUR, 16 * HOUR)]


def add_person(
    by: Membership, email: str, name: str, role: str, customer: Customer | None = None
) -> Membership:
    """Invite somebody and let them accept, with PASSWORD."""
    membership = accounts.invite_person(
        by=by, email=email, name=name, role=role, customer=customer, at=FOUNDED
    )
    _accept(membership)
    return membership


def _accept(membership: Membership) -> None:
    accounts.accept_invitation(membership=membership, at=FOUNDED, password=PASSWORD)


def new_ticket(desk: Desk, *, at: datetime = MONDAY, **changes: Any) -> Ticket:
    """A medium ticket of `desk.contact`, filed on Monday morning unless said otherwise."""
    values: dict[str, Any] = {
        "by": desk.contact,
        "subject": "The till does not print",
        "body": "It worked **yesterday**. Today it does not.",
        "category": desk.category,
        "priority": "medium",
        "at": at,
    }
    return file_ticket(**(values | changes))


def new_service(desk: Desk, name: str = "ERP production", *, customer: Customer | None = None) -> Service:
    """A service of the desk: shared by all customers, or of one."""
    return Service.objects.create(tenant=desk.tenant, name=name, customer=customer)


class DeskClient(Client):
    """A browser of one person; paths are those inside the desk: `client.get("/queue/")`."""

    def __init__(self, tenant: Tenant, **defaults: Any) -> None:
        super().__init__(**defaults)
        self.prefix = f"/t/{tenant.slug}"

    def generic(self, method: str, path: Any, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if not path.startswith((self.prefix + "/", "http")):
            path = self.prefix + path
        return super().generic(method, path, *args, **kwargs)


def browser_of(membership: Membership) -> DeskClient:
    """A logged-in browser."""
    client = DeskClient(membership.tenant)
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def draft_of(desk: Desk, **hours: Any) -> Edit:
    """A draft that opens the desk's calendar an hour earlier; `hours` replaces days of the week."""
    spec = desk.calendar.versions.latest("number").spec
    week = {day: [["08:00", "18:00"]] for day in spec["week"]} | hours
    return draft_edit(
        calendar=desk.calendar,
        seen_number=desk.calendar.versions.count(),
        values={
            "name": desk.calendar.name,
            "spec": {**spec, "week": week},
            "holiday_country": "",
            "holiday_subdivision": "",
        },
        at=MONDAY,
        by=desk.admin,
    )
