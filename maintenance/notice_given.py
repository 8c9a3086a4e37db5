"""Notice promised and given: what each customer's plan said, and when it was told (policy clause S5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value

from maintenance.lifecycle import ANNOUNCED, Status
from maintenance.models import Concern, WindowCustomer
from maintenance.promised import HOUR

# The last instant at which a customer could be told in time.
_LATEST = ExpressionWrapper(
    F("window__starts_at") - F("promised_hours") * Value(HOUR), output_field=DateTimeField()
)
_IS_SHORT = Q(promised_hours__isnull=False) & (Q(told_at__isnull=True) | Q(told_at__gt=_LATEST))


@dataclass(frozen=True)
class Totals:
    """Over all rows: how many, how many got less than was promised, how many windows were emergencies."""

    count: int
    short: int
    emergencies: int


def notices_given(tenant_id: int, *, since: datetime) -> QuerySet[WindowCustomer]:
    """The customers of windows that begin at `since` or later, each with its window and `begins`.

    Whoever is not due to be told yet is not among them, nor whoever was never told of what was called off:
    nobody broke a promise there. In no order.
    """
    rows = WindowCustomer.objects.filter(tenant_id=tenant_id, window__starts_at__gte=since)
    rows = rows.filter(window__sequence__gt=0, window__status__in=ANNOUNCED)
    rows = rows.exclude(concern=Concern.LEFT_OUT)
    rows = rows.exclude(told_at__isnull=True, window__status__in=(Status.SCHEDULED, Status.CANCELLED))
    return rows.annotate(begins=F("window__starts_at")).order_by()


def only_short(rows: QuerySet[WindowCustomer]) -> QuerySet[WindowCustomer]:
    """Of `notices_given`, those who got less notice than their plan promised."""
    return rows.filter(_IS_SHORT)


def totals_of(rows: QuerySet[WindowCustomer]) -> Totals:
    """The sums over all of `notices_given`, in one query."""
    found = rows.aggregate(
        count=Count("pk"),
        short=Count("pk", filter=_IS_SHORT),
        emergencies=Count("window", filter=Q(window__is_emergency=True), distinct=True),
    )
    return Totals(**found)


def hours_given(row: WindowCustomer) -> int | None:
    """Hours of notice that a customer got, rounded down, 0 after the start; None: it was not told before."""
    if row.told_at is None:
        return None
    given: timedelta = row.window.starts_at - row.told_at
    return max(timedelta(0), given) // HOUR


def is_kept(row: WindowCustomer) -> bool:
    """The customer got the notice that its plan promised."""
    hours = hours_given(row)
    return row.promised_hours is None or (hours is not None and hours >= row.promised_hours)
