"""Where the quietest time for work lies: customers' hours in their zones, arrivals, other work, notice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.slots import Audience, Slot, Wanted, find_slots
from sla.business_time import BusinessCalendar, around_the_clock

NINE_TO_SIX = [["09:00", "18:00"]]
KARACHI = ZoneInfo("Asia/Karachi")
MADRID = ZoneInfo("Europe/Madrid")
# A Monday, 05:00 in Lahore.
START = datetime(2026, 3, 2, tzinfo=UTC)
QUIET = [0.0] * 168


def hours(zone: str, days: range = range(5), slots: Any = None) -> BusinessCalendar:
    return BusinessCalendar.from_spec(
        {"tz": zone, "week": {str(day): slots or NINE_TO_SIX for day in days}}, zone
    )


def wanted(**changes: Any) -> Wanted:
    given: dict[str, Any] = {
        "start": START,
        "end": START + timedelta(days=7),
        "not_before": START,
        "minutes": 120,
        "zone": KARACHI,
        "arrivals": QUIET,
    }
    return Wanted(**{**given, **changes})


def local(slot: Slot, zone: ZoneInfo = KARACHI) -> str:
    return slot.starts_at.astimezone(zone).strftime("%a %H:%M")


def test_nobody_at_work_is_best_and_the_soonest_full_hour_first() -> None:
    found = find_slots(wanted(), [Audience(hours("Asia/Karachi"), 1)])
    assert [local(slot) for slot in found.slots] == [
        "Mon 05:00", "Tue 00:00", "Wed 00:00", "Thu 00:00", "Fri 00:00",
    ]  # fmt: skip
    assert {slot.business_minutes for slot in found.slots} == {0}


def test_customers_in_two_zones_leave_the_hours_in_which_neither_works() -> None:
    """Lahore works 04:00 to 13:00 UTC, Mexico City 15:00 to 24:00 UTC: both rest on 00:00 to 04:00."""
    audiences = [
        Audience(hours("Asia/Karachi", range(7)), 3),
        Audience(hours("America/Mexico_City", range(7)), 2),
    ]
    found = find_slots(wanted(zone=ZoneInfo("UTC")), audiences)
    assert [slot.starts_at.strftime("%H:%M") for slot in found.slots] == ["00:00"] * 5
    whole_day = find_slots(wanted(zone=ZoneInfo("UTC"), minutes=24 * 60), audiences).slots[0]
    assert whole_day.business_minutes == (3 + 2) * 9 * 60
    assert whole_day.customers == 5


def test_time_that_an_overrun_would_take_counts_a_quarter() -> None:
    """Two hours right before nine would run into the open hours; two hours further from them do not."""
    always = hours("Asia/Karachi", range(7))
    taken = [(START - timedelta(days=1), START), (START + timedelta(hours=4), START + timedelta(days=7))]
    slot, *_others = find_slots(wanted(taken=taken), [Audience(always, 1)]).slots
    assert (local(slot), slot.overrun_minutes, slot.cost) == ("Mon 05:00", 0, 0)
    later = find_slots(wanted(not_before=START + timedelta(hours=2), taken=taken), [Audience(always, 1)])
    assert (local(later.slots[0]), later.slots[0].overrun_minutes, later.slots[0].cost) == (
        "Mon 07:00",
        120,
        30,
    )


def test_tickets_that_are_usually_filed_then_move_the_proposal() -> None:
    busy = [0.0] * 168
    for hour in range(24):
        if not 2 <= hour < 4:
            busy[6 * 24 + hour] = 1.0
    only_sunday = {
        "arrivals": busy,
        "start": datetime(2026, 3, 7, 19, tzinfo=UTC),
        "end": datetime(2026, 3, 8, 19, tzinfo=UTC),
    }
    two_hours, *_none = find_slots(wanted(**only_sunday), []).slots
    assert (local(two_hours), round(two_hours.tickets, 6)) == ("Sun 02:00", 0)
    three_hours, *_none = find_slots(wanted(**only_sunday, minutes=180), []).slots
    assert (local(three_hours), round(three_hours.tickets, 6)) == ("Sun 01:00", 1)


def test_other_work_is_kept_away_from_and_taken_services_are_never_proposed() -> None:
    monday = (START, START + timedelta(hours=24))
    other = find_slots(wanted(other_work=[monday]), [])
    assert local(other.slots[0]) == "Tue 05:00"
    assert all(slot.other_work == 0 for slot in other.slots)
    taken = find_slots(wanted(taken=[(START, START + timedelta(days=6, hours=22, minutes=30))]), [])
    assert taken.slots == []


def test_nothing_begins_before_the_notice_that_plans_promise() -> None:
    found = find_slots(wanted(not_before=START + timedelta(hours=72, minutes=1)), [])
    assert found.slots[0].starts_at == START + timedelta(hours=73)
    assert find_slots(wanted(not_before=START + timedelta(days=30)), []).slots == []


def test_day_without_a_quiet_hour_says_what_it_costs() -> None:
    found = find_slots(wanted(), [Audience(around_the_clock("Asia/Karachi"), 7)])
    assert found.slots[0].business_minutes == 7 * 120
    assert found.slots[0].customers == 7


def test_week_shows_who_works_when_on_the_clock_of_the_desk() -> None:
    found = find_slots(wanted(end=START + timedelta(days=14)), [Audience(hours("Asia/Karachi"), 4)])
    monday, sunday = found.week[0], found.week[6]
    assert [cell.customers for cell in monday] == [0] * 9 + [4] * 9 + [0] * 6
    assert [cell.level for cell in monday] == [0] * 9 + [4] * 9 + [0] * 6
    assert {cell.level for cell in sunday} == {0}


def test_week_keeps_to_the_wall_clock_when_the_clocks_change() -> None:
    """Madrid goes forward on 29 March 2026; both weeks show nine to six."""
    start = datetime(2026, 3, 22, 23, tzinfo=UTC)
    asked = wanted(start=start, end=start + timedelta(days=14), not_before=start, zone=MADRID)
    found = find_slots(asked, [Audience(hours("Europe/Madrid"), 1)])
    assert [cell.customers for cell in found.week[0]] == [0] * 9 + [1] * 9 + [0] * 6


def test_zone_of_three_quarters_of_an_hour_is_shown_full_hours() -> None:
    found = find_slots(wanted(zone=ZoneInfo("Asia/Kathmandu")), [])
    assert {slot.starts_at.astimezone(ZoneInfo("Asia/Kathmandu")).minute for slot in found.slots} == {0}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["Asia/Karachi", "America/New_York", "UTC"]), st.integers(1, 5)), max_size=4
    ),
    st.integers(1, 40).map(lambda n: n * 15),
    st.integers(0, 500),
)
def test_proposals_say_what_the_calendars_say(
    customers: list[tuple[str, int]], minutes: int, later: int
) -> None:
    audiences = [Audience(hours(zone, range(6)), number) for zone, number in customers]
    start = START + timedelta(hours=later)
    asked = wanted(start=start, end=start + timedelta(days=7), not_before=start, minutes=minutes)
    found = find_slots(asked, audiences)
    assert [slot.cost for slot in found.slots] == sorted(slot.cost for slot in found.slots)
    for slot in found.slots:
        assert slot.ends_at - slot.starts_at == timedelta(minutes=minutes)
        open_time = [each.hours.elapsed(slot.starts_at, slot.ends_at) for each in audiences]
        assert slot.business_minutes * 60 == sum(
            time.total_seconds() * each.customers for time, each in zip(open_time, audiences, strict=True)
        )
        assert slot.customers == sum(
            each.customers for time, each in zip(open_time, audiences, strict=True) if time
        )
