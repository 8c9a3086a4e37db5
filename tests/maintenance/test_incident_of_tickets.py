"""Tickets are ticked in the queue and become one major incident, or are linked to one that runs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from maintenance.models import Outage, OutageTicket
from tests.factories import Desk, DeskClient, new_service, new_ticket
from tests.forms import FormPage
from tests.maintenance.factories import new_outage

Login = Callable[[Any], DeskClient]
NOW = timezone.now().replace(microsecond=0)
HOUR = timedelta(hours=1)


def test_ticked_tickets_begin_one_incident(desk: Desk, login: Login) -> None:
    erp = new_service(desk)
    first = new_ticket(desk, at=NOW - 2 * HOUR, service=erp)
    second = new_ticket(desk, by=desk.other_contact, at=NOW - HOUR, service=erp)
    client = login(desk.agent)
    queue = client.get("/queue/")
    boxes = {box.attributes["value"] for box in FormPage(queue).controls("tickets")}
    assert boxes == {str(first.number), str(second.number)}
    assert "One incident of these tickets" in queue.content.decode()
    assert "One incident" not in client.get("/queue/?view=resolved").content.decode()
    opened = client.get(f"/outages/new/?tickets={first.number}&tickets={second.number}&chosen=1")
    page = FormPage(opened)
    assert page.value("numbers") == f"ACME-{first.number}, ACME-{second.number}"
    assert page.value("title") == "ERP production is down"
    assert page.value(f"service_{erp.pk}") == "down"
    assert "Outages that run already" not in opened.content.decode()
    names = ("title", "numbers", "started_at", "stage", f"service_{erp.pk}")
    sent = {name: page.value(name) for name in names} | {"text": "We are looking into it."}
    assert client.post("/outages/new/", sent).status_code == 303
    outage = Outage.objects.get()
    assert outage.started_at == NOW - 2 * HOUR
    assert set(OutageTicket.objects.values_list("ticket", flat=True)) == {first.pk, second.pk}


def test_they_may_tell_of_an_outage_that_runs(desk: Desk, login: Login) -> None:
    outage = new_outage(desk, {new_service(desk): "down"}, at=NOW - HOUR)
    ticket = new_ticket(desk, at=NOW - HOUR)
    client = login(desk.agent)
    page = client.get(f"/outages/new/?tickets={ticket.number}").content.decode()
    assert "Outages that run already" in page
    assert f'action="/t/acme/outages/{outage.pk}/tickets/"' in page
    sent = {"numbers": f"ACME-{ticket.number}"}
    assert client.post(f"/outages/{outage.pk}/tickets/", sent).status_code == 303
    assert OutageTicket.objects.get().ticket == ticket


def test_no_ticket_no_stranger_and_no_nonsense(desk: Desk, login: Login) -> None:
    new_service(desk)
    client = login(desk.agent)
    assert "No ticket was chosen." in client.get("/outages/new/?chosen=1").content.decode()
    assert client.get("/outages/new/?tickets=77").status_code == 404
    for odd in ("", "x", "9" * 40):
        assert client.get(f"/outages/new/?tickets={odd}").status_code == 200
    assert login(desk.contact).get("/outages/new/?tickets=1").status_code == 403
