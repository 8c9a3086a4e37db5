"""How many tickets stand in each view of the queue."""

from datetime import datetime

from django.db.models import Count, Q

from accounts.models import Membership
from tickets.models import DueState, Ticket


def queue_counts(membership: Membership, *, now: datetime) -> dict[str, int]:
    """Unresolved tickets by view, in one query: all, mine, unassigned, at_risk, breached."""
    running = Q(due_state=DueState.RUNNING)
    return (
        Ticket.objects.visible_to(membership)
        .unresolved()
        .aggregate(
            all=Count("pk"),
            mine=Count("pk", filter=Q(assignee=membership)),
            unassigned=Count("pk", filter=Q(assignee=None)),
            at_risk=Count("pk", filter=running & Q(at_risk_at__lt=now, due_at__gte=now)),
            breached=Count("pk", filter=running & Q(due_at__lt=now)),
        )
    )
