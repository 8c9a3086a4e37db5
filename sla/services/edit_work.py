"""Edits at work: open tickets moved to new terms in the background, some hundred in one transaction.

A batch locks its tickets first, as everybody does, and passes over those that somebody holds; they come
again in the next round. What remains is read from the clocks themselves, so a worker that is killed has
moved a ticket or has not, the next one goes on, and two at once do each ticket once.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.tenancy import tenant_scope
from sla.models import Edit, EditMove, EditState, Reach
from sla.open_clocks import records
from sla.services.agreements import MADE, keep, made_by
from sla.services.batches import begin_on, move_tickets
from sla.services.beginnings import BATCH, Beginnings, without_promise
from sla.services.successions import Succession, pairs_of, succession_of

log = logging.getLogger(__name__)

FIRST_BATCH, LARGEST_BATCH, SMALLEST_BATCH = 500, 2_000, 200
LOCK_SECONDS = 0.2
"""How long the tickets of a batch should stay locked; the size of batches follows."""
MOST_SECONDS = 1.0
"""A batch that held its locks for longer is told in the log."""
LANES = 2
SHIFT_SECONDS = 20.0
"""After so long a worker gives its place to other tasks and comes back."""
PATIENCE_SECONDS = 0.2
_LOCK = 0x5EED17


def _folded(number: int) -> int:
    """An id as a key of an advisory lock has room for it."""
    return number % (1 << 31)


@dataclass
class Work:
    """An edit that is under way, with where it moves what."""

    edit: Edit
    succession: Succession
    after: dict[int, int]
    """Agreement before to agreement after."""


def in_background(edit: Edit) -> None:
    """Let a worker begin as soon as the transaction is through; the schedule finds it in any case."""
    from sla.tasks import apply_edits_of  # noqa: PLC0415  tasks call services

    tenant_id = edit.tenant_id
    transaction.on_commit(lambda: apply_edits_of.delay(tenant_id), robust=True)


def edits_to_work_on() -> list[int]:
    """The edits of the current desk that move open tickets; of one thing the oldest only."""
    first: dict[tuple[int | None, ...], int] = {}
    for edit in Edit.objects.filter(state=EditState.APPLYING).order_by("pk"):
        first.setdefault((edit.calendar_id, edit.plan_id, edit.contract_id), edit.pk)
    return list(first.values())


def work_on(edit_id: int, now: datetime) -> bool:
    """One batch of an edit's open tickets; whether there may be more to do.

    Cancelled, done, or behind an older edit of the same thing: False. The last one marks the edit as applied.
    """
    edit = Edit.objects.filter(pk=edit_id).first()
    if edit is None or edit_id not in edits_to_work_on():
        return False
    work = prepare(edit, now)
    tickets = remaining(work, FIRST_BATCH)
    if not tickets:
        if begin(work, now):
            finish(work, now)
        return False
    moved = move_batch(work, tickets, now)
    return moved is not None


def prepare(edit: Edit, now: datetime) -> Work:
    """Where an edit moves open clocks from and to; agreements that came up meanwhile are found again."""
    made = made_by(edit)
    since = None if edit.reach == Reach.FROM_START else edit.valid_from
    pairs = pairs_of(edit.contract_id, made, since=since, at=edit.valid_from or now)
    kept = [(before, keep(after)) for before, after in pairs]
    EditMove.objects.bulk_create(
        [EditMove(tenant_id=edit.tenant_id, edit=edit, before=before, after=after) for before, after in kept],
        ignore_conflicts=True,
    )
    work = Work(edit, succession_of(kept, since), {before.pk: after.pk for before, after in kept})
    _note_total(work)
    return work


def remaining(work: Work, limit: int | None = None) -> list[int]:
    """The ids of the tickets that are still to be moved, in order; at most `limit` of them."""
    record = np.dtype([("fields", ">i2"), ("width", ">i4"), ("id", ">i8")])
    query = (
        "SELECT DISTINCT c.ticket_id FROM sla_clock c "
        "WHERE c.ended_at IS NULL AND c.agreement_id = ANY(%s) LIMIT %s"
    )
    found = [block["id"] for block in records(query, [list(work.after), limit], record)]
    return sorted(np.concatenate(found).tolist()) if found else []


def _note_total(work: Work) -> None:
    left = len(remaining(work))
    edit = work.edit
    done = max(edit.done, edit.total - left)
    Edit.objects.filter(pk=edit.pk, state=EditState.APPLYING).update(total=done + left, done=done)


def move_batch(work: Work, tickets: list[int], now: datetime) -> int | None:
    """Move some tickets in one transaction and note the progress; how many it got hold of.

    None when the edit was cancelled.
    """
    if not Edit.objects.filter(pk=work.edit.pk, state=EditState.APPLYING).exists():
        return None
    batch = move_tickets(work.edit, work.succession, work.after, tickets, now)
    noted = Edit.objects.filter(pk=work.edit.pk)
    noted.update(done=F("done") + batch.done, moved=F("moved") + batch.moved)
    return batch.done


def begin(work: Work, now: datetime) -> bool:
    """Let what the edit promises begin on open tickets that have nothing to be moved, batch by batch.

    False where somebody holds some of them, or the edit was cancelled: it is not through yet.
    """
    beginnings = Beginnings(made_by(work.edit), work.edit.reach, now)
    candidates = without_promise(beginnings.made)
    after, got_all = 0, True
    while tickets := list(candidates.filter(pk__gt=after)[:BATCH]):
        after = tickets[-1].pk
        begun = {ticket.pk: terms for ticket, terms, _moves in beginnings.of(tickets)}
        if not Edit.objects.filter(pk=work.edit.pk, state=EditState.APPLYING).exists():
            return False
        batch = begin_on(work.edit, begun, now)
        noted = Edit.objects.filter(pk=work.edit.pk)
        noted.update(
            total=F("total") + batch.done, done=F("done") + batch.done, moved=F("moved") + batch.moved
        )
        got_all = got_all and batch.done == len(begun)
    return got_all


def finish(work: Work, now: datetime) -> None:
    """Nothing is left to move: the edit is applied."""
    edits = Edit.objects.filter(pk=work.edit.pk, state=EditState.APPLYING)
    edits.update(state=EditState.APPLIED, ended_at=now, done=F("total"), error="")


def carry_out(tenant_id: int) -> tuple[int, bool]:
    """Work on the edits of the current desk for some seconds, on two connections where there is much.

    How many tickets it moved, and whether nothing is left to do for now. Only one worker at a time does this
    for a desk: another finds the lock taken and leaves it to the first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, _folded(tenant_id)])
        if not cursor.fetchone()[0]:
            return 0, True
        try:
            return _carry_out(tenant_id, time.monotonic() + SHIFT_SECONDS)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, _folded(tenant_id)])


