"""The named sets of calendars, plans, contracts and clocks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import Membership
    from sla.models import Agreement, Clock, Contract, Plan, SupportCalendar


class CalendarQuerySet(models.QuerySet["SupportCalendar"]):
    """Support calendars."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the person's desk."""
        return self.filter(tenant_id=membership.tenant_id)

    def in_use(self) -> Self:
        """Not archived."""
        return self.filter(archived_at__isnull=True)


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the person's desk."""
        return self.filter(tenant_id=membership.tenant_id)

    def in_use(self) -> Self:
        """Not archived."""
        return self.filter(archived_at__isnull=True)


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see all of the desk; a contact its own company's."""
        contracts = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return contracts
        return contracts.filter(customer_id=membership.customer_id)

    def on(self, day: date) -> Self:
        """In force on that day."""
        return self.filter(period__contains=day)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements."""

    def with_terms(self) -> Self:
        """With the rows that its words are taken from."""
        return self.select_related("contract__plan", "plan_version", "calendar_version__calendar")


class ClockQuerySet(models.QuerySet["Clock"]):
    """Clocks."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the tickets that the person may see."""
        clocks = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return clocks
        tickets: Any = self.model._meta.get_field("ticket").related_model._default_manager
        return clocks.filter(ticket__in=tickets.visible_to(membership))

    def not_ended(self) -> Self:
        """Running, paused, or breached and still unanswered."""
        return self.filter(ended_at__isnull=True)

    def with_terms(self) -> Self:
        """With the rows that the words about its terms are taken from."""
        return self.select_related(
            "agreement__contract__plan", "agreement__plan_version", "agreement__calendar_version__calendar"
        )
