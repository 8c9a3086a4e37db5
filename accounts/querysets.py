"""The named sets of people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

if TYPE_CHECKING:
    from accounts.models import Absence, AuditEntry, ContactGroup, Customer, LogIn, Membership, Standing, Team


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships; outside a tenant scope row security shows only the person's own."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see everybody in the desk; a contact sees the people of its own company."""
        people = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return people
        return people.filter(customer_id=membership.customer_id)

    def active(self) -> Self:
        """Those who may enter the desk."""
        return self.filter(accepted_at__isnull=False, deactivated_at__isnull=True)

    def staff(self) -> Self:
        """Owners, admins, supervisors, agents."""
        return self.filter(customer__isnull=True)

    def contacts(self) -> Self:
        """People of customers."""
        return self.filter(customer__isnull=False)

    def with_absences(self, at: datetime) -> Self:
        """With the periods in which they are away from an instant on, in the same query; for `away_among`."""
        absences: Any = self.model._meta.get_field("absences").related_model
        ahead = absences._default_manager.filter(person=OuterRef("pk")).not_over(at).order_by("starts_at")
        periods = ahead.values(period=JSONObject(starts_at="starts_at", ends_at="ends_at"))
        return self.annotate(absences_ahead=ArraySubquery(periods))

    def supervisors(self) -> Self:
        """Supervisors and above."""
        return self.filter(role__in=("owner", "admin", "supervisor"))


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Companies."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see every customer of the desk; a contact its own company."""
        customers = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return customers
        return customers.filter(pk=membership.customer_id)

    def in_business(self) -> Self:
        """Not closed."""
        return self.filter(is_active=True)


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Changes of settings."""

    def visible_to(self, membership: Membership) -> Self:
        """Admins see those of their desk, nobody else any."""
        if not membership.is_admin:
            return self.none()
        return self.filter(tenant_id=membership.tenant_id)


class StandingQuerySet(models.QuerySet["Standing"]):
    """How customers stand."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see those of every customer; a contact none: it is told in other words."""
        if not membership.is_staff_member:
            return self.none()
        return self.filter(tenant_id=membership.tenant_id)

    def not_lifted(self) -> Self:
        """In force, or to come."""
        return self.filter(lifted_at__isnull=True)


class ContactGroupQuerySet(models.QuerySet["ContactGroup"]):
    """Groups of customers' people."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see every group of the desk, contacts those of their own company."""
        groups = self.filter(tenant_id=membership.tenant_id)
        return groups if membership.is_staff_member else groups.filter(customer_id=membership.customer_id)


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams of staff."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see every team of the desk, contacts none."""
        if not membership.is_staff_member:
            return self.none()
        return self.filter(tenant_id=membership.tenant_id)

    def in_use(self) -> Self:
        """Not archived."""
        return self.filter(archived_at__isnull=True)


class LogInQuerySet(models.QuerySet["LogIn"]):
    """Log-ins of people of the desk."""

    def visible_to(self, membership: Membership) -> Self:
        """Admins see those of everybody, a customer's admin those of its company, others their own."""
        log_ins = self.filter(tenant_id=membership.tenant_id)
        if membership.is_admin:
            return log_ins
        if membership.role == "customer_admin":
            return log_ins.filter(person__customer_id=membership.customer_id)
        return log_ins.filter(person_id=membership.pk)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """When staff are away."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see when colleagues are away; why is another question (`accounts.absences`)."""
        if not membership.is_staff_member:
            return self.none()
        return self.filter(tenant_id=membership.tenant_id)

    def not_over(self, at: datetime) -> Self:
        """Running at that instant, or to come."""
        return self.filter(ends_at__gt=at)
