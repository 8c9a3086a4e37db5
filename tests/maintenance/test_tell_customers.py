"""What the people of customers are told of outages, under the bell and by email, and in which words."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maintenance.models import Outage
from maintenance.services.outages import change_outage, end_outage, update_outage
from notifications.models import Notification, OutboxMessage
from notifications.services import deliver_mails
from tests.factories import MONDAY, Desk, new_service
from tests.maintenance.factories import new_outage
from tickets.models import Service

HOUR = timedelta(hours=1)
OURS = {"contact@acme.example", "contact2@acme.example", "customer_admin@acme.example"}
THEIRS = {"other_contact@acme.example"}


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def arrived() -> dict[str, set[str]]:
    """Who got mails since the last time, by subject."""
    before = len(mail.outbox)
    deliver_mails(now=MONDAY + 10 * HOUR, most=1000)
    found: dict[str, set[str]] = {}
    for letter in mail.outbox[before:]:
        found.setdefault(str(letter.subject), set()).add(letter.to[0])
    return found


def bells(person: Any) -> list[str]:
    return list(Notification.objects.filter(recipient=person).order_by("pk").values_list("title", flat=True))


def changed(desk: Desk, outage: Outage, services: dict[Service, str]) -> None:
    outage.refresh_from_db()
    change_outage(
        outage=outage,
        title=outage.title,
        cause="",
        started_at=outage.started_at,
        ended_at=outage.ended_at,
        services=services,
        seen=outage.version,
        by=desk.agent,
        at=MONDAY + HOUR,
    )


def test_whoever_uses_the_service_hears_of_the_beginning_and_the_end(desk: Desk) -> None:
    erp = new_service(desk)
    outage = new_outage(desk, {erp: "down"}, title="ERP is away")
    assert arrived() == {"Outage: ERP is away": OURS | THEIRS}
    body = str(mail.outbox[0].body)
    for words in ("ERP production", "We are looking into it.", f"/t/acme/outages/{outage.pk}/"):
        assert words in body
    update_outage(outage=outage, text="The disk.", stage="identified", by=desk.agent, at=MONDAY + HOUR)
    assert arrived() == {}
    end_outage(outage=outage, text="A new disk.", by=desk.agent, at=MONDAY + 2 * HOUR)
    assert arrived() == {"Outage is over: ERP is away": OURS | THEIRS}
    assert "The services that you use work as they should again." in str(mail.outbox[-1].body)
    assert bells(desk.contact) == [
        "Outage: ERP is away",
        "Outage, update: ERP is away",
        "Outage is over: ERP is away",
    ]
    assert bells(desk.agent) == []


def test_others_hear_nothing_of_a_service_of_one(desk: Desk) -> None:
    new_outage(desk, {new_service(desk, "Bakery till", customer=desk.customer): "down"})
    assert arrived() == {"Outage: The network is away": OURS}
    assert bells(desk.other_contact) == []


def test_it_is_over_for_those_whose_services_work_again(desk: Desk) -> None:
    tills = new_service(desk, "Tills", customer=desk.customer)
    looms = new_service(desk, "Looms", customer=desk.other_customer)
    outage = new_outage(desk, {tills: "down", looms: "degraded"}, title="Cable cut")
    assert arrived() == {"Outage: Cable cut": OURS | THEIRS}
    assert "Looms" not in str(next(letter for letter in mail.outbox if letter.to[0] in OURS).body)
    values: dict[str, Any] = {"stage": "monitoring", "by": desk.agent, "at": MONDAY + HOUR}
    erp = new_service(desk)  # was not hit: that it works is no news
    update_outage(outage=outage, text="Tills work.", recovered=[tills, erp], **values)
    assert arrived() == {"Outage is over: Cable cut": OURS}
    assert bells(desk.other_contact) == ["Outage: Cable cut", "Outage, update: Cable cut"]
    end_outage(outage=outage, text="All works.", by=desk.agent, at=MONDAY + 2 * HOUR)
    assert arrived() == {"Outage is over: Cable cut": THEIRS}


def test_whom_a_correction_concerns_for_the_first_time_is_told_then(desk: Desk) -> None:
    tills = new_service(desk, "Tills", customer=desk.customer)
    looms = new_service(desk, "Looms", customer=desk.other_customer)
    outage = new_outage(desk, {tills: "down"}, title="Cable cut")
    assert arrived() == {"Outage: Cable cut": OURS}
    changed(desk, outage, {tills: "down", looms: "down"})
    assert arrived() == {"Outage: Cable cut": THEIRS}
    end_outage(outage=outage, text="Over.", by=desk.agent, at=MONDAY + HOUR)
    arrived()
    changed(desk, outage, {tills: "degraded", looms: "down"})
    assert arrived() == {}


def test_nobody_reads_names_of_others(desk: Desk) -> None:
    desk.contact.user.language = "es"
    desk.contact.user.save()
    looms = new_service(desk, "Looms", customer=desk.other_customer)
    hit = {new_service(desk): "down", looms: "down"}
    text = f"{desk.other_customer.name} called, {desk.customer.name} did not."
    new_outage(desk, hit, title="Looms and ERP are away", text=text)
    arrived()
    mine = next(letter for letter in mail.outbox if letter.to == ["contact@acme.example"])
    said = f"{mine.subject} {mine.body} {mine.alternatives} {bells(desk.contact)}"
    for word in ("Looms", desk.other_customer.name):
        assert word not in said
    assert "otro servicio and ERP are away" in said
    assert f"un cliente called, {desk.customer.name} did not." in said
    theirs = next(letter for letter in mail.outbox if letter.to[0] in THEIRS)
    assert theirs.subject == "Outage: Looms and ERP are away"
    assert f"{desk.other_customer.name} called, a customer did not." in str(theirs.body)


def test_telling_asks_as_much_for_many_people_as_for_few(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    erp, tills = new_service(desk), new_service(desk, "Tills", customer=desk.other_customer)
    with CaptureQueriesContext(connection) as few:
        new_outage(desk, {tills: "down"})
    with django_assert_max_num_queries(len(few)):
        new_outage(desk, {erp: "down"})
