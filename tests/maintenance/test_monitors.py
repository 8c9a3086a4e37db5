"""Monitors: failures in a row open one outage and one ticket, the first good answer ends both."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.tenancy import tenant_scope
from maintenance import monitor_sweep
from maintenance.checks import Check, Result
from maintenance.lifecycle import Status
from maintenance.models import Impact, Kind, Monitor, Outage, OutageTicket, Window, WindowService
from maintenance.monitor_sweep import sweep_monitors
from maintenance.services.errors import NotAllowed
from maintenance.services.monitors import (
    MonitorTerms,
    archive_monitor,
    change_monitor,
    create_monitor,
    note_beat,
    note_result,
    pause_monitor,
    renew_heartbeat,
    restore_monitor,
)
from maintenance.services.outage_errors import AddressNotChecked, EditedMeanwhile
from maintenance.services.outages import end_outage
from notifications.models import Notification
from tests.factories import MONDAY, Desk, DeskClient, new_service
from tickets.models import Message, Ticket
from tickets.services import resolve_ticket

Login = Callable[[Any], DeskClient]
BAD, GOOD = Result(False, "HTTP 500"), Result(True, "", 12)


def s(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


def new_monitor(desk: Desk, **changes: Any) -> Monitor:
    values: dict[str, Any] = {
        "name": "ERP answers",
        "service": changes.get("service") or new_service(desk),
        "kind": "http",
        "address": "https://erp.example.com/health",
        "requester": desk.contact,
    }
    return create_monitor(terms=MonitorTerms(**(values | changes)), by=desk.admin, at=MONDAY)[0]


def noted(monitor: Monitor, *results: tuple[float, Result]) -> Monitor:
    for second, result in results:
        note_result(monitor_id=monitor.pk, result=result, at=s(second))
    monitor.refresh_from_db()
    return monitor


def test_two_failures_in_a_row_open_one_outage_and_one_ticket(desk: Desk) -> None:
    monitor = noted(new_monitor(desk), (0, GOOD), (60, BAD), (120, GOOD), (180, BAD))
    assert (monitor.state, monitor.failures, Outage.objects.count()) == ("up", 1, 0)
    monitor = noted(monitor, (240, BAD), (300, BAD), (360, BAD))
    outage = Outage.objects.get()
    assert (monitor.state, monitor.outage) == ("down", outage)
    # It began with the first failure of the row, not with the one that opened it.
    assert (outage.title, outage.started_at, outage.opened_by) == ("ERP production is down", s(180), None)
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.priority, ticket.subject) == (
        desk.contact,
        "high",
        "ERP production is down",
    )
    assert OutageTicket.objects.get().ticket == ticket
    assert Notification.objects.filter(kind="outage", recipient=desk.agent).count() == 1
    assert "HTTP 500" not in Message.objects.get().body


def test_the_first_good_answer_ends_both(desk: Desk) -> None:
    monitor = noted(new_monitor(desk), (0, BAD), (60, BAD), (120, GOOD), (180, GOOD))
    outage, ticket = Outage.objects.get(), Ticket.objects.get()
    assert (outage.ended_at, outage.stage) == (s(120), "resolved")
    assert outage.updates.count() == 2
    assert (ticket.status, ticket.resolved_at) == ("resolved", s(120))
    assert Message.objects.filter(ticket=ticket, is_automatic=True).count() == 1
    assert (monitor.outage, monitor.ticket, monitor.state) == (None, None, "up")
    noted(monitor, (240, BAD), (300, BAD))
    assert (Outage.objects.count(), Ticket.objects.count()) == (2, 2)


def test_what_people_did_by_hand_stays(desk: Desk) -> None:
    monitor = noted(new_monitor(desk), (0, BAD), (60, BAD))
    end_outage(outage=Outage.objects.get(), text="We know.", by=desk.agent, at=s(70))
    resolve_ticket(ticket=Ticket.objects.get(), by=desk.agent, at=s(80))
    noted(monitor, (120, BAD), (180, BAD), (240, GOOD))
    outage = Outage.objects.get()
    assert (outage.ended_at, outage.updates.count()) == (s(70), 2)
    assert Ticket.objects.get().resolved_at == s(80)


def test_without_a_requester_there_is_no_ticket(desk: Desk) -> None:
    noted(new_monitor(desk, requester=None, impact="degraded", failures_to_open=1), (0, BAD))
    assert Outage.objects.get().title == "ERP production is degraded"
    assert not Ticket.objects.exists()


def test_maintenance_of_the_service_is_no_trouble(desk: Desk) -> None:
    monitor = new_monitor(desk)
    window = Window.objects.create(
        tenant=desk.tenant,
        title="Disks",
        kind=Kind.SERVER,
        impact=Impact.DOWN,
        status=Status.IN_PROGRESS,
        starts_at=s(0),
        ends_at=s(600),
        started_at=s(0),
    )
    WindowService.objects.create(tenant=desk.tenant, window=window, service=monitor.service)
    noted(monitor, (60, BAD), (120, BAD), (180, BAD))
    assert not Outage.objects.exists()
    Window.objects.update(status=Status.COMPLETED, ended_at=s(600))
    noted(monitor, (660, BAD), (720, BAD))
    assert Outage.objects.get().started_at == s(660)


def test_the_sweep_runs_what_is_due_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Check] = []

    def answer(check: Check) -> Result:
        asked.append(check)
        return BAD

    monkeypatch.setattr(monitor_sweep, "run_check", answer)
    monitor = new_monitor(desk)
    paused = new_monitor(desk, name="Paused", service=new_service(desk, "POS"))
    pause_monitor(monitor=paused, is_paused=True, by=desk.admin, at=s(0))
    assert [sweep_monitors(now=s(at)) for at in (0, 10, 59, 60, 60)] == [1, 0, 0, 1, 0]
    assert asked[0] == Check("http", "https://erp.example.com/health", 10)
    monitor.refresh_from_db()
    assert (monitor.state, monitor.next_check_at, monitor.last_error) == ("down", s(120), "HTTP 500")
    archive_monitor(monitor=monitor, by=desk.admin, at=s(70))
    assert sweep_monitors(now=s(1000)) == 0
    restore_monitor(monitor=monitor, by=desk.admin, at=s(1010))
    pause_monitor(monitor=paused, is_paused=False, by=desk.admin, at=s(1010))
    assert sweep_monitors(now=s(1010)) == 2


def beat_of(desk: Desk, **changes: Any) -> tuple[Monitor, str]:
    values: dict[str, Any] = {
        "name": "Nightly export",
        "service": new_service(desk),
        "kind": "heartbeat",
        "interval_seconds": 3600,
        "grace_seconds": 300,
    }
    return create_monitor(terms=MonitorTerms(**(values | changes)), by=desk.admin, at=MONDAY)


def test_a_heartbeat_that_does_not_come_opens_an_outage_once(desk: Desk) -> None:
    monitor, _secret = beat_of(desk)
    assert sweep_monitors(now=s(100_000)) == 0  # none has come yet: nobody knows what to expect
    note_beat(monitor_id=monitor.pk, at=s(0))
    assert [sweep_monitors(now=s(at)) for at in (3899, 3900, 3910, 9000)] == [0, 1, 0, 0]
    outage = Outage.objects.get()
    assert outage.started_at == s(3600)
    note_beat(monitor_id=monitor.pk, at=s(9000))
    outage.refresh_from_db()
    assert outage.ended_at == s(9000)
    monitor.refresh_from_db()
    assert (monitor.state, monitor.next_check_at) == ("up", s(12_900))


def test_whoever_knows_the_address_reports_in(desk: Desk, other_desk: Desk) -> None:
    monitor, secret = beat_of(desk)
    client = Client(enforce_csrf_checks=True)
    assert secret.startswith("hb_")
    for ask in (client.get, client.post):
        answer = ask(f"/t/acme/beat/{secret}/")
        assert (answer.status_code, answer.content) == (200, b"ok\n")
    monitor.refresh_from_db()
    assert monitor.last_good_at is not None
    assert client.get(f"/t/umbra/beat/{secret}/").status_code == 404
    renewed = renew_heartbeat(monitor=monitor, by=desk.admin, at=s(0))
    assert client.get(f"/t/acme/beat/{secret}/").status_code == 404
    assert client.get(f"/t/acme/beat/{renewed}/").status_code == 200
    archive_monitor(monitor=monitor, by=desk.admin, at=s(0))
    assert client.get(f"/t/acme/beat/{renewed}/").status_code == 404


def test_what_may_not_be(desk: Desk, other_desk: Desk) -> None:
    with tenant_scope(other_desk.tenant.pk):
        foreign = new_service(other_desk)
    with pytest.raises(NotAllowed):
        new_monitor(desk, service=foreign)
    with pytest.raises(AddressNotChecked):
        new_monitor(desk, address="https://10.0.0.1/")
    monitor = new_monitor(desk, service=new_service(desk, "POS"))
    terms = MonitorTerms(name="x", service=monitor.service, kind="http", address="https://a.example/")
    with pytest.raises(NotAllowed):
        change_monitor(monitor=monitor, terms=terms, seen=1, by=desk.supervisor, at=s(0))
    change_monitor(monitor=monitor, terms=terms, seen=1, by=desk.admin, at=s(0))
    with pytest.raises(EditedMeanwhile):
        change_monitor(monitor=monitor, terms=terms, seen=1, by=desk.admin, at=s(0))
