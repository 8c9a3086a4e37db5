"""Turns of a rota as values: weeks filled with people, and what nobody covers. Knows no Django.

A turn begins and ends at instants. People say them as readings of the wall clock in the rota's zone: a
reading that spring skips is the instant of the change, one that autumn repeats is its first (`sla.zones`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sla.zones import first_instant, offsets_of_year, to_datetime, to_microseconds

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody (an id) on call from an instant until another; of several the lower place is called first."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    position: int = 0


def instant_of(label: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the zone's wall clock reads `label` (naive) or later, in UTC."""
    local = to_microseconds(label.replace(tzinfo=UTC))
    return to_datetime(first_instant(offsets_of_year(zone.key, label.year), local))


def filled(
    people: Sequence[int], first: datetime, *, zone: ZoneInfo, days: int, turns: int, position: int = 0
) -> list[Turn]:
    """So many turns from the reading `first` (naive) on, `days` long each, the people one after the other.

    They change at the same reading of the wall clock, so a turn over a change of the clocks is an hour
    shorter or longer.
    """
    edges = [instant_of(first + timedelta(days=days * number), zone) for number in range(turns + 1)]
    return [
        Turn(people[number % len(people)], edges[number], edges[number + 1], position)
        for number in range(turns)
    ]


def uncovered(stretches: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    """The parts of [start, end) that none of the stretches covers, in order."""
    found: list[Stretch] = []
    reached = start
    for begins, ends in sorted(stretches):
        if begins >= end:
            break
        if begins > reached:
            found.append((reached, begins))
        reached = max(reached, ends)
    if reached < end:
        found.append((reached, end))
    return found
