"""The simulator on the pages of plans and calendars."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Membership
from sla.services import change_calendar, create_plan
from tests.factories import FOUNDED, KARACHI, Desk, DeskClient

Login = Callable[[Membership], DeskClient]
FRIDAY = {"priority": "critical", "metrics": ["first_response", "resolution"], "arrives": "2026-03-06T17:00"}
NEW_YORK: dict[str, Any] = {
    "tz": "America/New_York",
    "week": {str(day): [["00:00", "24:00"]] for day in range(7)},
}


def page_of(client: DeskClient, address: str, chosen: dict[str, Any] | None = None) -> str:
    """The page as text without its tags."""
    response = client.get(address, chosen or {})
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def plan_page(desk: Desk) -> str:
    return f"/console/plans/{desk.plan.pk}/simulator/"


def calendar_page(desk: Desk) -> str:
    return f"/console/calendars/{desk.calendar.pk}/simulator/"


def new_hours(desk: Desk, at: datetime = FOUNDED, **spec: Any) -> None:
    change_calendar(
        calendar=desk.calendar,
        seen_number=1,
        at=at,
        by=desk.admin,
        name="Office hours",
        spec=KARACHI | spec,
        holiday_country="",
        holiday_subdivision="",
        override_names={},
    )


def test_aim_limit_and_why_of_a_ticket_under_a_plan(desk: Desk, login: Login) -> None:
    page = page_of(login(desk.admin), plan_page(desk), FRIDAY)
    assert "Saturday 7 March 2026, 10:00 PKT" in page  # the aim: two hours later
    assert "Saturday 7 March 2026, 12:00 PKT" in page  # the limit: the desk works on Saturdays
    assert "our promise is 4 business hours from Fri 6 Mar, 17:00" in page
    assert "leave out the night" in page
    assert "Plan Gold, version 1 · Calendar Office hours, version 1 (Asia/Karachi)" in page


def test_times_stand_in_the_readers_zone_too(desk: Desk, login: Login) -> None:
    desk.admin.user.time_zone = "America/Mexico_City"
    desk.admin.user.save()
    page = page_of(login(desk.admin), plan_page(desk), FRIDAY)
    assert "Saturday 7 March 2026, 01:00 CST your time" in page
    assert "Saturday 7 March 2026, 12:00 PKT Karachi" in page


def test_a_pause_is_left_out_and_stops_no_response(desk: Desk, login: Login) -> None:
    pause = {"pause_from": "2026-03-07T09:00", "pause_to": "2026-03-07T11:00"}
    page = page_of(login(desk.admin), plan_page(desk), FRIDAY | pause)
    assert "2 h in which we waited" in page
    assert "The pause does not stop this one" in page
    assert "Saturday 7 March 2026, 12:00 PKT" in page


def test_without_a_choice_a_critical_ticket_arrives_now(desk: Desk, login: Login) -> None:
    page = login(desk.admin).get(plan_page(desk)).content.decode()
    assert '<option value="critical" selected>' in page
    assert page.count('type="checkbox" name="metrics"') == page.count("checked") == 3
    assert "How this deadline comes about" in page


def test_the_section_stands_on_the_pages_of_plan_and_calendar(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    for page, simulator in (
        (f"/console/plans/{desk.plan.pk}/", plan_page(desk)),
        (f"/console/calendars/{desk.calendar.pk}/", calendar_page(desk)),
    ):
        text = client.get(page).content.decode()
        assert f'action="/t/acme{simulator}"' in text
        assert 'id="simulated"' in text


def test_a_target_typed_by_hand_on_a_calendar(desk: Desk, login: Login) -> None:
    chosen = {"arrives": "2026-03-06T17:00", "unit": "business_days", "aim": "1", "limit": "2"}
    page = page_of(login(desk.admin), calendar_page(desk), chosen)
    assert "1 to 2 business days" in page
    assert "Monday 9 March 2026, 17:00 PKT" in page
    around = {"arrives": "2026-03-06T17:00", "unit": "elapsed_time", "aim": "", "limit": "1:30"}
    assert "Friday 6 March 2026, 18:30 PKT" in page_of(login(desk.admin), calendar_page(desk), around)


def test_a_holiday_is_named(desk: Desk, login: Login) -> None:
    new_hours(desk, holidays={"2026-03-07": "Founders' Day"})
    page = page_of(login(desk.admin), plan_page(desk), FRIDAY)
    assert "Closed: Founders&#39; Day" in page
    assert "leave out the weekend and Founders&#39; Day (7 Mar)" in page
    assert "calendar Office hours, version 2".casefold() in page.casefold()


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"arrives": ""}, "Say on which day and at what time it arrives."),
        ({"arrives": "soon"}, "“soon” is not a date with a time"),
        ({"arrives": "2026-02-30T10:00"}, "is not a date with a time"),
        ({"arrives": "9999-01-01T10:00"}, "Choose a year from 2000 to 2100."),
        ({"pause_from": "2026-03-07T09:00"}, "Say when the pause begins and when it ends"),
        ({"pause_from": "2026-03-07T09:00", "pause_to": "2026-03-07T09:00"}, "must end after it begins"),
        ({"metrics": []}, "Choose at least one promise."),
        ({"priority": "urgent"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    desk: Desk, login: Login, chosen: dict[str, Any], words: str
) -> None:
    page = login(desk.admin).get(plan_page(desk), FRIDAY | chosen).content.decode()
    assert words in page
    beside = re.findall(r'id="simulate_(\w+)_wrong" aria-live="polite"><p class="field-error"', page)
    assert beside == ["pause_to"] if "pause_from" in chosen else beside == list(chosen)
    assert "How this deadline comes about" not in page


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"limit": "soon"}, "“soon” is not a number of hours"),
        ({"limit": ""}, "Enter what is promised"),
        ({"limit": "0"}, "The limit must be above zero."),
        ({"aim": "5"}, "The aim must not be above the limit."),
        ({"unit": "business_days", "limit": "1.5"}, "“1.5” is not a number of days"),
    ],
)
def test_a_target_that_is_none_is_said(desk: Desk, login: Login, chosen: dict[str, str], words: str) -> None:
    usual = {"arrives": "2026-03-06T17:00", "unit": "business_time", "aim": "", "limit": "4"}
    assert words in page_of(login(desk.admin), calendar_page(desk), usual | chosen)


def test_a_time_that_is_skipped_in_spring_is_said(desk: Desk, login: Login) -> None:
    new_hours(desk, **NEW_YORK)
    page = page_of(login(desk.admin), plan_page(desk), FRIDAY | {"arrives": "2026-03-08T02:30"})
    assert "02:30 does not exist on that day in New York" in page
    assert "Sunday 8 March 2026, 03:00 EDT" in page


def test_a_time_that_comes_twice_in_autumn_is_said_and_may_be_the_second(desk: Desk, login: Login) -> None:
    new_hours(desk, **NEW_YORK)
    client, twice = login(desk.admin), FRIDAY | {"arrives": "2026-11-01T01:30"}
    page = page_of(client, plan_page(desk), twice)
    assert "01:30 comes twice on that day in New York" in page
    assert "Reckoned from Sunday 1 November 2026, 01:30 EDT" in page
    assert "Sunday 1 November 2026, 04:30 EST" in page
    later = page_of(client, plan_page(desk), twice | {"second": "on"})
    assert "Reckoned from Sunday 1 November 2026, 01:30 EST" in later
    assert "Sunday 1 November 2026, 05:30 EST" in later


def test_a_calendar_that_never_opens_again_is_said_in_words(desk: Desk, login: Login) -> None:
    # No form saves such hours any more; rows of long ago may hold them.
    once = {"tz": "Asia/Karachi", "overrides": {"2026-03-06": [["09:00", "18:00"]]}}
    desk.calendar.versions.update(spec=once)
    page = page_of(login(desk.admin), plan_page(desk), FRIDAY | {"arrives": "2026-03-06T17:30"})
    assert "The calendar never opens again after that" in page


def test_a_plan_that_promises_nothing_says_so(desk: Desk, login: Login) -> None:
    bare = create_plan(
        tenant_id=desk.tenant.pk, name="Bare", calendar=desk.calendar, targets=[], at=FOUNDED, by=desk.owner
    )
    page = page_of(login(desk.admin), f"/console/plans/{bare.pk}/simulator/")
    assert "This plan promises nothing" in page
    assert "No commitment" in page_of(login(desk.admin), plan_page(desk), FRIDAY | {"priority": "low"})


def test_the_terms_are_those_in_force_at_the_arrival(desk: Desk, login: Login) -> None:
    new_hours(desk, at=FOUNDED + timedelta(days=30), week={"4": [["09:00", "12:00"]]})
    client = login(desk.admin)
    before = page_of(client, plan_page(desk), FRIDAY | {"arrives": "2026-01-16T10:00"})
    assert "Friday 16 January 2026, 14:00 PKT" in before
    assert "Calendar Office hours, version 1" in before
    after = page_of(client, plan_page(desk), FRIDAY | {"arrives": "2026-02-06T10:00"})
    assert "Friday 13 February 2026, 11:00 PKT" in after
    assert "Calendar Office hours, version 2" in after
