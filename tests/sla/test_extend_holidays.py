"""Public holidays are taken over before they end, and the admins are told which."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import formats

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from notifications.models import Notification, OutboxMessage
from sla import services as sla
from sla.models import CalendarVersion, SupportCalendar
from sla.services.holidays import extend_due_calendars
from sla.tasks import extend_holidays
from tests.factories import FOUNDED, KARACHI, Desk, DeskClient

Login = Callable[[Membership], DeskClient]
IN_TIME = datetime(2027, 12, 30, tzinfo=UTC)
DUE = datetime(2028, 1, 2, tzinfo=UTC)


@pytest.fixture
def calendar(desk: Desk) -> SupportCalendar:
    """Holidays of Mexico from 2025 to 2028, and an own day."""
    spec: dict[str, Any] = KARACHI | {
        "overrides": {"2027-12-24": [["09:00", "12:00"]]},
        "yearly": {"12-31": {"name": "Stocktaking", "hours": []}},
    }
    return sla.create_calendar(
        tenant_id=desk.tenant.pk, name="Mexico", spec=spec, holiday_country="MX", at=FOUNDED
    )


def last(calendar: SupportCalendar) -> CalendarVersion:
    return calendar.versions.latest("number")


def test_nothing_happens_while_they_reach_a_year_ahead(calendar: SupportCalendar) -> None:
    assert extend_due_calendars(now=IN_TIME) == 0
    assert last(calendar).number == 1


def test_the_next_version_has_the_next_years_and_all_else_as_it_was(calendar: SupportCalendar) -> None:
    before = last(calendar)
    assert extend_due_calendars(now=DUE) == 1
    after = last(calendar)
    assert (after.number, after.valid_from, after.created_by) == (2, DUE, None)
    assert max(after.spec["holidays"])[:4] == "2030"
    rest = {key: value for key, value in before.spec.items() if key != "holidays"}
    assert {key: value for key, value in after.spec.items() if key != "holidays"} == rest
    assert after.holiday_country == "MX"


def test_asking_again_makes_no_further_version(calendar: SupportCalendar) -> None:
    assert extend_due_calendars(now=DUE) == 1
    assert extend_due_calendars(now=DUE) == 0
    assert last(calendar).number == 2


def test_admins_alone_are_told_once_in_their_language_what_came(
    desk: Desk, calendar: SupportCalendar, login: Login
) -> None:
    desk.admin.user.time_zone = "UTC"
    desk.admin.user.save()
    extend_due_calendars(now=DUE)
    extend_due_calendars(now=DUE)
    told = Notification.objects.filter(kind="holidays")
    assert {line.recipient_id for line in told} == {desk.owner.pk, desk.admin.pk}
    assert all("public holidays were added to “Mexico”" in line.title for line in told)
    mail = OutboxMessage.objects.get(kind="holidays", recipient=desk.admin)
    first, last_day, known = (
        formats.date_format(day, "DATE_FORMAT")
        for day in (date(2029, 1, 1), date(2030, 12, 25), date(2028, 12, 25))
    )
    assert f"{first}: New Year's Day" in mail.body_text.replace("&#x27;", "'")
    assert last_day in mail.body_html
    assert known not in mail.body_text, "that was there before"
    page = login(desk.admin).get(told[0].path)
    assert page.status_code == 200


def test_a_country_of_which_no_more_is_known_makes_no_version(
    calendar: SupportCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    holidays = {
        datetime.fromisoformat(day).date(): name for day, name in last(calendar).spec["holidays"].items()
    }
    monkeypatch.setattr("sla.services.calendars.public_holidays", lambda *_args: holidays)
    assert extend_due_calendars(now=DUE) == 0
    assert (last(calendar).number, Notification.objects.filter(kind="holidays").count()) == (1, 0)


def test_calendars_without_a_country_and_archived_ones_are_left_alone(
    desk: Desk, calendar: SupportCalendar
) -> None:
    calendar.archived_at = FOUNDED
    calendar.save()
    assert extend_due_calendars(now=DUE) == 0
    assert last(desk.calendar).number == 1


def test_one_calendar_that_fails_stops_no_other(
    desk: Desk, calendar: SupportCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sla.create_calendar(
        tenant_id=desk.tenant.pk, name="Broken", spec=KARACHI, holiday_country="PK", at=FOUNDED
    )
    CalendarVersion.objects.filter(calendar=other).update(spec={"tz": "Mars/Olympus", "week": {}})
    assert extend_due_calendars(now=DUE) == 1
    assert last(calendar).number == 2


def test_looking_costs_the_same_when_nothing_is_due(desk: Desk, calendar: SupportCalendar) -> None:
    extend_due_calendars(now=DUE)
    with CaptureQueriesContext(connection) as one:
        extend_due_calendars(now=DUE)
    for number in range(3):
        sla.create_calendar(
            tenant_id=desk.tenant.pk, name=f"More {number}", spec=KARACHI, holiday_country="MX", at=DUE
        )
    with CaptureQueriesContext(connection) as many:
        extend_due_calendars(now=DUE)
    assert len(many) == len(one)


def test_the_task_goes_through_every_desk(
    desk: Desk, calendar: SupportCalendar, other_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(other_desk.tenant.pk):
        theirs = sla.create_calendar(
            tenant_id=other_desk.tenant.pk, name="Spain", spec=KARACHI, holiday_country="ES", at=FOUNDED
        )
    monkeypatch.setattr("django.utils.timezone.now", lambda: DUE)
    with tenant_scope(None):
        assert extend_holidays() == 2
    with tenant_scope(other_desk.tenant.pk):
        assert last(theirs).number == 2
        titles = Notification.objects.filter(kind="holidays").values_list("title", flat=True)
        assert all("Spain" in title for title in titles)
