"""The business-time libraries that the clocks are measured beside, each asked in its own words.

Every adapter is made from a calendar as `sla-cases.json` writes it, takes aware instants and gives aware
ones back; what that costs is part of a call, as it would be for whoever used the library here. A calendar
or an amount that a library has no words for raises `NotExpressible`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any, Protocol
from zoneinfo import ZoneInfo

Spec = Mapping[str, Any]


class NotExpressible(Exception):
    """The library cannot say this."""


class Peer(Protocol):
    """One library with one calendar."""

    def add(self, start: datetime, amount: timedelta) -> datetime: ...
    def elapsed(self, start: datetime, end: datetime) -> timedelta: ...


class Ours:
    """The core itself; it knows everything that the cases ask."""

    def __init__(self, spec: Spec) -> None:
        calendar = import_module("sla.business_time").BusinessCalendar.from_spec(spec)
        self.add, self.elapsed, self.add_days = calendar.add, calendar.elapsed, calendar.add_days


class Workclock:
    """workclock, in Rust: rules for the days of the week, and dates that are off."""

    def __init__(self, spec: Spec) -> None:
        if spec.get("overrides"):
            raise NotExpressible("exceptions")
        kit = import_module("workclock")
        rules = [kit.WorkDay(_time(opens), _time(closes), days) for (opens, closes), days in _by_window(spec)]
        if any(crosses for *_, crosses in _windows(spec)) and spec.get("holidays"):
            raise NotExpressible("holidays of a night shift")
        holidays = [date.fromisoformat(day) for day in spec.get("holidays", ())]
        self._schedule = kit.Schedule([*rules, kit.Holidays(holidays)], time_zone=spec["tz"])
        self.elapsed = self._schedule.between

    def add(self, start: datetime, amount: timedelta) -> datetime:
        return self._schedule.add(start, amount)  # type: ignore[no-any-return]


class Timegrid:
    """timegrid, in Rust: knows no zones, so instants go in and out as the local clock shows them."""

    def __init__(self, spec: Spec) -> None:
        kit = import_module("timegrid")
        calendar = kit.TimeGridCalendar.create()
        for day, opens, closes, _ in _windows(spec):
            weekday, noon = _timegrid_day(kit, day), time(12)
            if _time(opens) == _time(closes):  # a day in one piece would be "the same time"
                calendar.add_open_rule(weekday, _time(opens), noon)
                opens = "12:00"  # noqa: PLW2901
            calendar.add_open_rule(weekday, _time(opens), _time(closes))
        for day in spec.get("holidays", ()):
            calendar.add_holiday(date.fromisoformat(day))
        if spec.get("overrides"):
            raise NotExpressible("hours of one date in place of the week's")
        self._calendar, self._zone = calendar, ZoneInfo(spec["tz"])

    def add(self, start: datetime, amount: timedelta) -> datetime:
        due = self._calendar.add_work_duration(self._local(start), amount)
        return due.replace(tzinfo=self._zone).astimezone(UTC)  # type: ignore[no-any-return]

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return self._calendar.get_working_duration(self._local(start), self._local(end))  # type: ignore[no-any-return]

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(self._zone).replace(tzinfo=None)


class Pandas:
    """pandas.CustomBusinessHour: one set of windows for all working days, whole hours only."""

    def __init__(self, spec: Spec) -> None:
        week = {day: tuple(map(tuple, windows)) for day, windows in spec["week"].items() if windows}
        if len(set(week.values())) != 1 or spec.get("overrides"):
            raise NotExpressible("days with hours of their own")
        [windows] = set(week.values())
        if any(closes == "24:00" or closes <= opens for opens, closes in windows):
            raise NotExpressible("a window up to midnight or over it")
        self._kit = import_module("pandas")
        names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        self._terms = {
            "start": [opens for opens, _ in windows],
            "end": [closes for _, closes in windows],
            "weekmask": " ".join(names[int(day)] for day in sorted(week)),
            "holidays": list(spec.get("holidays", ())),
        }
        self._zone = spec["tz"]
        self._offsets: dict[int, Any] = {}

    def add(self, start: datetime, amount: timedelta) -> datetime:
        hours, rest = divmod(amount, timedelta(hours=1))
        if rest or hours < 1:
            raise NotExpressible("a part of an hour")
        offset = self._offsets.get(hours)
        if offset is None:
            offset = self._offsets[hours] = self._kit.offsets.CustomBusinessHour(n=hours, **self._terms)
        local = self._kit.Timestamp(start).tz_convert(self._zone)
        return (local + offset).to_pydatetime()  # type: ignore[no-any-return]

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        raise NotExpressible("elapsed time")


class DjangoBizcal:
    """django-bizcal: windows of weekdays and of single dates, holidays."""

    def __init__(self, spec: Spec) -> None:
        kit = import_module("django_bizcal")
        providers = import_module("django_bizcal.providers")
        week = {int(day): [_block(*window) for window in windows] for day, windows in spec["week"].items()}
        special = spec.get("overrides", {})
        self._calendar = kit.WorkingCalendar(
            tz=spec["tz"],
            weekly_schedule=week,
            holiday_provider=providers.SetHolidayProvider.from_dates(spec.get("holidays", ())),
            day_overrides={day: [_block(*window) for window in windows] for day, windows in special.items()},
        )
        self.add = self._calendar.add_business_time
        self.elapsed = self._calendar.business_time_between


class BusinessTimeDelta:
    """businesstimedelta: a rule for each window, one for the holidays."""

    def __init__(self, spec: Spec) -> None:
        if spec.get("overrides"):
            raise NotExpressible("exceptions")
        self._kit = import_module("businesstimedelta")
        zone = import_module("pytz").timezone(spec["tz"])
        rules = []
        for (opens, closes), days in _by_window(spec):
            if closes == "24:00":
                raise NotExpressible("a window up to midnight")
            rule = self._kit.WorkDayRule(_time(opens), _time(closes), working_days=days, tz=zone)
            rules.append(rule)
        # Past its last holiday, or five years before it, the library fails: one goes behind the others.
        dates = [*map(date.fromisoformat, spec.get("holidays", ())), date(2029, 12, 25)]
        self._rules = self._kit.Rules([*rules, self._kit.HolidayRule(dates, tz=zone)])

    def add(self, start: datetime, amount: timedelta) -> datetime:
        return start + self._kit.BusinessTimeDelta(self._rules, timedelta=amount)  # type: ignore[no-any-return]

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return self._rules.difference(start, end).timedelta  # type: ignore[no-any-return]


PEERS: dict[str, Callable[[Spec], Peer]] = {
    "workclock": Workclock,
    "timegrid": Timegrid,
    "pandas": Pandas,
    "django-bizcal": DjangoBizcal,
    "businesstimedelta": BusinessTimeDelta,
}


def _windows(spec: Spec) -> list[tuple[int, str, str, bool]]:
    return [
        (int(day), opens, closes, closes <= opens)
        for day, windows in sorted(spec["week"].items())
        for opens, closes in windows
    ]


def _by_window(spec: Spec) -> Sequence[tuple[tuple[str, str], list[int]]]:
    days: dict[tuple[str, str], list[int]] = {}
    for day, opens, closes, _ in _windows(spec):
        days.setdefault((opens, closes), []).append(day)
    return list(days.items())


def _block(opens: str, closes: str) -> tuple[str, ...]:
    if closes == "24:00":
        return opens, "00:00", 1  # type: ignore[return-value]
    return (opens, closes, 1) if closes <= opens else (opens, closes)  # type: ignore[return-value]


def _time(label: str) -> time:
    return time(0) if label == "24:00" else time.fromisoformat(label)


def _timegrid_day(kit: Any, day: int) -> Any:
    names = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    return getattr(kit.DayOfWeek, names[day])
