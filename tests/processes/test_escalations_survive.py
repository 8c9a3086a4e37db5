"""No escalation is lost and none is doubled, whatever dies in between: real workers, broker and database."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.utils import timezone

from accounts.tenancy import tenant_scope
from notifications.models import Notification, OutboxMessage
from sla import services as sla
from sla.models import Clock, Escalation
from tests.factories import Desk, build_desk, new_ticket
from tests.processes.conftest import Processes, send_task, wait_until
from tests.processes.mailbox import taken

TICKETS = 6
AROUND_THE_CLOCK = {"tz": "UTC", "week": {str(day): [["00:00", "24:00"]] for day in range(7)}}


def desk_with_promises_of_seconds() -> Desk:
    """Tickets filed a minute ago, to be answered within 10 to 20 seconds: both are over."""
    desk = build_desk(
        "acme",
        spec=AROUND_THE_CLOCK,
        targets=[sla.TargetTerms("first_response", "medium", "business_time", 10, 20)],
    )
    with tenant_scope(desk.tenant.pk):
        for number in range(TICKETS):
            new_ticket(desk, at=timezone.now() - timedelta(seconds=60), subject=f"Ticket {number}")
    return desk


def assert_each_step_once(desk: Desk) -> None:
    """Every clock passed aim and limit, each told once to each person concerned."""
    with tenant_scope(desk.tenant.pk):
        steps = Counter(Escalation.objects.values_list("clock_id", "step__place"))
        clocks = Clock.objects.filter(metric="first_response").values_list("pk", flat=True)
        assert steps == {(clock, step): 1 for clock in clocks for step in ("aim", "limit")}
        told = Counter(Notification.objects.filter(kind="escalation").values_list("recipient__role", "key"))
        assert len(told) == TICKETS * 2 * 3  # owner, admin, supervisor
        assert set(told.values()) == {1}
        for clock in Clock.objects.all():
            assert clock.breached_at == clock.started_at + timedelta(seconds=20)


def test_worker_killed_between_claim_and_send_loses_and_doubles_nothing(
    processes: Processes, mailbox: Path
) -> None:
    desk = desk_with_promises_of_seconds()
    (mailbox / "hold").touch()
    first = processes.worker("first")
    send_task("sla.tasks.sweep")
    send_task("notifications.tasks.deliver")
    wait_until((mailbox / "waiting").exists, what="a mail was claimed and is about to be sent")
    first.kill()
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    (mailbox / "hold").unlink()

    for number in range(4):
        processes.worker(f"after{number}")
    send_task("sla.tasks.sweep", times=4)
    send_task("notifications.tasks.deliver", times=8)

    def all_sent() -> bool:
        with tenant_scope(desk.tenant.pk):
            return not OutboxMessage.objects.filter(sent_at=None).exists()

    wait_until(all_sent, what="the outbox is empty")
    assert_each_step_once(desk)
    with tenant_scope(desk.tenant.pk):
        assert Counter(taken(mailbox)) == Counter(OutboxMessage.objects.values_list("message_id", flat=True))


def test_four_sweeps_at_once_escalate_once(processes: Processes) -> None:
    desk = desk_with_promises_of_seconds()
    processes.at_once("sla.tasks.sweep", 4)
    assert_each_step_once(desk)


def test_beat_finds_what_a_flushed_broker_forgot(processes: Processes, tmp_path: Path) -> None:
    desk = desk_with_promises_of_seconds()
    send_task("sla.tasks.sweep", times=3)
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    processes.worker("only")
    processes.beat(tmp_path)

    def swept() -> bool:
        with tenant_scope(desk.tenant.pk):
            return Escalation.objects.count() == TICKETS * 2

    wait_until(swept, what="beat's own sweep escalated every clock")
    assert_each_step_once(desk)
