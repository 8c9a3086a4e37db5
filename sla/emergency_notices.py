"""Who is told about an emergency: by every way that the desk has, and whatever the hour.

An emergency does not wait for quiet hours to end.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop

from accounts.models import Membership
from notifications.services import cancel_waiting
from sla.models import Emergency
from tickets.models import Ticket
from tickets.notices import tell

CALLED = gettext_noop("Emergency on %(ref)s, you are called: %(subject)s")
ANSWERED = gettext_noop("The emergency was acknowledged, or ended, before this left.")
ACKNOWLEDGED = gettext_noop("%(name)s is on the emergency of %(ref)s: %(subject)s")


def tell_called(
    emergency: Emergency, ticket: Ticket, person: Membership, *, round_: int, at: datetime
) -> None:
    """A line under the bell and a mail at once, for each round anew."""
    declared_by = emergency.declared_by
    tell(
        person,
        ticket,
        kind="emergency",
        key=f"{_calls_of(emergency)}:{round_}",
        title=CALLED,
        at=at,
        values={
            "step": "called",
            "reason": emergency.reason,
            "declared_by": declared_by.name if declared_by is not None else "",
            "declared_at": emergency.declared_at,
        },
    )


def call_off(emergency: Emergency, *, at: datetime) -> None:
    """What has not left yet calls nobody any more."""
    cancel_waiting(at=at, why=ANSWERED, prefix=f"{_calls_of(emergency)}:")


def tell_acknowledged(emergency: Emergency, ticket: Ticket, *, by: Membership, at: datetime) -> None:
    """Whoever was called besides may stand down; the requester, and who declared it, learn who is on it."""
    people = {call.person_id: call.person for call in emergency.calls.select_related("person__user")}
    people[ticket.requester_id] = ticket.requester
    if emergency.declared_by is not None:
        people[emergency.declared_by.pk] = emergency.declared_by
    people.pop(by.pk, None)
    for person in people.values():
        tell(
            person,
            ticket,
            kind="emergency",
            key=f"emergency:{emergency.pk}:acknowledged",
            title=ACKNOWLEDGED,
            at=at,
            values={"step": "acknowledged", "name": by.name, "acknowledged_at": at},
        )


def _calls_of(emergency: Emergency) -> str:
    return f"emergency:{emergency.pk}:call"
