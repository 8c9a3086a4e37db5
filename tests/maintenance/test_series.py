"""Recurring maintenance: begin, change, end, and the windows that are made ahead."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail

from accounts.tenancy import tenant_scope
from maintenance.models import Notice, Series, Window
from maintenance.services.drafting import terms_of
from maintenance.services.errors import (
    BadRule,
    EndsBeforeStart,
    NoServices,
    NotAllowed,
    NoticeTooShort,
    Overtaken,
    SeriesEnded,
    ServiceTaken,
    TakesNoTime,
)
from maintenance.services.series import (
    SeriesTerms,
    begin_series,
    change_series,
    end_series,
    terms_of_series,
)
from maintenance.services.windows import cancel_window, change_window, move_window
from maintenance.sweep import extend_all, sweep_tenant
from maintenance.tasks import extend_series
from notifications.models import Notification, OutboxMessage
from notifications.services import deliver_mails
from tests.factories import MONDAY, Desk, new_service
from tests.maintenance.windows import HOUR, desk_service, promise_notice, scheduled_window

DAY = timedelta(days=1)
# First Sundays after Monday 2 March 2026, within 120 days; 02:00 in Madrid is 00:00 UTC in summer.
SUNDAYS = [date(2026, 4, 5), date(2026, 5, 3), date(2026, 6, 7)]


def series_terms(desk: Desk, **changes: Any) -> SeriesTerms:
    values: dict[str, Any] = {
        "title": "Monthly patches",
        "kind": "security",
        "impact": "degraded",
        "rule": "FREQ=MONTHLY;BYDAY=1SU",
        "zone": "Europe/Madrid",
        "first_date": date(2026, 3, 3),
        "starts_at_time": time(2, 0),
        "minutes": 120,
        "services": [desk_service(desk)],
        "checklist": ["Patch", "Restart"],
    }
    return SeriesTerms(**(values | changes))


def begun(desk: Desk, *, at: datetime = MONDAY, **changes: Any) -> Series:
    return begin_series(terms=series_terms(desk, **changes), by=desk.agent, at=at)


def plan_of(series: Series) -> list[tuple[date | None, datetime, str]]:
    rows = series.windows.order_by("starts_at")
    return list(rows.values_list("occurrence", "starts_at", "status"))


def midnight_utc(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=MONDAY.tzinfo)


def test_every_occurrence_of_the_next_months_is_scheduled(desk: Desk) -> None:
    promise_notice(desk, 72)
    series = begun(desk)
    assert plan_of(series) == [(day, midnight_utc(day), "scheduled") for day in SUNDAYS]
    window = series.windows.earliest("starts_at")
    assert [item.text for item in window.checklist.all()] == ["Patch", "Restart"]
    assert window.ends_at - window.starts_at == 2 * HOUR
    assert terms_of_series(series).services == [desk_service(desk)]


def test_people_hear_of_an_occurrence_two_weeks_before_it(desk: Desk) -> None:
    promise_notice(desk, 72, (24,))
    OutboxMessage.objects.all().delete()
    series = begun(desk)
    window = series.windows.earliest("starts_at")
    assert window.told_at is None
    sweep_tenant(now=MONDAY)
    assert not Notice.objects.filter(done_at__isnull=False).exists()
    told_at = window.starts_at - 14 * DAY
    sweep_tenant(now=told_at)
    assert deliver_mails(now=told_at) == 4
    window.refresh_from_db()
    assert window.told_at == told_at
    assert set(window.window_customers.values_list("promised_hours", "told_at")) == {(72, told_at)}
    sweep_tenant(now=window.starts_at - 24 * HOUR)
    deliver_mails(now=window.starts_at)
    assert {letter.subject for letter in mail.outbox} == {
        "Maintenance planned: Monthly patches",
        "Maintenance soon: Monthly patches",
    }


def test_a_plan_that_promises_more_than_two_weeks_is_kept(desk: Desk) -> None:
    promise_notice(desk, 30 * 24)
    window = begun(desk).windows.earliest("starts_at")
    assert window.notices.get(kind="announced").due_at == window.starts_at - 31 * DAY


def test_what_makes_no_series_is_refused(desk: Desk) -> None:
    for refused, changes in (
        (NoServices, {"services": []}),
        (BadRule, {"rule": "sometimes"}),
        (BadRule, {"rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"}),
        (TakesNoTime, {"minutes": 0}),
        (EndsBeforeStart, {"last_date": date(2026, 3, 2)}),
        # Weekly work that takes more than a week meets itself.
        (ServiceTaken, {"rule": "FREQ=WEEKLY", "minutes": 8 * 24 * 60}),
    ):
        with pytest.raises(refused):
            begun(desk, **changes)
    with pytest.raises(NotAllowed):
        begin_series(terms=series_terms(desk), by=desk.contact, at=MONDAY)


def test_a_first_occurrence_inside_the_notice_is_stopped(desk: Desk) -> None:
    promise_notice(desk, 72)
    with pytest.raises(NoticeTooShort) as refused:
        begun(desk, rule="FREQ=WEEKLY;BYDAY=TH")
    assert len(refused.value.breaches) == 2
    assert begun(desk, rule="FREQ=WEEKLY;BYDAY=TH", first_date=date(2026, 3, 6)).windows.exists()


def test_daily_work_is_made_sixty_days_ahead(desk: Desk) -> None:
    series = begun(desk, rule="FREQ=DAILY;INTERVAL=2")
    assert series.windows.count() == 60


def test_the_sweep_makes_what_comes_into_sight_once(desk: Desk) -> None:
    series = begun(desk)
    assert extend_all(now=MONDAY) == 0
    later = MONDAY + 10 * DAY
    assert extend_all(now=later) == 1
    assert extend_all(now=later) == 0
    assert [day for day, _at, _status in plan_of(series)] == [*SUNDAYS, date(2026, 7, 5)]


def test_the_task_makes_them_in_every_desk(desk: Desk, other_desk: Desk) -> None:
    for built in (desk, other_desk):
        with tenant_scope(built.tenant.pk):
            begun(built, rule="FREQ=WEEKLY", first_date=date(2026, 3, 8))
            known = Window.objects.count()
    made = extend_series()
    found = 0
    for built in (desk, other_desk):
        with tenant_scope(built.tenant.pk):
            assert Window.objects.count() > known
            found += Window.objects.count() - known
    assert made == found
    assert extend_series() == 0


def test_an_occurrence_that_cannot_be_announced_stays_a_draft_and_staff_are_told(desk: Desk) -> None:
    series = begun(desk)
    taken = datetime(2026, 7, 4, 23, 0, tzinfo=MONDAY.tzinfo)
    scheduled_window(desk, title="In the way", starts_at=taken)
    extend_all(now=MONDAY + 10 * DAY)
    assert plan_of(series)[-1][2] == "draft"
    bells = Notification.objects.filter(kind="maintenance_overrun", recipient=desk.agent)
    assert bells.get().title == "Recurring maintenance could not be announced: Monthly patches"
    assert "In the way" in bells.get().body
    assert extend_all(now=MONDAY + 11 * DAY) == 0


def test_a_cancelled_occurrence_does_not_come_back(desk: Desk) -> None:
    series = begun(desk)
    cancel_window(window=series.windows.latest("starts_at"), why="Holiday", by=desk.agent, at=MONDAY)
    assert extend_all(now=MONDAY) == 0
    assert [status for _day, _at, status in plan_of(series)] == ["scheduled", "scheduled", "cancelled"]


def test_a_change_moves_what_lies_ahead_and_leaves_what_stands_apart(desk: Desk) -> None:
    series = begun(desk)
    first, second, third = series.windows.order_by("starts_at")
    first = change_window(
        window=first,
        terms=replace(terms_of(first), title="This one is special"),
        seen=first.version,
        by=desk.agent,
        at=MONDAY,
    )
    moved_to = second.starts_at + 6 * HOUR
    move_window(window=second, starts_at=moved_to, ends_at=moved_to + HOUR, by=desk.agent, at=MONDAY)
    terms = replace(terms_of_series(series), title="Patches", starts_at_time=time(3, 0), minutes=60)
    series = change_series(series=series, terms=terms, seen=series.version, by=desk.agent2, at=MONDAY)
    plan = [(window.title, window.starts_at) for window in series.windows.order_by("starts_at")]
    assert plan == [
        ("This one is special", first.starts_at),
        ("Monthly patches", moved_to),
        ("Patches", third.starts_at + HOUR),
    ]
    with pytest.raises(Overtaken):
        change_series(series=series, terms=terms, seen=1, by=desk.agent, at=MONDAY)


def test_another_rule_cancels_days_that_go_and_makes_those_that_come(desk: Desk) -> None:
    series = begun(desk)
    terms = replace(terms_of_series(series), rule="FREQ=MONTHLY;BYDAY=-1SU")
    series = change_series(series=series, terms=terms, seen=1, by=desk.agent, at=MONDAY)
    days = [date(2026, 3, 29), date(2026, 4, 26), date(2026, 5, 31), date(2026, 6, 28)]
    assert [day for day, _at, _status in plan_of(series)] == days
    gone = Window.objects.filter(series=None)
    assert {window.status for window in gone} == {"cancelled"}
    assert {window.cancelled_why for window in gone} == {
        "The recurring maintenance was changed and does not take place on this day."
    }
    # Nobody had heard of them, so nobody hears that they are off.
    assert not Notice.objects.filter(kind="cancelled").exists()
    back = replace(terms, rule="FREQ=MONTHLY;BYDAY=1SU")
    series = change_series(series=series, terms=back, seen=2, by=desk.agent, at=MONDAY)
    assert [day for day, _at, _status in plan_of(series)] == SUNDAYS


def test_what_is_too_near_to_be_told_anew_stays_as_it_was(desk: Desk) -> None:
    promise_notice(desk, 72)
    series = begun(desk)
    at = midnight_utc(SUNDAYS[0]) - 2 * DAY
    terms = replace(terms_of_series(series), starts_at_time=time(5, 0))
    series = change_series(series=series, terms=terms, seen=1, by=desk.agent, at=at)
    starts = [start for _day, start, _status in plan_of(series)]
    assert starts[:2] == [midnight_utc(SUNDAYS[0]), midnight_utc(SUNDAYS[1]) + 3 * HOUR]


def test_other_services_are_a_new_plan_for_each_occurrence(desk: Desk) -> None:
    series = begun(desk)
    private = new_service(desk, "POS sync", customer=desk.customer)
    terms = replace(terms_of_series(series), services=[private])
    series = change_series(series=series, terms=terms, seen=1, by=desk.agent, at=MONDAY)
    for window in series.windows.all():
        assert [customer.customer for customer in window.window_customers.all()] == [desk.customer]
        assert window.window_services.get().period.lower == window.starts_at
        assert window.sequence == 2


def test_an_ended_series_takes_its_windows_with_it(desk: Desk) -> None:
    series = begun(desk)
    end_series(series=series, by=desk.agent, at=MONDAY)
    assert {status for _day, _at, status in plan_of(series)} == {"cancelled"}
    assert series.windows.all()[0].cancelled_why == "The recurring maintenance has ended."
    assert extend_all(now=MONDAY + 90 * DAY) == 0
    with pytest.raises(SeriesEnded):
        end_series(series=series, by=desk.agent, at=MONDAY)
