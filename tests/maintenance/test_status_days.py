"""Days of the status page: down, degraded, planned, in days of the desk's zone."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from maintenance.status_days import HEIGHT, Day, bars_of, days_of

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(first: str, last: str, **periods: Any) -> list[Day]:
    values: dict[str, Any] = {
        "down": [],
        "degraded": [],
        "planned": [],
        "slow": [],
        "zone": ZoneInfo("Asia/Karachi"),
    }
    values |= {"since": at("2020-01-01"), "now": at("2030-01-01")}
    return days_of(first=date.fromisoformat(first), last=date.fromisoformat(last), **(values | periods))


def test_an_outage_is_cut_at_midnight_of_the_zone() -> None:
    # 18:30 to 19:30 UTC is 23:30 to 00:30 in Karachi.
    found = days("2026-03-01", "2026-03-03", down=[(at("2026-03-02T18:30"), at("2026-03-02T19:30"))])
    assert [day.down for day in found] == [0, 1800, 1800]
    assert [day.level for day in found] == ["up", "down", "down"]


def test_overlapping_outages_count_once_and_down_beats_degraded() -> None:
    down = [
        (at("2026-03-02T05:00"), at("2026-03-02T06:00")),
        (at("2026-03-02T05:30"), at("2026-03-02T06:30")),
    ]
    degraded = [(at("2026-03-02T06:00"), at("2026-03-02T07:00"))]
    [day] = days("2026-03-02", "2026-03-02", down=down, degraded=degraded)
    assert (day.down, day.degraded) == (5400, 1800)


def test_planned_work_is_shown_and_does_not_count() -> None:
    hour = (at("2026-03-02T05:00"), at("2026-03-02T06:00"))
    [day] = days("2026-03-02", "2026-03-02", down=[hour], planned=[hour])
    assert (day.down, day.level) == (0, "maintenance")
    [day] = days("2026-03-02", "2026-03-02", down=[(hour[0], at("2026-03-02T06:10"))], planned=[hour])
    assert (day.down, day.level) == (600, "down")


def test_work_that_was_announced_as_degradation_excuses_no_outage() -> None:
    hour = (at("2026-03-02T05:00"), at("2026-03-02T06:00"))
    late = (at("2026-03-02T05:50"), at("2026-03-02T06:10"))
    [day] = days("2026-03-02", "2026-03-02", degraded=[hour], slow=[hour])
    assert (day.down, day.degraded, day.level) == (0, 0, "maintenance")
    [day] = days("2026-03-02", "2026-03-02", down=[late], degraded=[hour, late], slow=[hour])
    assert (day.down, day.degraded, day.level) == (1200, 0, "down")


def test_a_day_has_as_many_hours_as_it_has() -> None:
    always = [(at("2026-01-01"), at("2027-01-01"))]
    spring = days("2026-03-08", "2026-03-08", down=always, zone=NEW_YORK)
    autumn = days("2026-11-01", "2026-11-01", down=always, zone=NEW_YORK)
    assert [spring[0].down, autumn[0].down] == [23 * 3600, 25 * 3600]


def test_nothing_counts_before_the_record_or_after_now() -> None:
    found = days(
        "2026-03-01",
        "2026-03-03",
        down=[(at("2026-02-01"), at("2026-04-01"))],
        since=at("2026-03-02T07:00"),
        now=at("2026-03-02T20:00"),
    )
    assert [day.level for day in found] == ["unknown", "down", "down"]
    assert [day.down for day in found] == [0, 12 * 3600, 3600]


def test_bars_differ_in_height() -> None:
    levels = [Day(date(2026, 3, 1)), Day(date(2026, 3, 2), down=1), Day(date(2026, 3, 3), degraded=1)]
    full, middle = bars_of(levels)
    assert full.height == HEIGHT
    assert (middle.x, middle.y + middle.height) == (10, HEIGHT)
    assert middle.height < full.height
