"""Clocks with their receipts, plans and calendars through the API."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import tenant_scope
from sla.services import change_calendar
from sla.sweep import sweep_tenant
from tests.api.callers import Callers
from tests.factories import FOUNDED, KARACHI, MONDAY, Desk, new_ticket
from tickets.services import change_status, reply_to_ticket


def test_clock_with_the_receipt_that_adds_up(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk, priority="critical")
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Look", at=MONDAY + timedelta(hours=1))
    answer = caller(desk.agent).get(f"tickets/{ticket.number}/clocks/").json()
    first = next(clock for clock in answer["results"] if clock["metric"] == "first_response")
    assert (first["status"], first["ended_at"]) == ("met", "2026-03-02T06:00:00Z")
    assert (first["at_risk_at"], first["due_at"]) == ("2026-03-02T07:00:00Z", "2026-03-02T09:00:00Z")
    assert first["plan"] == {"id": desk.plan.pk, "name": "Gold", "version": 1}
    assert first["calendar"]["name"] == "Office hours"
    limit = next(part["start"] for part in first["receipt"] if part["part"] == "limit")
    counted = [p["counted_seconds"] for p in first["receipt"] if p["part"] == "counted" and p["end"] <= limit]
    assert sum(counted) == 4 * 3600
    assert {"received", "aim", "limit", "met"} <= {part["part"] for part in first["receipt"]}
    assert all(line["when"] and line["what"] for line in first["words"])


def test_paused_clock_has_time_left_and_no_date(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk, priority="critical")
    change_status(ticket=ticket, status="pending", by=desk.agent, at=MONDAY + timedelta(hours=1))
    clocks = caller(desk.agent).get(f"tickets/{ticket.number}/clocks/").json()["results"]
    resolution = next(clock for clock in clocks if clock["metric"] == "resolution")
    assert (resolution["status"], resolution["due_at"]) == ("paused", None)
    assert resolution["remaining_seconds"] == 15 * 3600
    pauses = [part for part in resolution["receipt"] if part["part"] == "paused"]
    assert {part["status"] for part in pauses} == {"pending"}


def test_ladder_of_a_clock_is_for_staff(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk, priority="critical")
    sweep_tenant(now=MONDAY + timedelta(hours=2, minutes=1))
    path = f"tickets/{ticket.number}/clocks/"
    clocks = caller(desk.agent).get(path).json()["results"]
    aim, limit = next(clock["escalations"] for clock in clocks if clock["metric"] == "first_response")
    assert (aim["place"], aim["state"], aim["at"]) == ("aim", "fired", "2026-03-02T07:00:00Z")
    assert aim["fired_at"] == "2026-03-02T07:01:00Z"
    assert {told["who"] for told in aim["told"]} == {"assignee"}
    assert aim["told"][0]["until"] is None
    assert (limit["state"], limit["at"]) == ("ahead", "2026-03-02T09:00:00Z")
    assert (limit["fired_at"], limit["told"], limit["why"]) == (None, [], None)
    for clock in caller(desk.contact).get(path).json()["results"]:
        assert clock["escalations"] == []


def test_company_sees_its_clocks_and_nobody_elses(desk: Desk, other_desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    path = f"tickets/{ticket.number}/clocks/"
    assert len(caller(desk.contact2).get(path).json()["results"]) == 1
    assert caller(desk.other_contact).get(path).status_code == 404
    with tenant_scope(other_desk.tenant.pk):
        assert caller(other_desk.owner).get(path).status_code == 404


def test_plan_with_its_targets(desk: Desk, other_desk: Desk, caller: Callers) -> None:
    plan = caller(desk.agent).get("plans/").json()["results"][0]
    assert (plan["name"], plan["version"], plan["calendar"]["name"]) == ("Gold", 1, "Office hours")
    assert {
        "metric": "first_response",
        "priority": "critical",
        "unit": "business_time",
        "aim": 7200,
        "limit": 14400,
    } in plan["targets"]
    assert plan["ladder"][0] == {
        "metric": "first_response",
        "place": "aim",
        "amount": 0,
        "times": 1,
        "priorities": [],
        "tells": [{"who": "assignee", "team": None, "rota": None, "address": "", "host": ""}],
        "raises_priority": False,
        "reassigns_to": None,
        "declares_emergency": False,
    }
    assert plan["definitions"]["critical"] == "Nobody can work."
    assert plan["exclusions"] == [{"key": "hardware", "title": "", "text": "Your own hardware"}]
    assert plan["id"] == desk.plan.pk


def test_calendar_shows_the_hours_in_force(desk: Desk, caller: Callers) -> None:
    client = caller(desk.agent)
    calendar = client.get("calendars/").json()["results"][0]
    assert (calendar["version"], calendar["time_zone"]) == (1, "Asia/Karachi")
    assert calendar["week"]["0"] == [["09:00", "18:00"]]
    change_calendar(
        calendar=desk.calendar,
        seen_number=1,
        at=FOUNDED + timedelta(days=30),
        by=desk.admin,
        name="Office hours",
        spec=KARACHI | {"week": {"0": [["10:00", "12:00"]]}, "holidays": {"2026-03-23": "Pakistan Day"}},
        holiday_country="",
        holiday_subdivision="",
        override_names={},
    )
    calendar = client.get("calendars/").json()["results"][0]
    assert (calendar["version"], calendar["valid_from"]) == (2, "2026-01-31T00:00:00Z")
    assert calendar["week"]["0"] == [["10:00", "12:00"]]
    assert calendar["holidays"] == {"2026-03-23": "Pakistan Day"}
    versions = client.get(f"calendars/{desk.calendar.pk}/versions/").json()["results"]
    assert [(row["version"], row["week"]["0"]) for row in versions] == [
        (2, [["10:00", "12:00"]]),
        (1, [["09:00", "18:00"]]),
    ]
    [first] = client.get(f"plans/{desk.plan.pk}/versions/").json()["results"]
    assert first == client.get(f"plans/{desk.plan.pk}/").json()


def test_calendar_shows_exceptions_and_yearly_days_with_their_names(desk: Desk, caller: Callers) -> None:
    days = {
        "overrides": {"2026-12-24": [["09:00", "12:00"]], "2026-12-31": {"name": "Stocktaking", "hours": []}},
        "ranges": [{"from": "2026-07-06", "to": "2026-07-17", "name": "Break", "hours": []}],
        "yearly": {"12-30": {"to": "01-02", "name": "Between the years", "hours": []}},
    }
    change_calendar(
        calendar=desk.calendar, seen_number=1, at=FOUNDED, by=desk.admin, name="Hours", spec=KARACHI | days
    )
    calendar = caller(desk.agent).get("calendars/").json()["results"][0]
    assert calendar["exceptions"] == [
        {"first": "2026-07-06", "last": "2026-07-17", "name": "Break", "hours": []},
        {"first": "2026-12-24", "last": "2026-12-24", "name": "", "hours": [["09:00", "12:00"]]},
        {"first": "2026-12-31", "last": "2026-12-31", "name": "Stocktaking", "hours": []},
    ]
    assert calendar["yearly"] == [
        {"first": "12-30", "last": "01-02", "name": "Between the years", "hours": []}
    ]


def test_queries_of_clocks_do_not_grow(desk: Desk, caller: Callers) -> None:
    ticket = new_ticket(desk)
    client = caller(desk.agent)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"tickets/{ticket.number}/clocks/").status_code == 200
        return len(queries)

    count()
    before = count()
    for hour in range(1, 6):
        by = desk.agent if hour % 2 else desk.contact
        reply_to_ticket(ticket=ticket, by=by, body="x", at=MONDAY + timedelta(hours=hour))
    assert len(client.get(f"tickets/{ticket.number}/clocks/").json()["results"]) > 2
    assert count() == before
