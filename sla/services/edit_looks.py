"""A look at what an edit would lead to: its version is made, open clocks are reckoned, all is taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from copy import copy
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction

from accounts.models import Membership
from sla.models import (
    Agreement,
    CalendarVersion,
    Clock,
    Contract,
    ContractVersion,
    Edit,
    EditState,
    Metric,
    PlanVersion,
    Reach,
)
from sla.moves import Block, Judged, judge
from sla.open_clocks import METRICS, Rows, blocks, left_out_of
from sla.services.agreements import Made, keep
from sla.services.batches import asked
from sla.services.beginnings import (
    BATCH,
    Beginnings,
    Move,
    clocks_by_ticket,
    events_by_ticket,
    moves_of,
    without_promise,
)
from sla.services.errors import EditNotOpen
from sla.services.histories import Histories, ask_history, histories_of
from sla.services.proposals import begins_at, make
from sla.services.successions import Succession, pairs_of, succession_of
from sla.zones import to_microseconds
from tickets.models import EventKind, Ticket, TicketEvent

MOST_SEARCHED = 20_000
"""Clocks whose tickets are searched for histories that bend; of more a look says what their rows say."""
_KNOWN = (
    "id", "ticket", "agreement", "started", "aim_at", "due", "breached", "paused", "remaining", "aim",
    "limit", "unit", "metric", "manual", "left_out", "cycle",
)  # fmt: skip
_ASKED = (*_KNOWN, "priority")


@contextmanager
def looking(
    edit: Edit, reach: str, valid_from: datetime | None, now: datetime, by: Membership | None
) -> Iterator[Look]:
    """What a draft would lead to, for as long as one looks. Raises EditNotOpen, and what `make` raises."""
    if edit.state != EditState.DRAFT:
        raise EditNotOpen
    with transaction.atomic():
        made = make(edit, reach=reach, valid_from=valid_from, at=now, by=by)
        since = None if reach == Reach.FROM_START else begins_at(made, now)
        # As `apply_edit` leaves it, for whatever is caught up with it.
        Edit.objects.filter(pk=edit.pk).update(
            state=EditState.APPLYING,
            reach=reach,
            valid_from=since or now,
            calendar_version=made if isinstance(made, CalendarVersion) else None,
            plan_version=made if isinstance(made, PlanVersion) else None,
            new_contract=made if isinstance(made, Contract) else None,
            contract_version=made if isinstance(made, ContractVersion) else None,
        )
        yield Look(edit, made, reach, since, now)
        transaction.set_rollback(True)


class Look:
    """The terms that an edit would lead to, and the open clocks under them.

    `may_ask` bounds how many clocks are asked for their histories (None: all); once there are more, what is
    said of the others `is_about` right. `not_asked` are tickets without a promise that were left out so.
    """

    def __init__(self, edit: Edit, made: Made, reach: str, since: datetime | None, now: datetime) -> None:
        self.made, self.reach, self.since = made, reach, since
        self.now, self.at = now, to_microseconds(now)
        pairs = [] if reach == Reach.NEW else pairs_of(edit.contract_id, made, since=since, at=now)
        self._after = {before.pk: after for before, after in pairs}
        self.succession: Succession = succession_of(pairs, since)
        self.before = self.succession.before.tolist()
        # What is left out of their time would change: these are judged by their histories, which are read
        # now, as the connection is taken while blocks come in.
        self._told: Histories = {} if self.succession.keeps_pausing else histories_of(self._told_of_work())
        self.may_ask: int | None = None
        self.is_about = False
        self.not_asked = 0
        self._seen = 0
        self._beginnings = Beginnings(made, reach, now)
        self._bare = without_promise(made) if reach != Reach.NEW else Ticket.objects.none()

    def _told_of_work(self) -> list[int]:
        """The tickets with a resolution clock that it concerns which were told of maintenance."""
        clocks = Clock.objects.not_ended().filter(agreement__in=self.before, metric=Metric.RESOLUTION)
        told = TicketEvent.objects.filter(kind=EventKind.MAINTENANCE_PLANNED, ticket__clocks__in=clocks)
        return list(told.values_list("ticket_id", flat=True).distinct())

    def tickets_after(self, after: int, count: int) -> list[int]:
        """The next tickets that it concerns or may concern, by id."""
        clocks = Clock.objects.not_ended().filter(agreement__in=self.before, ticket_id__gt=after)
        moving = clocks.order_by("ticket_id").values_list("ticket_id", flat=True).distinct()[:count]
        bare = self._bare.filter(pk__gt=after).values_list("pk", flat=True)[:count]
        return sorted({*moving, *bare})[:count]

    def blocks(self, where: str, values: Sequence[Any]) -> Iterator[tuple[Rows, Judged]]:
        """The open clocks that may move, with what becomes of them; those of tickets on which a promise
        begins or ends (`anew`) are for `singly`."""
        if not self.before:
            return
        self._seen = 0
        mine = f"c.ended_at IS NULL AND c.agreement_id = ANY(%s) AND {where}"
        columns = _KNOWN if self.succession.keeps_targets else _ASKED
        found: list[tuple[Block, Judged]] = []
        with transaction.atomic(), connection.cursor() as cursor:
            # Nearly all clocks of a desk in the order of an index would be read from everywhere at once.
            cursor.execute("SET LOCAL enable_indexscan = off")
            left_out = left_out_of(mine, [self.before, *values])
            # Where reckoning fails, the server must be heard out before anything is taken back.
            with closing(blocks(mine, [self.before, *values], columns)) as read:
                for rows in read:
                    block = Block(rows, left_out.of(rows), self.succession.heirs, self.succession.of(rows))
                    judged = judge(block, self.at)
                    self._seen += len(rows)
                    if self._seen <= MOST_SEARCHED:
                        found.append((block, judged))  # nothing else is asked while these are read
                    else:
                        self.is_about |= self.reach == Reach.FROM_START or bool(judged.unsure.any())
                        self._ask_told(block, judged)
                        yield rows, judged
            cursor.execute("SET LOCAL enable_indexscan = on")
        for block, judged in found:
            self._ask(block, judged)
            self._ask_told(block, judged)
            yield block.rows, judged

    def _ask(self, block: Block, judged: Judged) -> None:
        """Let histories decide where they have to, as far as may be."""
        anew = np.unique(block.rows["ticket"][judged.anew])
        places = asked(block, judged, anew, from_start=self.reach == Reach.FROM_START)
        if self.may_ask is not None:
            self.is_about |= len(places) > self.may_ask
            places = places[: self.may_ask]
            self.may_ask -= len(places)
        ask_history(block, judged, places, self.now)

    def _ask_told(self, block: Block, judged: Judged) -> None:
        """Let histories decide where planned maintenance is left out: rows say what was left out before."""
        if self._told:
            solved = block.rows["metric"] == METRICS.index(Metric.RESOLUTION)
            places = np.flatnonzero(solved & np.isin(block.rows["ticket"], list(self._told)))
            ask_history(block, judged, places, self.now, self._told)

    def singly(
        self, anew: Sequence[int], *, among: Sequence[int] | None = None, most: int | None = None
    ) -> Iterator[tuple[Ticket, list[Move]]]:
        """Tickets that are reckoned by themselves: those that are named, and those without a promise to be
        moved on which one begins (`among` some, or `most` of them at first)."""
        for first in range(0, len(anew), BATCH):
            tickets = list(Ticket.objects.filter(pk__in=anew[first : first + BATCH]).order_by("pk"))
            clocks, events = clocks_by_ticket(tickets), events_by_ticket(tickets)
            for ticket in tickets:
                rows = clocks[ticket.pk]
                after = self._kept({row.agreement_id for row in rows})
                moves = moves_of(ticket, rows, events[ticket.pk], self.now, after=after)
                yield ticket, self._with_announced(ticket, moves, events[ticket.pk])
        bare = self._bare if among is None else self._bare.filter(pk__in=among)
        tickets = list(bare[:most])
        for ticket, _terms, moves in self._beginnings.of(tickets):
            yield ticket, self._with_announced(ticket, moves, events_by_ticket([ticket])[ticket.pk])
        if most is not None and len(tickets) == most:
            self.not_asked = self._bare.filter(pk__gt=tickets[-1].pk).count()
            self.is_about |= self.not_asked > 0

    def _with_announced(self, ticket: Ticket, moves: list[Move], events: list[TicketEvent]) -> list[Move]:
        """What begins or ends only when the edit's instant comes, as it will be then; none is broken yet."""
        if self.since is None or self.since <= self.now:
            return moves
        rows = [after for _before, after in moves]
        then = {
            (row.metric, row.cycle): row
            for _before, row in moves_of(ticket, [copy(row) for row in rows], events, self.since)
        }
        shown = []
        for before, after in moves:
            will_be = then.get((after.metric, after.cycle), after)
            will_be.breached_at = after.breached_at
            changes = (will_be.ended_at is None) != (after.ended_at is None)
            shown.append((before, will_be if changes else after))
        return shown

    def _kept(self, ids: set[int]) -> dict[int, Agreement]:
        """The agreements that follow those, saved for as long as one looks, so that each is read once."""
        for pk in ids & self._after.keys():
            self._after[pk] = keep(self._after[pk])
        return {pk: self._after[pk] for pk in ids & self._after.keys()}
