"""Recurring maintenance: what recurs, one of it with its occurrences, and what staff do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Min, Prefetch, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.door import staff_required
from accounts.humantime import zone_city
from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, kept
from maintenance.lifecycle import BLOCKING, Status
from maintenance.models import Series, Window
from maintenance.rule_words import rule_words
from maintenance.series_forms import EndSeriesForm, SeriesForm
from maintenance.services import series as services
from maintenance.services.errors import MaintenanceRuleBroken, NoticeTooShort, Overtaken
from maintenance.views.window_drafting import save_over
from tickets.models import Service

METHODS = ["GET", "HEAD", "POST"]
MOST_AHEAD = 20


@dataclass(frozen=True)
class ShownSeries:
    """A series with its rule in words, and the start of its next occurrence."""

    row: Series
    words: str
    city: str

    @property
    def next_at(self) -> Any:
        return getattr(self.row, "next_at", None)


@staff_required
@require_safe
def series_list(request: DeskRequest) -> HttpResponse:
    """What recurs, then what has ended."""
    rows = with_next_start(_series(request), timezone.now())
    found = [shown(row) for row in rows.order_by("ended_at", "title", "pk")]
    context = {
        "running": [each for each in found if each.row.ended_at is None],
        "ended": [each for each in found if each.row.ended_at is not None],
    }
    return render(request, "maintenance/series_list.html", context)


@staff_required
@require_safe
def series(request: DeskRequest, series_id: int) -> HttpResponse:
    """One of it, with the occurrences ahead."""
    row = _find(request, series_id)
    windows = Window.objects.filter(series=row, starts_at__gt=timezone.now() - timedelta(days=1))
    windows = windows.filter(Q(status__in=BLOCKING) | Q(status=Status.DRAFT) | Q(is_apart=True))
    context = {
        "shown": shown(row),
        "windows": list(windows.order_by("starts_at", "pk")[:MOST_AHEAD]),
        "now": timezone.now(),
    }
    return render(request, "maintenance/series.html", context)


@staff_required
@require_http_methods(METHODS)
def new_series(request: DeskRequest) -> HttpResponse:
    """Begin it: every occurrence of the next months is announced in its time."""
    me, zone = request.membership, request.tenant.time_zone
    if request.method != "POST":
        first = timezone.localdate() + timedelta(days=14)
        initial = {"zone": zone, "first_date": first, "minutes": 120, "starts_by_itself": True}
        initial |= {"pattern": "month_weekday", "starts_at_time": "02:00", "impact": "degraded"}
        return _form_page(request, SeriesForm(membership=me, zone=zone, initial=kept(request, initial)))
    form = SeriesForm(request.POST, membership=me, zone=zone)
    if not form.is_valid():
        return _form_page(request, form, status=UNPROCESSABLE)
    try:
        made = services.begin_series(terms=form.terms(), by=me, at=timezone.now())
    except MaintenanceRuleBroken as refused:
        return _refused(request, form, refused)
    messages.success(request, _("The recurring maintenance has begun."))
    return _to(made)


@staff_required
@require_http_methods(METHODS)
def edit_series(request: DeskRequest, series_id: int) -> HttpResponse:
    """Change it, and with it the occurrences ahead that nobody changed by themselves."""
    me, row = request.membership, _find(request, series_id)
    if row.ended_at is not None:
        return _to(row)
    terms = services.terms_of_series(row)
    if request.method != "POST":
        initial = kept(request, {"seen": row.version})
        return _form_page(
            request, SeriesForm(membership=me, zone=row.zone, terms=terms, initial=initial), row
        )
    form = SeriesForm(request.POST, membership=me, zone=row.zone, terms=terms)
    if not form.is_valid():
        return _form_page(request, form, row, status=UNPROCESSABLE)
    seen = form.cleaned_data["seen"] or 0
    try:
        services.change_series(series=row, terms=form.terms(), seen=seen, by=me, at=timezone.now())
    except MaintenanceRuleBroken as refused:
        return _refused(request, form, refused, row)
    messages.success(request, _("The recurring maintenance was saved."))
    return _to(row)


@staff_required
@require_http_methods(METHODS)
def end_series(request: DeskRequest, series_id: int) -> HttpResponse:
    """Let it recur no more."""
    me, row = request.membership, _find(request, series_id)
    if row.ended_at is not None:
        return _to(row)
    status = 200
    if request.method == "POST":
        form, status = EndSeriesForm(request.POST, membership=me), UNPROCESSABLE
        if form.is_valid():
            try:
                services.end_series(series=row, by=me, at=timezone.now(), **form.cleaned_data)
            except MaintenanceRuleBroken as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("The recurring maintenance has ended."))
                return _to(row)
    else:
        form = EndSeriesForm(membership=me, initial=take_text(request))
    context = {"series": row, "form": form}
    return render(request, "maintenance/series_end.html", context, status=status)


def _refused(
    request: DeskRequest, form: SeriesForm, refused: MaintenanceRuleBroken, row: Series | None = None
) -> HttpResponse:
    """What was entered, with the words of the rule; who was overtaken may save it again."""
    form.refuse(refused)
    if isinstance(refused, NoticeTooShort):
        first = services.first_day_in_time(form.terms(), refused.breaches, at=timezone.now())
        late = {"breaches": refused.breaches, "first_in_time": first if row is None else None}
        return _form_page(request, form, row, status=UNPROCESSABLE, **late)
    if row is None or not isinstance(refused, Overtaken):
        return _form_page(request, form, row, status=UNPROCESSABLE)
    row = _find(request, row.pk)
    save_over(form, row.version)
    return _form_page(request, form, row, status=CONFLICT, is_overtaken=True)


def _form_page(
    request: DeskRequest, form: SeriesForm, row: Series | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"form": form, "series": row}
    return render(request, "maintenance/series_form.html", context, status=status)


def with_next_start(rows: QuerySet[Series], now: datetime) -> QuerySet[Series]:
    """Each with `next_at`, the start of the next occurrence, None where there is none ahead."""
    ahead = Q(windows__status__in=BLOCKING, windows__starts_at__gt=now)
    return rows.annotate(next_at=Min("windows__starts_at", filter=ahead))


def shown(row: Series) -> ShownSeries:
    """A series as pages show it."""
    return ShownSeries(row, rule_words(row.rule, row.first_date), zone_city(ZoneInfo(row.zone)))


def _series(request: DeskRequest) -> Any:
    named = Service.objects.select_related("customer")
    return Series.objects.filter(tenant=request.tenant).prefetch_related(Prefetch("services", named))


def _find(request: DeskRequest, series_id: int) -> Series:
    row: Series = get_object_or_404(_series(request).select_related("responsible"), pk=series_id)
    return row


def _to(row: Series) -> HttpResponse:
    return HttpResponseRedirect(reverse("series", args=[row.pk]), status=303)
