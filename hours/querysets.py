"""The named sets of packs, of their ledger and of time; what leads to a row is `visible_to`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import Membership
    from hours.models import LedgerEntry, Pack, TimeEntry


class PackQuerySet(models.QuerySet["Pack"]):
    """Packs of hours."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see all of the tenant's, a contact those of its company."""
        packs = self.filter(tenant_id=membership.tenant_id)
        return packs if membership.is_staff_member else packs.filter(customer_id=membership.customer_id)

    def good_on(self, day: date) -> Self:
        """Begun and not over on a day of the desk's zone, the oldest first."""
        good = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        return good.order_by("starts_on", "id")

    def over_by(self, day: date) -> Self:
        """Over before that day, with something left."""
        return self.filter(ends_on__lt=day, balance__gt=0)


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """The ledger."""

    def of_customer(self, customer_id: int) -> Self:
        """All that went in and out of a customer's packs."""
        return self.filter(pack__customer_id=customer_id)


class TimeEntryQuerySet(models.QuerySet["TimeEntry"]):
    """Time that was worked."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see all of the tenant's; a contact reads of it in statements alone."""
        entries = self.filter(tenant_id=membership.tenant_id)
        return entries if membership.is_staff_member else entries.none()

    def standing(self) -> Self:
        """Not voided."""
        return self.filter(voided_at__isnull=True)
