"""Monitors: failures in a row open one outage and one ticket, the first good answer ends both."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.test import Client

from accounts.tenancy import tenant_scope
from maintenance import monitor_sweep
from maintenance.checks import Check, Result
from maintenance.faults import Fault
from maintenance.models import Monitor, Outage, OutageTicket, Window
from maintenance.monitor_sweep import sweep_monitors
from maintenance.services.errors import NotAllowed
from maintenance.services.monitors import (
    MonitorTerms,
    archive_monitor,
    change_monitor,
    create_monitor,
    pause_monitor,
    renew_heartbeat,
    restore_monitor,
)
from maintenance.services.outage_errors import AddressNotChecked, EditedMeanwhile
from maintenance.services.outages import end_outage, update_outage
from maintenance.services.watching import note_beat, note_result
from maintenance.services.windows import start_window
from notifications.models import Notification
from tests.factories import MONDAY, Desk, DeskClient, browser_of, new_service
from tests.maintenance.windows import scheduled_window
from tickets.models import Message, Service, Ticket
from tickets.services import resolve_ticket

Login = Callable[[Any], DeskClient]
BAD, GOOD = Result(Fault("status", {"status": 500})), Result(milliseconds=12)


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


def test_what_people_added_to_its_outage_is_theirs_to_end(desk: Desk) -> None:
    monitor, tills = noted(new_monitor(desk), (0, BAD), (60, BAD)), new_service(desk, "Tills")
    values: dict[str, Any] = {"outage": monitor.outage, "stage": "identified", "by": desk.agent}
    update_outage(text="The tills too.", impacts={tills: "down"}, at=s(90), **values)
    monitor = noted(monitor, (120, GOOD))
    outage = Outage.objects.get()
    assert (monitor.state, monitor.outage, outage.ended_at, outage.stage) == ("up", None, None, "identified")
    assert list(outage.outage_services.filter(ended_at=None).values_list("service", flat=True)) == [tills.pk]
    assert Ticket.objects.get().is_resolved, "its own ticket is about its own service"
    bells = Notification.objects.filter(kind="outage", recipient=desk.agent).order_by("pk")
    assert [str(bell.title) for bell in bells][1:] == [
        "Our monitoring finds ERP production as it should be again."
    ]
    noted(monitor, (180, BAD), (240, BAD), (300, GOOD))
    assert Outage.objects.running().get() == outage, "what it finds next is an outage of its own"


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


def running_window(desk: Desk, monitor: Monitor, **changes: Any) -> Window:
    """Work on the monitor's service for ten minutes, from Monday on."""
    values: dict[str, Any] = {"services": [monitor.service], "starts_at": s(0), "ends_at": s(600)}
    window = scheduled_window(desk, at=s(-86_400), **(values | changes))
    return start_window(window=window, by=desk.agent, at=s(0))


def test_announced_maintenance_explains_what_it_announced_and_no_longer_than_that(desk: Desk) -> None:
    monitor = new_monitor(desk)
    running_window(desk, monitor)
    noted(monitor, (60, BAD), (120, BAD), (599, BAD))
    assert not Outage.objects.exists()
    # The window overruns: nobody has announced that.
    noted(monitor, (600, BAD), (660, BAD))
    assert Outage.objects.get().started_at == s(600)


def test_work_that_degrades_a_service_does_not_explain_that_it_is_away(desk: Desk) -> None:
    away = new_monitor(desk)
    slow = new_monitor(desk, name="ERP is fast", service=away.service, impact="degraded")
    running_window(desk, away, impact="degraded")
    noted(slow, (60, BAD), (120, BAD))
    assert not Outage.objects.exists()
    noted(away, (60, BAD), (120, BAD))
    assert Outage.objects.get().title == "ERP production is down"


def test_a_result_that_comes_after_a_later_one_says_nothing(desk: Desk) -> None:
    monitor = new_monitor(desk, failures_to_open=1)
    assert noted(monitor, (60, GOOD), (30, BAD)).state == "up"
    assert noted(monitor, (90, BAD), (80, GOOD)).state == "down"
    assert Outage.objects.get().ended_at is None


def test_an_outage_whose_beginning_was_corrected_can_still_end(desk: Desk) -> None:
    monitor = noted(new_monitor(desk, failures_to_open=1), (0, BAD))
    Outage.objects.update(started_at=s(65))
    monitor = noted(monitor, (60, GOOD))
    assert (monitor.state, Outage.objects.get().ended_at) == ("up", s(65))


def test_results_are_noted_as_they_come(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = new_monitor(desk, address="https://quick.example.com/")
    slow = new_monitor(desk, name="Slow", service=quick.service, address="https://slow.example.com/")
    Monitor.objects.filter(pk=slow.pk).update(next_check_at=s(-1))
    quick_is_noted = Event()

    def answer(check: Check) -> Result:
        if "slow" in check.address:
            assert quick_is_noted.wait(60)
        return GOOD

    def note(*, monitor_id: int, result: Result, at: datetime) -> Monitor | None:
        if monitor_id == quick.pk:
            quick_is_noted.set()
        return note_result(monitor_id=monitor_id, result=result, at=at)

    monkeypatch.setattr(monitor_sweep, "run_check", answer)
    monkeypatch.setattr(monitor_sweep, "note_result", note)
    assert sweep_monitors(now=s(0)) == 2
    quick.refresh_from_db()
    slow.refresh_from_db()
    assert quick.last_checked_at is not None
    assert slow.last_checked_at is not None
    assert s(0) < quick.last_checked_at < slow.last_checked_at


def test_a_customers_own_service_files_tickets_for_that_customer_alone(desk: Desk) -> None:
    carpets = new_service(desk, "Carpet shop", customer=desk.other_customer)
    values = {
        "name": "Carpets", "service": str(carpets.pk), "kind": "http", "address": "https://carpets.example/",
        "interval_seconds": "60", "timeout_seconds": "10", "grace_seconds": "0", "failures_to_open": "1",
        "impact": "down", "priority": "high",
    }  # fmt: skip
    refused = browser_of(desk.admin).post("/console/monitors/new/", values | {"requester": desk.contact.pk})
    assert (refused.status_code, Monitor.objects.count()) == (422, 0)
    assert "is a service of Calm Carpets" in refused.content.decode()
    # A service that becomes a customer's own later is no business of the others either.
    monitor = new_monitor(desk, failures_to_open=1)
    Service.objects.filter(pk=monitor.service_id).update(customer=desk.other_customer)
    noted(monitor, (0, BAD))
    assert (Outage.objects.count(), Ticket.objects.count()) == (1, 0)


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
    assert (monitor.state, monitor.next_check_at, monitor.last_error) == ("down", s(120), "status")
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


def test_what_was_wrong_is_said_in_the_readers_language_and_zone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor_sweep, "run_check", lambda check: BAD)
    noted(new_monitor(desk, service=new_service(desk, "POS sync")), (0, BAD))
    beat, _secret = beat_of(desk)
    note_beat(monitor_id=beat.pk, at=s(0))
    sweep_monitors(now=s(10_000))
    admin = browser_of(desk.admin)
    page = admin.get("/console/monitors/").content.decode()
    assert "HTTP 500" in page
    assert "Nothing since Monday 2 March 2026, 10:00 PKT" in page
    listed = admin.get("/api/v1/monitors/").json()["results"]
    assert [one["last_error"][:13] for one in listed] == ["HTTP 500", "Nothing since"]


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
