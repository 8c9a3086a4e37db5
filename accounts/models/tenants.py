"""Support providers, and the base of every table that belongs to one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.colour import Look, look_of
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


# In mails no stylesheet reaches: one shade of each, which carries white text and is read on white.
_MAIL_COLOURS = {
    "indigo": "#4338ca",
    "blue": "#1d4ed8",
    "teal": "#0f766e",
    "green": "#15803d",
    "amber": "#b45309",
    "rose": "#be123c",
    "violet": "#6d28d9",
    "slate": "#334155",
}


def all_languages() -> list[str]:
    """Every language that there is, ours first."""
    return list(Language.values)


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
    own_colour = models.CharField(
        _("own colour"), max_length=7, blank=True, help_text='As "#1d4ed8"; empty: the accent counts.'
    )
    logo = models.CharField(
        max_length=40, blank=True, help_text='Its size and mark, "240x64-8f3a12cd"; empty: there is none.'
    )
    logo_dark = models.CharField(max_length=40, blank=True, help_text="The same of the one for dark pages.")
    sender_name = models.CharField(
        _("sender name"), max_length=80, blank=True, help_text="Of all mails; empty: the desk's name."
    )
    greeting: models.JSONField[Any, Any] = models.JSONField(
        _("greeting"), default=dict, blank=True, help_text="A line for customers, by language."
    )
    languages = ArrayField(
        models.CharField(max_length=5, choices=Language.choices),
        verbose_name=_("languages"),
        default=all_languages,
    )
    shows_hours = models.BooleanField(_("says when it is open"), default=True)
    hours_text: models.JSONField[Any, Any] = models.JSONField(
        _("when it is open"),
        default=dict,
        blank=True,
        help_text="By language; else its calendar is put in words.",
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

    @property
    def own_look(self) -> Look | None:
        """The shades of the desk's own colour; None where it has taken one of the accents."""
        return look_of(self.own_colour) if self.own_colour else None

    @property
    def mail_colour(self) -> str:
        """The colour of buttons and links in mails, "#rrggbb"."""
        if self.own_look:
            return self.own_look.light.text
        return _MAIL_COLOURS.get(str(self.accent), _MAIL_COLOURS[Accent.INDIGO])

    @property
    def sender(self) -> str:
        """Whom mails come from, by name."""
        return self.sender_name or self.name

    def language_for(self, wanted: str) -> str:
        """The language in which this desk speaks to somebody who wants that one: its own if it lacks it."""
        return wanted if wanted in self.languages else self.language

    def said_in(self, texts: dict[str, str], language: str) -> str:
        """A text that the desk wrote by language: in that one, else in the desk's own, else none."""
        return texts.get(language) or texts.get(self.language) or ""


class TenantModel(models.Model):
    """Base of every table that belongs to one tenant; its key (tenant, id) finds the tenant's rows."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)
    tenant_id: int

    class Meta:
        abstract = True
