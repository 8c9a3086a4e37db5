"""The status page's settings and followers, and one's own maintenance calendar, by API."""

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
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import BODY, CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsInBrowser, IsMember
from accounts.links import absolute_url, desk_path
from accounts.models import Membership
from maintenance.models import FeedKey, StatusPage, Subscriber, Visibility
from maintenance.services.feed_keys import create_feed_key, feed_keys_of, revoke_feed_key
from maintenance.services.member_follows import (
    follow_status,
    following_of,
    services_to_follow,
    stop_following,
)
from maintenance.services.status_page import change_status_page
from maintenance.status_page import status_page_of
from tickets.api.inputs import AmongField, NothingInput
from tickets.api.serializers import ServiceRefSerializer
from tickets.models import Service

NEWEST = Order("newest", [Key("id", descending=True)])


def _shared(membership: Membership) -> QuerySet[Service]:
    found: QuerySet[Service] = Service.objects.visible_to(membership).in_use().filter(customer=None)
    return found


class StatusSettingsInput(Input):
    """Everything that is settled about the status page; what is left out is not kept as it was."""

    visibility = serializers.ChoiceField(choices=Visibility.choices)
    about = Line(max_length=500, allow_blank=True, help_text=_("What stands on top; may be empty."))
    services = AmongField(
        _shared,
        queryset=Service.objects.none(),
        many=True,
        help_text=_("Ids of the services on the page; those of one customer cannot stand there."),
    )
    seen = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text=_("The version that was read; 0 before there is any.")
    )


class StatusSettingsSerializer(serializers.Serializer[Any]):
    """Who may read the status page, what stands on it, and how many follow it."""

    visibility = serializers.ChoiceField(choices=Visibility.choices)
    about = serializers.CharField()
    services = ServiceRefSerializer(many=True, help_text=_("Those on the page."))
    followers = serializers.IntegerField(help_text=_("Confirmed addresses that follow it by email."))
    address = serializers.URLField()
    version = serializers.IntegerField(help_text=_("0 before anybody has settled anything."))


class FollowerSerializer(serializers.Serializer[Subscriber]):
    """An address that follows the page by email, or was asked whether it wants to."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    language = serializers.CharField()
    asked_at = Instant()
    confirmed_at = Instant(allow_null=True, help_text=_("Null: it gets no mails yet."))


class FollowingInput(Input):
    """What to follow of the status page by email."""

    services = AmongField(
        services_to_follow,
        queryset=Service.objects.none(),
        many=True,
        allow_null=True,
        default=None,
        help_text=_("Ids of services on the page; left out or null: all, also those to come."),
    )


class FollowingSerializer(serializers.Serializer[Any]):
    """What the caller follows of the status page by email."""

    is_following = serializers.BooleanField()
    all_services = serializers.BooleanField()
    services = ServiceRefSerializer(many=True, help_text=_("Those that were chosen, where it is not all."))


class CalendarAddressSerializer(serializers.Serializer[FeedKey]):
    """A secret address of one's own maintenance calendar, without its secret."""

    id = serializers.IntegerField()
    start = serializers.CharField(help_text=_("The first characters of the secret, to tell addresses apart."))
    created_at = Instant()
    last_used_at = Instant(allow_null=True)


class NewCalendarAddressSerializer(CalendarAddressSerializer):
    """A calendar address just made. It is shown this once."""

    address = serializers.URLField(help_text=_("Whoever has it reads the calendar. It is not kept."))


FollowerPage = page_schema("FollowerPage", FollowerSerializer)
CalendarAddressPage = page_schema("CalendarAddressPage", CalendarAddressSerializer)


class SettingsView(DeskView):
    """A view about what is settled."""

    permission_classes = (IsAdmin,)

    def answer(self, page: StatusPage) -> Response:
        """What is settled now."""
        told = {
            "visibility": page.visibility,
            "about": page.about,
            "services": list(_shared(self.membership).filter(is_public=True).order_by("position", "name")),
            "followers": Subscriber.objects.filter(ended_at=None, confirmed_at__isnull=False).count(),
            "address": absolute_url(self.tenant, desk_path("status")),
            "version": page.version if page.pk else 0,
        }
        return Response(StatusSettingsSerializer(told, context=self.context()).data)


