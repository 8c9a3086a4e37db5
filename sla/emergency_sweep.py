"""The sweep of emergencies: call the next person wherever nobody has acknowledged in time.

As in the sweep of clocks each ticket is claimed by its row lock; what another worker holds is passed over. A
call is a row with a unique key; it, its event, its line under the bell, its mail and the time of the next
call are one transaction: a worker that dies leaves either all of it or nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from sla.models import Emergency
from sla.services.calls import call_somebody
from tickets.models import Ticket

log = logging.getLogger(__name__)


def tenants_with_due_calls(now: datetime) -> list[int]:
    """The ids of tenants in which somebody is to be called: the one question that crosses tenants."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenants_with_due_calls(%s) AS id", [now])
        return [row[0] for row in cursor.fetchall()]


def call_next(*, now: datetime) -> int:
    """Make every call that is due by `now` in the current tenant; returns how many people were called."""
    due = Emergency.objects.filter(next_call_at__lte=now).order_by("next_call_at")
    return sum(_look_at(pk, ticket_id, now) for pk, ticket_id in due.values_list("pk", "ticket_id"))


def _look_at(emergency_id: int, ticket_id: int, now: datetime) -> int:
    try:
        with transaction.atomic():
            return _act_on(emergency_id, ticket_id, now)
    except (OperationalError, InterfaceError):
        # A deadlock, a lost connection: nothing is wrong with the emergency; the next sweep comes in seconds.
        log.warning("emergency %s left for the next sweep", emergency_id, exc_info=True)
    except Exception:  # one that fails must not stop the rest; it is tried again in seconds
        log.exception("nobody could be called about emergency %s", emergency_id)
    return 0


def _act_on(emergency_id: int, ticket_id: int, now: datetime) -> int:
    tickets = Ticket.objects.select_for_update(of=("self",), skip_locked=True)
    ticket = tickets.select_related("assignee__user", "requester", "customer").filter(pk=ticket_id).first()
    if ticket is None:
        return 0  # Somebody is at it now; the next sweep comes in seconds.
    # Read after the lock: another worker, or whoever acknowledges, may have been faster.
    due = Emergency.objects.filter(pk=emergency_id, next_call_at__lte=now)
    emergency = due.select_related("rota", "declared_by").first()
    return 0 if emergency is None else call_somebody(emergency, ticket, now)
