"""How much of a month a service was there: values in, values out, to the second. Knows no Django.

Periods are pairs of aware datetimes, half-open: the end is not part of it. Every instant counts by the whole
second that it lies in, so what a page lists adds up to what it says. Overlapping outages count once.

Planned maintenance, where it is left out, is left out on both sides: of the time that counts, and of the time
that the service was down. Where it counts, nothing is left out. Degraded is not down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

from sla.zones import first_instant, midnight, offsets_of_year, to_datetime

Period = tuple[datetime, datetime]
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One service over a stretch of time. `left_out` and `down` are apart from each other and ascending.

    `excused` is what of the outages lay in planned maintenance and therefore does not count.
    """

    start: datetime
    end: datetime
    left_out: tuple[Period, ...]
    down: tuple[Period, ...]
    excused: tuple[Period, ...]

    @property
    def whole_seconds(self) -> int:
        """The stretch itself."""
        return _length(self.start, self.end)

    @property
    def counted_seconds(self) -> int:
        """The stretch without what is left out."""
        return self.whole_seconds - seconds_of(self.left_out)

    @property
    def down_seconds(self) -> int:
        """How long the service was down in the time that counts."""
        return seconds_of(self.down)

    @property
    def percentage(self) -> Decimal | None:
        """Per cent with four places, cut off and not rounded: no promise looks kept that was not.

        None where no time counts: all of it was planned maintenance, or it has not begun.
        """
        if self.counted_seconds == 0:
            return None
        share = Decimal(self.counted_seconds - self.down_seconds) * 100 / self.counted_seconds
        return share.quantize(PLACES, ROUND_DOWN)

    def allowed_seconds(self, promised: Decimal) -> int:
        """How long the service may be down in the time that counts, with so many per cent promised."""
        return int(self.counted_seconds * (100 - promised) / 100)

    def keeps(self, promised: Decimal) -> bool:
        """Whether so many per cent were there; of whole seconds, not of the percentage that is shown."""
        return self.down_seconds * 100 <= self.counted_seconds * (100 - promised)


def reckon(outages: Iterable[Period], planned: Iterable[Period], start: datetime, end: datetime) -> Reckoning:
    """The reckoning of one service from `start` until `end`.

    `outages` is when it was down, in any order and overlapping as it comes; `planned` is the maintenance that
    is left out, none of it where the plan counts it.
    """
    start, end = _second(start), _second(end)
    down, left_out = within(outages, start, end), within(planned, start, end)
    return Reckoning(
        start,
        end,
        tuple(left_out),
        tuple(without(down, left_out)),
        tuple(without(down, without([(start, end)], left_out))),
    )


def down_seconds(outages: Iterable[Period], planned: Iterable[Period], start: datetime, end: datetime) -> int:
    """Seconds from `start` until `end` in which the service was down, less those of `planned`."""
    return reckon(outages, planned, start, end).down_seconds


def within(periods: Iterable[Period], start: datetime, end: datetime) -> list[Period]:
    """What of the periods lies from `start` until `end`: apart from each other, ascending, whole seconds."""
    cut = [(max(_second(a), start), min(_second(b), end)) for a, b in periods]
    found: list[Period] = []
    for begins, ends in sorted(period for period in cut if period[0] < period[1]):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def without(periods: Iterable[Period], cut_out: Iterable[Period]) -> list[Period]:
    """The periods less the others; both apart from each other and ascending, as `within` gives them."""
    found: list[Period] = []
    cuts = list(cut_out)
    for start, ends in periods:
        begins = start
        for cut_begins, cut_ends in cuts:
            if cut_ends <= begins or cut_begins >= ends:
                continue
            if cut_begins > begins:
                found.append((begins, cut_begins))
            begins = min(cut_ends, ends)
        if begins < ends:
            found.append((begins, ends))
    return found


def seconds_of(periods: Iterable[Period]) -> int:
    """How long they are together; they must not overlap."""
    return sum(_length(begins, ends) for begins, ends in periods)


def month_of(day: date, zone: ZoneInfo) -> Period:
    """The calendar month of a day, from its first instant in the zone until that of the next month."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return start_of(day.replace(day=1), zone), start_of(following, zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a zone, in UTC: midnight, or what follows where it is skipped."""
    return to_datetime(first_instant(offsets_of_year(zone.key, day.year), midnight(day.toordinal())))


def _second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _length(start: datetime, end: datetime) -> int:
    # Both are whole seconds in UTC, so nothing is lost.
    between = end - start
    return between.days * 86_400 + between.seconds