class StatusSettings(SettingsView):
    @operation(
        _("Show the settings of the status page"),
        name="show_status_settings",
        group="maintenance",
        answers={200: StatusSettingsSerializer},
        refused=["not_allowed"],
        description=_("For admins alone."),
    )
    def get(self, request: Request) -> Response:
        return self.answer(status_page_of(self.tenant.pk))


class EditStatusSettings(SettingsView):
    @operation(
        _("Change the settings of the status page"),
        name="edit_status_settings",
        group="maintenance",
        answers={200: StatusSettingsSerializer},
        refused=[*CHANGE, "edited_meanwhile"],
        request=StatusSettingsInput,
        description=_("The page shows it at once. For admins alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, StatusSettingsInput)
        page = change_status_page(
            visibility=values["visibility"],
            about=values["about"],
            public=frozenset(service.pk for service in values["services"]),
            seen_version=values["seen"],
            by=self.membership,
        )
        return self.answer(page)


class Followers(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("List followers of the status page"),
        name="list_status_followers",
        group="maintenance",
        answers={200: FollowerPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("Who follows it by email and who was asked, the newest first. For admins alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        rows = Subscriber.objects.filter(tenant=self.tenant, ended_at=None)
        return page_response(self, rows, NEWEST, query, FollowerSerializer)


class Following(DeskView):
    """What the caller follows of the status page by mail."""

    permission_classes = (IsMember,)

    def answer(self) -> Response:
        """What it is now."""
        found = following_of(self.membership)
        told = {
            "is_following": found is not None,
            "all_services": found is not None and found.all_services,
            "services": [row.service for row in found.chosen.all()] if found else [],
        }
        return Response(FollowingSerializer(told, context=self.context()).data)

    @operation(
        _("Show what I follow of the status page"),
        name="show_following",
        group="maintenance",
        answers={200: FollowingSerializer},
        description=_("By email, besides what everybody is mailed of the services that they use."),
    )
    def get(self, request: Request) -> Response:
        return self.answer()

    @operation(
        _("Follow the status page"),
        name="follow_status",
        group="maintenance",
        answers={200: FollowingSerializer},
        refused=[*BODY, "no_status_page", "not_enough_said"],
        request=FollowingInput,
        description=_("With what was followed before replaced."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, FollowingInput)
        follow_status(membership=self.membership, services=values["services"], at=timezone.now())
        return self.answer()

    @operation(
        _("Follow the status page no more"),
        name="stop_following",
        group="maintenance",
        answers={204: OpenApiResponse(description=_("No more of these mails."))},
    )
    def delete(self, request: Request) -> Response:
        stop_following(membership=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CalendarAddresses(DeskView):
    def get_permissions(self) -> list[IsMember]:
        """A token that leaks must not be able to make addresses that outlive it."""
        return [IsInBrowser() if self.request.method == "POST" else IsMember()]

    @operation(
        _("List my calendar addresses"),
        name="list_calendar_addresses",
        group="maintenance",
        answers={200: CalendarAddressPage},
        refused=["invalid"],
        parameters=[PageQuery],
        description=_("The caller's own that work, never their secrets."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        return page_response(self, feed_keys_of(self.membership), NEWEST, query, CalendarAddressSerializer)

    @operation(
        _("Make a calendar address"),
        name="create_calendar_address",
        group="maintenance",
        answers={201: NewCalendarAddressSerializer},
        refused=[*CHANGE, "too_many_addresses"],
        request=NothingInput,
        description=_(
            "Only with a browser's session. The maintenance that concerns the caller stands there."
        ),
    )
    def post(self, request: Request) -> Response:
        read_input(self, NothingInput)
        key, secret = create_feed_key(membership=self.membership, at=timezone.now())
        address = absolute_url(self.tenant, desk_path("personal_feed", secret))
        told = {**CalendarAddressSerializer(key).data, "address": address}
        return Response(told, status=status.HTTP_201_CREATED)


class CalendarAddress(DeskView):
    @operation(
        _("Revoke a calendar address"),
        name="revoke_calendar_address",
        group="maintenance",
        answers={204: OpenApiResponse(description=_("It no longer works."))},
        description=_("One of the caller's own."),
    )
    def delete(self, request: Request, key_id: int) -> Response:
        key = get_object_or_404(feed_keys_of(self.membership), pk=key_id)
        revoke_feed_key(key=key, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
