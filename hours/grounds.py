"""Why time on a ticket is charged, or is not: what the plan covers, and what the customer approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, Sum

from accounts.models import Customer
from hours.days import end_of
from hours.models import Ground, Pack, TimeEntry
from sla.coverage_terms import coverage_of, coverage_terms_of
from sla.models import CoverageKind
from tickets.models import Approval, ApprovalState, Ticket


@dataclass(frozen=True)
class Chargeable:
    """What may be charged on a ticket.

    `approved_left`: minutes that the customer approved and that were not charged yet; None: nothing was
    approved in hours. `coverage` is the plan's word on the category, "" without a plan.
    """

    coverage: str
    has_packs: bool
    approval: Approval | None
    approved_left: int | None

    @property
    def ground(self) -> Ground | None:
        """Why time is charged or is not, unless somebody chooses not to; None: it needs approval first."""
        if self.approval is not None:
            return Ground.APPROVED
        if self.coverage == CoverageKind.NOT_COVERED:
            return None
        if self.coverage == CoverageKind.BILLABLE or (not self.coverage and self.has_packs):
            return Ground.BILLABLE
        return Ground.COVERED if self.coverage else Ground.NOT_CHARGED

    @property
    def is_charged(self) -> bool:
        """Time on the ticket draws from prepaid hours."""
        return self.ground in (Ground.APPROVED, Ground.BILLABLE)


def chargeable_on(ticket: Ticket) -> Chargeable:
    """What the plan of the day of filing says, and what the customer approved since; five queries.

    What was approved on a ticket that was merged holds where the conversation goes on.
    """
    survivor = ticket.merged_into_id or ticket.pk
    together = Q(ticket=survivor) | Q(ticket__merged_into=survivor)
    approved = Approval.objects.filter(together, state=ApprovalState.APPROVED, estimate_minutes__isnull=False)
    latest = approved.order_by("-decided_at", "-pk").first()
    total = approved.aggregate(total=Sum("estimate_minutes"))["total"] or 0
    entries = TimeEntry.objects.filter(together, ground=Ground.APPROVED).standing()
    used = entries.aggregate(used=Sum("minutes"))["used"] or 0
    return Chargeable(
        coverage=coverage_of(ticket.customer_id, ticket.category_id, ticket.filed_at),
        has_packs=Pack.objects.filter(customer_id=ticket.customer_id).exists(),
        approval=latest,
        approved_left=max(0, total - used) if latest else None,
    )


def included_left(customer: Customer, day: date, at: datetime) -> int:
    """Minutes that the plan of a day still includes in its month; 0 where it includes none. Of today, the
    plan as it is `at` this instant. `customer.tenant` is loaded.

    What was included before counts by the day on which it was worked.
    """
    terms = coverage_terms_of(customer.pk, min(at, end_of(customer.tenant, day)))
    if terms is None or not terms.included_minutes:
        return 0
    return max(0, terms.included_minutes - included_used(customer.pk, day))


def included_used(customer_id: int, day: date) -> int:
    """Minutes that were part of what the plan includes, in the month of a day."""
    entries = TimeEntry.objects.filter(
        customer_id=customer_id, worked_on__year=day.year, worked_on__month=day.month
    ).standing()
    return entries.aggregate(used=Sum("included_minutes"))["used"] or 0
