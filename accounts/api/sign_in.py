"""How people get in, by API: companies' own identity providers, and the staff's second factor."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import (
    DeskView,
    Input,
    Line,
    PageQuery,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin
from accounts.api.serializers import CustomerRefSerializer
from accounts.models import Customer, Membership, SsoConnection, SsoKind
from accounts.saml_metadata import MOST_CHARACTERS, MetadataRefused, read_metadata
from accounts.services import (
    change_connection,
    create_connection,
    may_set_up,
    require_second_factor,
    switch_connection,
)
from accounts.views.sso_forms import ConnectionForm
from tickets.api.inputs import AmongField

BY_NAME = Order("name", [Key("name"), Key("id")])


class ConnectionSerializer(serializers.Serializer[SsoConnection]):
    """An identity provider that the desk believes. Its client secret is never shown."""

    id = serializers.IntegerField()
    key = serializers.CharField(help_text=_("What names it in the addresses that the provider needs."))
    kind = serializers.ChoiceField(choices=SsoKind.choices)
    name = serializers.CharField()
    customer = CustomerRefSerializer(allow_null=True, help_text=_("Null: it lets the desk's own staff in."))
    domains = serializers.ListField(child=serializers.CharField())
    adds_people = serializers.BooleanField()
    issuer = serializers.CharField()
    client_id = serializers.CharField()
    idp_entity_id = serializers.CharField()
    idp_sign_in_url = serializers.CharField()
    idp_certificate = serializers.CharField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField(help_text=_("What a change sends as “seen”."))


ConnectionPage = page_schema("SignInConnectionPage", ConnectionSerializer)


def _customers(membership: Membership) -> QuerySet[Any]:
    return Customer.objects.visible_to(membership).in_business()


class ConnectionTermsInput(Input):
    """What a connection says; of the last seven those that its kind needs."""

    name = Line(max_length=40, help_text=_("As its people call it."))
    domains = serializers.ListField(
        child=serializers.CharField(max_length=253),
        max_length=100,
        help_text=_("Whoever types an address of these is led there."),
    )
    adds_people = serializers.BooleanField(
        default=False, help_text=_("Let in people of these domains whom the desk does not know yet.")
    )
    issuer = serializers.CharField(required=False, max_length=500)
    client_id = serializers.CharField(required=False, max_length=191)
    client_secret = serializers.CharField(
        required=False, max_length=500, write_only=True, help_text=_("Left out of a change: it stays.")
    )
    idp_entity_id = serializers.CharField(required=False, max_length=500)
    idp_sign_in_url = serializers.CharField(required=False, max_length=500)
    idp_certificate = serializers.CharField(required=False, max_length=20_000)
    idp_metadata = serializers.CharField(
        required=False,
        max_length=MOST_CHARACTERS,
        write_only=True,
        help_text=_("The provider's SAML metadata as XML; it says the three values above."),
    )


class ConnectionInput(ConnectionTermsInput):
    """A connection, and whose it is."""

    kind = serializers.ChoiceField(choices=SsoKind.choices)
    customer = AmongField(
        _customers,
        queryset=Customer.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The customer whose people it lets in; null for staff, which owners alone may set up."),
    )


class ChangeConnectionInput(ConnectionTermsInput):
    """A connection as it shall be; kind and customer stay."""

    seen = serializers.IntegerField(help_text=_("The version that you saw."))


class SwitchInput(Input):
    """Whether it lets people in."""

    on = serializers.BooleanField()


class ConnectionView(DeskView):
    permission_classes = (IsAdmin,)

    def connections(self) -> QuerySet[SsoConnection]:
        """Those that the caller may set up: that of the staff is the owners'."""
        found = SsoConnection.objects.filter(tenant=self.tenant).select_related("customer")
        return found if may_set_up(self.membership, None) else found.filter(customer__isnull=False)

    def terms(self, values: dict[str, Any], kind: str, connection: SsoConnection | None = None) -> Any:
        """What was sent, judged as the page judges it. Raises ValidationError."""
        values = _with_metadata(values)
        customer = values.pop("customer", None)
        data = {
            **values,
            "domains": " ".join(values["domains"]),
            "customer": customer.pk if customer else "",
            "adds_people": "on" if values["adds_people"] else "",
        }
        form = ConnectionForm(data, kind=kind, by=self.membership, connection=connection)
        if not form.is_valid():
            wrong: dict[str, Any] = dict(form.errors)
            raise serializers.ValidationError(wrong)
        return form.terms(connection)

    def shown(self, connection: SsoConnection) -> Any:
        """It as it is now."""
        return ConnectionSerializer(self.connections().get(pk=connection.pk)).data


