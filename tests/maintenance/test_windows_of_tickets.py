"""What a ticket says of the windows that it belongs to, and a window of its tickets."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maintenance.models import WindowTicket
from maintenance.services.windows import (
    draft_window,
    link_tickets,
    schedule_window,
    start_window,
    unlink_ticket,
)
from sla.models import Clock
from tests.factories import Desk, browser_of, new_service, new_ticket
from tests.maintenance.windows import desk_service, scheduled_window, window_terms
from tests.tickets.test_file import form
from tickets.models import EventKind, Ticket, TicketEvent


def page(desk: Desk, person: str, path: str) -> str:
    """What the page says, without the banner above it."""
    response = browser_of(getattr(desk, person)).get(path)
    assert response.status_code == 200
    return str(response.content.decode().partition("<main")[2])


def in_days(days: float) -> Any:
    return timezone.now() + timedelta(days=days)


def test_request_shows_staff_the_draft_and_its_customer_the_announced_window(desk: Desk) -> None:
    asked, now = new_ticket(desk, subject="When do we get version 9?"), timezone.now()
    path = f"/tickets/{asked.number}/"
    clocks = list(Clock.objects.filter(ticket=asked).values("metric", "due_at", "status"))
    terms = window_terms(desk, starts_at=in_days(7), title="Version 9 & more")
    window = draft_window(terms=terms, by=desk.agent, at=now)
    link = f"/maintenance/{window.pk}/tickets/link/"
    assert browser_of(desk.agent).post(link, {"number": asked.number}).status_code == 303

    read = page(desk, "agent", path)
    named = f'<a href="/t/acme/maintenance/{window.pk}/">Version 9 &amp; more</a>'
    assert read.count(named) == 2, "in the panel and in the history"
    assert "linked this to the maintenance" in read
    assert "Draft" in read
    assert "Version 9" not in page(desk, "contact", path), "nobody has been told of a draft"
    history = page(desk, "agent", f"/maintenance/{window.pk}/")
    assert f"Ticket linked: ACME-{asked.number}" in history

    schedule_window(window=window, by=desk.agent, at=now)
    assert named in page(desk, "contact", path)
    assert "linked this" not in page(desk, "contact", path)
    assert list(Clock.objects.filter(ticket=asked).values("metric", "due_at", "status")) == clocks

    unlink = f"/maintenance/{window.pk}/tickets/{asked.number}/unlink/"
    assert browser_of(desk.agent).post(unlink).status_code == 303
    assert "Version 9" not in page(desk, "contact", path)
    assert "unlinked this from the maintenance" in page(desk, "agent", path)
    assert f"Ticket unlinked: ACME-{asked.number}" in page(desk, "agent", f"/maintenance/{window.pk}/")
    assert not unlink_ticket(window=window, ticket=asked, by=desk.agent, at=now)


def test_ticket_that_is_filed_during_the_work_says_so(desk: Desk) -> None:
    now = timezone.now()
    window = scheduled_window(desk, at=in_days(-7), starts_at=now - timedelta(minutes=30))
    start_window(window=window, by=desk.agent, at=now)
    sent = form(desk, service=desk_service(desk).pk, knows=f"window-{window.pk}")
    assert browser_of(desk.contact).post("/tickets/new/", sent).status_code == 303
    ticket = Ticket.objects.get()
    event = TicketEvent.objects.get(ticket=ticket, kind=EventKind.WINDOW_LINKED)
    assert (event.actor, event.data) == (None, {"window": window.pk, "title": window.title})
    assert "Linked to the maintenance" in page(desk, "agent", f"/tickets/{ticket.number}/")
    assert "We are working on this until" in page(desk, "contact", f"/tickets/{ticket.number}/")


def test_windows_of_others_stay_unknown_and_a_page_asks_once_for_all(desk: Desk) -> None:
    ticket, now = new_ticket(desk), timezone.now()
    theirs = scheduled_window(
        desk,
        title="zzprivate",
        services=[new_service(desk, "Their own", customer=desk.other_customer)],
        at=now,
        starts_at=in_days(7),
    )
    windows = [scheduled_window(desk, at=now, starts_at=in_days(days)) for days in (8, 9, 10)]
    path = f"/tickets/{ticket.number}/"
    client = browser_of(desk.contact)
    client.get(path)
    with CaptureQueriesContext(connection) as before:
        client.get(path)
    for window in (theirs, *windows):
        assert link_tickets(window=window, tickets=[ticket], by=desk.agent, at=now) == [ticket]
        assert link_tickets(window=window, tickets=[ticket], by=desk.agent, at=now) == []
    assert "zzprivate" not in page(desk, "contact", path)
    with CaptureQueriesContext(connection) as after:
        client.get(path)
    assert WindowTicket.objects.filter(ticket=ticket).count() == 4
    assert len(after) == len(before) + 3, "all windows at once, and which names are in their texts"
