"""What the start page of a customer says of maintenance, outages and backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from accounts.models import Membership
from maintenance.discretion import discretion_towards
from maintenance.lifecycle import Status
from maintenance.models import BackupJob, BackupState, Outage, Window

MOST_SHOWN = 4


@dataclass(frozen=True)
class Work:
    """Outages that go on, and windows that run or come, each list in the order of its start."""

    outages: list[Outage]
    windows: list[Window]


def work_for(me: Membership, now: datetime) -> Work:
    """What concerns a contact's company, with titles that name nobody else."""
    outages = list(Outage.objects.hitting(me).order_by("started_at", "pk")[:MOST_SHOWN])
    coming = Window.objects.visible_to(me).coming_or_running()
    # What should have begun and never did is over by its end.
    coming = coming.exclude(status=Status.SCHEDULED, ends_at__lte=now)
    windows = list(coming.order_by("starts_at", "pk")[:MOST_SHOWN])
    if outages or windows:
        things: list[Outage | Window] = [*outages, *windows]
        say = discretion_towards(me, [thing.title for thing in things])
        for thing in things:
            thing.title = say(thing.title)
    return Work(outages, windows)


def backups_of(me: Membership) -> dict[str, Any]:
    """How the backups of a contact's company stand together: how many there are and how many are in trouble.

    `last_good_at` is the newest good one, None before there was any.
    """
    trouble = Q(state__in=(BackupState.LATE, BackupState.FAILED))
    found: dict[str, Any] = (
        BackupJob.objects.visible_to(me)
        .in_use()
        .order_by()
        .aggregate(all=Count("pk"), in_trouble=Count("pk", filter=trouble), last_good_at=Max("last_good_at"))
    )
    return found
