"""What a batch of an edit writes: clocks, the summaries of their tickets, and an event where a promise moved.

A signal or a statement for each row would take a million clocks past the hour. Columns go to the server as
arrays, and each kind of row is written by one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from sla.line import Int64s
from sla.models import Clock, Edit, TargetUnit
from sla.moves import BREACHED, PAUSED, RUNNING, Judged
from sla.open_clocks import METRICS, NEVER, STATUSES, UNITS, Column, Instants, Rows, by_index, write
from sla.services.clocks import reckon_ticket
from sla.services.successions import Succession
from sla.terms import Terms
from sla.zones import to_microseconds
from tickets.models import DueState, EventKind, Ticket

_ALWAYS = UNITS.index(TargetUnit.ELAPSED_TIME)
_INSTANTS = {"started", "aim_at", "due", "breached", "next", "was"}
_CLOCK = (
    "id", "agreement", "aim_at", "due", "breached", "next", "remaining", "aim", "limit", "unit", "status",
)  # fmt: skip
_TICKET = (
    "id", "started", "aim_at", "due", "remaining", "metric", "state", "business", "zone", "has_breached",
)  # fmt: skip
_MOVE = ("ticket", "clock", "metric", "was", "due", "left_before", "left_after")
_STATES = (DueState.NONE, DueState.RUNNING, DueState.PAUSED)


def _unnest(columns: Sequence[str]) -> str:
    arrays = ", ".join("%b::timestamptz[]" if name in _INSTANTS else "%b::bigint[]" for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"unnest({arrays}) AS m({names})"


def _words(words: Sequence[str], column: str) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[{column} + 1]"


_UPDATE_CLOCKS = f"""
    UPDATE sla_clock c SET agreement_id = m.agreement, at_risk_at = NULLIF(m.aim_at, 'infinity'),
        due_at = NULLIF(m.due, 'infinity'), breached_at = NULLIF(m.breached, 'infinity'),
        next_action_at = NULLIF(m.next, 'infinity'), remaining = NULLIF(m.remaining, -1), aim = m.aim,
        "limit" = m."limit", unit = {_words(UNITS, "m.unit")}, status = {_words(STATUSES, "m.status")},
        error = ''
    FROM {_unnest(_CLOCK)} WHERE c.id = m.id"""  # noqa: S608  names of our own
_SUMMARY = (
    "due_state", "due_metric", "due_started_at", "at_risk_at", "due_at", "due_remaining",
    "due_in_business_time", "due_zone", "has_breached",
)  # fmt: skip


def _listed(of: str = "") -> str:
    return ", ".join(f"{of}{name}" for name in _SUMMARY)


_UPDATE_TICKETS = f"""
    WITH summary AS MATERIALIZED (
        SELECT m.id, {_words(_STATES, "m.state")} AS due_state,
            {_words(("", *METRICS), "m.metric")} AS due_metric,
            NULLIF(m.started, 'infinity') AS due_started_at, NULLIF(m.aim_at, 'infinity') AS at_risk_at,
            NULLIF(m.due, 'infinity') AS due_at, NULLIF(m.remaining, -1) AS due_remaining,
            m.business = 1 AS due_in_business_time, (%s::text[])[m.zone + 1] AS due_zone,
            m.has_breached = 1 AS has_breached
        FROM {_unnest(_TICKET)}
    )
    UPDATE tickets_ticket t SET ({_listed()}) = ROW({_listed("m.")})
    FROM summary m WHERE t.id = m.id AND ({_listed("t.")}) IS DISTINCT FROM ({_listed("m.")})"""  # noqa: S608  names of our own
# An event is never earlier than the one before it (`record_event`).
_INSERT_EVENTS = f"""
    INSERT INTO tickets_ticketevent (tenant_id, ticket_id, kind, at, actor_id, status, priority, data)
    SELECT t.tenant_id, t.id, %s, GREATEST(%s::timestamptz, (SELECT max(e.at) FROM tickets_ticketevent e
            WHERE e.ticket_id = t.id)), %s::bigint, t.status, t.priority,
        jsonb_build_object('edit', %s::bigint, 'moves', m.moves)
    FROM (
        SELECT m.ticket, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'left_before', NULLIF(m.left_before, -1), 'left_after', NULLIF(m.left_after, -1)
            )) || jsonb_build_object(
                'metric', {_words(METRICS, "m.metric")}, 'before', NULLIF(m.was, 'infinity'),
                'after', NULLIF(m.due, 'infinity')
            ) ORDER BY m.clock) AS moves
        FROM {_unnest(_MOVE)} GROUP BY m.ticket
    ) m JOIN tickets_ticket t ON t.id = m.ticket"""  # noqa: S608  names of our own


class Writing:
    """What one batch writes, within its transaction; `events` comes last."""

    def __init__(self, edit: Edit, succession: Succession, after: dict[int, int], now: datetime) -> None:
        self.edit, self.succession, self.now = edit, succession, now
        self._at = to_microseconds(now)
        self._after = np.array([after[before] for before in succession.before.tolist()], np.int64)
        self._of_agreement = after
        self._moves: list[Int64s] = []

    def clocks(self, rows: Rows, judged: Judged, plain: Any, looks: Int64s) -> None:
        """The clocks themselves, those of the given rows that `plain` names; `looks` is for their ladders."""
        sent: dict[str, Any] = {name: getattr(judged, name, None) for name in _CLOCK}
        sent["id"] = rows["id"]
        sent["agreement"] = self._after[np.searchsorted(self.succession.before, rows["agreement"])]
        changes = np.array([heir.next_change(self._at) for heir in self.succession.heirs], np.int64)
        # Promises that begin to hold before the limit are reckoned with already (`next_look_at`).
        changes = changes[self.succession.of(rows)]
        changes[(judged.due != NEVER) & (changes < judged.due)] = NEVER
        looks = np.minimum(looks, changes)
        sent["next"] = np.minimum(next_actions(rows, judged, self._at), looks)
        with by_index():
            write(_UPDATE_CLOCKS, [_column(name, sent[name][plain]) for name in _CLOCK])
        moved = plain & judged.moved
        before = rows["ticket"], rows["id"], rows["metric"], rows["due"]
        self._moves.append(
            np.column_stack((*before, judged.due, rows["remaining"], judged.remaining))[moved].astype(
                np.int64
            )
        )

    def tickets(self, every: Rows, rows: Rows, judged: Judged, plain: Any) -> None:
        """The summaries of tickets (as `summary_of` says), all of whose open clocks are in `rows`."""
        order = np.flatnonzero(plain)
        # The first of each ticket: a running one that falls due first, else a paused one with the least left.
        runs = judged.due != NEVER
        stands = judged.status == PAUSED
        rank = np.where(runs, 0, np.where(stands, 1, 2))
        key = np.where(runs, judged.due, judged.remaining)
        order = order[
            np.lexsort(
                (rows["id"][order], rows["started"][order], key[order], rank[order], rows["ticket"][order])
            )
        ]
        tickets, first = np.unique(rows["ticket"][order], return_index=True)
        first = order[first]
        shown = rank[first] < 2
        unit = judged.unit[first]
        zones = [heir.terms.zone.key for heir in self.succession.heirs]
        sent = {
            "id": tickets,
            "started": np.where(shown, rows["started"][first], NEVER),
            "aim_at": np.where(shown, judged.aim_at[first], NEVER),
            "due": np.where(shown, judged.due[first], NEVER),
            "remaining": np.where(shown, judged.remaining[first], -1),
            "metric": np.where(shown, rows["metric"][first] + 1, 0),
            "state": np.where(shown, np.where(stands[first], 2, 1), 0),
            "business": shown & (unit > 0) & (unit != _ALWAYS),
            "zone": np.where(shown, self.succession.of(rows)[first], len(zones)),
            "has_breached": np.isin(tickets, self._breached(every, rows, judged, plain)),
        }
        with by_index():
            write(_UPDATE_TICKETS, [[*zones, ""], *(_column(name, sent[name]) for name in _TICKET)])

    def _breached(self, every: Rows, rows: Rows, judged: Judged, plain: Any) -> Int64s:
        """The tickets on which any promise was broken, of clocks that ended too."""
        others = every[~np.isin(every["id"], rows["id"])]
        mine = rows["ticket"][plain & (judged.breached != NEVER)]
        return np.concatenate((others["ticket"][others["breached"] != NEVER], mine))

    def one(self, ticket_id: int, terms: Terms | None = None) -> None:
        """A ticket that is reckoned by itself, as after anything that happens to it.

        `terms` are those under which promises begin, without them those of its open clocks.
        """
        ticket = Ticket.objects.get(pk=ticket_id)
        mine = Clock.objects.not_ended().filter(ticket=ticket)
        before = {row.pk: row for row in mine}
        for agreement_id in {row.agreement_id for row in before.values()} & self._of_agreement.keys():
            following = self._of_agreement[agreement_id]
            mine.filter(agreement=agreement_id).update(agreement=following, error="")
        rows = reckon_ticket(ticket, now=self.now, terms=terms)
        moves = [move for row in rows if (move := _move_of(before.get(row.pk), row)) is not None]
        self._moves.append(np.array(moves, np.int64).reshape(-1, len(_MOVE)))

    def events(self) -> int:
        """Write `promise_changed` on every ticket on which a promise moved; how many those are."""
        moves = np.concatenate(self._moves)
        if not len(moves):
            return 0
        values = [EventKind.PROMISE_CHANGED.value, self.now, self.edit.created_by_id, self.edit.pk]
        columns = [_column(name, moves[:, place]) for place, name in enumerate(_MOVE)]
        with by_index():
            return write(_INSERT_EVENTS, [*values, *columns])


def _column(name: str, values: Any) -> Column:
    return Instants(values) if name in _INSTANTS else Column(values)


def _move_of(before: Clock | None, row: Clock) -> tuple[int, ...] | None:
    """The move of a clock that was reckoned by itself; None where its promise is as before."""
    if before is None and row.ended_at is not None:
        return None
    was, left = (None, None) if before is None else (before.due_at, before.remaining)
    due = None if row.ended_at is not None else row.due_at
    if (was, left) == (due, row.remaining):
        return None
    metric = METRICS.index(row.metric)
    return row.ticket_id, row.pk, metric, _micro(was), _micro(due), _left(left), _left(row.remaining)


def _micro(at: datetime | None) -> int:
    return NEVER if at is None else to_microseconds(at)


def _left(seconds: int | None) -> int:
    return -1 if seconds is None else seconds


def next_actions(rows: Rows, judged: Judged, now: int) -> Int64s:
    """When the sweep has to look at each clock next: at its next aim or limit, at once where one was passed.

    A step that was taken is not taken again, so a look too many does no harm; one too few would.
    """
    runs = judged.status == RUNNING
    ahead = np.where((judged.aim_at < judged.due) & (judged.aim_at > now), judged.aim_at, judged.due)
    crossed = runs & (judged.aim_at <= now) & (rows["aim_at"] > now) & (judged.aim_at < judged.due)
    following = np.where(runs, np.where(crossed, now, ahead), NEVER)
    newly = (judged.status == BREACHED) & (rows["breached"] == NEVER)
    stays = (judged.status == BREACHED) & ~newly
    following = np.where(newly, now, np.where(stays, rows["next"], following))
    waits_for_sweep = (rows["next"] <= now) & (judged.status != PAUSED)
    return np.where(waits_for_sweep, rows["next"], following)
