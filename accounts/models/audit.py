"""Who changed which setting, from what to what: rows that the database lets nobody change or delete."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.querysets import AuditQuerySet
from accounts.rowsecurity import TenantForeignKey

NAME_LENGTH = 200


class AuditAct(models.TextChoices):
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Removed")


class AuditEntry(TenantModel):
    """One field of one thing that somebody changed; a thing that came or went is one row without a field.

    `kind` is the model as "app.model"; values are kept as text, choices and yes or no by their value. Names
    are those of the time of the change.
    """

    at = models.DateTimeField(_("when"))
    by = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    by_name = models.CharField(_("who"), max_length=NAME_LENGTH, blank=True)
    address = models.GenericIPAddressField(_("from where"), null=True, blank=True)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    object_name = models.CharField(max_length=NAME_LENGTH)
    act = models.CharField(max_length=10, choices=AuditAct.choices)
    field = models.CharField(max_length=60, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    by_id: int | None
    objects: ClassVar = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "kind", "object_id", "-id"], name="audit_of_thing"),
            models.Index(fields=["tenant", "by", "-id"], name="audit_of_person"),
            models.Index(fields=["tenant", "at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.field}"
