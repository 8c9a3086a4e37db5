"""A rota as its pages show it: times by the wall clock of its zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.humantime import machine_time, short_moment, zone_city
from sla.models import Rota, RotaTurn
from sla.services.rotas import duty_among, gaps_in, is_reached

WARNED_AHEAD = timedelta(days=28)


@dataclass(frozen=True)
class ShownTime:
    """An instant in words, and for machines."""

    words: str
    machine: str


@dataclass(frozen=True)
class ShownTurn:
    """One turn in words."""

    pk: int
    name: str
    starts: ShownTime
    ends: ShownTime
    position: int
    is_now: bool
    is_reached: bool


@dataclass(frozen=True)
class ShownRota:
    """A rota, who is on call and next, the turns that have not ended, and the gaps of four weeks."""

    rota: Rota
    zone_words: str
    now: list[ShownTurn]
    next: ShownTurn | None
    turns: list[ShownTurn]
    gaps: list[tuple[ShownTime, ShownTime]]


def shown_rota(rota: Rota, now: datetime) -> ShownRota:
    """In words; the rota was loaded with `ahead`, its turns that have not ended."""
    zone = ZoneInfo(rota.time_zone)
    ahead: list[RotaTurn] = rota.ahead  # type: ignore[attr-defined]  # prefetched by the view
    duty = duty_among(ahead, now)
    gaps = gaps_in(ahead, now, now + WARNED_AHEAD)
    return ShownRota(
        rota=rota,
        zone_words=zone_city(zone),
        now=[_shown(turn, now, zone) for turn in duty.now],
        next=_shown(duty.next, now, zone) if duty.next else None,
        turns=[_shown(turn, now, zone) for turn in ahead],
        gaps=[(_time(start, now, zone), _time(end, now, zone)) for start, end in gaps],
    )


def _shown(turn: RotaTurn, now: datetime, zone: ZoneInfo) -> ShownTurn:
    return ShownTurn(
        turn.pk,
        turn.person.name,
        _time(turn.starts_at, now, zone),
        _time(turn.ends_at, now, zone),
        turn.position,
        turn.starts_at <= now,
        is_reached(turn.person),
    )


def _time(at: datetime, now: datetime, zone: ZoneInfo) -> ShownTime:
    return ShownTime(short_moment(at, now=now, zone=zone), machine_time(at))
