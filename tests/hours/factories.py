"""What tests of prepaid hours set up, through the real services."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Customer, Membership
from hours.models import LedgerEntry, Pack, TimeEntry
from hours.services import PackTerms, log_time, sell_pack
from sla.coverage_terms import CoverageTerms
from sla.services import change_plan
from sla.services.edits import contents_of
from sla.services.proposals import head_of
from tests.factories import MONDAY, Desk
from tickets.models import Approval, Ticket
from tickets.services import ask_approval, decide_approval


def sold_pack(
    desk: Desk,
    customer: Customer | None = None,
    *,
    hours: float = 10,
    at: datetime | None = None,
    **terms: Any,
) -> Pack:
    """Ten hours, good from yesterday on without an end, unless said otherwise."""
    at = at or timezone.now()
    said: dict[str, Any] = {"name": "Success Pack 10", "starts_on": (at - timedelta(days=1)).date()} | terms
    return sell_pack(
        customer=customer or desk.customer,
        minutes=int(hours * 60),
        terms=PackTerms(**said),
        by=desk.admin,
        at=at,
    )


def worked_on(ticket: Ticket, agent: Membership, *, at: datetime | None = None, **changes: Any) -> TimeEntry:
    """An hour of today, unless said otherwise."""
    at = at or timezone.now()
    values: dict[str, Any] = {"minutes": 60, "worked_on": at.date(), "note": "Looked for the cause"}
    return log_time(ticket=ticket, by=agent, at=at, **(values | changes))


def billing(desk: Desk, kind: str = "billable", *, included_minutes: int | None = None) -> None:
    """The desk's plan bills its category, or does not cover it."""
    last = desk.plan.versions.latest("number")
    terms = CoverageTerms({desk.category.pk: kind}, included_minutes=included_minutes)
    values = head_of(desk.plan) | contents_of(last) | {"coverage": terms}
    change_plan(plan=desk.plan, seen_number=last.number, at=MONDAY, by=desk.admin, **values)


def approved(desk: Desk, ticket: Ticket, minutes: int | None = 120, *, price: str = "") -> Approval:
    """Work that the requester said yes to."""
    now = timezone.now()
    approval = ask_approval(
        ticket=ticket, question="Shall we?", estimate_minutes=minutes, price=price, by=desk.agent, at=now
    )
    return decide_approval(approval=approval, approve=True, by=desk.contact, at=now)


def rows(customer: Customer) -> list[tuple[str, int]]:
    """The ledger of a customer, as kinds and minutes."""
    return list(LedgerEntry.objects.of_customer(customer.pk).order_by("pk").values_list("kind", "minutes"))
