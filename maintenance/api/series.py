"""Recurring maintenance through the API: begun, changed and ended as on the pages. For staff alone."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsStaffMember
from maintenance.api import series_forms as forms
from maintenance.models import Series
from maintenance.services import series as services
from maintenance.services.series import SeriesTerms
from maintenance.views.series import with_next_start

BY_TITLE = Order("title", [Key("title"), Key("id")])
PLAN = [
    *CHANGE,
    "notice_too_short",
    "service_taken",
    "wrong_time",
    "not_enough_said",
    "bad_rule",
]


class SeriesView(DeskView):
    """A view about recurring maintenance of the desk."""

    permission_classes = (IsStaffMember,)

    def rows(self) -> QuerySet[Series]:
        """With what is written of them."""
        rows = Series.objects.filter(tenant_id=self.membership.tenant_id)
        rows = rows.select_related("responsible").prefetch_related("services")
        return with_next_start(rows, timezone.now())

    def get_series(self, series_id: int) -> Series:
        """Raises Http404."""
        found: Series = get_object_or_404(self.rows(), pk=series_id)
        return found

    def answer(self, series_id: int, code: int = status.HTTP_200_OK) -> Response:
        """The series as it is now."""
        shown = forms.SeriesSerializer(self.get_series(series_id), context=self.context())
        return Response(shown.data, status=code)


class AllSeries(SeriesView):
    @operation(
        _("List recurring maintenance"),
        name="list_series",
        group="maintenance",
        answers={200: forms.SeriesPage},
        refused=["invalid", "not_allowed"],
        parameters=[forms.SeriesQuery],
        description=_("By title; the occurrences are windows: list those of one with “series”."),
    )
    def get(self, request: Request) -> Response:
        query, rows = read_query(self, forms.SeriesQuery), self.rows()
        if query["running"] is not None:
            rows = rows.filter(ended_at__isnull=query["running"])
        return page_response(self, rows, BY_TITLE, query, forms.SeriesSerializer)

    @operation(
        _("Begin recurring maintenance"),
        name="begin_series",
        group="maintenance",
        answers={201: forms.SeriesSerializer},
        refused=PLAN,
        request=forms.SeriesInput,
        description=_(
            "Its occurrences of the next months are scheduled; customers are told of each in time."
        ),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, forms.SeriesInput)
        made = services.begin_series(terms=SeriesTerms(**values), by=self.membership, at=timezone.now())
        return self.answer(made.pk, status.HTTP_201_CREATED)


class ShowSeries(SeriesView):
    @operation(
        _("Show recurring maintenance"),
        name="show_series",
        group="maintenance",
        answers={200: forms.SeriesSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request, series_id: int) -> Response:
        return self.answer(series_id)

    @operation(
        _("Change recurring maintenance"),
        name="change_series",
        group="maintenance",
        answers={200: forms.SeriesSerializer},
        refused=[*PLAN, "edited_meanwhile", "series_ended"],
        request=forms.ChangeSeriesInput,
        description=_(
            "What is left out stays. Occurrences ahead follow, unless somebody changed them by themselves or "
            "customers could not be told in time."
        ),
    )
    def patch(self, request: Request, series_id: int) -> Response:
        series, values = self.get_series(series_id), read_input(self, forms.ChangeSeriesInput)
        seen = values.pop("seen")
        terms = replace(services.terms_of_series(series), **values)
        services.change_series(series=series, terms=terms, seen=seen, by=self.membership, at=timezone.now())
        return self.answer(series_id)


class EndSeries(SeriesView):
    @operation(
        _("End recurring maintenance"),
        name="end_series",
        group="maintenance",
        answers={200: forms.SeriesSerializer},
        refused=[*CHANGE, "series_ended"],
        request=forms.EndSeriesInput,
        description=_("What has not begun is cancelled; whoever was told of it is told why."),
    )
    def post(self, request: Request, series_id: int) -> Response:
        series, values = self.get_series(series_id), read_input(self, forms.EndSeriesInput)
        services.end_series(series=series, by=self.membership, at=timezone.now(), **values)
        return self.answer(series_id)
