"""An edit is applied to each ticket once, whatever dies in between and however many workers are told to."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import redis
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.tenancy import tenant_scope
from sla.audit import audit_tenant
from sla.models import Clock, Edit, EditState, Reach
from sla.services import edits
from tests.factories import Desk, build_desk, new_ticket
from tests.processes.conftest import Processes, send_task, wait_until
from tests.processes.test_escalations_survive import AROUND_THE_CLOCK
from tickets.models import EventKind, Ticket, TicketEvent

TICKETS = 12


def desk_with_an_edit() -> tuple[Desk, Edit]:
    """Open tickets, and other hours that are about to hold for them."""
    desk = build_desk("acme", spec=AROUND_THE_CLOCK)
    now = datetime.now(tz=UTC)
    with tenant_scope(desk.tenant.pk):
        for number in range(TICKETS):
            at = now - timedelta(minutes=number)
            new_ticket(desk, at=at, subject=f"Ticket {number}", priority="critical")
        spec = AROUND_THE_CLOCK | {"week": {str(day): [["00:00", "12:00"]] for day in range(7)}}
        values = {"name": "Office hours", "spec": spec}
        draft = edits.draft_edit(
            calendar=desk.calendar, seen_number=1, by=desk.admin, at=timezone.now(), values=values
        )
        edit = edits.apply_edit(draft, reach=Reach.FROM_NOW, by=desk.admin, at=timezone.now())
    return desk, edit


def left(desk: Desk) -> int:
    with tenant_scope(desk.tenant.pk):
        return Clock.objects.not_ended().filter(agreement__calendar_version__number=1).count()


def is_applied(desk: Desk) -> bool:
    with tenant_scope(desk.tenant.pk):
        return Edit.objects.get().state == EditState.APPLIED


def test_a_worker_killed_in_the_middle_leaves_each_ticket_old_or_new_and_another_goes_on(
    processes: Processes,
) -> None:
    desk, _edit = desk_with_an_edit()
    all_clocks = left(desk)
    with tenant_scope(desk.tenant.pk), transaction.atomic():
        # Somebody is busy with one ticket, so the edit cannot come to its end.
        held = Ticket.objects.select_for_update().get(number=1004)
        first = processes.worker("first")
        send_task("sla.tasks.apply_edits")
        clocks_held = Clock.objects.not_ended().filter(ticket=held).count()
        wait_until(lambda: left(desk) == clocks_held < all_clocks, what="all but one ticket were moved")
        first.kill()
    assert not is_applied(desk)
    redis.Redis.from_url(settings.REDIS_URL).flushdb()

    for number in range(3):
        processes.worker(f"after{number}")
    send_task("sla.tasks.apply_edits", times=6)
    wait_until(lambda: is_applied(desk), what="the edit was applied")
    with tenant_scope(desk.tenant.pk):
        told = TicketEvent.objects.filter(kind=EventKind.PROMISE_CHANGED)
        assert set(Counter(told.values_list("ticket_id", flat=True)).values()) == {1}
        assert audit_tenant(now=timezone.now()).differences == []
        edit = Edit.objects.get()
        assert (edit.total, edit.done, edit.error) == (TICKETS, TICKETS, "")
    assert left(desk) == 0
