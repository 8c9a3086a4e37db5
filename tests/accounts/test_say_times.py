"""Times and durations are said alike everywhere, in the reader's language and zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import formats, translation

from accounts import humantime

NOW = datetime(2026, 11, 12, 6, 30, tzinfo=UTC)
KARACHI = ZoneInfo("Asia/Karachi")
MEXICO = ZoneInfo("America/Mexico_City")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (7800, "2 h 10 min"),
        (7859, "2 h 10 min"),
        (47 * 3600 + 59 * 60, "47 h 59 min"),
        (48 * 3600, "2 d"),
        (75 * 3600, "3 d 3 h"),
    ],
)
def test_durations_are_cut_to_two_units(seconds: float, said: str) -> None:
    assert humantime.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3600, "1 business hour"),
        (4 * 3600, "4 business hours"),
        (50 * 3600, "50 business hours"),
        (1800, "30 business minutes"),
        (9000, "2 h 30 min of business time"),
        (20, "20 s of business time"),
    ],
)
def test_business_durations_say_so_and_never_turn_into_days(seconds: int, said: str) -> None:
    assert humantime.duration(seconds, business=True) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(44, "just now"), (-44, "just now"), (720, "12 min ago"), (11_700, "3 h ago"), (-7800, "in 2 h 10 min")],
)
def test_relative_times_give_the_past_one_unit_and_the_future_two(seconds: int, said: str) -> None:
    assert humantime.relative(NOW - timedelta(seconds=seconds), now=NOW) == said


def test_moments_name_the_year_only_when_it_is_another() -> None:
    assert humantime.short_moment(NOW, now=NOW, zone=KARACHI) == "Thu 12 Nov, 11:30"
    new_year = datetime(2026, 12, 31, 20, tzinfo=UTC)
    assert humantime.short_moment(new_year, now=NOW, zone=KARACHI) == "Fri 1 Jan 2027, 01:00"


def test_a_moment_is_said_in_both_zones_and_once_when_they_agree() -> None:
    both = humantime.in_zones(NOW, MEXICO, KARACHI, now=NOW)
    assert both == "Thu 12 Nov, 00:30 Mexico City · Thu 12 Nov, 11:30 Karachi"
    assert humantime.in_zones(NOW, KARACHI, ZoneInfo("Asia/Tashkent"), now=NOW) == "Thu 12 Nov, 11:30 Karachi"


def test_days_and_months_follow_the_language() -> None:
    with translation.override("es"):
        assert "noviembre" in humantime.exact_moment(NOW, KARACHI)


def test_cities_follow_the_language() -> None:
    with translation.override("es"):
        assert humantime.zone_city(MEXICO) == "Ciudad de México"


def test_spanish_writes_numbers_as_mexico_does() -> None:
    with translation.override("es"):
        assert formats.number_format(1234.5, use_l10n=True, force_grouping=True) == "1,234.5"
