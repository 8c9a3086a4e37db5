"""Alerts of Prometheus Alertmanager, in its own format: each opens and ends outages, once."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from maintenance.models import Alert, AlertSource, Outage, OutageService
from maintenance.services.alert_sources import SourceTerms, create_source, revoke_source
from tests.api.callers import ApiCaller
from tests.factories import MONDAY, Desk, DeskClient, new_service
from tickets.models import Service, Ticket

Login = Callable[[Any], DeskClient]
NOW = timezone.now().replace(microsecond=0)
BEGAN = NOW - timedelta(minutes=10)
# As Alertmanager 0.27 sends it.
DELIVERY: dict[str, Any] = {
    "version": "4",
    "groupKey": '{}:{alertname="Down"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "desk",
    "groupLabels": {"alertname": "Down"},
    "commonLabels": {"alertname": "Down", "severity": "critical"},
    "commonAnnotations": {"summary": "Probe failed"},
    "externalURL": "http://alertmanager:9093",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "Down", "service": "erp production", "severity": "critical"},
            "annotations": {"summary": "Probe failed"},
            "startsAt": BEGAN.isoformat(timespec="microseconds").replace("+00:00", "123Z"),
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus:9090/graph",
            "fingerprint": "7ed1ba8d2e5a0f4c",
        }
    ],
}


def delivery(*alerts: dict[str, Any]) -> dict[str, Any]:
    """A delivery of alerts that differ from the one above as they say; labels are added."""
    sent = deepcopy(DELIVERY)
    first = sent["alerts"].pop()
    for changes in alerts:
        labels = first["labels"] | changes.get("labels", {})
        sent["alerts"].append(first | changes | {"labels": labels})
    return sent


def ended(fingerprint: str = "7ed1ba8d2e5a0f4c", **changes: Any) -> dict[str, Any]:
    return {"status": "resolved", "endsAt": NOW.isoformat(), "fingerprint": fingerprint} | changes


@pytest.fixture
def erp(desk: Desk) -> Service:
    return new_service(desk)


@pytest.fixture
def caller(desk: Desk, erp: Service) -> ApiCaller:
    terms = SourceTerms(name="Prometheus", requester=desk.contact)
    _source, token = create_source(terms=terms, by=desk.admin, at=MONDAY)
    return ApiCaller("acme", token)


def send(caller: ApiCaller, sent: dict[str, Any]) -> Any:
    answer = caller.post("alerts/", sent, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_firing_alert_opens_one_outage_and_one_ticket(desk: Desk, caller: ApiCaller) -> None:
    assert send(caller, DELIVERY) == {"new": 1, "known": 0, "ignored": []}
    assert send(caller, DELIVERY) == {"new": 0, "known": 1, "ignored": []}
    outage = Outage.objects.get()
    assert (outage.title, outage.started_at.replace(microsecond=0)) == ("ERP production is down", BEGAN)
    assert Ticket.objects.get().requester == desk.contact


def test_the_last_resolved_alert_ends_it(desk: Desk, caller: ApiCaller) -> None:
    send(caller, delivery({}, {"fingerprint": "aa", "labels": {"alertname": "Slow", "severity": "warning"}}))
    assert (Outage.objects.count(), Alert.objects.count()) == (1, 2)
    send(caller, delivery(ended()))
    assert Outage.objects.get().ended_at is None
    send(caller, delivery(ended("aa")))
    assert Outage.objects.get().ended_at == NOW
    assert Ticket.objects.get().status == "resolved"
    # It fires anew: another outage, another ticket.
    send(caller, delivery({"startsAt": NOW.isoformat()}))
    assert (Outage.objects.count(), Ticket.objects.count()) == (2, 2)


def test_a_warning_is_degraded_until_something_worse_comes(desk: Desk, caller: ApiCaller) -> None:
    send(caller, delivery({"labels": {"severity": "warning"}}))
    assert OutageService.objects.get().impact == "degraded"
    send(caller, delivery({"fingerprint": "bb"}))
    assert OutageService.objects.get().impact == "down"


def test_services_have_outages_of_their_own_and_one_ticket(desk: Desk, caller: ApiCaller) -> None:
    new_service(desk, "POS sync")
    send(caller, delivery({}, {"fingerprint": "pp", "labels": {"service": "POS sync"}}))
    assert (Outage.objects.count(), Ticket.objects.count()) == (2, 1)
    send(caller, delivery(ended()))
    assert Ticket.objects.get().status == "new"
    send(caller, delivery(ended("pp", labels={"service": "POS sync"})))
    assert Ticket.objects.get().status == "resolved"


def test_alerts_of_no_service_are_ignored_or_go_to_the_usual_one(desk: Desk, caller: ApiCaller) -> None:
    unknown = delivery({"labels": {"service": "Coffee machine"}})
    assert send(caller, unknown)["ignored"] == ["7ed1ba8d2e5a0f4c"]
    AlertSource.objects.update(service=Service.objects.get())
    assert send(caller, unknown)["new"] == 1
    assert Outage.objects.count() == 1


def test_an_alert_that_has_ended_before_anybody_heard_of_it_opens_nothing(caller: ApiCaller) -> None:
    assert send(caller, delivery(ended()))["new"] == 1
    assert not Outage.objects.exists()


def test_only_its_own_token_lets_in(desk: Desk, other_desk: Desk, caller: ApiCaller) -> None:
    for refused in (ApiCaller("acme"), ApiCaller("acme", "as_wrong")):
        assert refused.post("alerts/", DELIVERY, format="json").status_code == 401
    elsewhere = caller.post("/t/umbra/api/v1/alerts/", DELIVERY, format="json")
    assert elsewhere.status_code == 401
    # The token is good for alerts and for nothing else.
    assert caller.get("outages/").status_code == 401
    revoke_source(source=AlertSource.objects.get(), by=desk.admin, at=MONDAY)
    assert caller.post("alerts/", DELIVERY, format="json").status_code == 401


def test_what_is_no_delivery_is_refused(caller: ApiCaller) -> None:
    for sent in ({}, {"alerts": [{"status": "firing"}]}, delivery({"startsAt": "yesterday"})):
        answer = caller.post("alerts/", sent, format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not Alert.objects.exists()
