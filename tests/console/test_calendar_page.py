"""A calendar's page: months drawn with their totals, and warnings about hours that run out."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import formats, timezone

from accounts.models import Membership
from sla import services as sla
from sla.calendar_spec import parse_spec
from sla.drawn_months import drawn_months
from sla.models import CalendarVersion, SupportCalendar
from sla.terms import reading, versions
from tests.factories import FOUNDED, KARACHI, Desk, DeskClient, new_ticket

Login = Callable[[Membership], DeskClient]
NOW = datetime(2026, 12, 10, 8, tzinfo=UTC)
SPEC = KARACHI | {
    "holidays": {"2026-12-25": "Quaid-e-Azam Day"},
    "overrides": {"2026-12-31": {"name": "Stocktaking", "hours": [["09:00", "12:30"]]}},
    "yearly": {"02-14": {"name": "Founder's day", "hours": []}},
}


@pytest.fixture(autouse=True)
def _a_day_in_december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def forget_compiled() -> None:
    """Rows of versions never change, so what was read of them is kept; these tests change them."""
    versions._compiled.cache_clear()
    reading._read_once.cache_clear()


def page_of(client: DeskClient, calendar: SupportCalendar) -> str:
    response = client.get(f"/console/calendars/{calendar.pk}/")
    assert response.status_code == 200
    return str(response.content.decode())


def make(desk: Desk, spec: dict[str, Any], **more: str) -> SupportCalendar:
    return sla.create_calendar(tenant_id=desk.tenant.pk, name="Drawn", spec=spec, at=FOUNDED, **more)  # type: ignore[arg-type]


def test_three_months_are_tables_with_totals_and_named_days(desk: Desk, login: Login) -> None:
    page = page_of(login(desk.admin), make(desk, SPEC))
    titles = re.findall(r"<caption><strong>([^<]+)</strong> <span>([^<]+)</span>", page)
    assert titles == [
        ("December 2026", "228 h 30 min of business time on 26 days"),
        ("January 2027", "234 business hours on 26 days"),
        ("February 2027", "216 business hours on 24 days"),
    ]
    assert len(re.findall(r'<td class="month-day', page)) == 31 + 31 + 28
    assert 'class="month-day month-open month-today" aria-current="date"' in page
    for words in ("Quaid-e-Azam Day: Closed", "Stocktaking: 09:00\u201312:30"):
        assert words in page, "said to those who do not see the drawing"


def test_a_day_has_its_kind_and_its_hours() -> None:
    months = drawn_months(parse_spec(SPEC), NOW.date())
    days = {day.day.isoformat(): day for month in months for week in month.weeks for day in week if day}
    kinds = {day: (days[day].kind, days[day].hours) for day in ("2026-12-24", "2026-12-25", "2026-12-27")}
    assert kinds == {"2026-12-24": ("open", "9"), "2026-12-25": ("closed", ""), "2026-12-27": ("off", "")}
    assert (days["2026-12-31"].kind, days["2026-12-31"].hours) == ("changed", "3:30")
    assert (days["2027-02-14"].kind, days["2027-02-14"].name) == ("closed", "Founder's day")
    assert [len(week) for month in months for week in month.weeks] == [7] * 14


def test_a_month_of_a_changed_clock_has_its_real_hours() -> None:
    week = {str(day): [["00:00", "24:00"]] for day in range(7)}
    months = drawn_months(parse_spec({"tz": "Europe/Madrid", "week": week}), date(2026, 3, 1))
    assert months[0].total == "743 business hours on 31 days", "an hour less in March"


def test_no_warning_where_nothing_runs_out(desk: Desk, login: Login) -> None:
    assert 'class="notice' not in page_of(login(desk.admin), make(desk, SPEC)).partition("<main")[2]


def test_thirty_days_without_hours_are_a_warning(desk: Desk, login: Login) -> None:
    closed = {"from": "2026-12-05", "to": "2027-01-20", "name": "Moving house", "hours": []}
    page = page_of(login(desk.admin), make(desk, KARACHI | {"ranges": [closed]}))
    opens = formats.date_format(date(2027, 1, 21), "DATE_FORMAT")
    assert f"no hours in the next 30 days. The next opening is on {opens}." in page


def test_a_calendar_that_never_opens_again_is_a_warning_and_no_error(desk: Desk, login: Login) -> None:
    calendar = make(desk, SPEC)
    CalendarVersion.objects.filter(calendar=calendar).update(
        spec={"tz": "UTC", "week": {}, "overrides": {"2020-01-01": [["09:00", "10:00"]]}}
    )
    client = login(desk.admin)
    assert "never opens again" in page_of(client, calendar)
    for address in (f"{calendar.pk}/edit/", f"{calendar.pk}/versions/1/", ""):
        assert client.get(f"/console/calendars/{address}").status_code == 200


def test_hours_that_cannot_be_read_are_a_warning_and_no_error(desk: Desk, login: Login) -> None:
    calendar = make(desk, SPEC)
    CalendarVersion.objects.filter(calendar=calendar).update(spec={"tz": "Mars/Olympus", "week": {}})
    client = login(desk.admin)
    assert "cannot be read" in page_of(client, calendar)
    for address in (f"{calendar.pk}/edit/", f"{calendar.pk}/versions/1/", ""):
        assert client.get(f"/console/calendars/{address}").status_code == 200


@pytest.mark.parametrize(
    "case",
    [
        ("2026-12-10", "2027-03-23", ""),
        ("2027-02-01", "2027-03-23", "The public holidays reach to {}."),
        ("2026-12-10", "2026-03-23", "The public holidays end on {}, and the next ones are not known."),
        ("2026-12-10", "2025-03-23", "The public holidays ended on {}:"),
    ],
)
def test_public_holidays_that_run_out_are_a_warning(
    desk: Desk, login: Login, monkeypatch: pytest.MonkeyPatch, case: tuple[str, str, str]
) -> None:
    today, last_holiday, words = case
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(f"{today}T08:00Z"))
    calendar = make(desk, KARACHI, holiday_country="PK")
    CalendarVersion.objects.filter(calendar=calendar).update(
        spec=KARACHI | {"holidays": {last_holiday: "Pakistan Day"}, "overrides": {}}
    )
    page = page_of(login(desk.admin), calendar).partition("<main")[2]
    day = formats.date_format(date(int(last_holiday[:4]), 12, 31), "DATE_FORMAT")
    assert words.format(day) in page
    assert words or "The public holidays " not in page


def test_the_page_costs_the_same_for_few_days_and_for_many(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    calendar = make(desk, SPEC)
    page_of(client, calendar)
    days = {f"2027-01-{day:02}": {"name": "Day", "hours": []} for day in range(1, 31)}
    busy = sla.create_calendar(
        tenant_id=desk.tenant.pk, name="Busy", spec=SPEC | {"overrides": days}, at=FOUNDED
    )
    page_of(client, busy)
    counts = []
    for one in (calendar, busy):
        with CaptureQueriesContext(connection) as queries:
            page_of(client, one)
        counts.append(len(queries))
    assert counts[0] == counts[1] < 15


def test_tickets_under_a_calendar_that_ran_out_say_so_and_are_shown(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    CalendarVersion.objects.filter(calendar=desk.calendar).update(
        spec={"tz": "UTC", "week": {}, "overrides": {"2020-01-01": [["09:00", "10:00"]]}}
    )
    forget_compiled()
    agent = login(desk.agent)
    page = agent.get(f"/tickets/{ticket.number}/").content.decode()
    assert "The calendar “Office hours” never opens again, so this cannot be reckoned." in page
    clocks = agent.get(f"/api/v1/tickets/{ticket.number}/clocks/").json()["results"]
    assert clocks[0]["words"][0]["what"].startswith("The calendar “Office hours” never opens again")
    assert login(desk.contact).get(f"/tickets/{ticket.number}/").status_code == 200
    forget_compiled()
