"""A customer's month: its tickets, and which promises on them were kept or missed.

A promise belongs to the month in which it was decided: kept when it ended in time, missed at the instant of
its limit, whether or not it was met later. What was cancelled is neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership
from accounts.months import month_after
from sla.models import Clock, ClockStatus, Metric
from tickets.models import Ticket


@dataclass
class Tally:
    """Promises that were kept and missed."""

    kept: int = 0
    missed: int = 0

    @property
    def share(self) -> int | None:
        """How many of a hundred were kept; None of none."""
        return round(100 * self.kept / (self.kept + self.missed)) if self.kept + self.missed else None


@dataclass(frozen=True)
class Line:
    """A ticket of the month. `is_hidden`: it is private, and the reader gets no word of it but its number."""

    ticket: Ticket
    promises: Tally
    is_hidden: bool


@dataclass
class Statement:
    """The month as a whole, by metric and by ticket."""

    month: date
    filed: int = 0
    solved: int = 0
    by_metric: dict[str, Tally] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    @property
    def promises(self) -> Tally:
        """Over all metrics."""
        tallies = self.by_metric.values()
        return Tally(sum(one.kept for one in tallies), sum(one.missed for one in tallies))

    def metrics(self) -> Iterator[tuple[str, Tally]]:
        """What was decided in the month, by the name of what was promised."""
        for metric in Metric:
            if metric in self.by_metric:
                yield str(metric.label), self.by_metric[metric]


def statement_of(reader: Membership, month: date) -> Statement:
    """The month of the company of a customer's admin, in the active time zone; three queries.

    Tickets that were filed or solved in the month, or on which a promise was decided in it.
    """
    start, end = _bounds(month)
    by_ticket: dict[int, Tally] = defaultdict(Tally)
    found = Statement(month)
    for ticket_id, metric, is_missed in _decided(reader, start, end):
        for tally in (by_ticket[ticket_id], found.by_metric.setdefault(metric, Tally())):
            tally.missed += is_missed
            tally.kept += not is_missed
    filed, solved = Q(filed_at__gte=start, filed_at__lt=end), Q(resolved_at__gte=start, resolved_at__lt=end)
    tickets = Ticket.objects.filter(tenant_id=reader.tenant_id, customer=reader.customer)
    tickets = tickets.filter(filed | solved | Q(pk__in=by_ticket)).with_people().order_by("number")
    seen = set(Ticket.objects.visible_to(reader).filter(pk__in=tickets).values_list("pk", flat=True))
    for ticket in tickets:
        found.filed += start <= ticket.filed_at < end
        is_solved = ticket.resolved_at is not None and start <= ticket.resolved_at < end
        found.solved += is_solved and ticket.withdrawn_at is None
        found.lines.append(Line(ticket, by_ticket[ticket.pk], is_hidden=ticket.pk not in seen))
    return found


def _decided(reader: Membership, start: datetime, end: datetime) -> list[tuple[int, str, bool]]:
    missed = Q(breached_at__gte=start, breached_at__lt=end)
    kept = Q(breached_at__isnull=True, status=ClockStatus.MET, ended_at__gte=start, ended_at__lt=end)
    clocks = Clock.objects.filter(
        missed | kept, tenant_id=reader.tenant_id, ticket__customer=reader.customer
    ).exclude(status=ClockStatus.CANCELLED)
    rows = clocks.values_list("ticket_id", "metric", "breached_at")
    return [(ticket_id, metric, breached_at is not None) for ticket_id, metric, breached_at in rows]


def _bounds(month: date) -> tuple[datetime, datetime]:
    start, end = (timezone.make_aware(datetime.combine(day, time())) for day in (month, month_after(month)))
    return start, end
