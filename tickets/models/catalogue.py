"""The services that a provider runs for its customers, in groups."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.querysets import ServiceQuerySet


class ServiceGroup(TenantModel):
    """Services that stand together on the status page and in choices."""

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("service group")
        verbose_name_plural = _("service groups")
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint("tenant", Lower("name"), name="service_group_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Service(TenantModel):
    """What may be down: shared by all customers, or of the one that `customer` names.

    Only shared services may be public, that is, stand on a status page that anybody reads.
    """

    group = TenantForeignKey(
        ServiceGroup, on_delete=models.PROTECT, related_name="services", null=True, blank=True
    )
    customer = TenantForeignKey(
        Customer, on_delete=models.PROTECT, related_name="services", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_public = models.BooleanField(_("on the public status page"), default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    group_id: int | None
    customer_id: int | None
    objects: ClassVar = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering: ClassVar = ["position", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant", "customer", Lower("name"), name="service_name_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=True) | Q(is_public=False), name="service_of_one_is_private"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        """Every customer uses it."""
        return self.customer_id is None
