"""The feeds of the status page, as real readers of Atom, iCalendar and JSON understand them."""

import json
from typing import Any

import feedparser
from icalendar import Calendar

from maintenance.services.outages import update_outage
from maintenance.services.windows import cancel_window
from tests.factories import Desk
from tests.maintenance.factories import new_outage
from tests.maintenance.status import HOUR, ago, public_page, public_service, read, running_work_on, work_on
from tests.maintenance.windows import scheduled_window


def atom(desk: Desk, query: str = "") -> Any:
    feed = feedparser.parse(read(desk, f"/status/feed.atom{query}"))
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def events(text: str) -> dict[str, Any]:
    calendar = Calendar.from_ical(text)
    assert calendar["VERSION"] == "2.0"
    assert not calendar.errors
    assert all(not event.errors for event in calendar.walk("VEVENT"))
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def test_atom_has_outages_and_maintenance_what_changed_last_first(desk: Desk) -> None:
    public_page(desk)
    erp = public_service(desk, "ERP & <co>")
    work_on(erp, title="New disks", told_at=ago(hours=50))
    outage = new_outage(desk, {erp: "down"}, at=ago(hours=3), title="Away")
    update_outage(outage=outage, text="A & B <found>.", stage="identified", by=desk.agent, at=ago(hours=1))
    feed = atom(desk)
    assert feed.version == "atom10"
    assert feed.feed.title == "Outages and maintenance of Acme"
    first, second = feed.entries
    assert (first.title, second.title) == ("Identified: Away", "Scheduled: New disks")
    assert "A & B <found>." in first.content[0].value
    assert first.tags[0].term == "ERP & <co>"
    assert first.link.endswith(f"/t/acme/status/#outage-{outage.pk}")
    assert first.id != second.id
    assert first.updated_parsed > first.published_parsed


def test_atom_keeps_the_id_of_an_entry_that_changes(desk: Desk) -> None:
    public_page(desk)
    outage = new_outage(desk, {public_service(desk): "down"}, at=ago(hours=3))
    before = atom(desk).entries[0]
    update_outage(outage=outage, text="Soon.", stage="monitoring", by=desk.agent, at=ago())
    after = atom(desk).entries[0]
    assert after.id == before.id
    assert after.updated_parsed > before.updated_parsed


def test_an_empty_feed_is_a_feed(desk: Desk) -> None:
    public_page(desk)
    assert atom(desk).entries == []
    assert events(read(desk, "/status/maintenance.ics")) == {}
    assert json.loads(read(desk, "/status/status.json"))["state"] == "up"


def test_the_calendar_has_announced_windows_that_move_and_are_cancelled(desk: Desk) -> None:
    public_page(desk)
    erp = public_service(desk)
    window = work_on(erp, title="New disks; faster, larger", advice="Save\nyour work.")
    running_work_on(erp, title="New cables")
    work_on(erp, title="Draft", status="draft", sequence=0)
    found = events(read(desk, "/status/maintenance.ics"))
    assert set(found) == {"New disks; faster, larger", "New cables"}
    event = found["New disks; faster, larger"]
    assert event.start == window.starts_at
    assert event.end == window.ends_at
    assert "Save\nyour work." in str(event["DESCRIPTION"])
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 1)
    window.starts_at, window.ends_at, window.sequence = window.starts_at + HOUR, window.ends_at + HOUR, 2
    window.save()
    moved = events(read(desk, "/status/maintenance.ics"))["New disks; faster, larger"]
    assert (moved["UID"], moved["SEQUENCE"], moved.start) == (event["UID"], 2, window.starts_at)
    window.status, window.sequence = "cancelled", 3
    window.save()
    gone = events(read(desk, "/status/maintenance.ics"))["New disks; faster, larger"]
    assert (gone["UID"], gone["STATUS"]) == (event["UID"], "CANCELLED")


def test_json_tells_states_as_codes(desk: Desk) -> None:
    public_page(desk)
    erp, sync = public_service(desk), public_service(desk, "POS sync")
    new_outage(desk, {erp: "down"}, at=ago(hours=9))
    running_work_on(sync)
    told = json.loads(read(desk, "/status/status.json"))
    assert told["state"] == "down"
    assert {s["name"]: s["state"] for s in told["services"]} == {
        "ERP production": "down",
        "POS sync": "maintenance",
    }
    assert 99 < told["services"][0]["availability_90_days"] < 100
    assert told["outages"][0]["updates"][0]["text"] == "We are looking into it."
    assert told["maintenance"][0]["status"] == "in_progress"


def test_feeds_have_all_that_is_coming_the_page_its_next_in_full(desk: Desk) -> None:
    public_page(desk)
    erp = public_service(desk)
    for week in range(14):
        start = ago(hours=-1) + week * 168 * HOUR
        texts = {"title": f"Week {week:02}", "summary": f"Patch {week:02}"}
        work_on(erp, starts_at=start, ends_at=start + HOUR, **texts)
    weeks = {f"Week {week:02}" for week in range(14)}
    assert set(events(read(desk, "/status/maintenance.ics"))) == weeks
    assert {one["title"] for one in json.loads(read(desk, "/status/status.json"))["maintenance"]} == weeks
    assert {one.title for one in atom(desk).entries} == {f"Scheduled: {week}" for week in weeks}
    page = read(desk)
    assert all(week in page for week in weeks)
    assert "2 more" in page
    assert ("Patch 11" in page, "Patch 12" in page) == (True, False)


def test_who_reads_a_feed_hears_that_a_window_is_off(desk: Desk) -> None:
    public_page(desk)
    erp = public_service(desk)
    window = scheduled_window(desk, at=ago(hours=2), services=[erp], starts_at=ago(hours=-48))
    [before] = atom(desk).entries
    cancel_window(window=window, why="Not needed.", by=desk.agent, at=ago(hours=1))
    [after] = atom(desk).entries
    assert (after.id, after.title) == (before.id, "Cancelled: New database version")
    assert after.updated_parsed > before.updated_parsed
    [told] = json.loads(read(desk, "/status/status.json"))["maintenance"]
    assert told["status"] == "cancelled"
