"""Planned work from the first thought to the end, in the browsers of staff, of a customer whom it concerns,
and of one whom it does not; with the mails that their calendars read.

Days pass in it, so the clock of the server is set forward.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect

from accounts.tenancy import tenant_scope
from maintenance.models import Window
from maintenance.sweep import sweep_tenant
from notifications.models import OutboxMessage
from notifications.services import deliver_mails
from tests.browser.conftest import Browse
from tests.factories import Desk, build_desk, new_service
from tests.maintenance.windows import promise_notice

TITLE = "Version 8.2 of the tills"
CONTACT, STRANGER = "contact@acme.example", "other_contact@acme.example"
WALL = "%Y-%m-%dT%H:%M"


class Clock:
    """The server's clock, which can be set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._now = timezone.now

    def now(self) -> datetime:
        return self._now() + self.ahead

    def go_to(self, at: datetime) -> None:
        self.ahead += at - self.now()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timezone, "now", made.now)
    return made


@pytest.fixture
def desk(transactional_db: None, settings: Any) -> Iterator[Desk]:
    """Plans promise 72 hours; one customer has a service of its own."""
    settings.SESSION_COOKIE_AGE = 90 * 86_400
    built = build_desk("acme")
    with tenant_scope(built.tenant.pk):
        promise_notice(built, 72, (72, 24, 1))
        new_service(built, "Tills", customer=built.customer)
        OutboxMessage.objects.all().delete()
        yield built


def tell(clock: Clock) -> None:
    """What the worker does every few seconds."""
    sweep_tenant(now=clock.now())
    deliver_mails(now=clock.now(), most=1000)


def entries(address: str) -> list[tuple[str, int, str, datetime]]:
    """METHOD, SEQUENCE, UID and start of every invitation that arrived there."""
    found = []
    for letter in mail.outbox:
        if letter.to != [address]:
            continue
        for part in message_from_bytes(letter.message().as_bytes()).walk():
            if part.get_content_type() == "text/calendar":
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                calendar = Calendar.from_ical(payload)
                [event] = calendar.walk("VEVENT")
                start: datetime = event.decoded("DTSTART")
                found.append((str(calendar["METHOD"]), event.decoded("SEQUENCE"), str(event["UID"]), start))
                break
    return found


def subjects(address: str) -> list[str]:
    return [str(letter.subject) for letter in mail.outbox if letter.to == [address]]


def plan_too_soon(page: Page, clock: Clock) -> None:
    page.goto("maintenance/")
    page.get_by_role("link", name="New window").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Tills (Bright Bakery)").check()
    start = timezone.localtime(clock.now() + timedelta(hours=10), timezone.get_fixed_timezone(300))
    page.get_by_label("Starts", exact=True).fill(start.strftime(WALL))
    page.get_by_label("Ends", exact=True).fill((start + timedelta(hours=2)).strftime(WALL))
    page.get_by_label("Starts by itself").uncheck()
    page.get_by_label("What customers should do").fill("Close the tills before.")
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("link", name="Announce").click()
    page.get_by_role("button", name="Schedule window").click()
    expect(page.get_by_text("Too soon: the plan of 1 customer promises up to 72 hours")).to_be_visible()
    expect(page.get_by_role("row", name="Bright Bakery")).to_contain_text("Too short")


def find_a_time_and_announce(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="Find a time").click()
    expect(page.get_by_text("No customer is at work.").first).to_be_visible()
    page.get_by_role("link", name=re.compile("Use this time")).first.click()
    page.get_by_role("button", name="Save window").click()
    page.get_by_role("link", name="Announce").click()
    page.get_by_role("button", name="Schedule window").click()
    expect(page.get_by_text("The window is announced.")).to_be_visible()


def move_by_a_day(page: Page) -> None:
    page.get_by_role("link", name="Move").first.click()
    for label in ("Starts", "Ends"):
        field = page.get_by_label(label, exact=True)
        later = datetime.fromisoformat(field.input_value()) + timedelta(days=1)
        field.fill(later.strftime(WALL))
    page.get_by_role("button", name="Move window").click()
    expect(page.get_by_text("The window is moved.")).to_be_visible()


def test_maintenance_from_plan_to_end(browse: Browse, desk: Desk, clock: Clock) -> None:
    agent, contact, stranger = browse(desk.agent), browse(desk.contact), browse(desk.other_contact)
    plan_too_soon(agent, clock)
    tell(clock)
    assert mail.outbox == []

    find_a_time_and_announce(agent)
    tell(clock)
    planned = Window.objects.get()
    assert planned.starts_at - clock.now() >= timedelta(hours=71, minutes=59)
    uid = f"{planned.uid}@maintenance"
    contact.goto("tickets/")
    expect(contact.get_by_role("region", name="Maintenance and outages")).to_contain_text(TITLE)
    assert entries(CONTACT) == [("REQUEST", 1, uid, planned.starts_at)]

    move_by_a_day(agent)
    tell(clock)
    moved = Window.objects.get()
    assert moved.starts_at == planned.starts_at + timedelta(days=1)
    assert entries(CONTACT)[-1] == ("REQUEST", 2, uid, moved.starts_at)
    contact.get_by_role("link", name=TITLE).click()
    expect(contact.get_by_text("Close the tills before.")).to_be_visible()
    stranger.goto("tickets/")
    expect(stranger.get_by_text(TITLE)).to_have_count(0)

    clock.go_to(moved.starts_at + timedelta(minutes=2))
    agent.reload()
    agent.get_by_role("button", name="Start").click()
    expect(agent.get_by_text("The window has started.")).to_be_visible()
    tell(clock)
    contact.goto("tickets/new/")
    banner = contact.get_by_role("region", name="Maintenance and outages")
    expect(banner).to_contain_text("we are working on this until")

    agent.get_by_role("link", name="Extend").click()
    agent.get_by_role("button", name="Extend window").click()
    expect(agent.get_by_text("The window is extended.")).to_be_visible()
    tell(clock)
    assert entries(CONTACT)[-1] == ("REQUEST", 3, uid, moved.starts_at)

    agent.get_by_role("link", name="Complete").click()
    agent.get_by_label("Result").fill("Version 8.2 runs.")
    agent.get_by_role("button", name="Complete window").click()
    expect(agent.get_by_text("The window is completed.")).to_be_visible()
    tell(clock)
    contact.goto("tickets/")
    expect(contact.get_by_role("region", name="Maintenance and outages")).to_have_count(0)
    contact.goto(f"maintenance/{moved.pk}/")
    expect(contact.get_by_text("Version 8.2 runs.")).to_be_visible()

    assert len(subjects(CONTACT)) == len(set(subjects(CONTACT))) == 5
    assert all(TITLE in subject for subject in subjects(CONTACT))
    assert subjects(STRANGER) == []
    assert stranger.goto(f"maintenance/{moved.pk}/").status == 404  # type: ignore[union-attr]
    stranger.goto("maintenance/")
    expect(stranger.get_by_text("No maintenance is planned")).to_be_visible()
