"""The lists of windows, for staff and for customers: what is coming, what was, page by page."""

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import tenant_scope
from maintenance.models import Window
from maintenance.services.series import SeriesTerms, begin_series, end_series
from maintenance.services.windows import cancel_window
from maintenance.views import windows
from tests.factories import Desk, browser_of, build_desk, new_service
from tests.maintenance.windows import new_window, scheduled_window

TITLE = re.compile(r'class="row-link"[^>]*>(.*?)</a>')
OLDER = re.compile(r'rel="next" href="([^"]+)"')


@pytest.fixture
def desk(db: None) -> Any:
    built = build_desk()
    with tenant_scope(built.tenant.pk):
        yield built


def in_hours(hours: float) -> datetime:
    return (timezone.now() + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)


def titles(client: Any, query: str = "") -> list[str]:
    """The windows on a list and on all pages behind it."""
    found = []
    while True:
        text = client.get(f"/maintenance/{query}").content.decode()
        found += TITLE.findall(text)
        older = OLDER.search(text)
        if older is None:
            return found
        query = older[1].replace("&amp;", "&")


def daily(desk: Desk) -> Any:
    terms = SeriesTerms(
        title="Daily patches",
        kind="security",
        impact="down",
        rule="FREQ=DAILY",
        zone="UTC",
        first_date=timezone.now().date() + timedelta(days=12),
        starts_at_time=time(2, 0),
        minutes=60,
        services=[new_service(desk, "Mail")],
    )
    return begin_series(terms=terms, by=desk.agent, at=timezone.now())


def test_a_series_fills_neither_list_with_what_nobody_heard_of(desk: Desk) -> None:
    agent, contact = browser_of(desk.agent), browser_of(desk.contact)
    series = daily(desk)
    told = Window.objects.filter(told_at__isnull=False)
    unheard = Window.objects.filter(told_at=None).first()
    assert unheard is not None
    assert 1 <= told.count() < Window.objects.count()
    assert titles(contact) == ["Daily patches"] * told.count()
    assert contact.get(f"/maintenance/{unheard.pk}/").status_code == 404
    assert len(titles(agent)) == Window.objects.count()
    end_series(series=series, by=desk.agent, at=timezone.now())
    assert titles(contact, "?show=past") == ["Daily patches"] * told.count()
    assert titles(agent, "?show=past") == ["Daily patches"] * told.count()


def test_what_was_called_off_by_hand_stays_in_the_past_of_staff(desk: Desk) -> None:
    unheard = daily(desk).windows.filter(told_at=None).first()
    cancel_window(window=unheard, why="Not that day", by=desk.agent, at=timezone.now())
    draft = new_window(desk, title="A draft", starts_at=in_hours(90), at=timezone.now())
    cancel_window(window=draft, why="", by=desk.agent, at=timezone.now())
    assert sorted(titles(browser_of(desk.agent), "?show=past")) == ["A draft", "Daily patches"]
    assert titles(browser_of(desk.contact), "?show=past") == []


def test_customers_reach_all_that_concerns_them(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MOST_COMING", 2)
    monkeypatch.setattr(windows, "MOST_PAST", 1)
    monkeypatch.setattr(windows, "PAGE_SIZE", 2)
    contact, now = browser_of(desk.contact), timezone.now()
    made = [
        scheduled_window(desk, title=f"Work {number}", starts_at=in_hours(100 + 9 * number), at=now)
        for number in range(6)
    ]
    text = contact.get("/maintenance/").content.decode()
    assert TITLE.findall(text) == ["Work 0", "Work 1"]
    assert "?show=coming" in text
    assert "?show=past" not in text
    assert titles(contact, "?show=coming") == [f"Work {number}" for number in range(6)]
    assert "when it is over" in contact.get("/maintenance/?show=past").content.decode()
    for window in made[3:]:
        cancel_window(window=window, why="Not needed", by=desk.agent, at=now)
    text = contact.get("/maintenance/").content.decode()
    assert TITLE.findall(text) == ["Work 0", "Work 1", "Work 5"]
    assert "?show=past" in text
    assert titles(contact, "?show=past") == ["Work 5", "Work 4", "Work 3"]
