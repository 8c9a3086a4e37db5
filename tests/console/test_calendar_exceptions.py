"""Ranges, half days and days of every year in the calendar's form."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import formats

from accounts.models import Membership
from sla.models import SupportCalendar
from tests.console.forms import calendar_form
from tests.factories import Desk, DeskClient

Login = Callable[[Membership], DeskClient]
PAGE = "/console/calendars/new/"


def exception(number: int, day: str, **more: str) -> dict[str, str]:
    return {f"exception_{number}_date": day} | {
        f"exception_{number}_{key}": said for key, said in more.items()
    }


def spec_of(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = SupportCalendar.objects.get(name=name).versions.latest("number").spec
    return spec


DAYS = {
    **exception(0, "2027-07-05", until="2027-07-16", name="Summer break"),
    **exception(1, "2026-12-24", until="2026-12-26", name="Christmas", yearly="on"),
    **exception(2, "2026-12-31", yearly="on", **{"0_opens": "9", "0_closes": "12"}),
    **exception(3, "2027-03-01", name="Short day", **{"0_opens": "9", "0_closes": "12"}),
}


def test_ranges_and_yearly_days_are_kept_as_such(desk: Desk, login: Login) -> None:
    login(desk.admin).post(PAGE, calendar_form(exceptions="4", **DAYS))
    spec = spec_of("Shop hours")
    assert spec["ranges"] == [{"from": "2027-07-05", "to": "2027-07-16", "name": "Summer break", "hours": []}]
    assert spec["yearly"] == {
        "12-24": {"to": "12-26", "name": "Christmas", "hours": []},
        "12-31": {"name": "", "hours": [["09:00", "12:00"]]},
    }
    assert spec["overrides"] == {"2027-03-01": {"name": "Short day", "hours": [["09:00", "12:00"]]}}


def test_the_form_shows_them_again_and_saving_changes_nothing(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    client.post(PAGE, calendar_form(exceptions="4", **DAYS))
    calendar = SupportCalendar.objects.get(name="Shop hours")
    address = f"/console/calendars/{calendar.pk}/edit/"
    page = client.get(address).content.decode()
    assert 'name="exception_1_until" value="2027-07-16"' in page
    assert re.search(r'<input[^>]*name="exception_2_yearly"[^>]*checked', page)
    assert not re.search(r'<input[^>]*name="exception_1_yearly"[^>]*checked', page)
    client.post(address, calendar_form(seen_number="1", exceptions="4", **DAYS))
    assert calendar.versions.count() == 1


def test_the_page_lists_them_in_words(desk: Desk, login: Login) -> None:
    days = DAYS | exception(4, "2028-02-29", name="Leap day", yearly="on")
    page = login(desk.admin).post(PAGE, calendar_form(exceptions="5", **days), follow=True).content.decode()
    eve, boxing_day, leap_day = (
        formats.date_format(date(2028, month, day), "MONTH_DAY_FORMAT")
        for month, day in ((12, 24), (12, 26), (2, 29))
    )
    for words in (f"{eve} \u2013 {boxing_day}, every year", f"{leap_day}, in leap years", "Summer break"):
        assert words in page


@pytest.mark.parametrize(
    ("days", "place", "words"),
    [
        (exception(0, "2027-07-05", until="2027-07-04"), "exception_0_until", "must not be before the first"),
        (exception(0, "2027-07-05", until="2029-07-04"), "exception_0_until", "At most a year"),
        (
            exception(0, "2026-07-05", until="2027-07-05", yearly="on"),
            "exception_0_until",
            "At most a year",
        ),
        ({"exception_0_until": "2027-07-05"}, "exception_0_date", "Say on which date"),
        (
            exception(0, "2027-07-05", until="2027-07-09") | exception(1, "2027-07-09", until="2027-07-11"),
            "exception_1_date",
            "Another exception has some of these days",
        ),
        (
            exception(0, "2026-12-31", until="2027-01-02", yearly="on")
            | exception(1, "2030-01-01", yearly="on"),
            "exception_1_date",
            "Another exception has some of these days",
        ),
    ],
)
def test_days_that_cannot_be_are_said_beside_the_field_and_kept(
    desk: Desk, login: Login, days: dict[str, str], place: str, words: str
) -> None:
    response = login(desk.admin).post(PAGE, calendar_form(exceptions="2", **days))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'href="#id_{place}"' in page
    assert all(f'value="{value}"' in page for value in days.values() if value != "on")
    assert SupportCalendar.objects.count() == 1


def test_a_day_inside_a_range_and_one_of_every_year_may_stand_beside_it(desk: Desk, login: Login) -> None:
    days = {
        **exception(0, "2026-12-20", until="2026-12-31", name="Break"),
        **exception(1, "2026-12-24", **{"0_opens": "9", "0_closes": "12"}),
        **exception(2, "2026-12-24", yearly="on"),
    }
    login(desk.admin).post(PAGE, calendar_form(exceptions="3", **days))
    assert spec_of("Shop hours")["yearly"] == {"12-24": {"name": "", "hours": []}}


def test_a_calendar_that_every_day_of_the_year_closes_is_refused(desk: Desk, login: Login) -> None:
    days = exception(0, "2026-01-01", until="2026-06-30", yearly="on")
    days |= exception(1, "2026-07-01", until="2026-12-31", yearly="on")
    response = login(desk.admin).post(PAGE, calendar_form(exceptions="2", **days))
    assert response.status_code == 422
    assert "These hours never open" in response.content.decode()


def test_two_hundred_exceptions_can_be_saved(desk: Desk, login: Login) -> None:
    data = calendar_form(exceptions="200")
    for number in range(200):
        data |= exception(number, f"{2030 + number // 28}-02-{number % 28 + 1:02}", until="", name="")
        data |= {f"exception_{number}_{slot}_{part}": "" for slot in (0, 1) for part in ("opens", "closes")}
    assert login(desk.admin).post(PAGE, data).status_code == 302
    assert len(spec_of("Shop hours")["overrides"]) == 200