def _with_metadata(values: dict[str, Any]) -> dict[str, Any]:
    metadata = values.pop("idp_metadata", "")
    if not metadata:
        return values
    try:
        return values | read_metadata(metadata.encode()).fields()
    except MetadataRefused as refused:
        raise serializers.ValidationError({"idp_metadata": [refused.words()]}) from None


class Connections(ConnectionView):
    @operation(
        _("List sign-in connections"),
        name="list_sign_in_connections",
        group="people",
        answers={200: ConnectionPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("Identity providers that the desk believes. For admins; that of the staff for owners."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        return page_response(self, self.connections(), BY_NAME, query, ConnectionSerializer)

    @operation(
        _("Connect an identity provider"),
        name="create_sign_in_connection",
        group="people",
        answers={201: ConnectionSerializer},
        refused=[*CHANGE, "domain_taken"],
        request=ConnectionInput,
        description=_("By OpenID Connect or SAML. For admins; one for the staff for owners alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, ConnectionInput)
        terms = self.terms(values, values.pop("kind"))
        connection = create_connection(terms=terms, by=self.membership, at=timezone.now())
        return Response(self.shown(connection), status=status.HTTP_201_CREATED)


class OneConnection(ConnectionView):
    @operation(
        _("Show a sign-in connection"),
        name="show_sign_in_connection",
        group="people",
        answers={200: ConnectionSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request, connection_id: int) -> Response:
        return Response(self.shown(get_object_or_404(self.connections(), pk=connection_id)))

    @operation(
        _("Change a sign-in connection"),
        name="change_sign_in_connection",
        group="people",
        answers={200: ConnectionSerializer},
        refused=[*CHANGE, "edited_meanwhile", "domain_taken"],
        request=ChangeConnectionInput,
    )
    def put(self, request: Request, connection_id: int) -> Response:
        connection = get_object_or_404(self.connections(), pk=connection_id)
        values = read_input(self, ChangeConnectionInput)
        seen = values.pop("seen")
        terms = self.terms(values, connection.kind, connection)
        change_connection(
            connection=connection, terms=terms, seen_version=seen, by=self.membership, at=timezone.now()
        )
        return Response(self.shown(connection))


class SwitchConnection(ConnectionView):
    @operation(
        _("Switch a sign-in connection on or off"),
        name="switch_sign_in_connection",
        group="people",
        answers={200: ConnectionSerializer},
        refused=CHANGE,
        request=SwitchInput,
        description=_("Off: it lets nobody in any more, and sessions that it opened end."),
    )
    def post(self, request: Request, connection_id: int) -> Response:
        connection = get_object_or_404(self.connections(), pk=connection_id)
        given = read_input(self, SwitchInput)
        switch_connection(connection=connection, on=given["on"], by=self.membership, at=timezone.now())
        return Response(self.shown(connection))


class SecondFactorSerializer(serializers.Serializer[Any]):
    """Whether the desk asks its staff for a second factor."""

    required = serializers.BooleanField()  # type: ignore[assignment] # DRF takes fields off the class


class SecondFactorInput(Input):
    """Whether the desk asks its staff for a second factor."""

    required = serializers.BooleanField()  # type: ignore[assignment] # DRF takes fields off the class


class SecondFactor(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Show whether staff need a second factor"),
        name="show_second_factor",
        group="people",
        answers={200: SecondFactorSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request) -> Response:
        return Response({"required": self.tenant.requires_second_factor})

    @operation(
        _("Ask staff for a second factor, or no longer"),
        name="require_second_factor",
        group="people",
        answers={200: SecondFactorSerializer},
        refused=[*CHANGE, "second_factor_first"],
        request=SecondFactorInput,
        description=_("From the next page on. Programs with a token go on. For admins alone."),
    )
    def put(self, request: Request) -> Response:
        given = read_input(self, SecondFactorInput)
        tenant = require_second_factor(
            tenant=self.tenant, required=given["required"], by=self.membership, at=timezone.now()
        )
        return Response({"required": tenant.requires_second_factor})
