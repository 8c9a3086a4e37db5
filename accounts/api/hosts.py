"""A desk's own host name, by API. For owners and admins."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Instant, Line, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin
from accounts.models import HostClaim, HostFinding, Tenant
from accounts.services import hosts as services
from accounts.views.console_host import records_of


class RecordSerializer(serializers.Serializer[Any]):
    """A record to set where the domain's records are kept."""

    type = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()


class HostSerializer(serializers.Serializer[Any]):
    """The desk's own host name."""

    active = serializers.CharField(help_text=_("The name at which the desk answers; empty: none."))
    asked = serializers.CharField(help_text=_("The name that was asked for; empty: none."))
    finding = serializers.ChoiceField(choices=HostFinding.choices, help_text=_("Of the name asked for."))
    found = serializers.ListField(
        child=serializers.CharField(), help_text=_("Public addresses of that name.")
    )
    checked_at = Instant(allow_null=True)
    records = RecordSerializer(many=True, help_text=_("What to set for the name asked for."))


class HostInput(Input):
    """The name to answer at."""

    host = Line(max_length=253)


class _HostView(DeskView):
    permission_classes = (IsAdmin,)

    def shown(self) -> Response:
        """The name and the claim as they are now."""
        tenant = Tenant.objects.get(pk=self.tenant.pk)
        claim = services.keep_claim(tenant, timezone.now())
        return Response(HostSerializer(_host_of(tenant, claim)).data)


class Host(_HostView):
    @operation(
        _("Read the own host name"),
        name="host",
        group="look",
        answers={200: HostSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request) -> Response:
        return self.shown()

    @operation(
        _("Ask for a host name"),
        name="ask_for_host",
        group="look",
        answers={200: HostSerializer},
        refused=[*CHANGE, "refused_host"],
        request=HostInput,
        description=_(
            "It is active once its records lead here and carry the proof; the one before answers until then."
        ),
    )
    def put(self, request: Request) -> Response:
        values = read_input(self, HostInput)
        services.ask_for_host(tenant=self.tenant, by=self.membership, at=timezone.now(), **values)
        return self.shown()

    @operation(
        _("Give the host name up"),
        name="give_up_host",
        group="look",
        answers={
            204: OpenApiResponse(description=_("The desk answers at the installation's address alone."))
        },
        refused=["not_allowed"],
    )
    def delete(self, request: Request) -> Response:
        services.give_up_host(tenant=self.tenant, by=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CheckHost(_HostView):
    @operation(
        _("Look the host name up now"),
        name="check_host",
        group="look",
        answers={202: HostSerializer},
        refused=["not_allowed"],
        request=None,
        description=_("In the background; read the host name again some seconds later."),
    )
    def post(self, request: Request) -> Response:
        services.check_host_again(tenant=self.tenant, by=self.membership, at=timezone.now())
        response = self.shown()
        response.status_code = status.HTTP_202_ACCEPTED
        return response


def _host_of(tenant: Tenant, claim: HostClaim | None) -> dict[str, Any]:
    return {
        "active": tenant.host or "",
        "asked": claim.host if claim else "",
        "finding": claim.finding if claim else HostFinding.UNKNOWN,
        "found": claim.found if claim else [],
        "checked_at": claim.checked_at if claim else None,
        "records": records_of(claim) if claim else [],
    }
