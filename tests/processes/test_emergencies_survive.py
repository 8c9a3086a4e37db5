"""Each call of an emergency is made once, whatever dies in between and however many sweep: real workers."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.utils import timezone

from accounts.tenancy import tenant_scope
from notifications.models import Notification, OutboxMessage
from sla.models import Emergency, EmergencyCall
from tests.factories import Desk, build_desk, new_ticket
from tests.processes.conftest import Processes, send_task, wait_until
from tests.processes.mailbox import taken
from tests.sla.rota import declared, include_emergencies, rota_of_two, started_yesterday

EMERGENCIES = 5


def desk_in_trouble() -> Desk:
    """Emergencies that nobody has acknowledged for a minute longer than the rota allows."""
    desk = build_desk("acme")
    with tenant_scope(desk.tenant.pk):
        include_emergencies(desk, 0, rota_of_two(desk, start=started_yesterday(), minutes=240))
        at = timezone.now() - timedelta(minutes=241)
        for number in range(EMERGENCIES):
            declared(new_ticket(desk, at=at, subject=f"Ticket {number}"), desk.contact, at=at)
    return desk


def assert_each_call_once(desk: Desk) -> None:
    """Ali was called when it was declared, Bea by the sweep: one row, one bell, one mail each."""
    with tenant_scope(desk.tenant.pk):
        calls = Counter(EmergencyCall.objects.values_list("emergency_id", "person__name", "round"))
        emergencies = Emergency.objects.values_list("pk", flat=True)
        assert calls == {(pk, name, 1): 1 for pk in emergencies for name in ("Ali Agent", "Bea Agent")}
        for rows in (Notification.objects, OutboxMessage.objects):
            assert rows.filter(kind="emergency").count() == EMERGENCIES * 2


def test_four_sweeps_at_once_call_once(processes: Processes) -> None:
    desk = desk_in_trouble()
    processes.at_once("sla.tasks.call", 4)
    assert_each_call_once(desk)


def test_a_worker_that_is_killed_loses_and_doubles_no_call(processes: Processes, mailbox: Path) -> None:
    desk = desk_in_trouble()
    (mailbox / "hold").touch()
    first = processes.worker("first")
    send_task("sla.tasks.call")
    send_task("notifications.tasks.deliver")
    wait_until((mailbox / "waiting").exists, what="a mail was claimed and is about to be sent")
    first.kill()
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    (mailbox / "hold").unlink()

    for number in range(3):
        processes.worker(f"after{number}")
    send_task("sla.tasks.call", times=4)
    send_task("notifications.tasks.deliver", times=6)

    def all_sent() -> bool:
        with tenant_scope(desk.tenant.pk):
            called = EmergencyCall.objects.count() == EMERGENCIES * 2
            return called and not OutboxMessage.objects.filter(sent_at=None).exists()

    wait_until(all_sent, what="everybody was called and the outbox is empty")
    assert_each_call_once(desk)
    with tenant_scope(desk.tenant.pk):
        assert Counter(taken(mailbox)) == Counter(OutboxMessage.objects.values_list("message_id", flat=True))


def test_beat_calls_the_next_person_by_itself(processes: Processes, tmp_path: Path) -> None:
    desk = desk_in_trouble()
    processes.worker("only")
    processes.beat(tmp_path)

    def called() -> bool:
        with tenant_scope(desk.tenant.pk):
            return EmergencyCall.objects.count() == EMERGENCIES * 2

    wait_until(called, what="beat's own sweep called the next person of every emergency")
    assert_each_call_once(desk)