def _carry_out(tenant_id: int, until: float) -> tuple[int, bool]:
    moved = 0
    passed_over: set[int] = set()
    while time.monotonic() < until:
        waiting = [edit_id for edit_id in edits_to_work_on() if edit_id not in passed_over]
        if not waiting:
            return moved, True
        edit = Edit.objects.select_related(*MADE).get(pk=waiting[0])
        try:
            round_moved, got_all = _round(tenant_id, edit, until)
        except Exception as error:  # one edit that fails must not stop the others; the schedule tries again
            log.exception("edit %s could not be applied further", edit.pk)
            Edit.objects.filter(pk=edit.pk).update(error=f"{type(error).__name__}: {error}"[:1000])
            passed_over.add(edit.pk)
            continue
        moved += round_moved
        if not got_all:
            time.sleep(PATIENCE_SECONDS)  # somebody holds the tickets that are left
    return moved, False


def _round(tenant_id: int, edit: Edit, until: float) -> tuple[int, bool]:
    """All that remains of an edit, once; how many it got hold of, and whether that was any."""
    now = timezone.now()
    work = prepare(edit, now)
    tickets = remaining(work)
    if not tickets:
        if not begin(work, now):
            return 0, False
        finish(work, now)
        return 0, True
    if len(tickets) <= FIRST_BATCH:
        got = move_batch(work, tickets, now) or 0
        return got, got > 0
    shares = Shares(tickets)
    with ThreadPoolExecutor(LANES) as lanes:
        running = [lanes.submit(_lane, tenant_id, work, shares, until) for _lane_number in range(LANES)]
        got = sum(lane.result() for lane in running)
    return got, got > 0


class Shares:
    """Tickets handed out to lanes, in order, a batch at a time."""

    def __init__(self, tickets: list[int]) -> None:
        self._tickets, self._next, self._lock = tickets, 0, Lock()

    def take(self, count: int) -> list[int]:
        """The next tickets; none when all are given out."""
        with self._lock:
            taken = self._tickets[self._next : self._next + count]
            self._next += len(taken)
            return taken


def _lane(tenant_id: int, work: Work, shares: Shares, until: float) -> int:
    """Move batch after batch on a connection of its own, each as large as its lock may last."""
    mine = Work(work.edit, work.succession.copy(), work.after)
    got, size = 0, FIRST_BATCH
    try:
        with tenant_scope(tenant_id):
            while time.monotonic() < until and (tickets := shares.take(size)):
                began = time.monotonic()
                batch = move_batch(mine, tickets, timezone.now())
                if batch is None:
                    break
                got += batch
                size = _fitting(size, time.monotonic() - began)
    finally:
        connection.close()
    return got


def _fitting(size: int, seconds: float) -> int:
    """The size of the next batch, after one of that size that took so long."""
    log.debug("a batch of %s tickets took %.3f s", size, seconds)
    if seconds > MOST_SECONDS:
        log.warning("a batch of %s tickets was locked for %.1f s", size, seconds)
    wanted = size * LOCK_SECONDS / max(seconds, 0.001)
    return int(min(max(wanted, size / 2, SMALLEST_BATCH), size * 1.25, LARGEST_BATCH))
