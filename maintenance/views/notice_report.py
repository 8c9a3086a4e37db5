"""Notice promised and given: what each customer's plan said, and when it was told (policy clause S5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.door import staff_required
from accounts.requests import DeskRequest
from maintenance.lifecycle import ANNOUNCED
from maintenance.models import Concern, WindowCustomer
from maintenance.promised import HOUR

DAYS = {"30": 30, "90": 90, "365": 365}


@dataclass(frozen=True)
class Given:
    """A customer's row of a window; hours of notice given, rounded down, None: it was not told before."""

    row: WindowCustomer
    hours: int | None

    @property
    def is_kept(self) -> bool:
        promised: int | None = self.row.promised_hours
        return promised is None or (self.hours is not None and self.hours >= promised)


@staff_required
@require_safe
def notice_report(request: DeskRequest) -> HttpResponse:
    """Every window that was announced, with its customers; `show=short` for those that got less."""
    days = request.GET.get("days", "90")
    days = days if days in DAYS else "90"
    only_short = request.GET.get("show") == "short"
    since = timezone.now() - timedelta(days=DAYS[days])
    rows = WindowCustomer.objects.filter(tenant=request.tenant, window__starts_at__gte=since)
    rows = rows.filter(window__sequence__gt=0, window__status__in=ANNOUNCED)
    rows = rows.exclude(concern=Concern.LEFT_OUT)
    rows = rows.select_related("window", "customer").order_by("-window__starts_at", "customer__name", "pk")
    lines = [given(row) for row in rows]
    context = {
        "days": days,
        "choices": list(DAYS),
        "only_short": only_short,
        "count": len(lines),
        "short": sum(not line.is_kept for line in lines),
        "emergencies": len({line.row.window_id for line in lines if line.row.window.is_emergency}),
        "lines": [line for line in lines if not (only_short and line.is_kept)][:500],
    }
    return render(request, "maintenance/notice_report.html", context)


def given(row: WindowCustomer) -> Given:
    """The notice that a customer was given."""
    if row.told_at is None:
        return Given(row, None)
    return Given(row, max(timedelta(0), row.window.starts_at - row.told_at) // HOUR)
