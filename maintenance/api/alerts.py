"""Where alerts come in: the webhook format of Prometheus Alertmanager, with a token of an alert source."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import REALM
from accounts.api.base import DeskView, Instant
from accounts.api.documenting import BODY, operation
from accounts.api.parsing import BoundedJSONParser
from accounts.api.throttling import AnonymousThrottle, CallerThrottle
from accounts.services.tokens import hash_token
from maintenance.models import AlertSource
from maintenance.services.alerts import GivenAlert, take_alerts

MOST_ALERTS = 500
MOST_LABELS = 64
STATUSES = [("firing", _("Firing")), ("resolved", _("Resolved"))]


class SourceAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer as_…`: the token of an alert source of the desk that is asked."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, AlertSource] | None:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        tenant = request._request.tenant  # type: ignore[attr-defined]
        sources = AlertSource.objects.filter(tenant_id=tenant.pk, token_hash=hash_token(token.strip()))
        source = sources.filter(revoked_at=None).first()
        if source is None:
            raise AuthenticationFailed(_("This token is not valid here: unknown, expired or revoked."))
        return AnonymousUser(), source  # nobody of the desk: the source is `request.auth`

    def authenticate_header(self, request: Request) -> str:
        return f'Bearer realm="{REALM}"'


class IsSource(BasePermission):
    """Who came with the token of a source."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, AlertSource)


class NobodyThrottle(AnonymousThrottle):
    """Callers without a valid token, by address."""

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return None if isinstance(request.auth, AlertSource) else super().get_cache_key(request, view)


class SourceThrottle(CallerThrottle):
    """Each source for itself."""

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not isinstance(request.auth, AlertSource):
            return None
        return self.cache_format % {"scope": self.scope, "ident": f"alert-source-{request.auth.pk}"}


class SourceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the token in the document."""

    target_class = SourceAuthentication
    name = "alertSourceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        words = _("The token of an alert source, made in the settings: `Authorization: Bearer as_…`")
        return {"type": "http", "scheme": "bearer", "bearerFormat": "as_…", "description": words}


class GivenAlertInput(serializers.Serializer[Any]):
    """One alert. Further fields are taken and not looked at."""

    status = serializers.ChoiceField(choices=STATUSES)
    labels = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=1000),
        help_text=_("The source's label names the service; “severity” warning or info means degraded."),
    )
    startsAt = Instant()  # noqa: N815  theirs
    endsAt = Instant(  # noqa: N815
        required=False, allow_null=True, help_text=_("Looked at where it is resolved.")
    )
    fingerprint = serializers.CharField(max_length=64)

    def validate_labels(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > MOST_LABELS:
            raise serializers.ValidationError(_("There are too many labels."))
        return value


class AlertsInput(serializers.Serializer[Any]):
    """What Alertmanager sends, version 4. Further fields are taken and not looked at."""

    version = serializers.CharField(required=False)
    alerts = serializers.ListField(child=GivenAlertInput(), max_length=MOST_ALERTS)


class TakenSerializer(serializers.Serializer[Any]):
    """What came of it."""

    new = serializers.IntegerField(help_text=_("Alerts that said something new."))
    known = serializers.IntegerField(help_text=_("Alerts that were known as they are."))
    ignored = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("Fingerprints of alerts that name no service of the desk, or a name that two have."),
    )


class TakeAlerts(DeskView):
    authentication_classes = (SourceAuthentication,)
    permission_classes = (IsSource,)
    throttle_classes = (NobodyThrottle, SourceThrottle)
    parser_classes = (BoundedJSONParser,)

    @operation(
        _("Take alerts"),
        name="take_alerts",
        group="maintenance",
        answers={200: TakenSerializer},
        refused=BODY,
        request=AlertsInput,
        description=_(
            "For a receiver of Prometheus Alertmanager (webhook_configs). A firing alert opens an outage of "
            "the service that it names, or joins the one that runs; the last that is resolved ends it. Sent "
            "again, an alert does nothing."
        ),
    )
    def post(self, request: Request) -> Response:
        sent = AlertsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        now = timezone.now()
        alerts = [_given(one, now) for one in sent.validated_data["alerts"]]
        source: Any = request.auth
        taken = take_alerts(source=source, alerts=alerts, at=now)
        return Response(TakenSerializer(taken).data)


def _given(one: dict[str, Any], now: datetime) -> GivenAlert:
    ended: datetime | None = None
    if one["status"] == "resolved":
        ended = one.get("endsAt") or now
        # Go's zero time stands for "not known".
        ended = ended if ended.year > 1 else now
    return GivenAlert(
        fingerprint=one["fingerprint"],
        starts_at=one["startsAt"].astimezone(UTC),
        ended_at=ended,
        labels=one["labels"],
    )
