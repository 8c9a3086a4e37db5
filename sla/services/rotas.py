"""Intentions about on-call rotas, and the question that they answer: who is called now, and who next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import archiving
from accounts.models import Membership
from accounts.oneline import one_line
from accounts.uniqueness import once_only
from sla.models import Rota, RotaTurn
from sla.rota_turns import Stretch, uncovered
from sla.services.errors import NameTaken, NotAllowed
from sla.services.rota_errors import RotaChanged

# How many turns from now on are looked at for who is on call and who is next.
LOOKED_AT = 100


@dataclass(frozen=True)
class Duty:
    """Turns at an instant: those that run, in the order of calling, and the next with somebody else."""

    now: list[RotaTurn]
    next: RotaTurn | None


@transaction.atomic
def create_rota(
    *,
    tenant_id: int,
    name: str,
    time_zone: str,
    at: datetime,
    minutes: int = 10,
    by: Membership | None = None,
) -> Rota:
    """A new rota without turns; each has `minutes` to acknowledge. Raises NotAllowed, NameTaken."""
    if by is not None and not _may(by, tenant_id):
        raise NotAllowed
    rota = Rota(tenant_id=tenant_id, name=one_line(name), time_zone=time_zone, minutes=minutes)
    return _save(rota)


@transaction.atomic
def change_rota(
    *,
    rota: Rota,
    seen_version: int,
    name: str,
    time_zone: str,
    minutes: int,
    by: Membership,
    at: datetime,
) -> Rota:
    """Rename a rota, give another zone to its wall clock or other minutes; turns stay at their instants.

    `seen_version` is the one that was edited. Raises NotAllowed, RotaChanged, NameTaken.
    """
    rota = lock_rota(rota, by)
    if rota.version != seen_version:
        raise RotaChanged(rota.name)
    rota.name, rota.time_zone, rota.minutes = one_line(name), time_zone, minutes
    rota.version += 1
    return _save(rota)


@transaction.atomic
def archive_rota(*, rota: Rota, by: Membership, at: datetime) -> None:
    """Offer a rota no more; plans that name it go on calling its people. Raises NotAllowed."""
    rota = lock_rota(rota, by)
    archiving.archive(rota, at=at)


@transaction.atomic
def restore_rota(*, rota: Rota, by: Membership, at: datetime) -> None:
    """Offer an archived rota again. Raises NotAllowed."""
    rota = lock_rota(rota, by)
    archiving.restore(rota)


def on_call(rota: Rota, at: datetime) -> list[Membership]:
    """Whom to call at that instant, one after the other.

    Those whose turn it is, by their place; then the person of the next turn; while it is nobody's turn,
    also every supervisor of the desk. Nobody stands there twice, and nobody who may not enter the desk.
    """
    duty = duty_at(rota, at)
    line = [turn.person for turn in [*duty.now, *([duty.next] if duty.next else [])]]
    if not duty.now:
        line += supervisors_of(rota.tenant_id)
    return list({person.pk: person for person in line}.values())


def duty_at(rota: Rota, at: datetime) -> Duty:
    """Whose turn it is at that instant, and whose next; people who may not enter the desk are passed over."""
    turns = RotaTurn.objects.filter(rota=rota, ends_at__gt=at).select_related("person__user")
    return duty_among(turns.order_by("starts_at", "position", "pk")[:LOOKED_AT], at)


def duty_among(turns: Iterable[RotaTurn], at: datetime) -> Duty:
    """The same, of turns that are loaded: all that end after `at`, in the order in which they start."""
    reached = [turn for turn in turns if turn.ends_at > at and is_reached(turn.person)]
    now = sorted(
        (turn for turn in reached if turn.starts_at <= at), key=lambda turn: (turn.position, turn.pk)
    )
    there = {turn.person_id for turn in now}
    later = (turn for turn in reached if turn.starts_at > at and turn.person_id not in there)
    return Duty(now, next(later, None))


def gaps_in(turns: Iterable[RotaTurn], start: datetime, end: datetime) -> list[Stretch]:
    """When, from `start` until `end`, it is nobody's turn who may enter the desk."""
    covered = [(turn.starts_at, turn.ends_at) for turn in turns if is_reached(turn.person)]
    return uncovered(covered, start, end)


def supervisors_of(tenant_id: int) -> list[Membership]:
    """Everybody who is told what nobody else takes: supervisors, admins, owners."""
    people = Membership.objects.active().supervisors().filter(tenant_id=tenant_id, user__is_active=True)
    return list(people.select_related("user").order_by("name", "pk"))


def is_reached(person: Membership) -> bool:
    """Whether telling that person tells anybody: neither the membership nor the identity is closed."""
    return person.is_active and person.user.is_active


def lock_rota(rota: Rota, by: Membership) -> Rota:
    """The rota as it is now, locked until the transaction ends. Raises NotAllowed."""
    if not _may(by, rota.tenant_id):
        raise NotAllowed
    locked: Rota = Rota.objects.select_for_update().get(pk=rota.pk)
    return locked


def _may(by: Membership, tenant_id: int) -> bool:
    return by.is_admin and by.tenant_id == tenant_id


def _save(rota: Rota) -> Rota:
    with once_only(NameTaken):
        rota.save()
    return rota
