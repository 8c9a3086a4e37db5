"""Availability against examples that were worked out by hand.

April 2026 has 30 days: 2 592 000 seconds. March in Madrid has 31 days less the hour that spring skips on the
29th: 2 674 800 seconds. October there has the hour that autumn repeats on the 25th: 2 682 000 seconds.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintenance.availability import Period, Reckoning, down_seconds, month_of, reckon, start_of
from sla import zones

assert zones  # the zones of tzdata, whatever the machine's own say
LAHORE, MADRID = ZoneInfo("Asia/Karachi"), ZoneInfo("Europe/Madrid")
HOUR = 3600
APRIL = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0, second: int = 0, *, micro: int = 0, month: int = 4) -> datetime:
    return datetime(2026, month, day, hour, minute, second, micro, tzinfo=UTC)


def of_april(outages: list[Period], planned: list[Period] | None = None) -> Reckoning:
    return reckon(outages, planned or [], *APRIL)


def test_a_month_without_outages_is_whole() -> None:
    whole = of_april([])
    assert (whole.counted_seconds, whole.down_seconds) == (2_592_000, 0)
    assert whole.percentage == Decimal("100.0000")


def test_one_outage_of_an_hour() -> None:
    # (2 592 000 - 3 600) / 2 592 000 = 0.998611…
    one = of_april([(at(7, 9), at(7, 10))])
    assert one.down_seconds == HOUR
    assert one.percentage == Decimal("99.8611")


def test_overlapping_outages_count_once() -> None:
    # 9:00-11:00 and 10:30-12:00 are three hours, 9:15-9:45 lies inside, 12:00-12:01 goes on from the end.
    found = of_april(
        [
            (at(7, 10, 30), at(7, 12)),
            (at(7, 9), at(7, 11)),
            (at(7, 9, 15), at(7, 9, 45)),
            (at(7, 12), at(7, 12, 1)),
        ]
    )
    assert found.down == ((at(7, 9), at(7, 12, 1)),)
    assert found.down_seconds == 3 * HOUR + 60


def test_an_outage_across_the_end_of_a_month_counts_in_each_for_what_lies_in_it() -> None:
    # From 30 April 23:00 until 1 May 02:30: one hour in April, two and a half in May.
    outage = (at(30, 23), at(1, 2, 30, month=5))
    assert of_april([outage]).down_seconds == HOUR
    may = reckon([outage], [], APRIL[1], datetime(2026, 6, 1, tzinfo=UTC))
    assert may.down_seconds == 9000
    assert may.counted_seconds == 31 * 86_400


def test_the_end_of_a_month_is_that_of_the_customers_zone() -> None:
    # Lahore is five hours ahead: its April ends at 19:00 UTC on the 30th. 18:00-21:00 UTC is one hour of
    # April and two of May.
    april, may = month_of(date(2026, 4, 15), LAHORE), month_of(date(2026, 5, 1), LAHORE)
    assert april == (at(31, 19, month=3), at(30, 19))
    outage = (at(30, 18), at(30, 21))
    assert down_seconds([outage], [], *april) == HOUR
    assert down_seconds([outage], [], *may) == 2 * HOUR


def test_the_month_in_which_spring_skips_an_hour_is_an_hour_shorter() -> None:
    march = month_of(date(2026, 3, 31), MADRID)
    assert march == (at(28, 23, month=2), at(31, 22, month=3))
    # By the wall clock 01:30 until 03:30 on the 29th: 00:30 until 01:30 UTC, one hour and not two.
    night = (datetime(2026, 3, 29, 1, 30, tzinfo=MADRID), datetime(2026, 3, 29, 3, 30, tzinfo=MADRID))
    found = reckon([night], [], *march)
    assert (found.counted_seconds, found.down_seconds) == (2_674_800, HOUR)
    # (2 674 800 - 3 600) / 2 674 800 = 0.9986541…
    assert found.percentage == Decimal("99.8654")


def test_the_month_in_which_autumn_repeats_an_hour_is_an_hour_longer() -> None:
    october = month_of(date(2026, 10, 1), MADRID)
    assert october == (at(30, 22, month=9), at(31, 23, month=10))
    # By the wall clock 01:30 until 03:30 on the 25th: 23:30 until 02:30 UTC, three hours and not two.
    night = (datetime(2026, 10, 25, 1, 30, tzinfo=MADRID), datetime(2026, 10, 25, 3, 30, tzinfo=MADRID))
    found = reckon([night], [], *october)
    assert (found.counted_seconds, found.down_seconds) == (2_682_000, 3 * HOUR)


def test_an_outage_across_the_end_of_a_month_and_a_change_of_the_clocks() -> None:
    # From 20 March 00:00 UTC until 5 April 00:00 UTC: Madrid's March ends on the 31st at 22:00 UTC.
    march, april = month_of(date(2026, 3, 1), MADRID), month_of(date(2026, 4, 1), MADRID)
    outage = (at(20, 0, month=3), at(5, 0))
    assert down_seconds([outage], [], *march) == 11 * 86_400 + 22 * HOUR
    assert down_seconds([outage], [], *april) == 2 * HOUR + 4 * 86_400
    assert march[1] == april[0]


def test_planned_maintenance_inside_an_outage_counts_as_the_plan_says() -> None:
    # Down 10:00-14:00, maintenance planned 11:00-12:00.
    outage, planned = (at(7, 10), at(7, 14)), (at(7, 11), at(7, 12))
    counted = of_april([outage])
    assert (counted.counted_seconds, counted.down_seconds) == (2_592_000, 4 * HOUR)
    left_out = of_april([outage], [planned])
    assert (left_out.counted_seconds, left_out.down_seconds) == (2_588_400, 3 * HOUR)
    assert left_out.down == ((at(7, 10), at(7, 11)), (at(7, 12), at(7, 14)))
    assert left_out.excused == (planned,)
    # (2 588 400 - 10 800) / 2 588 400 = 0.99582753…; counted (2 592 000 - 14 400) / 2 592 000 = 0.994444…
    assert left_out.percentage == Decimal("99.5827")
    assert counted.percentage == Decimal("99.4444")


def test_an_outage_inside_planned_maintenance_does_not_count() -> None:
    found = of_april([(at(7, 11, 10), at(7, 11, 50))], [(at(7, 11), at(7, 12))])
    assert (found.down_seconds, found.counted_seconds) == (0, 2_588_400)
    assert found.excused == ((at(7, 11, 10), at(7, 11, 50)),)


def test_maintenance_that_overruns_counts_from_its_announced_end() -> None:
    # Down 02:00-04:20, announced until 04:00.
    found = of_april([(at(5, 2), at(5, 4, 20))], [(at(5, 2), at(5, 4))])
    assert found.down == ((at(5, 4), at(5, 4, 20)),)


def test_instants_count_by_the_second_that_they_lie_in() -> None:
    # 9:00:00.9 until 9:00:02.1 is 9:00:00 until 9:00:02.
    assert of_april([(at(7, 9, micro=900_000), at(7, 9, 0, 2, micro=100_000))]).down_seconds == 2
    assert of_april([(at(7, 9, micro=100_000), at(7, 9, micro=900_000))]).down_seconds == 0


def test_a_promise_is_kept_to_the_second() -> None:
    # 99.99 % of April allow 259.2 seconds.
    promised = Decimal("99.99")
    assert of_april([(at(7, 9), at(7, 9, 4, 19))]).keeps(promised)
    assert not of_april([(at(7, 9), at(7, 9, 4, 20))]).keeps(promised)
    assert of_april([]).allowed_seconds(promised) == 259
    assert of_april([(at(7, 9), at(7, 9, 4, 20))]).percentage == Decimal("99.9899")


def test_a_month_of_nothing_but_maintenance_has_no_figure() -> None:
    found = of_april([], [APRIL])
    assert found.counted_seconds == 0
    assert found.percentage is None
    assert found.keeps(Decimal("99.99"))


def test_a_day_whose_midnight_is_skipped_begins_after_it() -> None:
    # Beirut's clocks go forward at midnight on 29 March 2026: the day begins at 01:00, 22:00 UTC before.
    assert start_of(date(2026, 3, 29), ZoneInfo("Asia/Beirut")) == at(28, 22, month=3)


@pytest.mark.parametrize("month", range(1, 13))
def test_months_of_a_year_follow_each_other(month: int) -> None:
    following = date(2026 + month // 12, month % 12 + 1, 1)
    assert month_of(date(2026, month, 28), MADRID)[1] == month_of(following, MADRID)[0]


SECONDS = st.integers(0, 2000)
PERIODS = st.lists(st.tuples(SECONDS, SECONDS).map(sorted), max_size=6)


@given(PERIODS, PERIODS)
def test_as_counting_every_second_by_itself(outages: list[list[int]], planned: list[list[int]]) -> None:
    def instant(second: int) -> datetime:
        return datetime.fromtimestamp(1_775_000_000 + second, UTC)

    down = {s for a, b in outages for s in range(a, b) if 300 <= s < 1700}
    left_out = {s for a, b in planned for s in range(a, b) if 300 <= s < 1700}
    found = reckon(
        [(instant(a), instant(b)) for a, b in outages],
        [(instant(a), instant(b)) for a, b in planned],
        instant(300),
        instant(1700),
    )
    assert found.counted_seconds == 1400 - len(left_out)
    assert found.down_seconds == len(down - left_out)
    assert sum((b - a).seconds for a, b in found.excused) == len(down & left_out)
