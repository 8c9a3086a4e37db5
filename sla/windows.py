"""A calendar compiled: the windows of whole years as sorted instants with the open time that lies before
each.

A year is compiled once, in well under a millisecond, and never changes; a table is the years asked for so
far, merged.
"""

from bisect import bisect_right
from datetime import date
from itertools import accumulate

from sla.calendar_spec import CalendarSpec, Label
from sla.zones import DAY, Offsets, first_instant, midnight, offsets_of_year

FOREVER = 10**18
"""Later than any instant that a datetime can hold."""

Window = tuple[int, int]
Day = tuple[int, list[Window]]
"""A date's ordinal and the windows that open on it, in UTC microseconds; only dates that have any."""


class Table:
    """The open windows of the years `first_year` to `last_year`, right for every instant from `covers_from`
    up to `covers_to`. `sums[i]` is the open time before `opens[i]`, counted from the table's beginning."""

    __slots__ = (
        "closes", "covers_from", "covers_to", "day_closes", "day_opens", "days", "first_year", "last_year",
        "opens", "sums", "total", "years",
    )  # fmt: skip

    def __init__(self, spec: CalendarSpec, years: dict[int, list[Day]]) -> None:
        self.years = years
        self.first_year, self.last_year = min(years), max(years)
        self.covers_from, self.covers_to = _reach(spec, self.first_year, self.last_year)
        days = [day for year in sorted(years) for day in years[year]]
        self.days = [ordinal for ordinal, _ in days]
        self.day_opens = [windows[0][0] for _, windows in days]
        self.day_closes = [max(closes for _, closes in windows) for _, windows in days]
        self.opens, self.closes = _merge([window for _, windows in days for window in windows])
        lengths = (closes - opens for opens, closes in zip(self.opens, self.closes, strict=True))
        sums = list(accumulate(lengths, initial=0))
        self.total = sums.pop()
        self.sums = sums

    def open_before(self, at: int) -> int:
        """F: the open microseconds between the table's beginning and an instant that it covers."""
        place = bisect_right(self.opens, at) - 1
        if place < 0:
            return 0
        close = self.closes[place]
        return self.sums[place] - self.opens[place] + (at if at < close else close)


def compile_year(spec: CalendarSpec, year: int) -> list[Day]:
    """The windows that open on the dates of one year. Raises OverflowError where Python's calendar ends."""
    offsets = offsets_of_year(spec.zone.key, year)
    starts, limits = offsets.starts, offsets.limits
    days: list[Day] = []
    for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        labels = spec.labels_of(ordinal)
        if not labels:
            continue
        base = midnight(ordinal)
        stretch = bisect_right(limits, base)
        shifted = base - offsets.offsets[stretch]
        if shifted >= starts[stretch] and base + 2 * DAY < limits[stretch]:  # no change of the clocks is near
            days.append((ordinal, [(shifted + opens, shifted + closes) for opens, closes in labels]))
        elif windows := _windows_near_change(offsets, base, labels):
            days.append((ordinal, windows))
    return days


def _windows_near_change(offsets: Offsets, base: int, labels: tuple[Label, ...]) -> list[Window]:
    windows = [(first_instant(offsets, base + o), first_instant(offsets, base + c)) for o, c in labels]
    return [window for window in windows if window[0] < window[1]]  # less those that the change swallowed


def _reach(spec: CalendarSpec, first_year: int, last_year: int) -> tuple[int, int]:
    # A window of the 31st of December may reach into the 1st of January, so the table is right from the 2nd
    # on.
    covers_from = _local_midnight(spec, date(first_year, 1, 2))
    covers_to = _local_midnight(spec, date(last_year + 1, 1, 1))
    if spec.recurs:
        return covers_from, covers_to
    # Nothing comes after the last day with hours of its own, and before the first there was nothing.
    special = [date.fromordinal(ordinal).year for ordinal, own in spec.own.items() if own.labels]
    nothing_before = all(first_year <= year for year in special)
    nothing_after = all(year <= last_year for year in special)
    return -FOREVER if nothing_before else covers_from, FOREVER if nothing_after else covers_to


def _local_midnight(spec: CalendarSpec, day: date) -> int:
    return first_instant(offsets_of_year(spec.zone.key, day.year), midnight(day.toordinal()))


def _merge(windows: list[Window]) -> tuple[list[int], list[int]]:
    opens: list[int] = []
    closes: list[int] = []
    latest = -FOREVER
    for opening, closing in sorted(windows):
        if opening > latest:
            opens.append(opening)
            closes.append(closing)
            latest = closing
        elif closing > latest:
            closes[-1] = latest = closing
    return opens, closes
