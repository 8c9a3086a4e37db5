"""A support policy typed into the console: what a preset says, entered form by form by an owner and an admin.

Nothing is written but by sending forms that the pages show. The desk itself and its owner come from the
service that makes tenants, as they would from the operator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.utils import timezone

from accounts.models import Customer, Membership, Tenant
from accounts.services import accept_invitation, add_owner, create_tenant, invitation_token
from accounts.tenancy import tenant_scope
from sla.amounts import write_amount
from sla.models import Metric
from sla.presets import Preset, load_preset
from sla.presets.terms import CalendarTerms, Named, PlanTerms
from tests.factories import FOUNDED, PASSWORD, DeskClient, browser_of
from tests.filling import Hand
from tests.kept import Kept
from tickets.lifecycle import Priority

STAFF = {"admin": "Adam Admin", "supervisor": "Sara Supervisor", "agent": "Ali Agent"}
COMPANIES = ("Plain Bakery", "Big Mills")
"""The first has the plan that most have, the second the one that promises most."""
SOLD = {"salsabeel-erp": ("standard", "dedicated"), "codigo-binario": ("unlimited", "on_call")}


@dataclass
class PolicyDesk:
    """A desk that an admin has configured, with two customers and a contact and an admin at each."""

    preset: Preset
    tenant: Tenant
    admin: Membership
    supervisor: Membership
    agent: Membership
    plain: Customer
    big: Customer
    contact: Membership
    chief: Membership
    big_contact: Membership
    big_chief: Membership


_kept: dict[str, Kept[PolicyDesk]] = {}


def policy_desk(name: str) -> PolicyDesk:
    """The desk under that policy, typed in once a process; call in a test with a database."""
    if name not in _kept:
        _kept[name] = Kept(lambda: _typed_in(load_preset(name)), lambda desk: [desk.tenant])
    return _kept[name].put_back()


def _typed_in(preset: Preset) -> PolicyDesk:
    tenant = create_tenant(
        slug=f"typed-{preset.name}", name="New desk", ticket_prefix="NEW", language="en", time_zone="UTC",
        at=FOUNDED,
    )  # fmt: skip
    owner = add_owner(tenant=tenant, email="owner@policy.example", name="Olga Owner", at=FOUNDED)
    with tenant_scope(tenant.pk):
        accept_invitation(membership=owner, at=FOUNDED, password=PASSWORD)
        typist = Typist(preset, Hand(browser_of(owner)))
        typist.desk()
        people = {role: typist.colleague(role, name) for role, name in STAFF.items()}
        typist.hand.client.logout()
        typist.hand = Hand(browser_of(people["admin"]))
        typist.policy()
        companies = [
            typist.customer(name, plan) for name, plan in zip(COMPANIES, SOLD[preset.name], strict=True)
        ]
        contacts = [
            typist.contact(company, f"{role}{n}@policy.example", words, role)
            for n, company in enumerate(companies)
            for role, words in (("member", f"Carla Contact {n}"), ("customer_admin", f"Cora Chief {n}"))
        ]
        typist.hand.client.logout()
        for person in [owner, *people.values(), *contacts]:
            UserSession.objects.purge_and_list(person.user)
        tenant.refresh_from_db()
        plain, big = companies
        contact, chief, big_contact, big_chief = contacts
        return PolicyDesk(
            preset, tenant, people["admin"], people["supervisor"], people["agent"],
            plain, big, contact, chief, big_contact, big_chief,
        )  # fmt: skip


@dataclass
class Typist:
    """Types a policy in. Values and names are used for choices, so it reads either language."""

    preset: Preset
    hand: Hand

    def desk(self) -> None:
        """Name, zone, look and language."""
        preset = self.preset
        typed = {
            "name": f"Desk of {preset.name}",
            "time_zone": preset.time_zone,
            "ticket_prefix": preset.ticket_prefix,
        }
        self.hand.fill("/console/desk/", typed)
        self.hand.fill("/console/look/", {"accent": preset.accent})
        self.hand.send({"languages": ["en", "es"], "language": preset.language})

    def policy(self) -> None:
        """Everything that a policy says, in the order in which one thing needs the other."""
        for calendar in self.preset.calendars.values():
            self._calendar(calendar)
        for rota in self.preset.rotas.values():
            typed = {"name": rota.name, "minutes": rota.minutes, "time_zone": rota.time_zone}
            self.hand.fill("/console/rotas/new/", typed)
            yesterday = (timezone.now() - timedelta(days=1)).date()
            self.hand.send({"person_1": STAFF["agent"], "first_day": yesterday, "turns": 4})
        for position, category in enumerate(self.preset.categories):
            self._category(category, position)
        self._purposes()
        for position, plan in enumerate(self.preset.plans.values()):
            self._plan(plan, position)
        self._articles()
        self.hand.fill("/console/services/new/", {"name": "ERP", "description": "Where the work is done."})

    def colleague(self, role: str, name: str) -> Membership:
        """Somebody of the staff who was invited and came."""
        email = f"{role}@policy.example"
        self.hand.fill("/console/team/invite/", {"name": name, "email": email, "role": role})
        return come(email)

    def customer(self, name: str, plan: str) -> Customer:
        """A company with a contract for this year, and a coordinator where its plan has one."""
        terms = self.preset.plans[plan]
        typed = {"name": name}
        if terms.coverage.has_coordinator:
            typed["coordinator"] = STAFF["supervisor"]
        self.hand.fill("/console/customers/new/", typed)
        self.hand.follow(to="/contracts/new/")
        self.hand.send({"plan": terms.name, "starts_on": "2026-01-01"})
        return Customer.objects.get(name=name)

    def contact(self, customer: Customer, email: str, name: str, role: str) -> Membership:
        """Somebody of a company who was invited and came."""
        address = f"/console/customers/{customer.pk}/invite/"
        self.hand.fill(address, {"name": name, "email": email, "role": role})
        return come(email)

    def _calendar(self, terms: CalendarTerms) -> None:
        typed: dict[str, object] = {
            "name": terms.name, "zone": terms.time_zone, "holiday_country": terms.holiday_country,
        }  # fmt: skip
        if [hours for hours in terms.week.values() if hours == [["00:00", "24:00"]]]:
            typed |= {"always_open": True}
        else:
            for day, hours in terms.week.items():
                for slot, (opens, closes) in enumerate(hours):
                    typed |= {f"week_{day}_{slot}_opens": opens, f"week_{day}_{slot}_closes": closes}
        self.hand.fill("/console/calendars/new/", typed, press="save")

    def _category(self, terms: Named, position: int) -> None:
        typed = {
            "name": terms.name, "description": terms.text, "is_outage": terms.is_outage, "position": position,
        }  # fmt: skip
        self.hand.fill("/console/categories/new/", typed)
        if not terms.questions:
            return
        self.hand.open("/console/categories/")
        self.hand.follow(terms.name)
        self.hand.follow(to="/questions/")
        numbers = {question.key: n for n, question in enumerate(terms.questions)}
        typed = {}
        for n, question in enumerate(terms.questions):
            self.hand.send(typed, press="add", stays=True)
            typed = {
                f"{n}-label": question.label, f"{n}-kind": str(question.kind), f"{n}-help": question.help,
                f"{n}-required": question.required,
            }  # fmt: skip
            if question.depends_on:
                first = terms.questions[numbers[question.depends_on]]
                typed[f"{n}-condition"] = f"{first.label}: {question.depends_value}"
            if question.choices:
                self.hand.send(typed, press="look", stays=True)
                typed = {f"{n}-choices": "\n".join(question.choices)}
        self.hand.send(typed, press="save")

    def _purposes(self) -> None:
        typed = {purpose: one.name for one in self.preset.categories for purpose in one.purposes}
        self.hand.fill("/console/categories/purposes/", typed)

    def _plan(self, terms: PlanTerms, position: int) -> None:
        hand, preset = self.hand, self.preset
        hand.open("/console/plans/new/")
        for _line in preset.exclusions:
            hand.send({}, press="add_exclusion", stays=True)
        typed = {
            "name": terms.name, "description": terms.description, "position": position,
            "calendar": preset.calendars[terms.calendar].name, "terms": preset.terms,
            **{f"definition_{priority}": words for priority, words in preset.definitions.items()},
        }  # fmt: skip
        # The first plan begins with usual figures: what this policy does not promise is taken out.
        for metric in Metric:
            for priority in Priority:
                typed |= {f"{metric}_{priority}_aim": "", f"{metric}_{priority}_limit": ""}
        for target in terms.targets:
            place = f"{target.metric}_{target.priority}"
            typed[f"{place}_unit"] = target.unit
            typed[f"{place}_aim"] = write_amount(target.aim, target.unit)
            typed[f"{place}_limit"] = write_amount(target.limit, target.unit)
        for n, exclusion in enumerate(preset.exclusions):
            typed |= {f"exclusion_{n}-title": exclusion.title, f"exclusion_{n}-text": exclusion.text}
        hand.send(
            typed | self._coverage(terms) | self._emergencies(terms) | _maintenance(terms), press="save"
        )

    def _coverage(self, terms: PlanTerms) -> dict[str, object]:
        said = terms.coverage
        typed: dict[str, object] = {
            self.hand.field_under(category): kind for category, kind in said.kinds.items()
        }
        typed |= {"channels": list(said.channels), "has_coordinator": said.has_coordinator}
        if said.included_minutes:
            typed["included_hours"] = said.included_minutes // 60
        return typed

    def _emergencies(self, terms: PlanTerms) -> dict[str, object]:
        if terms.emergencies_a_month is None:
            return {"emergencies": "none"}
        rota = {"emergency_rota": self.preset.rotas[terms.rota].name} if terms.rota else {}
        if terms.emergencies_a_month == 0:
            return {"emergencies": "any", **rota}
        return {"emergencies": "limited", "emergencies_a_month": terms.emergencies_a_month, **rota}

    def _articles(self) -> None:
        language = self.preset.language
        for position, section in enumerate(self.preset.sections):
            names = {f"name_{language}": section.name, f"description_{language}": section.description}
            self.hand.fill("/console/knowledge/new/", names | {"position": position})
            for article in section.articles:
                text = article.text
                typed = {
                    "section": section.name, "audience": article.audience, "language": language,
                    "title": text.title, "summary": text.summary,
                    "keywords": text.keywords, "guide_url": text.guide_url, "body": text.body,
                }  # fmt: skip
                self.hand.fill("/knowledge/new/", typed)
                self.hand.send({}, to="/publish/")


def _maintenance(terms: PlanTerms) -> dict[str, object]:
    said = terms.maintenance
    typed: dict[str, object] = {
        "notice_hours": said.notice_hours or "",
        "reminder_hours": ", ".join(map(str, said.reminder_hours)),
        "maintenance_pauses": said.pauses,
        "availability": said.availability or "",
        "availability_counts_planned": said.counts_planned,
    }
    for backup in said.backup_terms:
        place = f"backup_{backup.hosting_model}"
        typed |= {
            f"{place}_every": backup.every_hours,
            f"{place}_parts": list(backup.parts),
            f"{place}_retention": backup.retention_days or "",
            f"{place}_verify": backup.verify_every_days or "",
        }
    return typed


def come(email: str) -> Membership:
    """Open the link of an invitation and choose a password."""
    person = Membership.objects.select_related("user", "tenant").get(user__email=email)
    client = DeskClient(person.tenant)
    Hand(client).fill(f"/invitations/{invitation_token(person)}/", {"password": PASSWORD})
    client.logout()
    person.refresh_from_db()
    return person
