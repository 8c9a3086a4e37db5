"""What a batch of an edit writes: clocks, the summaries of their tickets, and an event where a promise moved.

A signal or a statement for each row would take a million clocks past the hour. Rows come by COPY into two
tables of the connection's own and are written from there, each kind in one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from sla.line import Int64s
from sla.models import Clock, Edit, TargetUnit
from sla.moves import BREACHED, PAUSED, RUNNING, Judged
from sla.open_clocks import METRICS, NEVER, STATUSES, UNITS, Rows, binary
from sla.services.clocks import reckon_ticket
from sla.services.successions import Succession
from sla.zones import to_microseconds
from tickets.models import DueState, EventKind, Ticket

_ALWAYS = UNITS.index(TargetUnit.ELAPSED_TIME)
_CLOCK = {
    "id": "i8", "ticket": "i8", "agreement": "i8", "aim_at": "i8", "due": "i8", "breached": "i8",
    "next": "i8", "was": "i8", "remaining": "i4", "left_before": "i4", "aim": "i4", "limit": "i4",
    "unit": "i4", "status": "i4", "metric": "i4", "moved": "i4",
}  # fmt: skip
_TICKET = {
    "id": "i8", "started": "i8", "aim_at": "i8", "due": "i8", "remaining": "i4", "metric": "i4",
    "state": "i4", "business": "i4", "zone": "i4", "has_breached": "i4",
}  # fmt: skip
_STATES = (DueState.NONE, DueState.RUNNING, DueState.PAUSED)
_INSTANTS = {"started", "aim_at", "due", "breached", "next", "was"}


def _table(name: str, columns: dict[str, str]) -> str:
    types = ", ".join(f'"{column}" {_type(column, kind)}' for column, kind in columns.items())
    return f"CREATE TEMP TABLE IF NOT EXISTS {name} ({types})"


def _type(column: str, kind: str) -> str:
    return "timestamptz" if column in _INSTANTS else {"i8": "int8", "i4": "int4"}[kind]


def _words(words: Sequence[str], column: str) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[{column} + 1]"


_TABLES = (_table("moved_clock", _CLOCK), _table("moved_ticket", _TICKET))
# The few rows of a batch are looked up one by one; a guess about a table without statistics must not read
# all clocks instead.
_BY_INDEX = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
)
_AS_EVER = "SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"

_UPDATE_CLOCKS = f"""
    UPDATE sla_clock c SET agreement_id = m.agreement, at_risk_at = NULLIF(m.aim_at, 'infinity'),
        due_at = NULLIF(m.due, 'infinity'), breached_at = NULLIF(m.breached, 'infinity'),
        next_action_at = NULLIF(m.next, 'infinity'), remaining = NULLIF(m.remaining, -1), aim = m.aim,
        "limit" = m."limit", unit = {_words(UNITS, "m.unit")}, status = {_words(STATUSES, "m.status")},
        error = ''
    FROM moved_clock m WHERE c.id = m.id"""  # noqa: S608  names of our own
_SUMMARY = (
    "due_state, due_metric, due_started_at, at_risk_at, due_at, due_remaining, due_in_business_time, "
    "due_zone, has_breached"
)
_UPDATE_TICKETS = """
    UPDATE tickets_ticket t SET ({columns}) = ROW({values})
    FROM moved_ticket m WHERE t.id = m.id AND ({now}) IS DISTINCT FROM ({values})"""
_VALUES = f"""{_words(_STATES, "m.state")}, {_words(("", *METRICS), "m.metric")},
    NULLIF(m.started, 'infinity'), NULLIF(m.aim_at, 'infinity'), NULLIF(m.due, 'infinity'),
    NULLIF(m.remaining, -1), m.business = 1, (%s::text[])[m.zone + 1], m.has_breached = 1"""
# An event is never earlier than the one before it (`record_event`).
_INSERT_EVENTS = f"""
    INSERT INTO tickets_ticketevent (tenant_id, ticket_id, kind, at, actor_id, status, priority, data)
    SELECT t.tenant_id, t.id, %s, GREATEST(%s::timestamptz, (SELECT max(e.at) FROM tickets_ticketevent e
            WHERE e.ticket_id = t.id)), %s::bigint, t.status, t.priority,
        jsonb_build_object('edit', %s::bigint, 'moves', m.moves)
    FROM (
        SELECT m.ticket, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'left_before', NULLIF(m.left_before, -1), 'left_after', NULLIF(m.remaining, -1)
            )) || jsonb_build_object(
                'metric', {_words(METRICS, "m.metric")}, 'before', NULLIF(m.was, 'infinity'),
                'after', NULLIF(m.due, 'infinity')
            ) ORDER BY m.id) AS moves
        FROM moved_clock m WHERE m.moved = 1 GROUP BY m.ticket
    ) m JOIN tickets_ticket t ON t.id = m.ticket"""  # noqa: S608  names of our own


class Writing:
    """What one batch writes, within its transaction; `events` comes last."""

    def __init__(self, edit: Edit, succession: Succession, after: dict[int, int], now: datetime) -> None:
        self.edit, self.succession, self.now = edit, succession, now
        self._at = to_microseconds(now)
        self._after = np.array([after[before] for before in succession.before.tolist()], np.int64)
        self._of_agreement = after
        with connection.cursor() as cursor:
            for statement in _TABLES:
                cursor.execute(statement)
            cursor.execute("TRUNCATE moved_clock, moved_ticket")
            cursor.execute(_BY_INDEX)

    def clocks(self, rows: Rows, judged: Judged, plain: Any, looks: Int64s) -> None:
        """The clocks themselves, those of the given rows that `plain` names; `looks` is for their ladders."""
        sent = np.empty(len(rows), np.dtype(list(_CLOCK.items())))
        for name in ("id", "ticket", "metric"):
            sent[name] = rows[name]
        sent["agreement"] = self._after[np.searchsorted(self.succession.before, rows["agreement"])]
        for name in ("aim_at", "due", "breached", "remaining", "aim", "limit", "unit", "status", "moved"):
            sent[name] = getattr(judged, name)
        sent["was"], sent["left_before"] = rows["due"], rows["remaining"]
        sent["next"] = np.minimum(next_actions(rows, judged, self._at), looks)
        self._send("moved_clock", sent[plain], _CLOCK)
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE_CLOCKS)

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
        sent = np.empty(len(tickets), np.dtype(list(_TICKET.items())))
        sent["id"] = tickets
        sent["started"] = np.where(shown, rows["started"][first], NEVER)
        sent["aim_at"] = np.where(shown, judged.aim_at[first], NEVER)
        sent["due"] = np.where(shown, judged.due[first], NEVER)
        sent["remaining"] = np.where(shown, judged.remaining[first], -1)
        sent["metric"] = np.where(shown, rows["metric"][first] + 1, 0)
        sent["state"] = np.where(shown, np.where(stands[first], 2, 1), 0)
        unit = judged.unit[first]
        sent["business"] = shown & (unit > 0) & (unit != _ALWAYS)
        zones = [heir.terms.zone.key for heir in self.succession.heirs]
        sent["zone"] = np.where(shown, self.succession.of(rows)[first], len(zones))
        sent["has_breached"] = np.isin(tickets, self._breached(every, rows, judged, plain))
        self._send("moved_ticket", sent, _TICKET)
        with connection.cursor() as cursor:
            update = _UPDATE_TICKETS.format(
                columns=_SUMMARY, values=_VALUES, now=", ".join(f"t.{name}" for name in _SUMMARY.split(", "))
            )
            cursor.execute(update, [[*zones, ""], [*zones, ""]])

    def _breached(self, every: Rows, rows: Rows, judged: Judged, plain: Any) -> Int64s:
        """The tickets on which any promise was broken, of clocks that ended too."""
        others = every[~np.isin(every["id"], rows["id"])]
        mine = rows["ticket"][plain & (judged.breached != NEVER)]
        return np.concatenate((others["ticket"][others["breached"] != NEVER], mine))

    def one(self, ticket_id: int) -> None:
        """A ticket that is reckoned by itself, as after anything that happens to it."""
        with connection.cursor() as cursor:
            cursor.execute(_AS_EVER)
        ticket = Ticket.objects.get(pk=ticket_id)
        mine = Clock.objects.not_ended().filter(ticket=ticket, agreement__in=list(self._of_agreement))
        before = {row.pk: row for row in mine}
        for agreement_id in {row.agreement_id for row in before.values()}:
            following = self._of_agreement[agreement_id]
            mine.filter(agreement=agreement_id).update(agreement=following, error="")
        rows = [_moved_row(before.get(row.pk), row) for row in reckon_ticket(ticket, now=self.now)]
        sent = np.array([row for row in rows if row is not None], np.dtype(list(_CLOCK.items())))
        self._send("moved_clock", sent, _CLOCK)
        with connection.cursor() as cursor:
            cursor.execute(_BY_INDEX)

    def events(self) -> int:
        """Write `promise_changed` on every ticket on which a promise moved; how many those are."""
        edit = self.edit
        values: list[Any] = [EventKind.PROMISE_CHANGED.value, self.now, edit.created_by_id, edit.pk]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_EVENTS, values)
            return int(cursor.rowcount)

    def _send(self, table: str, rows: Any, columns: dict[str, str]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        connection.ensure_connection()
        into = f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)"
        with connection.connection.cursor() as cursor, cursor.copy(into) as copy:
            copy.write(binary(rows, list(columns), _INSTANTS))


def _moved_row(before: Clock | None, row: Clock) -> tuple[int, ...] | None:
    """A clock that was reckoned by itself, where its promise is another than before."""
    was = (None, None) if before is None else (before.due_at, before.remaining)
    if before is None and row.ended_at is not None:
        return None
    if was == (row.due_at, row.remaining):
        return None
    values = dict.fromkeys(_CLOCK, 0) | {
        "id": row.pk,
        "ticket": row.ticket_id,
        "was": NEVER if was[0] is None else to_microseconds(was[0]),
        "due": NEVER if row.due_at is None or row.ended_at is not None else to_microseconds(row.due_at),
        "left_before": -1 if was[1] is None else was[1],
        "remaining": -1 if row.remaining is None else row.remaining,
        "metric": METRICS.index(row.metric),
        "moved": 1,
    }
    return tuple(values.values())


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
