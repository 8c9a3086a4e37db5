"""The sweep: find what has fallen due, reckon it again, take the steps that it calls for.

Any number of sweeps may run at once. Each takes due clocks by the batch, locks their tickets and passes over
those that another holds; a step is a row with a unique key, and it, its event, its notifications and its
mails are one transaction. A worker that dies leaves either all of a batch or none of it, and the next sweep
goes on. A ticket that cannot be reckoned is set aside with its error and holds up nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from sla.models import Clock
from sla.services.escalating import escalate

log = logging.getLogger(__name__)

BATCH = 200
MOST_BATCHES = 50
"""In one run and desk: a sweep that comes after a long stand-still must not keep other desks waiting."""


def tenants_with_due_clocks(now: datetime) -> list[int]:
    """The ids of tenants that have a clock to look at: the one question that crosses tenants."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenants_with_due_clocks(%s) AS id", [now])
        return [row[0] for row in cursor.fetchall()]


def sweep_tenant(*, now: datetime) -> int:
    """Take every step that is due by `now` in the current tenant; returns how many were taken.

    At most `MOST_BATCHES` batches of clocks are looked at, those that are due longest first.
    """
    taken = 0
    after: tuple[datetime, int] | None = None
    for _turn in range(MOST_BATCHES):
        due = _due(now, after)
        if not due:
            break
        after = due[-1][:2]
        taken += _look_at(list(dict.fromkeys(ticket_id for _at, _pk, ticket_id in due)), now)
    return taken


def _due(now: datetime, after: tuple[datetime, int] | None) -> list[tuple[datetime, int, int]]:
    """The next due clocks as (when, id, ticket), behind those that were looked at already."""
    clocks = Clock.objects.filter(next_action_at__lt=now, error="")
    if after is not None:
        at, pk = after
        clocks = clocks.filter(Q(next_action_at__gt=at) | Q(pk__gt=pk), next_action_at__gte=at)
    found = clocks.order_by("next_action_at", "pk").values_list("next_action_at", "pk", "ticket_id")
    return [(at, pk, ticket_id) for at, pk, ticket_id in found[:BATCH] if at is not None]


def _look_at(tickets: Sequence[int], now: datetime) -> int:
    """A batch in one transaction, or one ticket after the other where the batch cannot be written."""
    try:
        with transaction.atomic():
            return escalate(tickets, now=now)
    except (OperationalError, InterfaceError):
        # A deadlock, a lost connection: nothing is wrong with the tickets; the next sweep comes in seconds.
        log.warning("%s tickets left for the next sweep", len(tickets), exc_info=True)
        return 0
    except Exception as error:  # one bad row must not stop the rest
        if len(tickets) > 1:
            return sum(_look_at([ticket_id], now) for ticket_id in tickets)
        log.exception("clocks of ticket %s set aside", tickets[0])
        due = Clock.objects.filter(ticket_id=tickets[0], next_action_at__lte=now)
        due.update(error=f"{type(error).__name__}: {error}"[:1000])
        return 0


def take_up_again(*, now: datetime) -> int:
    """Let the next sweep try what was set aside in the current tenant; returns how many clocks that were.

    What was wrong (a fault of ours, mended since) may be over, and a promise must not wait for somebody who
    happens to touch its ticket.
    """
    return Clock.objects.exclude(error="").filter(next_action_at__lte=now).update(error="")
