"""Mail that waits for the end of somebody's quiet hours, and is taken back where it became moot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from notifications.services import cancel_waiting
from sla.models import Clock, Escalation, Moot
from sla.notices import key_of
from sla.steps import steps_ahead, why_moot, with_steps

WHY = {
    Moot.ANSWERED: gettext_noop("The customer was answered before it could be sent."),
    Moot.PAUSED: gettext_noop("The ticket was set to wait before it could be sent."),
    Moot.RECOMPUTED: gettext_noop("The promise falls due at another time now."),
    Moot.RESOLVED: gettext_noop("The ticket was resolved before it could be sent."),
    Moot.MERGED: gettext_noop("The ticket was merged before it could be sent."),
}


def take_back(clocks: Iterable[Clock], *, at: datetime) -> None:
    """Cancel what is held of steps that have become moot, on clocks that were just reckoned.

    The lines under the bells stand: that an instant passed is true, but nobody is woken for it.
    """
    moot: dict[Moot, list[Escalation]] = {}
    for row in clocks:
        for escalation in row.escalations.all():
            why = _why(row, escalation) if escalation.is_held(at) else None
            if why is not None:
                moot.setdefault(why, []).append(escalation)
    for why, escalations in moot.items():
        cancel_waiting(at=at, why=WHY[why], keys=[key_of(escalation) for escalation in escalations])
        ids = [escalation.pk for escalation in escalations]
        Escalation.objects.filter(pk__in=ids).update(cancelled_at=at, cancelled_why=why)


def take_back_from(clock_ids: Sequence[int], *, at: datetime) -> None:
    """The same on some clocks of many that were moved; one query where nothing is held."""
    if not clock_ids:
        return
    held = Escalation.objects.filter(clock__in=clock_ids, cancelled_at=None, held_until__gt=at)
    found = set(held.values_list("clock", flat=True))
    if found:
        clocks = Clock.objects.filter(pk__in=found).with_terms().select_related("ticket")
        take_back(with_steps(clocks), at=at)


def _why(row: Clock, escalation: Escalation) -> Moot | None:
    why = why_moot(row)
    if why is not None:
        return why
    key = (escalation.step_id, escalation.number)
    again = any((mark.step.pk, mark.number) == key for mark in steps_ahead(row))
    return Moot.RECOMPUTED if again else None
