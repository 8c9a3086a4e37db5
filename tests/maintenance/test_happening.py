"""A ticket on a service that is worked on, or out of order: its customer sees that first and may go on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from maintenance.for_tickets import happening_on
from maintenance.lifecycle import Status
from maintenance.models import OutageTicket, Window, WindowCustomer, WindowService, WindowTicket
from tests.factories import Desk, DeskClient, new_service, new_ticket
from tests.maintenance.factories import new_outage
from tests.tickets.test_file import form
from tickets.models import EventKind, Service, Ticket, TicketEvent

Login = Callable[[Any], DeskClient]


@pytest.fixture
def service(desk: Desk) -> Service:
    return new_service(desk)


def running(desk: Desk, service: Service, **changes: Any) -> Window:
    """A window of the desk that began an hour ago and lasts another; it concerns both customers."""
    now = timezone.now()
    values = {
        "title": "New database",
        "kind": "database",
        "impact": "down",
        "status": Status.IN_PROGRESS,
        "starts_at": now - timedelta(hours=1),
        "started_at": now - timedelta(hours=1),
        "ends_at": now + timedelta(hours=1),
        "sequence": 1,
    }
    window = Window.objects.create(tenant=desk.tenant, **(values | changes))
    WindowService.objects.create(tenant=desk.tenant, window=window, service=service)
    for customer in (desk.customer, desk.other_customer):
        WindowCustomer.objects.create(tenant=desk.tenant, window=window, customer=customer)
    return window


def test_the_window_is_shown_first_and_the_customer_goes_on(
    desk: Desk, service: Service, login: Login
) -> None:
    window, client = running(desk, service), login(desk.contact)
    sent = form(desk, service=service.pk, attachments=SimpleUploadedFile("a.log", b"x"))
    answer = client.post("/tickets/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not Ticket.objects.exists()
    assert "New database" in page
    assert "We are working on this until" in page
    assert "File it all the same" in page
    assert "Please choose your files again." in page
    assert "The till does not print" in page
    sent["attachments"] = SimpleUploadedFile("a.log", b"x")
    assert client.post("/tickets/new/", sent | {"knows": f"window-{window.pk}"}).status_code == 303
    tied = WindowTicket.objects.get()
    assert (tied.window, tied.ticket, tied.tie) == (window, Ticket.objects.get(), "filed")


def test_choosing_the_service_shows_it_and_what_was_seen_is_not_asked_again(
    desk: Desk, service: Service, login: Login
) -> None:
    outage, client = new_outage(desk, {service: "down"}), login(desk.contact)
    page = client.get(f"/tickets/new/?service={service.pk}").content.decode()
    assert "The network is away" in page
    assert "Out of order since" in page
    assert f'name="knows" value="outage-{outage.pk}"' in page
    sent = form(desk, service=service.pk, knows=f"outage-{outage.pk}")
    assert client.post("/tickets/new/", sent).status_code == 303
    ticket = Ticket.objects.get()
    assert OutageTicket.objects.get().ticket == ticket
    event = TicketEvent.objects.get(ticket=ticket, kind=EventKind.OUTAGE_LINKED)
    assert event.data == {"outage": outage.pk, "title": "The network is away"}


def test_a_ticket_about_something_else_is_filed_at_once(desk: Desk, service: Service, login: Login) -> None:
    running(desk, service)
    other = new_service(desk, "Backups")
    for chosen in (other.pk, ""):
        answer = login(desk.contact).post("/tickets/new/", form(desk, service=chosen))
        assert answer.status_code == 303
    assert not WindowTicket.objects.exists()


def test_what_is_over_or_does_not_concern_the_customer_is_not_shown(desk: Desk, service: Service) -> None:
    now = timezone.now()
    window = running(desk, service)
    assert [one.pk for one in happening_on([service.pk], now)] == [window.pk]
    WindowCustomer.objects.filter(customer=desk.customer).update(concern="left_out")
    assert happening_on([service.pk], now, customer_id=desk.customer.pk) == []
    assert happening_on([service.pk], now, customer_id=desk.other_customer.pk) != []
    Window.objects.update(status=Status.COMPLETED, ended_at=now)
    assert happening_on([service.pk], now) == []


def test_a_window_that_overruns_promises_no_end(desk: Desk, service: Service, login: Login) -> None:
    running(desk, service, ends_at=timezone.now() - timedelta(minutes=5))
    page = login(desk.contact).get(f"/tickets/new/?service={service.pk}").content.decode()
    assert "It takes longer than planned." in page
    assert "We are working on this until" not in page


def test_tickets_by_api_and_of_staff_are_grouped_too(desk: Desk, service: Service) -> None:
    window = running(desk, service)
    ticket = new_ticket(desk, at=timezone.now(), service=service)
    assert list(WindowTicket.objects.values_list("window", "ticket")) == [(window.pk, ticket.pk)]


def test_without_a_service_nothing_is_asked(desk: Desk, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert happening_on([], timezone.now()) == []
