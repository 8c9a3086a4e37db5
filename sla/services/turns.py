"""Intentions about the turns of a rota: one by one, or whole weeks at once.

At one place (first to be called, second, …) only one person can be on call at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.audit import record_change
from accounts.models import Membership
from sla.models import Rota, RotaTurn
from sla.rota_turns import Turn
from sla.services.errors import NotAllowed
from sla.services.rota_errors import TurnChanged, TurnEmpty, TurnsOverlap
from sla.services.rotas import lock_rota


@transaction.atomic
def add_turn(
    *,
    rota: Rota,
    person: Membership,
    starts_at: datetime,
    ends_at: datetime,
    by: Membership,
    at: datetime,
    position: int = 0,
) -> RotaTurn:
    """Put somebody of the staff on call. Raises NotAllowed, TurnEmpty, TurnsOverlap."""
    rota = lock_rota(rota, by)
    turn = RotaTurn(tenant_id=rota.tenant_id, rota=rota)
    return _write(turn, person, starts_at, ends_at, position)


@transaction.atomic
def change_turn(
    *,
    turn: RotaTurn,
    seen: str,
    person: Membership,
    starts_at: datetime,
    ends_at: datetime,
    by: Membership,
    at: datetime,
    position: int = 0,
) -> RotaTurn:
    """Give a turn to somebody else, or move it. `seen` is `stamp_of` the turn that was edited.

    Raises NotAllowed, TurnChanged (also when it is gone), TurnEmpty, TurnsOverlap.
    """
    lock_rota(turn.rota, by)
    now = RotaTurn.objects.filter(pk=turn.pk).select_related("rota", "person").first()
    if now is None or stamp_of(now) != seen:
        raise TurnChanged
    return _write(now, person, starts_at, ends_at, position)


@transaction.atomic
def remove_turn(*, turn: RotaTurn, by: Membership, at: datetime) -> None:
    """Take a turn out of the rota. Raises NotAllowed."""
    lock_rota(turn.rota, by)
    RotaTurn.objects.filter(pk=turn.pk).delete()


@transaction.atomic
def fill_turns(
    *, rota: Rota, turns: Sequence[Turn], by: Membership | None, at: datetime, replaces: bool = False
) -> int:
    """Put turns, such as `sla.rota_turns.filled` makes, into a rota; returns how many.

    What stands at the same place meanwhile is in the way, or is cut back where `replaces` says so.
    `by` None is the set-up of a desk. Raises NotAllowed, TurnsOverlap.
    """
    if by is not None:
        rota = lock_rota(rota, by)
    _check_people(rota, {turn.person_id for turn in turns})
    for position in {turn.position for turn in turns}:
        own = [turn for turn in turns if turn.position == position]
        start, end = min(turn.starts_at for turn in own), max(turn.ends_at for turn in own)
        in_the_way = _overlapping(rota, position, start, end)
        if in_the_way and not replaces:
            raise TurnsOverlap(in_the_way[0])
        _cut_out(in_the_way, start, end)
    rows = [
        RotaTurn(
            tenant_id=rota.tenant_id,
            rota=rota,
            person_id=turn.person_id,
            starts_at=turn.starts_at,
            ends_at=turn.ends_at,
            position=turn.position,
        )
        for turn in turns
    ]
    added = [f"{row.starts_at:%Y-%m-%d %H:%M} to {row.ends_at:%Y-%m-%d %H:%M} UTC" for row in rows]
    record_change(rota, field="turns", before="", after="\n".join(added))
    return len(RotaTurn.objects.bulk_create(rows))


def stamp_of(turn: RotaTurn) -> str:
    """What a turn says, in a line by which an edit knows that it is still the same."""
    return f"{turn.person_id} {turn.starts_at.isoformat()} {turn.ends_at.isoformat()} {turn.position}"


def _write(
    turn: RotaTurn, person: Membership, starts_at: datetime, ends_at: datetime, position: int
) -> RotaTurn:
    if ends_at <= starts_at:
        raise TurnEmpty
    if person.pk != turn.person_id:
        _check_people(turn.rota, {person.pk})
    in_the_way = [row for row in _overlapping(turn.rota, position, starts_at, ends_at) if row.pk != turn.pk]
    if in_the_way:
        raise TurnsOverlap(in_the_way[0])
    turn.person, turn.starts_at, turn.ends_at, turn.position = person, starts_at, ends_at, position
    turn.save()
    return turn


def _check_people(rota: Rota, ids: set[int]) -> None:
    """Only staff who may enter this desk are on call."""
    staff = Membership.objects.active().staff().filter(tenant_id=rota.tenant_id, pk__in=ids)
    if staff.count() != len(ids):
        raise NotAllowed


def _overlapping(rota: Rota, position: int, start: datetime, end: datetime) -> list[RotaTurn]:
    turns = RotaTurn.objects.filter(rota=rota, position=position, starts_at__lt=end, ends_at__gt=start)
    return list(turns.select_related("person", "rota").order_by("starts_at", "pk"))


def _cut_out(turns: Iterable[RotaTurn], start: datetime, end: datetime) -> None:
    """Keep of these turns what lies before and after the stretch."""
    for turn in turns:
        ends_at = turn.ends_at
        if turn.starts_at < start:
            turn.ends_at = start
            turn.save(update_fields=["ends_at"])
            if ends_at > end:
                RotaTurn.objects.create(
                    tenant_id=turn.tenant_id,
                    rota_id=turn.rota_id,
                    person_id=turn.person_id,
                    starts_at=end,
                    ends_at=ends_at,
                    position=turn.position,
                )
        elif ends_at > end:
            turn.starts_at = end
            turn.save(update_fields=["starts_at"])
        else:
            turn.delete()
