"""What every view and serializer of the API stands on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts.api.pagination import Order, read_page
from accounts.api.permissions import IsMember
from accounts.api.problems import InvalidQuery
from accounts.models import Membership, Tenant
from accounts.months import NoSuchMonth, month_named
from accounts.oneline import one_line

USUAL_ROWS = 50
MOST_ROWS = 100
LARGEST_ID = 2**63 - 1
M = TypeVar("M", bound=Model)


class DeskView(APIView):
    """A view inside a desk; what reaches its methods has been counted and let in."""

    permission_classes: Sequence[Any] = (IsMember,)
    request: Request

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As DRF does it, but refused callers are counted too, so guessing has an end."""
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        try:
            self.perform_authentication(request)
        except APIException:
            self.check_throttles(request)
            raise
        self.check_throttles(request)
        self.check_permissions(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """No cache may keep an answer: the same address says different things to different callers."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["Authorization"])
        return response

    @property
    def membership(self) -> Membership:
        """Who calls."""
        found: Membership = self.request._request.membership  # type: ignore[attr-defined]
        return found

    @property
    def tenant(self) -> Tenant:
        """The desk that is asked."""
        found: Tenant = self.request._request.tenant  # type: ignore[attr-defined]
        return found

    def context(self) -> dict[str, Any]:
        """What serializers need to know."""
        return {"request": self.request, "membership": self.membership, "tenant": self.tenant, "view": self}


class Instant(serializers.DateTimeField):
    """An instant; written in UTC (2026-03-02T05:00:00Z) whatever the caller's zone, read with any offset."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class Line(serializers.CharField):
    """A text of one line, in the API. What is left of nothing but marks is as blank as nothing."""

    def to_internal_value(self, data: Any) -> str:
        text = one_line(super().to_internal_value(data))
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class Input(serializers.Serializer[Any]):
    """What is sent. A field that is not known is an error: a misspelt one would else do nothing, silently."""

    ignored: frozenset[str] = frozenset()

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) - self.ignored if hasattr(data, "keys") else set()
        if unknown:
            words = _("There is no field of this name here.")
            raise serializers.ValidationError({name: [words] for name in sorted(unknown)}, code="unknown")
        return super().to_internal_value(data)


class Query(Input):
    """The parameters of an address."""

    ignored = frozenset({"format"})


class PageQuery(Query):
    """The parameters of every list."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_ROWS, default=USUAL_ROWS, help_text=_("The most rows in one answer.")
    )
    cursor = serializers.CharField(
        max_length=1000, required=False, help_text=_("Where to go on; taken from “next” of the page before.")
    )


def id_field(**options: Any) -> serializers.IntegerField:
    """An id as a filter. One that is not there, or not for the caller, finds nothing."""
    return serializers.IntegerField(min_value=1, max_value=LARGEST_ID, **options)


def read_query(view: DeskView, kind: type[Query], **context: Any) -> dict[str, Any]:
    """The checked parameters of the request. Raises InvalidQuery."""
    query = kind(data=view.request.query_params, context=view.context() | context)
    if not query.is_valid():
        raise InvalidQuery(query.errors)
    return dict(query.validated_data)


def read_month(query: dict[str, Any], *, today: date, latest: date | None = None) -> date:
    """The month that a query names, as in `accounts.months`. Raises InvalidQuery."""
    try:
        return month_named(query.get("month") or "", today=today, latest=latest)
    except NoSuchMonth as error:
        words = _("There is no such month, or not yet.")
        raise InvalidQuery({"month": [words]}, code="month") from error


def read_input(view: DeskView, kind: type[Input], **context: Any) -> dict[str, Any]:
    """The checked body of the request. Raises ValidationError."""
    sent = kind(data=view.request.data, context=view.context() | context)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


def page_response(
    view: DeskView,
    rows: QuerySet[M],
    order: Order,
    query: dict[str, Any],
    form: type[serializers.Serializer[Any]],
    *,
    prepare: Callable[[list[M]], Any] = list,
) -> Response:
    """One page of rows, written in that form after `prepare`, and the address of the next one."""
    found, cursor = read_page(rows, order, cursor=query.get("cursor", ""), limit=query["limit"])
    here = view.request.build_absolute_uri()
    after = replace_query_param(here, "cursor", cursor) if cursor else None
    written = form(prepare(found), many=True, context=view.context()).data
    return Response({"next": after, "results": written})


def page_schema(name: str, row: type[serializers.BaseSerializer[Any]]) -> type[serializers.Serializer[Any]]:
    """The form of a page of such rows, for the documentation."""
    words = _("The address of the next page; null on the last.")
    fields = {"next": serializers.URLField(allow_null=True, help_text=words), "results": row(many=True)}
    return type(name, (serializers.Serializer,), fields)
