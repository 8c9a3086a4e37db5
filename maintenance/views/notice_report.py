"""The page of notice promised and given (`maintenance.notice_given`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.door import staff_required
from accounts.keyset import keyset_page
from accounts.requests import DeskRequest
from maintenance.models import WindowCustomer
from maintenance.notice_given import hours_given, is_kept, notices_given, only_short, totals_of

DAYS = {"30": 30, "90": 90, "365": 365}
PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """A customer's row of a window; hours of notice given, None: it was not told before."""

    row: WindowCustomer
    hours: int | None
    is_kept: bool


@staff_required
@require_safe
def notice_report(request: DeskRequest) -> HttpResponse:
    """Every window that was told of, with its customers; `show=short` for those that got less."""
    days = request.GET.get("days", "90")
    days = days if days in DAYS else "90"
    shows_short = request.GET.get("show") == "short"
    since = timezone.now() - timedelta(days=DAYS[days])
    rows = notices_given(request.membership.tenant_id, since=since)
    shown = (only_short(rows) if shows_short else rows).select_related("window", "customer")
    order = ["-begins", "-window_id", "-id"]
    page = keyset_page(shown, order, request.GET.get("cursor", ""), size=PAGE_SIZE)
    context = {
        "days": days,
        "choices": list(DAYS),
        "only_short": shows_short,
        "totals": totals_of(rows),
        "page": page,
        "lines": [Line(row, hours_given(row), is_kept(row)) for row in page.rows],
    }
    return render(request, "maintenance/notice_report.html", context)
