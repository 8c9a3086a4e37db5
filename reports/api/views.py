"""Downloads of own data through the API: ask, look how far it is, take the file."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import (
    DeskView,
    Input,
    Instant,
    PageQuery,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsContact
from reports import services
from reports.models import Download, DownloadState, Scope
from reports.views.downloads import file_response, find_download

NEWEST = Order("newest", [Key("asked_at", descending=True), Key("id")])


class DownloadSerializer(serializers.Serializer[Download]):
    """A copy of own data, as a ZIP with JSON, CSV and files."""

    id = serializers.UUIDField()
    scope = serializers.ChoiceField(choices=Scope.choices)
    state = serializers.ChoiceField(choices=DownloadState.choices)
    asked_at = Instant()
    done = serializers.IntegerField(help_text=_("Tickets that are in it."))
    total = serializers.IntegerField(help_text=_("Tickets that will be in it; 0 before it is counted."))
    finished_at = Instant(allow_null=True)
    expires_at = Instant(allow_null=True, help_text=_("The file is deleted then."))
    size = serializers.IntegerField(help_text=_("Bytes; 0 before it is ready."))
    left_out = serializers.IntegerField(help_text=_("Files that were beyond the limits."))


class DownloadInput(Input):
    """Whose data."""

    scope = serializers.ChoiceField(
        choices=Scope.choices, help_text=_("“company” is for admins of a customer.")
    )


DownloadPage = page_schema("DownloadPage", DownloadSerializer)


class Downloads(DeskView):
    permission_classes = (IsContact,)

    @operation(
        _("List your downloads"),
        name="list_downloads",
        group="people",
        answers={200: DownloadPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("Copies of own data that the caller asked for, the newest first. For contacts."),
    )
    def get(self, request: Request) -> Response:
        rows = Download.objects.visible_to(self.membership)
        return page_response(self, rows, NEWEST, read_query(self, PageQuery), DownloadSerializer)

    @operation(
        _("Ask for a download"),
        name="request_download",
        group="people",
        answers={202: DownloadSerializer},
        refused=[*CHANGE, "download_under_way", "too_many_downloads"],
        request=DownloadInput,
        description=_("It is put together in the background; the caller gets a mail when it is ready."),
    )
    def post(self, request: Request) -> Response:
        given = read_input(self, DownloadInput)
        found = services.request_download(scope=given["scope"], by=self.membership, at=timezone.now())
        return Response(DownloadSerializer(found).data, status=status.HTTP_202_ACCEPTED)


class OneDownload(DeskView):
    permission_classes = (IsContact,)

    @operation(
        _("Show how far a download is"),
        name="show_download",
        group="people",
        answers={200: DownloadSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request, download_id: UUID) -> Response:
        return Response(DownloadSerializer(find_download(self.membership, download_id)).data)


class DownloadFile(DeskView):
    permission_classes = (IsContact,)

    @operation(
        _("Take the file of a download"),
        name="download_file",
        group="people",
        answers={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, description=_("The ZIP."))},
        refused=["not_allowed"],
        description=_("While its state is “ready”. It holds what the caller may see, and nothing else."),
    )
    def get(self, request: Request, download_id: UUID) -> HttpResponseBase:
        return file_response(find_download(self.membership, download_id), self.tenant.slug)
