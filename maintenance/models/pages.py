"""The status page of a desk, and who follows it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.models import Service


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    CUSTOMERS = "customers", _("Customers and staff")
    OFF = "off", _("Nobody: there is no status page")


class StatusPage(TenantModel):
    """Who may read the status page of a desk, and what stands on top of it."""

    visibility = models.CharField(
        _("who may read it"), max_length=10, choices=Visibility.choices, default=Visibility.CUSTOMERS
    )
    about = models.CharField(_("about this page"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="status_page_once")]

    def __str__(self) -> str:
        return self.visibility


class Subscriber(TenantModel):
    """An address that follows the status page by email; told nothing before it is confirmed (double opt-in).

    One of a `membership` needs no confirming, goes to the address that the person then has, and may follow
    chosen services (`SubscriberService`) instead of all that are public. `token_hash` is of the secret in its
    links: the one that confirms, and the one that ends it.
    """

    membership = TenantForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    all_services = models.BooleanField(default=True)
    email = models.EmailField(_("email"), max_length=254)
    language = models.CharField(max_length=5, choices=Language.choices)
    time_zone = models.CharField(max_length=64, default="UTC")
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    membership_id: int | None

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant",
                Lower("email"),
                name="subscriber_once",
                condition=Q(ended_at__isnull=True, membership__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["membership"], name="subscriber_member_once", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.email


class SubscriberService(TenantModel):
    """That a subscriber who chose services chose this one."""

    subscriber = TenantForeignKey(Subscriber, on_delete=models.CASCADE, related_name="chosen")
    service = TenantForeignKey(Service, on_delete=models.PROTECT, related_name="+")

    subscriber_id: int
    service_id: int

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscriber", "service"], name="subscriber_service_once")
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id}: {self.service_id}"


class FeedKey(TenantModel):
    """The secret address of one person's maintenance calendar; only its hash is kept."""

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="feed_keys")
    token_hash = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=12)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.start
