"""What persons are in a desk."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer
from accounts.models.identities import User
from accounts.models.tenants import TenantModel
from accounts.querysets import MembershipQuerySet
from accounts.rowsecurity import TenantForeignKey


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    SUPERVISOR = "supervisor", _("Supervisor")
    AGENT = "agent", _("Agent")
    CUSTOMER_ADMIN = "customer_admin", _("Customer admin")
    MEMBER = "member", _("Member")


class Sees(models.TextChoices):
    """Which tickets of its company a contact sees, besides those that it was added to."""

    OWN = "own", _("Their own")
    GROUP = "group", _("Those of their groups")
    COMPANY = "company", _("All of the company")


STAFF_ROLES = (Role.OWNER, Role.ADMIN, Role.SUPERVISOR, Role.AGENT)
SUPERVISOR_ROLES = (Role.OWNER, Role.ADMIN, Role.SUPERVISOR)
ADMIN_ROLES = (Role.OWNER, Role.ADMIN)
CONTACT_ROLES = (Role.CUSTOMER_ADMIN, Role.MEMBER)


class Membership(TenantModel):
    """What one person is in one desk: staff, or a contact of a customer.

    `name` is what the desk calls the person; the identity behind it stays the person's own. Quiet hours are
    on the clock of that identity's zone (`accounts.quiet`).
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    customer = TenantForeignKey(
        Customer, on_delete=models.PROTECT, related_name="people", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=120)
    sees = models.CharField(
        _("sees"),
        max_length=8,
        choices=Sees.choices,
        default=Sees.COMPANY,
        db_default=Sees.COMPANY,
        help_text="Of a contact that is no customer admin; see `Ticket.objects.visible_to`.",
    )
    invited_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    # By the staff of the desk: an admin of the customer does not let them in again.
    is_shut_by_desk = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    quiet_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("quiet days"),
        default=list,
        blank=True,
        help_text="Days of the week that are quiet as a whole; Monday is 0.",
    )

    customer_id: int | None
    user_id: int
    # Not of the row: the customer's admin who sees the desk as this person does (`accounts.view_as`).
    seen_by: Membership | None = None
    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "user"], name="membership_once_per_tenant"),
            models.CheckConstraint(
                condition=Q(role__in=STAFF_ROLES, customer__isnull=True)
                | Q(role__in=CONTACT_ROLES, customer__isnull=False),
                name="membership_contact_has_customer",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until")),
                name="membership_quiet_from_until",
            ),
            # Whoever is quiet on all seven days would never be told anything.
            models.CheckConstraint(
                condition=Q(quiet_days__contained_by=list(range(7)), quiet_days__len__lte=6),
                name="membership_quiet_days",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user"], name="membership_user")]

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        """The language in which the desk speaks to them: their own, if it offers that."""
        return self.tenant.language_for(self.user.language)

    @property
    def is_staff_member(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def is_contact(self) -> bool:
        return self.role in CONTACT_ROLES

    @property
    def is_shut(self) -> bool:
        """A contact of a company that the desk has closed: they read, and what they have may end; no more."""
        return self.is_contact and self.customer is not None and not self.customer.is_active

    @property
    def sees_company(self) -> bool:
        """A contact that sees all tickets of its company, but for private ones."""
        return self.role == Role.CUSTOMER_ADMIN or (self.is_contact and self.sees == Sees.COMPANY)

    @property
    def is_supervisor(self) -> bool:
        """Supervisor or above."""
        return self.role in SUPERVISOR_ROLES

    @property
    def is_admin(self) -> bool:
        """Admin or owner."""
        return self.role in ADMIN_ROLES

    @property
    def is_active(self) -> bool:
        """May enter the desk: invitation accepted, not deactivated."""
        return self.accepted_at is not None and self.deactivated_at is None
