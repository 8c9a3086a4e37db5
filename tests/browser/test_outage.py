"""An outage of several tickets, from the queue to the answer on all, as staff and customers see it."""

from typing import Any

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from maintenance.models import Outage
from notifications.models import OutboxMessage
from notifications.services import deliver_mails
from tests.browser.conftest import Browse
from tests.factories import Desk, new_service, new_ticket
from tickets.models import Ticket

TITLE = "Tills and ERP are away"
ANSWER = "It works again. We are sorry."


def subjects(address: str) -> list[str]:
    """Of the mails about outages that arrived there."""
    deliver_mails(now=timezone.now(), most=1000)
    found = [str(letter.subject) for letter in mail.outbox if letter.to == [address]]
    return [subject for subject in found if TITLE in subject]


def two_tickets(desk: Desk) -> tuple[Ticket, Ticket]:
    service = new_service(desk)
    now = timezone.now()
    first = new_ticket(desk, at=now, subject="The till stands still", service=service)
    second = new_ticket(desk, at=now, by=desk.other_contact, subject="Nothing works", service=service)
    OutboxMessage.objects.all().delete()
    return first, second


def open_incident(agent: Page, first: Ticket, second: Ticket) -> None:
    agent.goto("queue/")
    for ticket in (first, second):
        agent.get_by_role("checkbox", name=f"ACME-{ticket.number}").check()
    expect(agent.get_by_role("button", name="One incident of these tickets")).to_be_in_viewport()
    agent.get_by_role("button", name="One incident of these tickets").click()
    expect(agent.get_by_label("Title")).to_have_value("ERP production is down")
    agent.get_by_label("Title").fill(TITLE)
    agent.get_by_label("What to tell").fill("We are looking into it.")
    agent.get_by_role("button", name="Open the outage").click()
    expect(agent.get_by_text("The outage is announced to the customers")).to_be_visible()
    for subject in ("The till stands still", "Nothing works"):
        expect(agent.get_by_role("link", name=subject)).to_be_visible()


def test_one_incident_from_tickets_to_the_answer_on_all(browse: Browse, desk: Desk) -> None:
    first, second = two_tickets(desk)
    agent, contact, other = browse(desk.agent), browse(desk.contact), browse(desk.other_contact)
    open_incident(agent, first, second)
    banner = "Maintenance and outages"
    for page, person in ((contact, "contact"), (other, "other_contact")):
        page.goto("tickets/")
        expect(page.get_by_role("region", name=banner)).to_contain_text(TITLE)
        assert subjects(f"{person}@acme.example") == [f"Outage: {TITLE}"]
    contact.get_by_role("link", name=TITLE).click()
    expect(contact.get_by_text("We are looking into it.")).to_be_visible()
    expect(contact.get_by_text("Nothing works")).to_have_count(0)

    agent.get_by_label("Update", exact=True).fill("It is the disk.")
    agent.get_by_role("button", name="Tell the update").click()
    expect(agent.get_by_text("The update was told.")).to_be_visible()
    contact.reload()
    expect(contact.get_by_text("It is the disk.")).to_be_visible()

    agent.get_by_label("Last update").fill("The disk was replaced.")
    agent.get_by_role("button", name="End the outage").click()
    expect(agent.get_by_text("The outage has ended.")).to_be_visible()
    agent.get_by_label("Reply to all linked tickets").fill(ANSWER)
    agent.get_by_label("Status").last.select_option(label="Resolved")
    agent.get_by_role("button", name="Answer 2 tickets").click()
    expect(agent.get_by_text("2 tickets were answered.")).to_be_visible()

    for page, ticket, person in ((contact, first, "contact"), (other, second, "other_contact")):
        page.goto(f"tickets/{ticket.number}/")
        expect(page.get_by_text(ANSWER)).to_be_visible()
        expect(page.get_by_role("region", name=banner)).to_have_count(0)
        assert subjects(f"{person}@acme.example") == [f"Outage: {TITLE}", f"Outage is over: {TITLE}"]
    statuses: Any = Ticket.objects.values_list("status", flat=True)
    assert set(statuses) == {"resolved"}


def test_tickets_are_ticked_without_scripts_and_on_a_phone(browse: Browse, desk: Desk) -> None:
    first, second = two_tickets(desk)
    open_incident(browse(desk.agent, scripts=False, width=390), first, second)
    assert Outage.objects.get().title == TITLE


def test_a_key_ticks_the_row(browse: Browse, desk: Desk) -> None:
    two_tickets(desk)
    agent = browse(desk.agent)
    agent.goto("queue/")
    agent.keyboard.press("j")
    agent.keyboard.press("x")
    expect(agent.locator("[data-current]").get_by_role("checkbox")).to_be_checked()
