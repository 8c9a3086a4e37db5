"""Monitors and alert sources set up through the API."""

from typing import Any

from django.test import Client

from maintenance.models import AlertSource, Monitor
from tests.api.callers import ApiCaller, Callers
from tests.factories import Desk, browser_of, new_service


def test_a_check_is_set_up_changed_paused_and_archived(desk: Desk, caller: Callers) -> None:
    erp, admin, agent = new_service(desk), caller(desk.admin), caller(desk.agent)
    sent = {"name": "ERP answers", "service": erp.pk, "kind": "http", "address": "https://erp.example.com/"}
    assert agent.post("monitors/", sent, format="json").status_code == 403
    for wrong, code in (({"address": ""}, "invalid"), ({"address": "https://10.0.0.1/"}, "refused_address")):
        assert admin.post("monitors/", sent | wrong, format="json").json()["code"] == code
    answer = admin.post("monitors/", sent | {"requester": desk.contact.pk}, format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert (made["beat_address"], made["terms"]["requester"]["id"]) == ("", desk.contact.pk)
    path = f"monitors/{made['id']}/"
    changed = admin.patch(path, {"seen": made["version"], "failures_to_open": 3}, format="json")
    assert changed.status_code == 200, changed.json()
    terms = changed.json()["terms"]
    assert (terms["failures_to_open"], terms["address"]) == (3, sent["address"])
    stale = admin.patch(path, {"seen": made["version"], "name": "x"}, format="json")
    assert (stale.status_code, stale.json()["code"]) == (409, "edited_meanwhile")
    assert admin.post(f"{path}pause/").json()["is_paused"] is True
    assert admin.post(f"{path}resume/").json()["is_paused"] is False
    assert admin.post(f"{path}archive/").json()["archived_at"] is not None
    assert agent.get("monitors/").json()["results"] == []
    [listed] = agent.get("monitors/?archived=true").json()["results"]
    assert (listed["id"], listed["terms"]) == (made["id"], None)
    assert admin.post(f"{path}restore/").json()["archived_at"] is None
    assert agent.get(path).json()["name"] == "ERP answers"
    assert agent.post(f"{path}pause/").status_code == 403
    assert caller(desk.contact).get(path).status_code == 403


def test_the_address_of_a_heartbeat_is_said_once(desk: Desk, caller: Callers) -> None:
    admin = caller(desk.admin)
    sent = {"name": "Export", "service": new_service(desk).pk, "kind": "heartbeat", "interval_seconds": 3600}
    made = admin.post("monitors/", sent, format="json").json()
    path = f"monitors/{made['id']}/"
    assert "beat_address" not in admin.get(path).json()
    assert reports_in(made["beat_address"]) == 200
    renewed = admin.post(f"{path}renew/").json()["beat_address"]
    assert (reports_in(made["beat_address"]), reports_in(renewed)) == (404, 200)
    assert admin.get(path).json()["state"] == "up"


def reports_in(address: str) -> int:
    """The status that a job gets at its address."""
    return Client().get("/" + address.split("/", 3)[3]).status_code


def test_tickets_about_a_customers_own_service_are_for_that_customer(desk: Desk, caller: Callers) -> None:
    admin, carpets = caller(desk.admin), new_service(desk, "Carpet shop", customer=desk.other_customer)
    sent: dict[str, Any] = {"name": "Carpets", "service": carpets.pk, "requester": desk.contact.pk}
    refused = admin.post("monitors/", sent | {"kind": "heartbeat"}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/requester")
    assert not Monitor.objects.exists()
    allowed = sent | {"kind": "heartbeat", "requester": desk.other_contact.pk}
    assert admin.post("monitors/", allowed, format="json").status_code == 201


def test_a_source_is_made_by_somebody_who_is_logged_in_and_revoked_by_token(
    desk: Desk, caller: Callers
) -> None:
    admin, browser = caller(desk.admin), browser_of(desk.admin)
    sent = {"name": "Prometheus", "requester": desk.contact.pk}
    assert admin.post("alert-sources/", sent, format="json").status_code == 403
    answer = browser.post("/api/v1/alert-sources/", sent, content_type="application/json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    path = f"alert-sources/{made['id']}/"
    source = ApiCaller("acme", made["token"])
    assert source.post("alerts/", {"alerts": []}, format="json").status_code == 200
    [listed] = admin.get("alert-sources/").json()["results"]
    assert ("token" in listed, listed["token_begins"]) == (False, made["token"][:9])
    changed = admin.patch(path, {"label": "job"}, format="json").json()
    assert (changed["label"], changed["requester"]["id"]) == ("job", desk.contact.pk)
    carpets = new_service(desk, "Carpet shop", customer=desk.other_customer)
    refused = admin.patch(path, {"service": carpets.pk}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_their_service")
    assert admin.post(f"{path}revoke/").json()["revoked_at"] is not None
    assert source.post("alerts/", {"alerts": []}, format="json").status_code == 401
    assert admin.patch(path, {"label": "x"}, format="json").status_code == 404
    assert caller(desk.supervisor).get("alert-sources/").status_code == 403
    assert AlertSource.objects.get().label == "job"
