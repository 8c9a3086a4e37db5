"""Support providers, and the base of every table that belongs to one."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.identities import Language, validate_time_zone

LONGEST_QUIET_PERIOD = 7 * 24 * 60
"""In minutes: after seven days a resolved ticket is closed."""


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
    requires_second_factor = models.BooleanField(
        _("second factor for staff"),
        default=False,
        help_text="Staff who log in with a password need a code or a passkey as well.",
    )
    banner_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until then pages look for maintenance and outages to show; null: nothing was announced.",
    )
    has_public_plans = models.BooleanField(
        _("plans are public"), default=False, help_text="Anybody may read them side by side at plans/."
    )
    setup_since = models.DateTimeField(
        _("set-up under way since"),
        null=True,
        blank=True,
        help_text="Until an admin finishes it the console leads through the set-up; null: it does not.",
    )
    look_confirmed_at = models.DateTimeField(
        _("look confirmed"),
        null=True,
        blank=True,
        help_text="Null: nobody has looked at it yet.",
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
