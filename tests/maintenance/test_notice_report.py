"""The report of notice promised and given, as staff read it."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tenancy import tenant_scope
from maintenance.models import Window, WindowCustomer
from maintenance.services.series import SeriesTerms, begin_series, end_series
from maintenance.services.windows import cancel_window
from maintenance.sweep import sweep_tenant
from maintenance.views import notice_report
from tests.factories import Desk, browser_of, build_desk, new_service
from tests.maintenance.windows import promise_notice, scheduled_window

LINE = re.compile(r'class="row-link"[^>]*>(.*?)</a>.*?data-label="Customer">(.*?)<', re.DOTALL)
NONE_SHORT = '<span class="stat-label">Too short</span><strong class="stat-value">0<'
OLDER = re.compile(r'rel="next" href="[^"]*cursor=([^"&]+)')


@pytest.fixture
def desk(db: None) -> Any:
    """Plans promise 72 hours."""
    built = build_desk()
    with tenant_scope(built.tenant.pk):
        promise_notice(built)
        yield built


def in_hours(hours: float) -> datetime:
    return (timezone.now() + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)


def report(desk: Desk, query: str = "") -> str:
    response = browser_of(desk.agent).get(f"/maintenance/notice/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def weekly(desk: Desk, first: date) -> Any:
    terms = SeriesTerms(
        title="Weekly patches",
        kind="security",
        impact="down",
        rule="FREQ=WEEKLY",
        zone="UTC",
        first_date=first,
        starts_at_time=time(2, 0),
        minutes=60,
        services=[new_service(desk, "Mail")],
        checklist=[],
    )
    return begin_series(terms=terms, by=desk.agent, at=timezone.now())


def test_occurrences_that_are_not_due_to_be_told_break_no_promise(desk: Desk) -> None:
    series = weekly(desk, timezone.now().date() + timedelta(days=5))
    told = Window.objects.filter(told_at__isnull=False).count()
    assert 1 <= told < Window.objects.count()
    text = report(desk)
    assert NONE_SHORT in text
    assert [name for _title, name in LINE.findall(text)].count("Calm Carpets") == told
    end_series(series=series, by=desk.agent, at=timezone.now())
    text = report(desk)
    assert NONE_SHORT in text
    assert [name for _title, name in LINE.findall(text)].count("Calm Carpets") == told, (
        "what was called off before anybody heard is not counted"
    )
    assert "Calm Carpets" not in report(desk, "?show=short")


def test_whom_the_worker_told_too_late_is_shown_and_whom_it_told_in_time_is_not(desk: Desk) -> None:
    window = weekly(desk, timezone.now().date() + timedelta(days=30)).windows.order_by("starts_at").first()
    late, early = window.starts_at - timedelta(hours=71), window.starts_at - timedelta(hours=72)
    sweep_tenant(now=late)
    rows = WindowCustomer.objects.filter(window=window)
    assert rows.filter(told_at=late).count() == 2
    rows.filter(customer=desk.customer).update(told_at=early)
    text = report(desk, "?show=short")
    assert "71 h" in text
    assert "Bright Bakery" not in text
    assert "Bright Bakery" in report(desk)


def test_cancelled_windows_that_were_told_of_stay_in_the_report(desk: Desk) -> None:
    window = scheduled_window(desk, starts_at=in_hours(100), at=timezone.now())
    cancel_window(window=window, why="Not needed", by=desk.agent, at=timezone.now())
    assert "Bright Bakery" in report(desk)


def test_all_lines_are_counted_and_reached_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_report, "PAGE_SIZE", 3)
    for number in range(3):
        scheduled_window(
            desk, title=f"Work {number}", starts_at=in_hours(100 + 9 * number), at=timezone.now()
        )
    client, cursor, seen, counts = browser_of(desk.agent), "", [], set()
    for _page in range(2):
        with CaptureQueriesContext(connection) as queries:
            text = client.get("/maintenance/notice/", {"days": "30", "cursor": cursor}).content.decode()
        counts.add(len(queries))
        assert '<strong class="stat-value">6</strong>' in text
        seen += LINE.findall(text)
        later = OLDER.search(text)
        cursor = later[1] if later else ""
    assert not cursor
    assert len(seen) == len(set(seen)) == WindowCustomer.objects.count() == 6
    assert len(counts) == 1
