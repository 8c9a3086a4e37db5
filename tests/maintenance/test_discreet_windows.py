"""What staff type about a window names nobody to other customers, on no page, mail, calendar or answer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core import mail
from django.test import Client
from django.utils import timezone

from maintenance.models import Window
from maintenance.services.feed_keys import create_feed_key
from maintenance.services.windows import cancel_window, link_tickets
from maintenance.sweep import sweep_tenant
from notifications.models import Notification
from notifications.services import deliver_mails
from tests.factories import Desk, browser_of, new_service, new_ticket
from tests.maintenance.status import public_page
from tests.maintenance.windows import desk_service, scheduled_window
from tickets.models import Service, TicketEvent

OTHERS = ("Calm Carpets", "Looms")


def pages_of(person: Any, window: Window, number: int) -> Iterator[str]:
    browser = browser_of(person)
    ticket = f"/tickets/{number}/"
    for path in (
        "/",
        "/maintenance/",
        f"/maintenance/{window.pk}/",
        f"/maintenance/{window.pk}/calendar.ics",
        ticket,
    ):
        response = browser.get(path)
        assert response.status_code == 200, path
        yield response.content.decode().replace("\r\n ", "")
    yield browser.get("/api/v1/windows/").content.decode()
    yield browser.get(f"/api/v1/windows/{window.pk}/").content.decode()
    _key, secret = create_feed_key(membership=person, at=timezone.now())
    yield Client().get(f"/t/acme/calendar/{secret}.ics").content.decode().replace("\r\n ", "")


def test_customers_read_no_names_of_others_of_a_window(desk: Desk) -> None:
    now = timezone.now()
    new_service(desk, "Looms", customer=desk.other_customer)
    erp = desk_service(desk)
    asked = new_ticket(desk, service=erp, at=now)
    words = {
        "title": "ERP and Looms for Calm Carpets",
        "summary": "Calm\nCarpets asked, Bright Bakery agreed.",
        "advice": "Stop the Looms.",
    }
    window = scheduled_window(desk, at=now, starts_at=now + timedelta(days=9), services=[erp], **words)
    link_tickets(window=window, tickets=[asked], by=desk.agent, at=now)
    sweep_tenant(now=now)
    for page in pages_of(desk.contact, window, asked.number):
        assert not any(name in " ".join(page.split()) for name in OTHERS), page
    portal = browser_of(desk.contact).get(f"/maintenance/{window.pk}/").content.decode()
    assert "ERP and another service for a customer" in portal
    assert "a customer asked, Bright Bakery agreed." in portal
    assert (
        "Stop the Looms." in browser_of(desk.other_contact).get(f"/maintenance/{window.pk}/").content.decode()
    )
    assert words["title"] in browser_of(desk.agent).get(f"/maintenance/{window.pk}/").content.decode()
    for event in TicketEvent.objects.filter(ticket=asked, data__window=window.pk):
        assert event.data["title"] == "ERP and another service for a customer"

    window.refresh_from_db()
    assert window.title == words["title"], "nothing of it was saved"
    cancel_window(window=window, why="Calm Carpets needs it open.", by=desk.agent, at=now)
    sweep_tenant(now=now)
    deliver_mails(now=now + timedelta(days=1), most=1000)
    mine = [
        letter
        for letter in mail.outbox
        if letter.to == ["contact@acme.example"] and "aintenance" in letter.subject
    ]
    assert len(mine) == 1, "the cancellation alone: what had not left counts as unsaid"
    for letter in mine:
        text = letter.message().as_string() + str(letter.body) + letter.subject
        assert not any(name in text for name in OTHERS)
        assert "a customer needs it open." in str(letter.body)
    bells = Notification.objects.filter(recipient=desk.contact).values_list("title", flat=True)
    assert bells
    assert not any(name in bell for bell in bells for name in OTHERS)
    theirs = [letter for letter in mail.outbox if letter.to == ["other_contact@acme.example"]]
    assert any("Calm Carpets needs it open." in str(letter.body) for letter in theirs)


def test_status_page_names_nobody_in_descriptions_and_headings(desk: Desk) -> None:
    public_page(desk, about="Run for Calm Carpets and others.")
    Service.objects.create(
        tenant=desk.tenant, name="ERP production", is_public=True, description="Also feeds Calm Carpets."
    )
    page = Client().get("/t/acme/status/").content.decode()
    assert "Calm Carpets" not in page
    assert "Also feeds a customer." in page
