"""Alerts of Prometheus Alertmanager, in its own format: each opens and ends outages, once."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from maintenance.models import Alert, AlertSource, Outage, OutageService
from maintenance.monitor_sweep import is_anything_due, sweep_monitors
from maintenance.services.alert_sources import SourceTerms, create_source, revoke_source
from maintenance.services.outages import end_outage, update_outage
from maintenance.services.windows import start_window
from notifications.models import Notification, OutboxMessage
from tests.api.callers import ApiCaller
from tests.factories import MONDAY, Desk, DeskClient, browser_of, new_service
from tests.maintenance.windows import HOUR, scheduled_window
from tickets.models import Message, Service, Ticket, TicketEvent

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


def statuses() -> dict[str, str]:
    """The status of each ticket by its subject."""
    return dict(Ticket.objects.values_list("subject", "status"))


def test_a_firing_alert_opens_one_outage_and_one_ticket(desk: Desk, caller: ApiCaller) -> None:
    assert send(caller, DELIVERY) == {"new": 1, "known": 0, "ignored": []}
    assert send(caller, DELIVERY) == {"new": 0, "known": 1, "ignored": []}
    outage = Outage.objects.get()
    assert (outage.title, outage.started_at.replace(microsecond=0)) == ("ERP production is down", BEGAN)
    assert Ticket.objects.get().requester == desk.contact


def test_the_last_resolved_alert_ends_it(desk: Desk, caller: ApiCaller) -> None:
    send(caller, delivery({}, {"fingerprint": "aa", "labels": {"alertname": "Slow"}}))
    assert (Outage.objects.count(), Alert.objects.count()) == (1, 2)
    send(caller, delivery(ended()))
    assert Outage.objects.get().ended_at is None
    send(caller, delivery(ended("aa")))
    assert Outage.objects.get().ended_at == NOW
    assert Ticket.objects.get().status == "resolved"
    # It fires anew: another outage, another ticket.
    send(caller, delivery({"startsAt": NOW.isoformat()}))
    assert (Outage.objects.count(), Ticket.objects.count()) == (2, 2)
    # People said that more is hit: that is theirs to end.
    anew, tills = Outage.objects.running().get(), new_service(desk, "Tills")
    update_outage(
        outage=anew,
        text="Too.",
        stage="identified",
        impacts={tills: "down"},
        by=desk.agent,
        at=timezone.now(),
    )
    send(caller, delivery(ended(startsAt=NOW.isoformat())))
    anew.refresh_from_db()
    assert [hit.service for hit in anew.outage_services.filter(ended_at=None)] == [tills]
    assert "finds ERP production as" in anew.updates.latest("pk").text


def test_what_gets_worse_does_not_change_what_was(desk: Desk, caller: ApiCaller) -> None:
    warning: dict[str, Any] = {"labels": {"severity": "warning"}}
    worse = NOW - timedelta(minutes=2)
    send(caller, delivery(warning))
    send(caller, delivery({"fingerprint": "bb", "startsAt": worse.isoformat()}))
    hit = OutageService.objects.values_list("outage__title", "impact", "started_at").order_by("pk")
    assert [(title, impact, at.replace(microsecond=0)) for title, impact, at in hit] == [
        ("ERP production is degraded", "degraded", BEGAN),
        ("ERP production is down", "down", worse),
    ]
    send(caller, delivery(ended("bb", startsAt=worse.isoformat())))
    assert Outage.objects.running().get().title == "ERP production is degraded"
    assert statuses() == {"ERP production is degraded": "new", "ERP production is down": "resolved"}
    send(caller, delivery(ended(**warning)))
    assert not Outage.objects.running().exists()


def test_what_is_down_is_not_degraded_beside_but_may_be_afterwards(desk: Desk, caller: ApiCaller) -> None:
    send(caller, delivery({"fingerprint": "ww", "labels": {"severity": "warning"}}, {}))
    assert Outage.objects.get().title == "ERP production is down"
    sweep_monitors(now=NOW)
    assert Outage.objects.count() == 1
    send(caller, delivery(ended()))
    sweep_monitors(now=NOW + HOUR)
    outage = Outage.objects.running().get()
    assert (outage.title, outage.started_at) == ("ERP production is degraded", NOW + HOUR)


def test_services_have_outages_and_tickets_of_their_own(desk: Desk, caller: ApiCaller) -> None:
    new_service(desk, "POS sync")
    send(caller, delivery({}, {"fingerprint": "pp", "labels": {"service": "POS sync"}}))
    assert Outage.objects.count() == 2
    send(caller, delivery(ended()))
    assert statuses() == {"ERP production is down": "resolved", "POS sync is down": "new"}
    send(caller, delivery(ended("pp", labels={"service": "POS sync"})))
    assert statuses() == {"ERP production is down": "resolved", "POS sync is down": "resolved"}
    assert "POS sync as it should be" in Message.objects.filter(is_automatic=True).latest("pk").body


def test_nobody_hears_of_a_service_of_another_customer(desk: Desk, caller: ApiCaller) -> None:
    new_service(desk, "Carpet shop", customer=desk.other_customer)
    carpets = {"fingerprint": "cc", "labels": {"service": "Carpet shop"}}
    # The contact's own company has trouble too, so a ticket of theirs is open.
    send(caller, delivery({}, carpets))
    send(caller, delivery(ended("cc", labels=carpets["labels"]), ended()))
    assert Outage.objects.get(title="Carpet shop is down").ended_at == NOW
    assert statuses() == {"ERP production is down": "resolved"}
    people = [desk.contact, desk.contact2, desk.customer_admin]
    said = list(Message.objects.values_list("body", flat=True))
    said += OutboxMessage.objects.filter(recipient__in=people).values_list("data", flat=True)
    said += [str(event.data) for event in TicketEvent.objects.all()]
    said += Notification.objects.filter(recipient__in=people).values_list("title", flat=True)
    assert said
    assert not [one for one in said if "Carpet" in one]
    assert Notification.objects.filter(recipient=desk.agent, title__contains="Carpet shop").count() == 2


def test_a_source_of_one_customers_service_files_for_nobody_else(desk: Desk) -> None:
    carpets = new_service(desk, "Carpet shop", customer=desk.other_customer)
    admin = browser_of(desk.admin)
    values = {"name": "Prometheus", "label": "service", "priority": "high", "service": str(carpets.pk)}
    refused = admin.post("/console/alerts/new/", values | {"requester": str(desk.contact.pk)})
    assert (refused.status_code, AlertSource.objects.count()) == (422, 0)
    assert "is a service of Calm Carpets" in refused.content.decode()
    allowed = admin.post("/console/alerts/new/", values | {"requester": str(desk.other_contact.pk)})
    assert (allowed.status_code, AlertSource.objects.count()) == (200, 1)


def test_a_word_that_was_lost_blocks_nothing(desk: Desk, caller: ApiCaller) -> None:
    send(caller, DELIVERY)
    end_outage(outage=Outage.objects.get(), text="We have ended it.", by=desk.agent, at=NOW)
    # That the first alert is over never comes; the next trouble has its own outage and ticket all the same.
    later = NOW.isoformat()
    send(caller, delivery({"fingerprint": "bb", "startsAt": later}))
    send(caller, delivery(ended("bb", startsAt=later)))
    assert Outage.objects.running().count() == 0
    assert list(Ticket.objects.order_by("pk").values_list("status", flat=True)) == ["new", "resolved"]
    # An alert that fires anew was over before: the new one alone keeps the outage.
    send(caller, delivery({"fingerprint": "dd"}))
    send(caller, delivery({"fingerprint": "dd", "startsAt": later}))
    send(caller, delivery(ended("dd", startsAt=later)))
    assert (Outage.objects.count(), Outage.objects.running().count()) == (3, 0)


def test_only_alerts_without_a_name_go_to_the_usual_service(desk: Desk, caller: ApiCaller) -> None:
    unknown = delivery({"labels": {"service": "Coffee machine"}})
    unnamed = delivery({"fingerprint": "bb", "labels": {"service": ""}})
    for customer in (desk.customer, desk.other_customer):
        new_service(desk, "Till", customer=customer)
    twice = delivery({"fingerprint": "cc", "labels": {"service": "Till"}})
    for sent in (unknown, unnamed, twice):
        assert len(send(caller, sent)["ignored"]) == 1
    AlertSource.objects.update(service=Service.objects.get(name="ERP production"))
    for sent in (unknown, twice):
        assert len(send(caller, sent)["ignored"]) == 1
    assert send(caller, unnamed)["new"] == 1
    assert Outage.objects.get().title == "ERP production is down"


def test_a_service_that_is_called_otherwise_by_now_recovers(erp: Service, caller: ApiCaller) -> None:
    send(caller, DELIVERY)
    Service.objects.update(name="ERP")
    assert send(caller, delivery(ended()))["new"] == 1
    assert Outage.objects.get().ended_at == NOW


def test_what_maintenance_explains_is_held_until_its_announced_end(
    desk: Desk, erp: Service, caller: ApiCaller
) -> None:
    window = scheduled_window(
        desk, services=[erp], impact="down", starts_at=NOW - HOUR, ends_at=NOW + HOUR, at=NOW - 48 * HOUR
    )
    start_window(window=window, by=desk.agent, at=NOW - HOUR)
    fleeting = {"fingerprint": "ff"}
    assert send(caller, delivery({}, fleeting))["new"] == 2
    send(caller, delivery(ended("ff")))
    for minutes, outages in ((0, 0), (59, 0), (60, 1), (61, 1)):
        at = NOW + timedelta(minutes=minutes)
        assert is_anything_due(at) is (outages == 0 or minutes == 60)
        sweep_monitors(now=at)
        assert Outage.objects.count() == outages
    assert Outage.objects.get().started_at == NOW + HOUR
    assert Ticket.objects.get().subject == "ERP production is down"


def test_work_that_degrades_does_not_explain_that_a_service_is_down(
    desk: Desk, erp: Service, caller: ApiCaller
) -> None:
    window = scheduled_window(
        desk, services=[erp], impact="degraded", starts_at=NOW - HOUR, ends_at=NOW + HOUR, at=NOW - 48 * HOUR
    )
    start_window(window=window, by=desk.agent, at=NOW - HOUR)
    send(caller, delivery({"labels": {"severity": "warning"}}))
    assert not Outage.objects.exists()
    send(caller, delivery({"fingerprint": "bb"}))
    assert Outage.objects.get().title == "ERP production is down"


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
