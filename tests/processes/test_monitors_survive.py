"""What monitors find is an outage and a ticket once, whatever dies meanwhile: real processes."""

from collections import Counter

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.tenancy import tenant_scope
from maintenance.models import Monitor, Outage, OutageTicket
from maintenance.services.monitors import MonitorTerms, create_monitor
from notifications.models import Notification, OutboxMessage
from tests.factories import Desk, build_desk, new_service
from tests.maintenance.servers import Watched
from tests.processes.conftest import Processes, send_task, wait_until
from tickets.models import Message, Ticket, TicketCounter, TicketEvent

CHECK = "maintenance.tasks.check_monitors"
SERVICES = ("ERP production", "POS sync", "Mail")


def watching_desk(place: str, patch: pytest.MonkeyPatch) -> Desk:
    """Three services behind one server; the first bad answer opens an outage and a ticket for a contact."""
    patch.setattr(settings, "WEBHOOK_TRUSTED", [place])
    desk = build_desk("acme")
    with tenant_scope(desk.tenant.pk):
        for name in SERVICES:
            terms = MonitorTerms(
                name=f"{name} answers",
                service=new_service(desk, name),
                kind="http",
                address=f"http://{place}/health",
                failures_to_open=1,
                interval_seconds=3600,
                requester=desk.contact,
            )
            create_monitor(terms=terms, by=desk.admin, at=timezone.now())
        TicketCounter.objects.get_or_create(tenant_id=desk.tenant.pk)
    return desk


def let_the_interval_pass(desk: Desk) -> None:
    with tenant_scope(desk.tenant.pk):
        Monitor.objects.update(next_check_at=timezone.now())


def somebody_waits_for_a_lock() -> bool:
    """Somebody in this database: other tests run beside this one, on the same server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def kill_amid_a_result(processes: Processes, desk: Desk) -> None:
    """Kill a worker that has opened or ended an outage and comes to its ticket; nothing of it is kept."""
    let_the_interval_pass(desk)
    with tenant_scope(desk.tenant.pk), transaction.atomic():
        # Whoever files a ticket, or settles one, waits here.
        assert len(TicketCounter.objects.select_for_update()) == 1
        assert len(Ticket.objects.select_for_update()) in (0, 3)
        worker = processes.worker("first")
        send_task(CHECK)
        wait_until(somebody_waits_for_a_lock, what="the worker is in the middle of noting a result")
        worker.kill()
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    wait_until(lambda: not somebody_waits_for_a_lock(), what="the dead worker's session has ended")


def states(desk: Desk) -> Counter[str]:
    with tenant_scope(desk.tenant.pk):
        return Counter(Monitor.objects.values_list("state", flat=True))


def test_an_outage_and_a_ticket_open_once_and_end_once_whatever_dies(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Watched() as watched:
        watched.status = 500
        desk = watching_desk(watched.place, monkeypatch)
        processes.settings["WEBHOOK_TRUSTED"] = [watched.place]
        kill_amid_a_result(processes, desk)
        with tenant_scope(desk.tenant.pk):
            assert (Outage.objects.count(), Ticket.objects.count()) == (0, 0)

        after = [processes.worker(f"after{number}") for number in range(3)]
        for _turn in range(2):
            let_the_interval_pass(desk)
            send_task(CHECK, times=4)
        wait_until(lambda: states(desk) == {"down": 3}, what="all are found down")
        for worker in after:
            worker.kill()
        with tenant_scope(desk.tenant.pk):
            assert sorted(Outage.objects.values_list("title", flat=True)) == sorted(
                f"{name} is down" for name in SERVICES
            )
            links = Counter(OutageTicket.objects.values_list("outage", "ticket"))
            assert (len(links), set(links.values()), Ticket.objects.count()) == (3, {1}, 3)

        watched.status = 200
        kill_amid_a_result(processes, desk)
        with tenant_scope(desk.tenant.pk):
            assert Outage.objects.running().count() == 3
        for number in range(3):
            processes.worker(f"last{number}")
        for _turn in range(2):
            let_the_interval_pass(desk)
            send_task(CHECK, times=4)
        wait_until(lambda: states(desk) == {"up": 3}, what="all are found good again")
    assert_each_once(desk)


def assert_each_once(desk: Desk) -> None:
    """Two updates of each outage, one answer on each ticket, one line under each bell, one mail for each."""
    with tenant_scope(desk.tenant.pk):
        outages = Outage.objects.all()
        assert [(outage.stage, outage.updates.count()) for outage in outages] == [("resolved", 2)] * 3
        assert set(Ticket.objects.values_list("status", flat=True)) == {"resolved"}
        assert Message.objects.filter(is_automatic=True).count() == 3
        assert TicketEvent.objects.filter(kind="resolved").count() == 3
        bells = Counter(Notification.objects.values_list("recipient", "key"))
        mails = Counter(OutboxMessage.objects.values_list("recipient", "key", "way"))
        assert set(bells.values()) == set(mails.values()) == {1}
        assert Notification.objects.filter(kind="outage", recipient=desk.agent).count() == 6
