"""How many tickets stand in each view of the queue, and what a person has not read."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Subquery
from django.db.models.functions import JSONObject

from accounts.models import Membership
from notifications.models import Notification
from tickets.models import DueState, Ticket

VIEWS = ("all", "mine", "unassigned", "at_risk", "breached")


def desk_counts(membership: Membership, *, now: datetime) -> dict[str, int]:
    """Unresolved tickets by view (VIEWS) and the person's `unread` notifications.

    One query, since every page of the desk asks it.
    """
    tickets = Ticket.objects.visible_to(membership).unresolved().order_by().values("tenant_id")
    unread = Notification.objects.visible_to(membership).unread().order_by().values("recipient_id")
    me = Membership.objects.filter(pk=membership.pk).values_list(
        Subquery(tickets.annotate(counted=JSONObject(**_counters(membership, now))).values("counted")),
        Subquery(unread.annotate(counted=Count("pk")).values("counted")),
    )
    counted, unread_count = me.get()
    return dict.fromkeys(VIEWS, 0) | (counted or {}) | {"unread": unread_count or 0}


def _counters(membership: Membership, now: datetime) -> dict[str, Any]:
    running = Q(due_state=DueState.RUNNING)
    return {
        "all": Count("pk"),
        "mine": Count("pk", filter=Q(assignee=membership)),
        "unassigned": Count("pk", filter=Q(assignee=None)),
        "at_risk": Count("pk", filter=running & Q(at_risk_at__lt=now, due_at__gte=now)),
        "breached": Count("pk", filter=running & Q(due_at__lt=now)),
    }
