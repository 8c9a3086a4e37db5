"""Open tickets without a running promise, to which an edit brings one.

An edit moves open clocks. A ticket whose priority was promised nothing, or whose promises have all ended, has
none to be moved, so it is looked for by itself, once the others are through; only an edit that promises what
some earlier terms did not has any such tickets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from sla.models import (
    Agreement,
    CalendarVersion,
    Clock,
    Contract,
    ContractVersion,
    PlanVersion,
    Reach,
    Target,
)
from sla.services.agreements import Made, caught_up, following, keep, terms_at
from sla.services.clocks import project, reckon
from sla.terms import Terms, kept_agreements, terms_of
from tickets.models import Ticket, TicketEvent

BATCH = 200
Move = tuple[Clock | None, Clock]
"""A clock as it stands, None where there is none, and as it would be."""


def without_promise(made: Made) -> QuerySet[Ticket]:
    """Unresolved tickets without an open clock on which what an edit made may begin a promise, by id."""
    if isinstance(made, ContractVersion):
        customer = Ticket.objects.filter(customer=made.contract.customer_id)
        return customer.unresolved().filter(clocks=None).order_by("pk")
    priorities = _newly_promised(made)
    if isinstance(made, CalendarVersion) or not priorities:
        return Ticket.objects.none()
    if isinstance(made, Contract):
        tickets = Ticket.objects.filter(customer=made.customer_id)
    else:
        customers = Contract.objects.filter(plan=made.plan_id).values("customer")
        tickets = Ticket.objects.filter(customer__in=customers)
    going = Clock.objects.not_ended().filter(ticket=OuterRef("pk"))
    return tickets.unresolved().filter(~Exists(going), priority__in=priorities).order_by("pk")


def _newly_promised(made: CalendarVersion | PlanVersion | Contract) -> set[str]:
    """The priorities for which it promises something that not all earlier terms did."""
    if isinstance(made, CalendarVersion):
        return set()
    if isinstance(made, Contract):
        return set(Target.objects.filter(plan_version__plan=made.plan_id).values_list("priority", flat=True))
    earlier = PlanVersion.objects.filter(plan=made.plan_id, number__lt=made.number)
    every = earlier.count()
    counted = Target.objects.filter(plan_version__in=earlier).values_list("metric", "priority")
    known = {
        (metric, priority) for metric, priority, count in counted.annotate(Count("pk")) if count == every
    }
    promised = set(made.targets.values_list("metric", "priority"))
    return {priority for _metric, priority in promised - known}


class Beginnings:
    """What an edit that is being applied begins on tickets; their terms are read once for all alike."""

    def __init__(self, made: Made, reach: str, now: datetime) -> None:
        self.made, self.reach, self.now = made, reach, now
        self._known: dict[int, Terms] = {}
        self._corrected: dict[tuple[int, int, int], Agreement] = {}

    def terms(self, ticket: Ticket, rows: Sequence[Clock]) -> Terms | None:
        """What such a ticket is under once the edit is applied: as if from the start where it says so."""
        if not rows:
            found = terms_at(ticket.customer_id, ticket.filed_at)
            return None if found is None else terms_of(self._final(found.agreement))
        latest = max(rows, key=lambda row: row.agreement_id)
        if latest.agreement_id not in self._known:
            agreement = self._final(caught_up(latest.agreement, at=self.now))
            self._known[latest.agreement_id] = terms_of(agreement)
        return self._known[latest.agreement_id]

    def _final(self, agreement: Agreement) -> Agreement:
        if isinstance(self.made, ContractVersion):
            return keep(agreement)
        holds = self.made.pk in (agreement.plan_version_id, agreement.contract_id)
        if self.reach != Reach.FROM_START or not holds:
            return keep(agreement)
        alike = agreement.contract_id, agreement.plan_version_id, agreement.calendar_version_id
        if alike not in self._corrected:
            corrected = following(agreement, self.made, since=None, at=self.now)
            self._corrected[alike] = keep(corrected or agreement)
        return self._corrected[alike]

    def of(self, tickets: Sequence[Ticket]) -> Iterator[tuple[Ticket, Terms | None, list[Move]]]:
        """Those tickets on which a promise begins (or will), with their terms and what becomes of clocks."""
        clocks, events = clocks_by_ticket(tickets), events_by_ticket(tickets)
        for ticket in tickets:
            rows = clocks[ticket.pk]
            terms = self.terms(ticket, rows)
            moves = moves_of(ticket, rows, events[ticket.pk], self.now, terms=terms)
            if any(begins(before, after) for before, after in moves):
                yield ticket, terms, moves


def moves_of(
    ticket: Ticket,
    rows: Sequence[Clock],
    events: list[TicketEvent],
    now: datetime,
    *,
    terms: Terms | None = None,
    after: Mapping[int, Agreement] | None = None,
) -> list[Move]:
    """What becomes of the clocks of a ticket that is reckoned by itself; nothing is written.

    `after` are the agreements to which an edit moves its open clocks, by those that they are under.
    """
    before = {row.pk: copy(row) for row in rows}
    for row in rows:
        if row.ended_at is None and after is not None and row.agreement_id in after:
            row.agreement = after[row.agreement_id]
    moves: list[Move] = []
    for row, state in reckon(ticket, rows, events, now=now, terms=terms).states:
        becomes = copy(row)
        project(becomes, state)
        moves.append((before.get(row.pk), becomes))
    return moves


def begins(before: Clock | None, after: Clock) -> bool:
    """Whether a clock begins, now or when what is announced begins to hold."""
    was_open = before is not None and before.ended_at is None
    is_new = before is None or before.agreement_id != after.agreement_id
    return not was_open and (after.ended_at is None or (after.has_no_promise() and is_new))


def clocks_by_ticket(tickets: Sequence[Ticket]) -> dict[int, list[Clock]]:
    """The clocks of tickets with their agreements; one query, and one for agreements that are new here."""
    found: dict[int, list[Clock]] = defaultdict(list)
    rows = list(Clock.objects.filter(ticket__in=tickets))
    if rows:
        agreements = kept_agreements(rows[0].tenant_id, {row.agreement_id for row in rows})
    for row in rows:
        row.agreement = agreements[row.agreement_id]
        found[row.ticket_id].append(row)
    return found


def events_by_ticket(tickets: Sequence[Ticket]) -> dict[int, list[TicketEvent]]:
    """The histories of tickets, each in order; one query. Who did it is left out: it moves no instant."""
    found: dict[int, list[TicketEvent]] = defaultdict(list)
    for event in TicketEvent.objects.filter(ticket__in=tickets).order_by("at", "id"):
        event.actor = None
        found[event.ticket_id].append(event)
    return found
