"""Tenants, persons, memberships, teams, customers, personal API tokens."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import CustomerQuerySet, MembershipQuerySet, TeamQuerySet
from accounts.rowsecurity import TenantForeignKey

LONGEST_QUIET_PERIOD = 7 * 24 * 60
"""In minutes: after seven days a resolved ticket is closed."""


def validate_time_zone(value: str) -> None:
    """Refuse what is no zone of the IANA database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone. Example: America/Mexico_City."), params={"value": value}
        )


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Español"


class Accent(models.TextChoices):
    """The colours a tenant may take; each has checked contrast in light and dark."""

    INDIGO = "indigo", _("Indigo")
    BLUE = "blue", _("Blue")
    TEAL = "teal", _("Teal")
    GREEN = "green", _("Green")
    AMBER = "amber", _("Amber")
    ROSE = "rose", _("Rose")
    VIOLET = "violet", _("Violet")
    SLATE = "slate", _("Slate")


class UserManager(BaseUserManager["User"]):
    """Makes identities; an e-mail address is kept in lower case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An operator; who can run this command need not prove the address by a letter."""
        from allauth.account.models import EmailAddress  # noqa: PLC0415 - the app registry is not ready above

        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """One person, known by email in every desk. `is_staff` marks operators of the installation."""

    email = models.EmailField(_("email"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=Language.choices, default=Language.ENGLISH
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)


class Tenant(models.Model):
    """A support provider; its desk answers at /t/<slug>/ and at its own host name."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    host = models.CharField(
        _("own host name"),
        max_length=253,
        unique=True,
        null=True,
        blank=True,
        validators=[
            RegexValidator(r"^[a-z0-9.-]+$", _("Only the host name, in lower case: support.example.com"))
        ],
    )
    ticket_prefix = models.CharField(
        _("ticket prefix"),
        max_length=10,
        validators=[
            RegexValidator(r"^[A-Z][A-Z0-9]{1,9}$", _("2 to 10 capital letters and digits, a letter first."))
        ],
    )
    language = models.CharField(
        _("language"), max_length=5, choices=Language.choices, default=Language.ENGLISH
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    accent = models.CharField(
        _("accent colour"), max_length=16, choices=Accent.choices, default=Accent.INDIGO
    )
    quiet_period_minutes = models.PositiveSmallIntegerField(
        _("quiet period"),
        default=15,
        validators=[MaxValueValidator(LONGEST_QUIET_PERIOD)],
        help_text="Minutes in which a customer's reply leaves a resolved ticket resolved; 0: none.",
    )
    banner_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until then pages look for maintenance and outages to show; null: nothing was announced.",
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class TenantModel(models.Model):
    """Base of every table that belongs to one tenant; its key (tenant, id) finds the tenant's rows."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)
    tenant_id: int

    class Meta:
        abstract = True


class HostingModel(models.TextChoices):
    """Where a customer's systems run; what is backed up how often goes by it (policy clause S9)."""

    SHARED = "shared", _("Shared cloud")
    DEDICATED = "dedicated", _("Dedicated")
    ON_PREMISES = "on_premises", _("On premises")


class Customer(TenantModel):
    """A company that has, or had, a contract with the tenant."""

    name = models.CharField(_("name"), max_length=120)
    notes = models.TextField(_("notes for staff"), blank=True)
    coordinator = TenantForeignKey(
        "Membership",
        on_delete=models.SET_NULL,
        related_name="coordinated_customers",
        null=True,
        blank=True,
        verbose_name=_("account coordinator"),
        help_text="One of the staff; a contact never is, see `services.change_customer`.",
    )
    hosting_model = models.CharField(
        _("hosting"), max_length=12, choices=HostingModel.choices, default=HostingModel.SHARED
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    coordinator_id: int | None

    objects: ClassVar = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint("tenant", Lower("name"), name="customer_name_once")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    SUPERVISOR = "supervisor", _("Supervisor")
    AGENT = "agent", _("Agent")
    CUSTOMER_ADMIN = "customer_admin", _("Customer admin")
    MEMBER = "member", _("Member")


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
    invited_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
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
    def is_staff_member(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def is_contact(self) -> bool:
        return self.role in CONTACT_ROLES

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


class Team(TenantModel):
    """Staff who are told together; an archived one is offered no more and keeps its members."""

    name = models.CharField(_("name"), max_length=80)
    members: models.ManyToManyField[Membership, TeamMember] = models.ManyToManyField(
        Membership, through="TeamMember", related_name="teams"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [models.UniqueConstraint("tenant", Lower("name"), name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class TeamMember(TenantModel):
    """That somebody belongs to a team."""

    team = TenantForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="team_memberships")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "team", "person"], name="team_member_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="team_member_person")]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.person_id}"


class ApiToken(TenantModel):
    """A personal token for the API of one desk; only its hash is kept."""

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    start = models.CharField(max_length=12, help_text="The first characters, to tell tokens apart.")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def is_usable(self, now: datetime) -> bool:
        """Neither revoked nor expired at that instant."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
