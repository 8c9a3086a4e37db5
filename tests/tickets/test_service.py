"""The service that a ticket is about: chosen when filing, changed by staff, filtered by in the queue."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import MONDAY, Desk, DeskClient, new_service, new_ticket
from tests.tickets.test_file import form
from tickets.models import EventKind, Message, Service, Ticket, TicketEvent
from tickets.services import NotAllowed, file_ticket, reply_to_ticket, split_ticket
from tickets.services.catalogue import ServiceTerms, create_group, create_service

Login = Callable[[Any], DeskClient]


@pytest.fixture
def service(desk: Desk) -> Service:
    return new_service(desk)


def test_a_contact_chooses_among_what_its_company_uses(desk: Desk, login: Login) -> None:
    shared, own = new_service(desk), new_service(desk, "Bakery shop", customer=desk.customer)
    others = new_service(desk, "Carpet shop", customer=desk.other_customer)
    client = login(desk.contact)
    page = client.get("/tickets/new/").content.decode()
    assert f'<option value="{shared.pk}">ERP production</option>' in page
    assert "Bakery shop" in page
    assert "Carpet shop" not in page
    assert 'name="affected_service"' not in page
    assert client.post("/tickets/new/", form(desk, service=own.pk, affected_service=None)).status_code == 303
    ticket = Ticket.objects.get()
    assert ticket.service == own
    assert "Bakery shop" in client.get(f"/tickets/{ticket.number}/").content.decode()
    refused = client.post("/tickets/new/", form(desk, service=others.pk))
    assert refused.status_code == 422
    assert "This choice does not exist" in refused.content.decode()


def test_services_stand_in_their_groups(desk: Desk, login: Login) -> None:
    group = create_group(name="Core systems", by=desk.admin, at=MONDAY)
    create_service(terms=ServiceTerms("ERP", group=group), by=desk.admin, at=MONDAY)
    assert '<optgroup label="Core systems">' in login(desk.contact).get("/tickets/new/").content.decode()


def test_where_no_service_is_listed_the_customer_says_it_in_words(desk: Desk, login: Login) -> None:
    client = login(desk.contact)
    page = client.get("/tickets/new/").content.decode()
    assert 'name="affected_service"' in page
    assert 'name="service"' not in page
    client.post("/tickets/new/", form(desk))
    ticket = Ticket.objects.get()
    assert (ticket.service, ticket.affected_service, ticket.service_words) == (None, "Till 3", "Till 3")
    assert "Till 3" in login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()


def test_staff_get_the_services_of_the_requesters_company(desk: Desk, login: Login) -> None:
    own = new_service(desk, "Carpet shop", customer=desk.other_customer)
    client = login(desk.agent)
    assert "Carpet shop" not in client.get("/tickets/new/").content.decode()
    chosen = client.get(f"/tickets/new/?requester={desk.other_contact.pk}").content.decode()
    assert "Carpet shop" in chosen
    sent = form(desk, requester=desk.other_contact.pk, service=own.pk)
    assert client.post("/tickets/new/", sent).status_code == 303
    assert Ticket.objects.get().service == own
    with pytest.raises(NotAllowed):
        file_ticket(by=desk.contact, **form_values(desk), service=own, at=MONDAY)


def form_values(desk: Desk) -> dict[str, Any]:
    return {"subject": "x", "body": "y", "category": desk.category, "priority": "low"}


def test_an_agent_changes_the_service_and_everybody_reads_it(
    desk: Desk, service: Service, login: Login
) -> None:
    ticket = new_ticket(desk)
    data = {"service": service.pk, "seen": ""}
    assert login(desk.agent).post(f"/tickets/{ticket.number}/service/", data).status_code == 303
    event = TicketEvent.objects.get(ticket=ticket, kind=EventKind.SERVICE_CHANGED)
    assert event.data == {"from": "", "to": "ERP production"}
    for reader in (desk.agent2, desk.contact):
        page = login(reader).get(f"/tickets/{ticket.number}/").content.decode()
        assert "set the affected service to “ERP production”" in page
    late = login(desk.agent2).post(f"/tickets/{ticket.number}/service/", {"service": "", "seen": ""})
    assert late.status_code == 409
    ticket.refresh_from_db()
    assert ticket.service == service


def test_of_two_who_change_it_at_once_the_second_is_told(desk: Desk, service: Service, login: Login) -> None:
    ticket, other = new_ticket(desk), new_service(desk, "Backups")
    address = f"/tickets/{ticket.number}/service/"
    login(desk.agent).post(address, {"service": service.pk, "seen": ""})
    response = login(desk.agent2).post(address, {"service": other.pk, "seen": ""})
    assert response.status_code == 409
    assert "it is now “ERP production”" in response.content.decode()
    ticket.refresh_from_db()
    assert ticket.service == service


def test_it_is_one_that_the_tickets_customer_uses(desk: Desk, service: Service, login: Login) -> None:
    ticket, others = new_ticket(desk), new_service(desk, "Carpet shop", customer=desk.other_customer)
    response = login(desk.agent).post(f"/tickets/{ticket.number}/service/", {"service": others.pk})
    assert response.status_code == 422
    contact = login(desk.contact).post(f"/tickets/{ticket.number}/service/", {"service": service.pk})
    assert contact.status_code == 403


def test_a_ticket_that_is_split_off_is_about_the_same_service(desk: Desk, service: Service) -> None:
    ticket = new_ticket(desk, service=service)
    message: Message = reply_to_ticket(ticket=ticket, by=desk.contact, body="And the scanner", at=MONDAY)
    split = split_ticket(ticket=ticket, message=message, subject="Scanner", by=desk.agent, at=MONDAY)
    assert split.service == service


def test_the_queue_is_filtered_by_service(desk: Desk, service: Service, login: Login) -> None:
    new_ticket(desk, subject="About the ERP", service=service)
    new_ticket(desk, subject="About nothing")
    own = new_service(desk, "Bakery shop", customer=desk.customer)
    client = login(desk.agent)
    page = client.get(f"/queue/?service={service.pk}").content.decode()
    assert "About the ERP" in page
    assert "About nothing" not in page
    assert "Bakery shop" not in page
    assert "Bakery shop" in client.get(f"/queue/?customer={desk.customer.pk}").content.decode()
    assert "Bakery shop" in client.get(f"/queue/?service={own.pk}").content.decode()


def test_the_services_of_a_desk_cost_the_ticket_page_no_question(
    desk: Desk, service: Service, login: Login
) -> None:
    ticket, counts = new_ticket(desk, service=service), []
    for _round in range(2):
        client = login(desk.agent)
        client.get(f"/tickets/{ticket.number}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/tickets/{ticket.number}/")
        counts.append(len(queries))
        for number in range(10):
            new_service(desk, f"System {_round}{number}")
    assert counts[0] == counts[1]
    assert sum("tickets_service" in query["sql"] for query in queries) == 1
