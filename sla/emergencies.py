"""What is known of a ticket's emergencies: which runs, how many a customer has left, who may do what.

A plan's version includes none (`emergencies_a_month` null), so many a calendar month in the contract's time
zone, or any number (0). Only those that contacts declare count; staff and escalation ladders may always.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import Membership
from sla.models import Clock, Emergency, PlanVersion
from sla.rota_turns import instant_of
from sla.services.agreements import agreement_of
from sla.terms import Terms, terms_for, terms_of
from tickets.models import Ticket

REASON_LENGTH = 1000
WITHOUT_LIMIT = 0


@dataclass(frozen=True)
class Allowance:
    """How many emergencies a customer may declare in a month, and how many it has declared."""

    limit: int
    used: int
    month: date
    renews_on: date

    @property
    def is_limited(self) -> bool:
        return self.limit != WITHOUT_LIMIT

    @property
    def left(self) -> int:
        """Only where there is a limit."""
        return max(0, self.limit - self.used)

    @property
    def is_used_up(self) -> bool:
        return self.is_limited and self.left == 0


def terms_of_ticket(ticket: Ticket, at: datetime) -> Terms | None:
    """What the ticket is under now: what its clocks are judged by, else the contract of the day of filing."""
    agreement = agreement_of(list(Clock.objects.filter(ticket=ticket).with_terms()), at=at)
    return terms_of(agreement) if agreement is not None else terms_for(ticket.customer_id, ticket.filed_at)


def version_of_clocks(ticket: Ticket) -> PlanVersion | None:
    """The version that the ticket's latest clock is judged by, in one query; None without a clock.

    An edit that was applied after the last clock had ended is not seen: `terms_of_ticket` sees it.
    """
    rows = Clock.objects.filter(ticket=ticket).select_related("agreement__plan_version")
    latest = max(rows, key=lambda row: (row.ended_at is None, row.agreement_id), default=None)
    return None if latest is None else latest.agreement.plan_version


def plan_includes(version: PlanVersion | None) -> bool:
    """Whether customers under that version may declare emergencies."""
    return version is not None and version.emergencies_a_month is not None


def allowance_of(customer_id: int, terms: Terms, at: datetime) -> Allowance | None:
    """What the customer has of the month of `at`; None where the plan includes no emergencies."""
    limit = terms.plan_version.emergencies_a_month
    if limit is None:
        return None
    month, following = _month_of(at, terms.zone)
    used = Emergency.objects.filter(
        ticket__customer_id=customer_id,
        declared_by__customer_id=customer_id,
        declared_at__gte=_midnight(month, terms.zone),
        declared_at__lt=_midnight(following, terms.zone),
    )
    return Allowance(limit, used.count(), month, following)


def running_on(ticket: Ticket) -> Emergency | None:
    """The emergency of the ticket that has not ended, with its people."""
    emergencies = Emergency.objects.filter(ticket=ticket, ended_at=None)
    return emergencies.select_related("rota", "declared_by", "acknowledged_by").first()


def may_declare(by: Membership, ticket: Ticket, version: PlanVersion | None) -> bool:
    """Staff on any open ticket of the desk, contacts on their company's where the plan includes it."""
    if ticket.is_resolved or not may_see(by, ticket) or by.is_shut:
        return False
    return by.is_staff_member or plan_includes(version)


def may_see(by: Membership, ticket: Ticket) -> bool:
    """Staff every ticket of the desk, contacts their company's."""
    return by.tenant_id == ticket.tenant_id and (by.is_staff_member or by.customer_id == ticket.customer_id)


def may_answer(by: Membership, ticket: Ticket) -> bool:
    """Acknowledge and end: staff of the desk."""
    return by.tenant_id == ticket.tenant_id and by.is_staff_member


def _month_of(at: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first day of the month of an instant, and of the one after."""
    first = at.astimezone(zone).date().replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, following


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant_of(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001  a reading of the wall
