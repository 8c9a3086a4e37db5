"""The pages of recurring maintenance, and its rules in words."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import tenant_scope
from maintenance.models import Series, Window
from maintenance.rule_words import PATTERNS, pattern_of, rule_of, rule_words
from tests.factories import Desk, browser_of, build_desk
from tests.maintenance.windows import desk_service, promise_notice


@pytest.fixture
def desk(db: None) -> Any:
    built = build_desk()
    with tenant_scope(built.tenant.pk):
        promise_notice(built)
        yield built


def form(desk: Desk, **changes: Any) -> dict[str, Any]:
    first = timezone.localdate() + timedelta(days=10)
    values = {
        "title": "Monthly patches",
        "kind": "security",
        "impact": "degraded",
        "services": [desk_service(desk).pk],
        "first_date": first.isoformat(),
        "starts_at_time": "02:00",
        "minutes": "120",
        "zone": "America/New_York",
        "pattern": "month_weekday",
        "starts_by_itself": "on",
    }
    return {**values, **changes}


def body(response: Any, status: int = 200) -> str:
    text = response.content.decode()
    assert response.status_code == status, text[-2000:]
    return str(text)


@pytest.mark.parametrize(
    ("first", "pattern", "rule", "words"),
    [
        (date(2026, 12, 6), "month_weekday", "FREQ=MONTHLY;BYDAY=1SU", "The first Sunday of the month"),
        (date(2026, 11, 29), "month_weekday", "FREQ=MONTHLY;BYDAY=-1SU", "The last Sunday of the month"),
        (date(2026, 12, 8), "week", "FREQ=WEEKLY;BYDAY=TU", "Every Tuesday"),
        (date(2026, 12, 8), "fortnight", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Every second Tuesday"),
        (date(2026, 12, 8), "month_date", "FREQ=MONTHLY;BYMONTHDAY=8", "Day 8 of the month"),
        (
            date(2026, 12, 8),
            "quarter",
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU",
            "The second Tuesday of every third month",
        ),
    ],
)
def test_patterns_follow_from_the_first_day(first: date, pattern: str, rule: str, words: str) -> None:
    assert rule_of(pattern, first) == rule
    assert pattern_of(rule, first) == pattern
    assert rule_words(rule, first) == words


def test_other_rules_stand_as_they_are_written() -> None:
    rule = "FREQ=MONTHLY;BYDAY=1SU,3SU"
    assert pattern_of(rule, date(2026, 12, 6)) == "own"
    assert rule_words(rule, date(2026, 12, 6)) == rule
    assert len(PATTERNS) == 6


def test_series_is_begun_changed_and_ended(desk: Desk) -> None:
    agent = browser_of(desk.agent)
    assert agent.post("/maintenance/recurring/new/", form(desk)).status_code == 303
    series = Series.objects.get()
    assert Window.objects.filter(series=series).count() >= 3
    page = body(agent.get(f"/maintenance/recurring/{series.pk}/"))
    assert "02:00 New York" in page
    assert "of the month" in page
    assert "Monthly patches" in body(agent.get("/maintenance/recurring/"))
    window = Window.objects.filter(series=series).first()
    assert window is not None
    assert "Monthly patches" in body(agent.get(f"/maintenance/{window.pk}/"))

    edit = f"/maintenance/recurring/{series.pk}/edit/"
    assert 'value="month_weekday" selected' in body(agent.get(edit))
    changes = form(desk, title="Patches", starts_at_time="03:00", seen=series.version)
    assert agent.post(edit, changes).status_code == 303
    assert Series.objects.get().title == "Patches"
    assert "Somebody else has changed this" in body(agent.post(edit, changes), 409)

    end = f"/maintenance/recurring/{series.pk}/end/"
    assert agent.post(end, {"why": "No longer needed"}).status_code == 303
    assert not Window.objects.filter(series=series, status="scheduled").exists()
    assert "Ended" in body(agent.get("/maintenance/recurring/"))


def test_rule_without_days_is_refused_beside_its_field(desk: Desk) -> None:
    agent = browser_of(desk.agent)
    wrong = agent.post("/maintenance/recurring/new/", form(desk, pattern="own", rule="FREQ=HOURLY"))
    assert "This rule names no days" in body(wrong, 422)
    missing = agent.post("/maintenance/recurring/new/", form(desk, pattern="own", rule=""))
    assert "Write the rule." in body(missing, 422)
    early = agent.post("/maintenance/recurring/new/", form(desk, last_date="2026-01-01"))
    assert "The last day must not be before the first." in body(early, 422)


def test_customers_never_open_a_series(desk: Desk) -> None:
    browser_of(desk.agent).post("/maintenance/recurring/new/", form(desk))
    series = Series.objects.get()
    contact = browser_of(desk.contact)
    for path in ("", "new/", f"{series.pk}/", f"{series.pk}/edit/", f"{series.pk}/end/"):
        assert contact.get(f"/maintenance/recurring/{path}").status_code == 403
