"""Alert sources through the API: made, changed and revoked as in the settings; for admins alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin, IsInBrowser, IsMember
from maintenance.api import monitor_forms as forms
from maintenance.api.monitors import BY_NAME
from maintenance.models import AlertSource
from maintenance.services import alert_sources as services
from maintenance.services.alert_sources import SourceTerms
from tickets.api.inputs import NothingInput


class SourceView(DeskView):
    """A view about sources of the desk."""

    permission_classes: Any = (IsAdmin,)

    def sources(self) -> QuerySet[AlertSource]:
        """All of the desk, revoked ones too."""
        rows = AlertSource.objects.filter(tenant=self.tenant)
        return rows.select_related("service", "requester__user")

    def shown(self, source_id: int) -> dict[str, Any]:
        """The source as it is now. Raises Http404."""
        found = get_object_or_404(self.sources(), pk=source_id)
        return forms.AlertSourceSerializer(found, context=self.context()).data

    def working(self, source_id: int) -> AlertSource:
        """One whose token works. Raises Http404."""
        return get_object_or_404(self.sources().filter(revoked_at=None), pk=source_id)


class AlertSources(SourceView):
    def get_permissions(self) -> list[IsMember]:
        """As with tokens of people: a token makes no other that outlives it."""
        return [IsAdmin(), IsInBrowser()] if self.request.method == "POST" else [IsAdmin()]

    @operation(
        _("List alert sources"),
        name="list_alert_sources",
        group="maintenance",
        answers={200: forms.AlertSourcePage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("Revoked ones too. For admins alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        return page_response(self, self.sources(), BY_NAME, query, forms.AlertSourceSerializer)

    @operation(
        _("Let alerts in"),
        name="create_alert_source",
        group="maintenance",
        answers={201: forms.MadeAlertSourceSerializer},
        refused=[*CHANGE, "not_their_service"],
        request=forms.AlertSourceInput,
        description=_("Its token is said once. For admins alone, logged in: not with a token."),
    )
    def post(self, request: Request) -> Response:
        terms = SourceTerms(**read_input(self, forms.AlertSourceInput))
        source, token = services.create_source(terms=terms, by=self.membership, at=timezone.now())
        return Response(self.shown(source.pk) | {"token": token}, status=status.HTTP_201_CREATED)


class OneAlertSource(SourceView):
    @operation(
        _("Show an alert source"),
        name="show_alert_source",
        group="maintenance",
        answers={200: forms.AlertSourceSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request, source_id: int) -> Response:
        return Response(self.shown(source_id))

    @operation(
        _("Change an alert source"),
        name="change_alert_source",
        group="maintenance",
        answers={200: forms.AlertSourceSerializer},
        refused=[*CHANGE, "not_their_service"],
        request=forms.ChangeAlertSourceInput,
        description=_("What is left out stays; so does its token. For admins alone."),
    )
    def patch(self, request: Request, source_id: int) -> Response:
        source, values = self.working(source_id), read_input(self, forms.ChangeAlertSourceInput)
        terms = replace(services.terms_of(source), **values)
        services.change_source(source=source, terms=terms, by=self.membership, at=timezone.now())
        return Response(self.shown(source_id))


class RevokeAlertSource(SourceView):
    @operation(
        _("Revoke an alert source"),
        name="revoke_alert_source",
        group="maintenance",
        answers={200: forms.AlertSourceSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("Its token stops working at once. For admins alone."),
    )
    def post(self, request: Request, source_id: int) -> Response:
        source = self.working(source_id)
        read_input(self, NothingInput)
        services.revoke_source(source=source, by=self.membership, at=timezone.now())
        return Response(self.shown(source_id))
