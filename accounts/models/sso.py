"""Log-in through a company's own identity provider."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer
from accounts.models.tenants import TenantModel
from accounts.rowsecurity import TenantForeignKey
from accounts.sealing import seal, unseal


def new_key() -> str:
    """What names a connection in addresses and to allauth: nobody guesses it, no two desks share it."""
    return secrets.token_hex(10)


class SsoKind(models.TextChoices):
    OIDC = "openid_connect", _("OpenID Connect")
    SAML = "saml", _("SAML 2.0")


class SsoConnection(TenantModel):
    """One identity provider that a desk believes: of its own staff (no customer), or of a customer's people.

    It opens this desk alone, and lets in nobody of the other side. The client's secret is kept sealed.
    """

    key = models.CharField(max_length=20, unique=True, default=new_key)
    kind = models.CharField(_("kind"), max_length=20, choices=SsoKind.choices)
    name = models.CharField(_("name"), max_length=40)
    customer = TenantForeignKey(
        Customer, on_delete=models.CASCADE, related_name="sso_connections", null=True, blank=True
    )
    domains = ArrayField(models.CharField(max_length=253), verbose_name=_("email domains"), default=list)
    adds_people = models.BooleanField(default=False)
    issuer = models.URLField(_("issuer"), max_length=500, blank=True)
    client_id = models.CharField(_("client ID"), max_length=191, blank=True)
    client_secret_sealed = models.TextField(blank=True)
    idp_entity_id = models.CharField(_("entity ID"), max_length=500, blank=True)
    idp_sign_in_url = models.URLField(_("sign-in address"), max_length=500, blank=True)
    idp_certificate = models.TextField(_("certificate"), blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    customer_id: int | None

    class Meta:
        verbose_name = _("sign-in connection")
        verbose_name_plural = _("sign-in connections")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            # Nobody becomes staff because somebody else's directory says so.
            models.CheckConstraint(
                condition=Q(adds_people=False) | Q(customer__isnull=False), name="sso_adds_contacts_alone"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def client_secret(self) -> str:
        """The secret in clear. Raises SealBroken."""
        return unseal(self.client_secret_sealed) if self.client_secret_sealed else ""

    @client_secret.setter
    def client_secret(self, secret: str) -> None:
        self.client_secret_sealed = seal(secret) if secret else ""
