"""Services and their groups: everybody reads what concerns them, admins change it."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import (
    DeskView,
    Input,
    Instant,
    Line,
    PageQuery,
    id_field,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember, IsStaffMember
from accounts.api.serializers import CustomerRefSerializer
from accounts.models import Customer, Membership
from tickets.api.inputs import AmongField, NothingInput
from tickets.models import Service, ServiceGroup
from tickets.services.catalogue import (
    ServiceTerms,
    archive_service,
    change_group,
    change_service,
    create_group,
    create_service,
    remove_group,
    restore_service,
)

IN_ORDER = Order("position", [Key("position"), Key("name"), Key("id")])
MOST_POSITION = 999


class ServiceGroupRefSerializer(serializers.Serializer[ServiceGroup]):
    """A group of services, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ServiceGroupSerializer(ServiceGroupRefSerializer):
    """Services that stand together in lists and on the status page."""

    position = serializers.IntegerField(help_text=_("Lower ones stand first."))
    version = serializers.IntegerField(help_text=_("What a change sends as “seen”."))


class ServiceSerializer(serializers.Serializer[Service]):
    """What the desk runs for its customers, and what may be down."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    group = ServiceGroupRefSerializer(allow_null=True)
    customer = CustomerRefSerializer(allow_null=True, help_text=_("Null: all customers use it."))
    position = serializers.IntegerField(help_text=_("Lower ones stand first."))
    is_public = serializers.BooleanField(help_text=_("It stands on the public status page."))
    archived_at = Instant(allow_null=True, help_text=_("Null while new tickets may take it."))
    version = serializers.IntegerField(help_text=_("What a change sends as “seen”."))


ServicePage = page_schema("ServicePage", ServiceSerializer)
ServiceGroupPage = page_schema("ServiceGroupPage", ServiceGroupSerializer)


class ServicesQuery(PageQuery):
    """Which services."""

    customer = id_field(required=False, help_text=_("Those that this customer uses: the shared and its own."))
    group = id_field(required=False)
    archived = serializers.BooleanField(default=False, help_text=_("Archived ones too."))


def _groups(membership: Membership) -> QuerySet[Any]:
    return ServiceGroup.objects.filter(tenant_id=membership.tenant_id)


def _customers(membership: Membership) -> QuerySet[Any]:
    return Customer.objects.visible_to(membership).in_business()


class ServiceInput(Input):
    """What a service is."""

    name = Line(max_length=80)
    description = Line(max_length=250, required=False, allow_blank=True)
    group = AmongField(
        _groups,
        queryset=ServiceGroup.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of a group; null for none."),
    )
    position = serializers.IntegerField(min_value=0, max_value=MOST_POSITION, required=False)
    is_public = serializers.BooleanField(
        required=False, help_text=_("On the public status page; only for one that all customers share.")
    )


class NewServiceInput(ServiceInput):
    """A service, and whose it is."""

    customer = AmongField(
        _customers,
        queryset=Customer.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of the only customer that uses it; null for all. It cannot be changed later."),
    )


class ChangeServiceInput(ServiceInput):
    """A service as it shall be; what is left out becomes empty."""

    seen = serializers.IntegerField(help_text=_("The version that you saw."))


class ServiceGroupInput(Input):
    """What a group is."""

    name = Line(max_length=80)
    position = serializers.IntegerField(min_value=0, max_value=MOST_POSITION, required=False)


class ChangeServiceGroupInput(ServiceGroupInput):
    """A group as it shall be."""

    seen = serializers.IntegerField(help_text=_("The version that you saw."))


class CatalogueView(DeskView):
    """Members read, admins write."""

    def get_permissions(self) -> list[IsMember]:
        return [IsMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def services(self) -> QuerySet[Service]:
        """Those that the caller may see, with all that is written of them."""
        services: QuerySet[Service] = Service.objects.visible_to(self.membership)
        return services.select_related("group", "customer")

    def shown(self, service: Service) -> Any:
        """It as it is now."""
        return ServiceSerializer(self.services().get(pk=service.pk), context=self.context()).data


class Services(CatalogueView):
    @operation(
        _("List services"),
        name="list_services",
        group="services",
        answers={200: ServicePage},
        refused=["invalid"],
        parameters=[ServicesQuery],
        description=_("Staff see all of the desk, a contact those that its company uses."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, ServicesQuery)
        services = Service.objects.visible_to(self.membership)
        if not query["archived"]:
            services = services.in_use()
        if "customer" in query:
            services = services.used_by(query["customer"])
        if "group" in query:
            services = services.filter(group_id=query["group"])
        rows = services.select_related("group", "customer")
        return page_response(self, rows, IN_ORDER, query, ServiceSerializer)

    @operation(
        _("Create a service"),
        name="create_service",
        group="services",
        answers={201: ServiceSerializer},
        refused=[*CHANGE, "name_taken", "private_service"],
        request=NewServiceInput,
        description=_("New tickets may name it at once. For admins alone."),
    )
    def post(self, request: Request) -> Response:
        terms = ServiceTerms(**read_input(self, NewServiceInput))
        service = create_service(terms=terms, by=self.membership, at=timezone.now())
        return Response(self.shown(service), status=status.HTTP_201_CREATED)


class OneService(CatalogueView):
    @operation(_("Show a service"), name="show_service", group="services", answers={200: ServiceSerializer})
    def get(self, request: Request, service_id: int) -> Response:
        return Response(self.shown(get_object_or_404(self.services(), pk=service_id)))

    @operation(
        _("Change a service"),
        name="edit_service",
        group="services",
        answers={200: ServiceSerializer},
        refused=[*CHANGE, "edited_meanwhile", "name_taken", "private_service"],
        request=ChangeServiceInput,
        description=_("Whose it is stays as it is. For admins alone."),
    )
    def put(self, request: Request, service_id: int) -> Response:
        service = get_object_or_404(self.services(), pk=service_id)
        values = read_input(self, ChangeServiceInput)
        seen = values.pop("seen")
        terms = ServiceTerms(**values, customer=service.customer)
        change_service(service=service, terms=terms, seen_version=seen, by=self.membership, at=timezone.now())
        return Response(self.shown(service))


class Archive(CatalogueView):
    @operation(
        _("Archive a service"),
        name="archive_service",
        group="services",
        answers={200: ServiceSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("New tickets cannot take it any more; what names it keeps it. For admins alone."),
    )
    def post(self, request: Request, service_id: int) -> Response:
        service = get_object_or_404(self.services(), pk=service_id)
        read_input(self, NothingInput)
        return Response(self.shown(archive_service(service=service, by=self.membership, at=timezone.now())))


class Restore(CatalogueView):
    @operation(
        _("Restore an archived service"),
        name="restore_service",
        group="services",
        answers={200: ServiceSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("New tickets can take it again. For admins alone."),
    )
    def post(self, request: Request, service_id: int) -> Response:
        service = get_object_or_404(self.services(), pk=service_id)
        read_input(self, NothingInput)
        return Response(self.shown(restore_service(service=service, by=self.membership, at=timezone.now())))


class Groups(DeskView):
    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    @operation(
        _("List groups of services"),
        name="list_service_groups",
        group="services",
        answers={200: ServiceGroupPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("In the order of lists. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        return page_response(self, _groups(self.membership), IN_ORDER, query, ServiceGroupSerializer)

    @operation(
        _("Create a group of services"),
        name="create_service_group",
        group="services",
        answers={201: ServiceGroupSerializer},
        refused=[*CHANGE, "name_taken"],
        request=ServiceGroupInput,
        description=_("Empty at first. For admins alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, ServiceGroupInput)
        group = create_group(**values, by=self.membership, at=timezone.now())
        return Response(ServiceGroupSerializer(group).data, status=status.HTTP_201_CREATED)


class OneGroup(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Change a group of services"),
        name="edit_service_group",
        group="services",
        answers={200: ServiceGroupSerializer},
        refused=[*CHANGE, "edited_meanwhile", "name_taken"],
        request=ChangeServiceGroupInput,
        description=_("Its name and its place. For admins alone."),
    )
    def put(self, request: Request, group_id: int) -> Response:
        group = get_object_or_404(_groups(self.membership), pk=group_id)
        values = read_input(self, ChangeServiceGroupInput)
        seen = values.pop("seen")
        group = change_group(group=group, seen_version=seen, **values, by=self.membership, at=timezone.now())
        return Response(ServiceGroupSerializer(group).data)

    @operation(
        _("Remove a group of services"),
        name="remove_service_group",
        group="services",
        answers={204: OpenApiResponse(description=_("It is gone."))},
        refused=["not_allowed", "group_in_use"],
        description=_("Only one in which no service stands. For admins alone."),
    )
    def delete(self, request: Request, group_id: int) -> Response:
        group = get_object_or_404(_groups(self.membership), pk=group_id)
        remove_group(group=group, by=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
