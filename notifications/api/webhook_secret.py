"""The secret that the desk's webhooks are signed with, by API. For owners and admins."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Instant, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin
from notifications.models import WebhookSecret
from notifications.services import end_former_webhook_secret, rotate_webhook_secret
from notifications.services.secrets import MOST_HOURS


class WebhookSecretSerializer(serializers.Serializer[Any]):
    """What calls are signed with."""

    secret = serializers.CharField(help_text=_("Empty: none was made yet, the first call makes one."))
    made_at = Instant(allow_null=True)
    former_secret = serializers.CharField(help_text=_("Signs too until then; empty: none does."))
    former_until = Instant(allow_null=True)


class ReplaceSecretInput(Input):
    """A new secret."""

    seen = Instant(allow_null=True, help_text=_("“made_at” of the secret that you read; null for the first."))
    hours = serializers.IntegerField(
        min_value=0,
        max_value=MOST_HOURS,
        default=24,
        help_text=_("So long the former secret signs too; 0 where it has become known."),
    )


class Secret(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Read the webhook secret"),
        name="webhook_secret",
        group="look",
        answers={200: WebhookSecretSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request) -> Response:
        return Response(_shown(WebhookSecret.objects.filter(tenant_id=self.tenant.pk).first()))

    @operation(
        _("Make or replace the webhook secret"),
        name="replace_webhook_secret",
        group="look",
        answers={200: WebhookSecretSerializer},
        refused=[*CHANGE, "secret_replaced"],
        request=ReplaceSecretInput,
        description=_("The new one signs at once; for some hours calls carry the former signature as well."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, ReplaceSecretInput)
        return Response(_shown(rotate_webhook_secret(by=self.membership, at=timezone.now(), **values)))


class FormerSecret(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("End the former webhook secret"),
        name="end_former_webhook_secret",
        group="look",
        answers={204: OpenApiResponse(description=_("The new secret alone signs."))},
        refused=["not_allowed"],
    )
    def delete(self, request: Request) -> Response:
        end_former_webhook_secret(by=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _shown(row: WebhookSecret | None) -> dict[str, Any]:
    has_former = row is not None and row.has_former(timezone.now())
    values = {
        "secret": row.secret if row else "",
        "made_at": row.made_at if row else None,
        "former_secret": row.former_secret if row and has_former else "",
        "former_until": row.former_until if row and has_former else None,
    }
    return dict(WebhookSecretSerializer(values).data)
