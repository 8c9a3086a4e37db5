"""Nobody hears twice of maintenance and nobody is forgotten, whatever dies in between: real processes."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from maintenance.models import Notice, NoticeTold, Window
from maintenance.services.windows import move_window
from notifications.models import Notification, OutboxMessage
from tests.factories import Desk, add_person, build_desk, new_service
from tests.maintenance.windows import HOUR, promise_notice, scheduled_window
from tests.processes.conftest import Processes, send_task, wait_until
from tests.processes.mailbox import taken

PEOPLE = 4 + 6
SWEEP = "maintenance.tasks.sweep_windows"
DELIVER = "notifications.tasks.deliver"


def desk_with_notices_due() -> Desk:
    """Two windows announced three hours ago, and not told of yet: one has begun, of one a reminder is due."""
    desk = build_desk("acme")
    with tenant_scope(desk.tenant.pk):
        promise_notice(desk, None, (1,))
        for number in range(PEOPLE - 4):
            add_person(desk.owner, f"p{number}@acme.example", f"Person {number}", "member", desk.customer)
        now = timezone.now()
        for name, starts_at in (("Mail", now - HOUR / 6), ("Files", now + HOUR / 2)):
            service = new_service(desk, name)
            scheduled_window(desk, title=name, services=[service], starts_at=starts_at, at=now - 3 * HOUR)
        OutboxMessage.objects.all().delete()
    return desk


def somebody_waits_for_a_lock() -> bool:
    """Somebody in this database: other tests run beside this one, on the same server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def nothing_is_claimed(desk: Desk) -> bool:
    with tenant_scope(desk.tenant.pk), transaction.atomic():
        rows = OutboxMessage.objects.waiting()
        return len(rows.select_for_update(skip_locked=True)) == rows.count()


def all_given(desk: Desk, windows: int = 2) -> bool:
    """No notice is due, and the outbox is empty."""
    with tenant_scope(desk.tenant.pk):
        given = Notice.objects.filter(kind="announced", done_at__isnull=False).count() == windows
        due = Notice.objects.due(timezone.now()).exists()
        return given and not due and not OutboxMessage.objects.waiting().exists()


def assert_each_told_once(desk: Desk, mailbox: Path, notices: Counter[tuple[str, int, str, int]]) -> None:
    """Per person, version and offset: one row of evidence, one line under the bell, one mail."""
    with tenant_scope(desk.tenant.pk):
        told = NoticeTold.objects.values_list(
            "person", "notice__window__title", "notice__sequence", "notice__kind", "notice__hours"
        )
        assert set(Counter(told).values()) == {1}
        assert Counter(one[1:] for one in told) == Counter(dict.fromkeys(notices, PEOPLE))
        bells = Counter(Notification.objects.filter(kind="maintenance").values_list("recipient", "key"))
        assert len(bells) == PEOPLE * len(notices)
        assert set(bells.values()) == {1}
        mails = OutboxMessage.objects.filter(kind="maintenance")
        assert Counter(mails.values_list("recipient", "key")) == bells
        assert Counter(taken(mailbox)) == Counter(OutboxMessage.objects.values_list("message_id", flat=True))


BOTH = Counter(
    [
        ("Mail", 1, "announced", 0),
        ("Mail", 1, "started", 0),
        ("Files", 1, "announced", 0),
        ("Files", 1, "reminder", 1),
    ]
)


def test_worker_killed_while_it_tells_leaves_nothing_and_the_next_tells_all(
    processes: Processes, mailbox: Path
) -> None:
    desk = desk_with_notices_due()
    with tenant_scope(desk.tenant.pk), transaction.atomic():
        # Whoever writes down that this person was told waits here, in the middle of telling.
        Membership.objects.select_for_update().get(name="Person 3")
        first = processes.worker("first")
        send_task(SWEEP)
        wait_until(somebody_waits_for_a_lock, what="the worker is in the middle of telling")
        first.kill()
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    wait_until(lambda: not somebody_waits_for_a_lock(), what="the dead worker's session has ended")

    for number in range(3):
        processes.worker(f"after{number}")
    send_task(SWEEP, times=6)
    send_task(DELIVER, times=6)
    wait_until(lambda: _none_due(desk), what="every notice was given")
    send_task(DELIVER, times=3)
    wait_until(lambda: all_given(desk), what="the outbox is empty")
    assert_each_told_once(desk, mailbox, BOTH)


def _none_due(desk: Desk) -> bool:
    with tenant_scope(desk.tenant.pk):
        return not Notice.objects.due(timezone.now()).exists()


def test_worker_killed_between_claim_and_send_and_a_move_meanwhile(
    processes: Processes, mailbox: Path
) -> None:
    desk = desk_with_notices_due()
    (mailbox / "hold").touch()
    first = processes.worker("first")
    send_task(SWEEP)
    wait_until(lambda: _none_due(desk), what="every notice was given")
    send_task(DELIVER)
    wait_until((mailbox / "waiting").exists, what="a mail was claimed and is about to be sent")
    first.kill()
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    (mailbox / "hold").unlink()
    wait_until(lambda: nothing_is_claimed(desk), what="the dead worker's claim has gone with it")
    with tenant_scope(desk.tenant.pk):
        window = Window.objects.get(title="Files")
        now = timezone.now()
        starts_at = window.starts_at + timedelta(days=1)
        ends_at = starts_at + HOUR
        move_window(window=window, starts_at=starts_at, ends_at=ends_at, by=desk.agent, at=now)

    for number in range(3):
        processes.worker(f"after{number}")
    send_task(SWEEP, times=4)
    wait_until(lambda: _none_due(desk), what="the move was told")
    send_task(DELIVER, times=6)
    wait_until(lambda: all_given(desk), what="the outbox is empty")
    with tenant_scope(desk.tenant.pk):
        # What had not left of the earlier plan never leaves, and nobody is reminded of the old time.
        left = OutboxMessage.objects.filter(kind="maintenance", sent_at__isnull=False)
        kinds = Counter(key.split(":", 2)[2] for key in left.values_list("key", flat=True))
        assert kinds == {"1:announced:0": PEOPLE, "1:started:0": PEOPLE, "2:moved:0": PEOPLE}
        assert Counter(taken(mailbox)) == Counter(
            OutboxMessage.objects.filter(sent_at__isnull=False).values_list("message_id", flat=True)
        )


def test_four_sweeps_at_once_tell_once(processes: Processes) -> None:
    desk = desk_with_notices_due()
    processes.at_once(SWEEP, 4)
    processes.at_once(SWEEP, 4)
    with tenant_scope(desk.tenant.pk):
        told = Counter(NoticeTold.objects.values_list("person", "notice"))
        assert len(told) == PEOPLE * len(BOTH)
        assert OutboxMessage.objects.filter(kind="maintenance").count() == PEOPLE * len(BOTH)
        window = Window.objects.get(title="Mail")
        assert (window.status, window.events.filter(kind="started").count()) == ("in_progress", 1)
