"""The named sets of windows, notices, outages, monitors and backups; what leads to a row is `visible_to`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from maintenance.lifecycle import ANNOUNCED, BLOCKING, ENDED, Status
from tickets.lifecycle import Status as TicketStatus

if TYPE_CHECKING:
    from accounts.models import Membership
    from maintenance.models import Alert, BackupJob, Monitor, Notice, Outage, Window, WindowTicket


class WindowQuerySet(models.QuerySet["Window"]):
    """Maintenance windows."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see all of the tenant's; a contact those that were announced and concern its company.

        An occurrence of a series that nobody is due to hear of yet is not announced.
        """
        windows = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return windows
        told = windows.filter(status__in=ANNOUNCED, sequence__gt=0, told_at__isnull=False)
        return told.concerning(membership.customer_id)

    def concerning(self, customer_id: int | None) -> Self:
        """Those on whose list a customer stands and was not left out."""
        rows = self.model._meta.get_field("window_customers").related_model._default_manager
        listed = rows.filter(window=OuterRef("pk"), customer_id=customer_id).exclude(concern="left_out")
        return self.filter(Exists(listed))

    def coming_or_running(self) -> Self:
        """Scheduled or in progress."""
        return self.filter(status__in=BLOCKING)

    def past(self) -> Self:
        """Completed or cancelled, without what went with its series before anybody heard of it."""
        unheard = Q(status=Status.CANCELLED, sequence__gt=0, told_at__isnull=True, is_apart=False)
        return self.filter(status__in=ENDED).exclude(unheard)


class WindowTicketQuerySet(models.QuerySet["WindowTicket"]):
    """Tickets that are tied to windows."""

    def untold(self) -> Self:
        """Those that can still be answered and were not told of the end."""
        rows = self.filter(told_at__isnull=True, ticket__merged_into__isnull=True)
        return rows.exclude(ticket__status=TicketStatus.CLOSED)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """What people are to be told about windows."""

    def waiting(self) -> Self:
        """Neither done nor cancelled."""
        return self.filter(done_at__isnull=True, cancelled_at__isnull=True)

    def due(self, now: datetime) -> Self:
        """Waiting, and its instant has come."""
        return self.waiting().filter(due_at__lte=now)


class OutageQuerySet(models.QuerySet["Outage"]):
    """Outages."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see all of the tenant's; a contact those of services that its company uses."""
        outages = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return outages
        services = self.model._meta.get_field("outage_services").related_model._default_manager
        used = services.filter(outage=OuterRef("pk")).filter(
            Q(service__customer__isnull=True) | Q(service__customer_id=membership.customer_id)
        )
        return outages.filter(Exists(used))

    def running(self) -> Self:
        """Not ended."""
        return self.filter(ended_at__isnull=True)

    def hitting(self, membership: Membership) -> Self:
        """Running, and a service that the contact's company uses does not work again yet."""
        services = self.model._meta.get_field("outage_services").related_model._default_manager
        hit = services.filter(outage=OuterRef("pk"), ended_at__isnull=True).filter(
            Q(service__customer__isnull=True) | Q(service__customer_id=membership.customer_id)
        )
        return self.filter(Exists(hit), tenant_id=membership.tenant_id).running()


class MonitorQuerySet(models.QuerySet["Monitor"]):
    """Checks and heartbeats."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff alone see them."""
        return self.filter(tenant_id=membership.tenant_id) if membership.is_staff_member else self.none()

    def in_use(self) -> Self:
        """Not archived."""
        return self.filter(archived_at__isnull=True)


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts of other systems."""

    def held(self) -> Self:
        """Firing, and kept from opening an outage by what explains it."""
        return self.filter(outage__isnull=True, ended_at__isnull=True, source__revoked_at__isnull=True)


class BackupJobQuerySet(models.QuerySet["BackupJob"]):
    """What is backed up."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see all of the tenant's; a contact its own company's."""
        jobs = self.filter(tenant_id=membership.tenant_id)
        return jobs if membership.is_staff_member else jobs.filter(customer_id=membership.customer_id)

    def in_use(self) -> Self:
        """Not archived."""
        return self.filter(archived_at__isnull=True)
