"""Settings: monitors and alert sources, and the secrets that are shown once."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from maintenance.models import AlertSource, Monitor
from tests.api.callers import ApiCaller
from tests.factories import Desk, DeskClient, new_service

Login = Callable[[Any], DeskClient]


def filled(desk: Desk, **changes: Any) -> dict[str, Any]:
    return {
        "name": "ERP answers",
        "kind": "http",
        "address": "https://erp.example.com/health",
        "interval_seconds": "60",
        "timeout_seconds": "10",
        "failures_to_open": "2",
        "grace_seconds": "300",
        "impact": "down",
        "requester": str(desk.contact.pk),
        "priority": "critical",
    } | changes


def secret_on(page: str, start: str) -> str:
    found = re.search(rf"{start}_[\w-]+", page)
    assert found is not None
    return found[0]


def test_a_check_is_made_changed_paused_and_archived(desk: Desk, login: Login) -> None:
    client, sent = login(desk.admin), filled(desk, service=new_service(desk).pk)
    assert "ERP production" in client.get("/console/monitors/new/").content.decode()
    assert client.post("/console/monitors/new/", sent).status_code == 302
    monitor = Monitor.objects.get()
    assert (monitor.requester, monitor.priority, monitor.token_hash) == (desk.contact, "critical", None)
    path = f"/console/monitors/{monitor.pk}/"
    changed = sent | {"seen": "1", "name": "ERP", "kind": "tcp", "address": "https://erp.example.com/"}
    assert client.post(f"{path}edit/", changed).status_code == 302
    again = client.post(f"{path}edit/", changed)
    assert again.status_code == 409
    assert 'name="seen" value="2"' in again.content.decode()  # sent once more, it is saved
    assert client.post(f"{path}edit/", changed | {"seen": "2"}).status_code == 302
    monitor.refresh_from_db()
    assert (monitor.name, monitor.kind) == ("ERP", "http")
    client.post(f"{path}pause/")
    assert "Paused" in client.get("/console/monitors/").content.decode()
    client.post(f"{path}pause/", {"resume": "1"})
    client.post(f"{path}archive/")
    assert "Archived" in client.get("/console/monitors/").content.decode()
    client.post(f"{path}archive/", {"restore": "1"})
    monitor.refresh_from_db()
    assert (monitor.archived_at, monitor.is_paused) == (None, False)
    assert client.post(f"{path}renew/").status_code == 404


def test_addresses_inside_are_refused_beside_the_field(desk: Desk, login: Login) -> None:
    client, service = login(desk.admin), new_service(desk).pk
    for address in ("https://10.0.0.1/", "http://localhost:5432@10.0.0.1/", ""):
        answer = client.post("/console/monitors/new/", filled(desk, service=service, address=address))
        assert answer.status_code == 422
        assert 'id="id_address_error"' in answer.content.decode()
    assert not Monitor.objects.exists()


def test_the_address_of_a_heartbeat_is_shown_once(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = filled(desk, service=new_service(desk).pk, kind="heartbeat", address="")
    page = client.post("/console/monitors/new/", sent).content.decode()
    secret = secret_on(page, "hb")
    assert f"/t/acme/beat/{secret}/" in page
    assert Client().post(f"/t/acme/beat/{secret}/").status_code == 200
    monitor = Monitor.objects.get()
    path = f"/console/monitors/{monitor.pk}/"
    assert "hb_" not in client.get("/console/monitors/").content.decode()
    assert "hb_" not in client.get(f"{path}edit/").content.decode()
    again = secret_on(client.post(f"{path}renew/").content.decode(), "hb")
    assert again != secret
    assert Client().get(f"/t/acme/beat/{secret}/").status_code == 404
    assert Client().get(f"/t/acme/beat/{again}/").status_code == 200


def test_an_alert_source_is_made_changed_and_revoked(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = {"name": "Prometheus", "label": "app", "service": new_service(desk).pk, "priority": "high"}
    token = secret_on(client.post("/console/alerts/new/", sent).content.decode(), "as")
    source = AlertSource.objects.get()
    path = f"/console/alerts/{source.pk}/"
    assert ApiCaller("acme", token).post("alerts/", {"alerts": []}, format="json").status_code == 200
    listed = client.get("/console/alerts/").content.decode()
    assert token not in listed
    assert "/t/acme/api/v1/alerts/" in listed
    assert client.post(f"{path}edit/", sent | {"label": "job"}).status_code == 302
    source.refresh_from_db()
    assert source.label == "job"
    assert "Its alerts are refused at once." in client.get(f"{path}revoke/").content.decode()
    client.post(f"{path}revoke/")
    assert ApiCaller("acme", token).post("alerts/", {"alerts": []}, format="json").status_code == 401
    assert client.get(f"{path}edit/").status_code == 404


def test_supervisors_may_not_say_what_is_watched(desk: Desk, login: Login) -> None:
    for path in ("/console/monitors/", "/console/alerts/", "/console/monitors/new/"):
        assert login(desk.supervisor).get(path).status_code == 403
