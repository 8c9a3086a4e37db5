"""Groups of a customer's people: who belongs to one may be let see its tickets and no others."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer
from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.querysets import ContactGroupQuerySet
from accounts.rowsecurity import TenantForeignKey


class ContactGroup(TenantModel):
    """People of one customer who work together: a branch, a department."""

    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, related_name="groups", db_index=False)
    name = models.CharField(_("name"), max_length=80)
    members: models.ManyToManyField[Membership, ContactGroupMember] = models.ManyToManyField(
        Membership, through="ContactGroupMember", related_name="contact_groups"
    )
    version = models.PositiveIntegerField(default=1)

    customer_id: int

    objects: ClassVar = ContactGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint("customer", Lower("name"), name="contact_group_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class ContactGroupMember(TenantModel):
    """That somebody belongs to a group."""

    group = TenantForeignKey(ContactGroup, on_delete=models.CASCADE, related_name="memberships")
    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="group_memberships")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "person"], name="contact_group_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.person_id}"
