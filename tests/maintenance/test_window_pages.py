"""The pages of maintenance windows, walked as staff and as customers walk them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Customer
from accounts.tenancy import tenant_scope
from maintenance.models import ChecklistItem, Window, WindowCustomer, WindowTicket
from maintenance.services import windows as services
from tests.factories import Desk, browser_of, build_desk, new_service, new_ticket
from tests.maintenance.factories import new_outage
from tests.maintenance.windows import desk_service, new_window, promise_notice, scheduled_window

WALL = "%Y-%m-%dT%H:%M"
SECRET = "zzrunbook"
KARACHI = ZoneInfo("Asia/Karachi")


@pytest.fixture
def desk(db: None) -> Any:
    """Plans promise 72 hours."""
    built = build_desk()
    with tenant_scope(built.tenant.pk):
        promise_notice(built)
        yield built


def in_hours(hours: float) -> datetime:
    """So many hours from now, at a full hour."""
    return (timezone.now() + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)


def wall(at: datetime) -> str:
    """As staff of these tests, who live in Lahore, type it."""
    return at.astimezone(KARACHI).strftime(WALL)


def form(desk: Desk, start: datetime, **changes: Any) -> dict[str, Any]:
    values = {
        "title": "New database version",
        "kind": "database",
        "impact": "down",
        "services": [desk_service(desk).pk],
        "starts_at": wall(start),
        "ends_at": wall(start + timedelta(hours=2)),
        "summary": "A newer version.",
        "advice": "Save your work.",
        "runbook": SECRET,
        "checklist": "Back up\n\nUpgrade",
        "starts_by_itself": "on",
    }
    return {**values, **changes}


def body(response: Any, status: int = 200) -> str:
    text = response.content.decode()
    assert response.status_code == status, text[-2000:]
    return str(text)


def running_window(desk: Desk, **changes: Any) -> Window:
    """One that was announced a week before and has begun."""
    now = timezone.now()
    start = now - timedelta(minutes=30)
    window = scheduled_window(
        desk, at=now - timedelta(days=7), starts_at=start, ends_at=start + timedelta(hours=2), **changes
    )
    return services.start_window(window=window, by=desk.agent, at=now - timedelta(minutes=20))


def test_agent_drafts_announces_and_customers_see_it(desk: Desk) -> None:
    agent, contact = browser_of(desk.agent), browser_of(desk.contact)
    response = agent.post("/maintenance/new/", form(desk, in_hours(100)))
    assert response.status_code == 303
    window = Window.objects.get()
    assert [item.text for item in window.checklist.all()] == ["Back up", "Upgrade"]
    assert SECRET in body(agent.get(f"/maintenance/{window.pk}/"))
    assert contact.get(f"/maintenance/{window.pk}/").status_code == 404
    assert "New database version" not in body(contact.get("/tickets/"))

    before = body(agent.get(f"/maintenance/{window.pk}/schedule/"))
    assert "2 customers are told" in before
    assert agent.post(f"/maintenance/{window.pk}/schedule/").status_code == 303
    page = body(contact.get(f"/maintenance/{window.pk}/"))
    assert "Save your work." in page
    for hidden in (SECRET, "Upgrade", desk.other_customer.name, "Ali Agent"):
        assert hidden not in page
    assert "New database version" in body(contact.get("/tickets/"))
    assert "New database version" in body(contact.get("/maintenance/"))


def test_planning_too_soon_is_stopped_with_the_customers_it_would_fail(desk: Desk) -> None:
    agent, supervisor = browser_of(desk.agent), browser_of(desk.supervisor)
    agent.post("/maintenance/new/", form(desk, in_hours(10)))
    window = Window.objects.get()
    text = body(agent.post(f"/maintenance/{window.pk}/schedule/"), 409)
    assert "Too soon" in text
    assert "Bright Bakery" in text
    assert "72 h" in text
    assert "ask a supervisor" in text
    assert agent.post(f"/maintenance/{window.pk}/schedule/", {"emergency_reason": "Hole"}).status_code == 409
    assert Window.objects.get().status == "draft"

    assert "Go on as an emergency" in body(supervisor.get(f"/maintenance/{window.pk}/schedule/"))
    done = supervisor.post(f"/maintenance/{window.pk}/schedule/", {"emergency_reason": "A hole is open"})
    assert done.status_code == 303
    assert "A hole is open" in body(agent.get(f"/maintenance/{window.pk}/"))
    assert "A hole is open" not in body(browser_of(desk.contact).get(f"/maintenance/{window.pk}/"))
    report = body(agent.get("/maintenance/notice/?show=short"))
    assert "Too short" in report
    assert "Calm Carpets" in report


def test_service_that_is_taken_is_said_kindly(desk: Desk) -> None:
    first = scheduled_window(desk, starts_at=in_hours(100), at=timezone.now())
    agent = browser_of(desk.agent)
    second = new_window(desk, starts_at=in_hours(101), title="Second", at=timezone.now())
    text = body(agent.post(f"/maintenance/{second.pk}/schedule/"), 409)
    assert f"ERP production is taken by “{first.title}”" in text


def test_window_is_moved_and_cancelled_on_pages(desk: Desk) -> None:
    agent, contact = browser_of(desk.agent), browser_of(desk.contact)
    window = scheduled_window(desk, starts_at=in_hours(100), at=timezone.now())
    times = {"starts_at": wall(in_hours(20)), "ends_at": wall(in_hours(22))}
    assert "would get" in body(agent.post(f"/maintenance/{window.pk}/move/", times), 409)
    times = {"starts_at": wall(in_hours(200)), "ends_at": wall(in_hours(202))}
    assert agent.post(f"/maintenance/{window.pk}/move/", times).status_code == 303
    assert Window.objects.get().starts_at == in_hours(200)
    assert "Say why it is cancelled" in body(
        agent.post(f"/maintenance/{window.pk}/cancel/", {"why": ""}), 409
    )
    assert agent.post(f"/maintenance/{window.pk}/cancel/", {"why": "Not needed"}).status_code == 303
    assert "Not needed" in body(contact.get(f"/maintenance/{window.pk}/"))
    assert "New database version" not in body(contact.get("/tickets/"))


def test_announced_window_keeps_its_times_when_it_is_edited(desk: Desk) -> None:
    window = scheduled_window(desk, starts_at=in_hours(100), at=timezone.now())
    agent = browser_of(desk.agent)
    page = body(agent.get(f"/maintenance/{window.pk}/edit/"))
    assert 'name="starts_at"' not in page
    service = window.services.get()
    values: dict[str, Any] = {
        "title": "Better title",
        "kind": "update",
        "impact": "none",
        "services": [service.pk],
    }
    values |= {"seen": Window.objects.get().version}
    assert agent.post(f"/maintenance/{window.pk}/edit/", values).status_code == 303
    changed = Window.objects.get()
    assert (changed.title, changed.starts_at) == ("Better title", window.starts_at)
    assert "Somebody else has changed this" in body(
        agent.post(f"/maintenance/{window.pk}/edit/", values), 409
    )


def test_running_window_is_logged_ticked_extended_and_completed(desk: Desk) -> None:
    agent, contact = browser_of(desk.agent), browser_of(desk.contact)
    window = running_window(desk, checklist=["Back up"])
    item = ChecklistItem.objects.get()
    assert "we are working on this until" in body(contact.get("/tickets/"))
    assert agent.post(f"/maintenance/{window.pk}/checklist/{item.pk}/").status_code == 303
    assert ChecklistItem.objects.get().done_by == desk.agent
    assert agent.post(f"/maintenance/{window.pk}/checklist/{item.pk}/", {"undo": "1"}).status_code == 303
    assert ChecklistItem.objects.get().done_at is None
    assert agent.post(f"/maintenance/{window.pk}/log/", {"text": "zzlogline"}).status_code == 303
    assert "zzlogline" in body(agent.get(f"/maintenance/{window.pk}/"))
    assert "zzlogline" not in body(contact.get(f"/maintenance/{window.pk}/"))
    assert "Choose a later end" in body(
        agent.post(f"/maintenance/{window.pk}/extend/", {"ends_at": wall(in_hours(-5))}), 409
    )
    assert agent.post(f"/maintenance/{window.pk}/extend/", {"ends_at": wall(in_hours(5))}).status_code == 303
    assert Window.objects.get().ends_at == in_hours(5)
    assert "1 step of the checklist is not done" in body(agent.get(f"/maintenance/{window.pk}/complete/"))
    assert agent.post(f"/maintenance/{window.pk}/complete/", {"result": "All well"}).status_code == 303
    assert "All well" in body(contact.get(f"/maintenance/{window.pk}/"))


def test_overrunning_window_says_so_to_staff_and_customers(desk: Desk) -> None:
    window = running_window(desk)
    Window.objects.update(starts_at=in_hours(-4), ends_at=in_hours(-2))
    assert "This window overruns" in body(browser_of(desk.agent).get(f"/maintenance/{window.pk}/"))
    assert "takes longer than planned" in body(browser_of(desk.contact).get("/tickets/"))


def test_tickets_are_linked_and_told_together_after_the_end(desk: Desk) -> None:
    agent = browser_of(desk.agent)
    window, ticket = running_window(desk), new_ticket(desk)
    assert "There is no ticket" in body(
        agent.post(f"/maintenance/{window.pk}/tickets/link/", {"number": "77"}), 422
    )
    linked = agent.post(f"/maintenance/{window.pk}/tickets/link/", {"number": f"ACME-{ticket.number}"})
    assert linked.status_code == 303
    services.complete_window(window=window, by=desk.agent, at=timezone.now())
    assert "1 linked ticket was not told" in body(agent.get(f"/maintenance/{window.pk}/"))
    told = agent.post(f"/maintenance/{window.pk}/tickets/tell/", {"text": "It is done."})
    assert told.status_code == 303
    assert "It is done." in body(browser_of(desk.contact).get(f"/tickets/{ticket.number}/"))
    assert agent.post(f"/maintenance/{window.pk}/tickets/{ticket.number}/unlink/").status_code == 303
    assert not WindowTicket.objects.exists()


def test_customers_are_left_out_and_added_by_hand(desk: Desk) -> None:
    agent = browser_of(desk.agent)
    service = new_service(desk, "POS sync", customer=desk.customer)
    window = new_window(desk, services=[service], starts_at=in_hours(100), at=timezone.now())
    page = f"/maintenance/{window.pk}/customers/"
    assert "Calm Carpets" in body(agent.get(page, {"customer_name": "calm"}))
    seen = Window.objects.get().version
    change = {"customer": desk.other_customer.pk, "change": "add", "seen": seen}
    assert agent.post(page, change).status_code == 303
    assert "Somebody else has changed this" in body(agent.post(page, change), 409)
    change = {"customer": desk.customer.pk, "change": "leave_out", "seen": Window.objects.get().version}
    assert agent.post(page, change).status_code == 303
    assert dict(WindowCustomer.objects.values_list("customer__name", "concern")) == {
        "Calm Carpets": "added",
        "Bright Bakery": "left_out",
    }
    change |= {"change": "put_back", "seen": Window.objects.get().version}
    assert agent.post(page, change).status_code == 303
    assert WindowCustomer.objects.get(customer=desk.customer).concern == "derived"


def test_customer_whom_it_does_not_concern_sees_nothing(desk: Desk) -> None:
    service = new_service(desk, "POS sync", customer=desk.customer)
    window = scheduled_window(desk, services=[service], starts_at=in_hours(100), at=timezone.now())
    other = browser_of(desk.other_contact)
    assert other.get(f"/maintenance/{window.pk}/").status_code == 404
    for path in ("/tickets/", "/maintenance/"):
        assert window.title not in body(other.get(path))
    assert window.title in body(browser_of(desk.contact).get("/tickets/"))


def test_banner_costs_three_queries_and_none_while_nothing_is_announced(desk: Desk) -> None:
    contact = browser_of(desk.contact)
    contact.get("/tickets/")
    with CaptureQueriesContext(connection) as before:
        contact.get("/tickets/")
    scheduled_window(desk, starts_at=in_hours(100), at=timezone.now())
    with CaptureQueriesContext(connection) as after:
        contact.get("/tickets/")
    assert not any("maintenance_window" in query["sql"] for query in before.captured_queries)
    # What is announced, and whose names must not stand in it.
    assert len(after) == len(before) + 3
    scheduled_window(desk, services=[new_service(desk, "Mail")], starts_at=in_hours(90), at=timezone.now())
    with CaptureQueriesContext(connection) as with_two:
        contact.get("/tickets/")
    assert len(with_two) == len(after)


def test_month_shows_windows_on_their_days(desk: Desk) -> None:
    start = in_hours(100)
    window = scheduled_window(desk, starts_at=start, at=timezone.now())
    text = body(browser_of(desk.agent).get(f"/maintenance/?show=month&month={wall(start)[:7]}"))
    assert wall(start)[-5:] in text
    assert window.title in text
    assert browser_of(desk.agent).get("/maintenance/?show=month&month=x").status_code == 200


def test_lists_show_drafts_and_the_past(desk: Desk) -> None:
    agent = browser_of(desk.agent)
    new_window(desk, title="A draft", at=timezone.now(), starts_at=in_hours(90))
    done = running_window(desk, title="Old work", services=[new_service(desk, "Mail")])
    services.complete_window(window=done, by=desk.agent, at=timezone.now())
    assert "A draft" in body(agent.get("/maintenance/?show=drafts"))
    assert "Old work" in body(agent.get("/maintenance/?show=past"))
    assert "A draft" not in body(agent.get("/maintenance/"))


def test_found_time_leads_to_a_form_with_the_time_filled_in(desk: Desk) -> None:
    agent, service = browser_of(desk.agent), new_service(desk)
    assert Customer.objects.count() == 2
    found = body(agent.get("/maintenance/find-a-time/", {"services": service.pk, "minutes": 120, "days": 14}))
    assert "No customer is at work." in found
    assert "Plans promise up to 72 h" in found
    assert found.count("Use this time") >= 5
    start = in_hours(100)
    proposed: dict[str, Any] = {"start": start.isoformat(), "minutes": 90, "service": service.pk}
    page = body(agent.get("/maintenance/new/", proposed))
    assert f'value="{wall(start)}"' in page
    assert f'value="{wall(start + timedelta(minutes=90))}"' in page
    missing = agent.get("/maintenance/find-a-time/", {"minutes": 120, "days": 14})
    assert "Choose at least one service." in body(missing, 422)


def test_found_time_moves_a_window_that_is_there(desk: Desk) -> None:
    window = scheduled_window(desk, starts_at=in_hours(100), at=timezone.now())
    agent = browser_of(desk.agent)
    found = body(agent.get(f"/maintenance/find-a-time/?window={window.pk}"))
    assert f"/maintenance/{window.pk}/move/?start=" in found


def test_running_outage_stands_above_the_pages_of_those_who_use_the_service(desk: Desk) -> None:
    service = new_service(desk, "POS sync", customer=desk.customer)
    new_outage(desk, {service: "down"}, title="Tills cannot sync")
    assert "Tills cannot sync: since" in body(browser_of(desk.contact).get("/tickets/"))
    assert "Tills cannot sync" not in body(browser_of(desk.other_contact).get("/tickets/"))


def test_window_is_downloaded_as_the_entry_that_invitations_change(desk: Desk) -> None:
    window = scheduled_window(desk, starts_at=in_hours(100), at=timezone.now())
    response = browser_of(desk.contact).get(f"/maintenance/{window.pk}/calendar.ics")
    event = Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert (event["SUMMARY"], event.decoded("SEQUENCE")) == ("New database version", 1)
    assert event["UID"] == f"{window.uid}@maintenance"
    assert event.decoded("DTSTART") == in_hours(100)
    draft = new_window(desk, starts_at=in_hours(200), at=timezone.now())
    assert browser_of(desk.agent).get(f"/maintenance/{draft.pk}/calendar.ics").status_code == 404


def test_window_is_planned_from_the_ticket_that_asked_for_it(desk: Desk) -> None:
    agent, ticket = browser_of(desk.agent), new_ticket(desk, subject="When do we get version 9?")
    page = f"/maintenance/new/?ticket={ticket.number}"
    assert page in body(agent.get(f"/tickets/{ticket.number}/"))
    assert "When do we get version 9?" in body(agent.get(page))
    assert agent.post(page, form(desk, in_hours(100))).status_code == 303
    assert WindowTicket.objects.get().ticket == ticket
