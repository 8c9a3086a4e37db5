"""Edits of calendars, plans and contracts through the API: drafted, looked at, applied, cancelled, undone."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.utils import timezone

from sla import services as sla
from sla.models import Clock, Edit, EditState
from sla.services.edits import work_on
from tests.api.callers import ApiCaller, Callers
from tests.api.test_schema import as_json_schema
from tests.factories import HOUR, Desk, new_ticket

PATH = "edits/"
SHORT = {str(day): [["09:00", "12:00"]] for day in range(6)}
# Open for as long as there is nobody to say when, so that it does not matter when the tests run.
LONG = {str(day): [["00:00", "24:00"]] for day in range(7)}


@pytest.fixture
def admin(desk: Desk, caller: Callers) -> ApiCaller:
    return caller(desk.admin)


def calendar(desk: Desk, **changes: Any) -> dict[str, Any]:
    return {"calendar": {"id": desk.calendar.pk, "version": 1, "week": SHORT} | changes}


def plan(desk: Desk, **changes: Any) -> dict[str, Any]:
    return {"plan": {"id": desk.plan.pk, "version": 1, "name": "Platinum"} | changes}


def contract(desk: Desk, **changes: Any) -> dict[str, Any]:
    return {
        "contract": {"id": desk.contract.pk, "starts_on": "2040-01-02", "ends_on": "2040-12-31"} | changes
    }


def drafted(client: ApiCaller, body: dict[str, Any]) -> Any:
    response = client.post(PATH, body)
    assert response.status_code == 201, response.json()
    return response.json()


def work(pk: int) -> None:
    while work_on(pk, timezone.now()):
        pass


def test_a_draft_changes_nothing_and_says_what_it_would(desk: Desk, admin: ApiCaller) -> None:
    response = admin.post(PATH, calendar(desk, name="Mornings", week=SHORT | {"5": []}))
    draft = response.json()
    jsonschema.validate(draft, as_json_schema("EditDetail"))
    assert response["Location"].endswith(f"/api/v1/edits/{draft['id']}/")
    assert (draft["state"], draft["seen_version"], draft["made_version"]) == ("draft", 1, None)
    assert draft["calendar"] == {"id": desk.calendar.pk, "name": "Office hours"}
    assert draft["plan"] is draft["contract"] is None
    changes = {line["label"]: line["after"] for line in draft["changes"]}
    assert changes["Name"] == "Mornings"
    assert set(changes) == {
        "Name", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    }  # fmt: skip
    assert desk.calendar.versions.count() == 1


def test_what_is_left_out_stays_as_it_is(desk: Desk, admin: ApiCaller) -> None:
    days = {
        "exceptions": [
            {"first": "2040-12-24", "name": "Stocktaking", "hours": []},
            {"first": "2040-07-02", "last": "2040-07-13", "hours": [["10:00", "14:00"]]},
        ],
        "yearly": [{"first": "12-31", "last": "01-02", "name": "New Year", "hours": []}],
    }
    first = drafted(admin, calendar(desk, **days))
    admin.post(f"{PATH}{first['id']}/apply/", {"reach": "new"})
    admin.post(f"{PATH}{drafted(admin, calendar(desk, version=2, yearly=[]))['id']}/apply/", {"reach": "new"})
    spec = desk.calendar.versions.get(number=3).spec
    assert (spec["tz"], spec["week"], "yearly" in spec) == ("Asia/Karachi", SHORT, False)
    assert spec["overrides"] == {"2040-12-24": {"name": "Stocktaking", "hours": []}}
    assert [(one["from"], one["to"]) for one in spec["ranges"]] == [("2040-07-02", "2040-07-13")]
    [listed] = admin.get("calendars/").json()["results"]
    back = {name: listed[name] for name in ("week", "exceptions", "yearly", "time_zone")}
    same = admin.post(PATH, calendar(desk, version=3, **back))
    assert (same.status_code, same.json()["code"]) == (409, "nothing_changed")


def test_effect_is_counted_and_listed_page_by_page(desk: Desk, admin: ApiCaller) -> None:
    tickets = [new_ticket(desk, priority="critical", at=timezone.now()) for _ in range(3)]
    draft = drafted(admin, calendar(desk, week=LONG))
    here = f"{PATH}{draft['id']}/"
    effect = admin.get(f"{here}effect/?reach=from_start").json()
    jsonschema.validate(effect, as_json_schema("Effect"))
    assert (effect["open_tickets"], effect["tickets_moved"], effect["clocks_moved"]) == (3, 3, 6)
    assert len(effect["earlier"]) == 6
    assert all(move["seconds"] < 0 for move in effect["earlier"])
    found, address = [], f"{here}moves/?reach=from_start&limit=2"
    while address:
        page = admin.get(address).json()
        jsonschema.validate(page, as_json_schema("MovePage"))
        found.append([move["ticket"] for move in page["results"]])
        address = page["next"]
    numbers = [ticket.number for ticket in tickets]
    assert found == [[numbers[0]] * 2 + [numbers[1]] * 2, [numbers[2]] * 2]
    new = admin.get(f"{here}effect/?reach=new").json()
    assert (new["open_tickets"], new["clocks_moved"]) == (0, 0)
    assert desk.calendar.versions.count() == 1


def test_applying_moves_open_tickets_and_shows_how_far_it_is(desk: Desk, admin: ApiCaller) -> None:
    ticket = new_ticket(desk, priority="critical", at=timezone.now())
    before = Clock.objects.get(ticket=ticket, metric="resolution").due_at
    draft = drafted(admin, calendar(desk, week=LONG))
    answer = admin.post(f"{PATH}{draft['id']}/apply/", {"reach": "from_now"}).json()
    assert (answer["state"], answer["reach"], answer["made_version"]) == ("applying", "from_now", 2)
    work(draft["id"])
    shown = admin.get(f"{PATH}{draft['id']}/").json()
    assert shown["state"] == "applied"
    assert {name: shown["progress"][name] for name in ("total", "done", "moved")} == {
        "total": 1, "done": 1, "moved": 1,
    }  # fmt: skip
    after = Clock.objects.get(ticket=ticket, metric="resolution").due_at
    assert before is not None
    assert after is not None
    assert after < before


def test_what_is_being_applied_can_be_cancelled_and_undone(desk: Desk, admin: ApiCaller) -> None:
    here = f"{PATH}{drafted(admin, calendar(desk))['id']}/"
    assert admin.post(f"{here}cancel/", {}).json()["code"] == "edit_not_open"
    admin.post(f"{here}apply/", {"reach": "from_now"})
    assert admin.post(f"{here}cancel/", {}).json()["state"] == "cancelled"
    response = admin.post(f"{here}undo/", {})
    undoing = response.json()
    assert response.status_code == 201
    assert response["Location"].endswith(f"/edits/{undoing['id']}/")
    assert (undoing["undoes"], undoing["made_version"]) == (int(here.split("/")[1]), 3)
    assert admin.get(here).json()["undone_by"] == undoing["id"]
    assert admin.post(f"{here}undo/", {}).json()["code"] == "edit_overtaken"
    versions = desk.calendar.versions
    assert versions.get(number=3).spec["week"] == versions.get(number=1).spec["week"]


def test_a_draft_is_discarded_once(desk: Desk, admin: ApiCaller) -> None:
    here = f"{PATH}{drafted(admin, calendar(desk))['id']}/"
    assert admin.delete(here).status_code == 204
    assert admin.delete(here).status_code == 404
    applied = f"{PATH}{drafted(admin, calendar(desk))['id']}/"
    admin.post(f"{applied}apply/", {"reach": "new"})
    refused = admin.delete(applied)
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_not_open")


def test_a_plan_is_edited_target_by_target(desk: Desk, admin: ApiCaller) -> None:
    [listed] = admin.get("plans/").json()["results"]
    targets = [t for t in listed["targets"] if t["metric"] != "resolution"]
    targets.append(
        {"metric": "resolution", "priority": "high", "unit": "business_time", "aim": HOUR, "limit": 2 * HOUR}
    )
    body = plan(desk, targets=targets, exclusions=[{"text": "Your own printers"}], position=7)
    draft = drafted(admin, body)
    assert {"Name", "Place in lists", "Not included", "Resolution, High", "Resolution, Critical"} <= {
        line["label"] for line in draft["changes"]
    }
    admin.post(f"{PATH}{draft['id']}/apply/", {"reach": "new"})
    [now] = admin.get("plans/").json()["results"]
    assert (now["name"], now["version"], now["terms"]) == ("Platinum", 2, listed["terms"])
    assert {(t["metric"], t["priority"]) for t in now["targets"] if t["metric"] == "resolution"} == {
        ("resolution", "high")
    }
    assert now["exclusions"] == [{"key": "your-own-printers", "title": "", "text": "Your own printers"}]


def test_a_contract_gives_way_to_another_from_a_day_on(desk: Desk, admin: ApiCaller) -> None:
    silver = sla.create_plan(
        tenant_id=desk.tenant.pk, name="Silver", calendar=desk.calendar, targets=[], at=timezone.now()
    )
    draft = drafted(admin, contract(desk, plan=silver.pk))
    assert draft["contract"]["customer"]["name"] == "Bright Bakery"
    after = {line["label"]: line["after"] for line in draft["changes"]}
    assert after == {
        "Last day": "Mon 31 Dec 2040", "First day of what changes": "Mon 2 Jan 2040", "Plan": "Silver"
    }  # fmt: skip
    how = {"reach": "from_now", "valid_from": "2040-01-02T00:00:00Z"}
    refused = admin.post(f"{PATH}{draft['id']}/apply/", how).json()
    assert [error["pointer"] for error in refused["errors"]] == ["/valid_from"]
    applied = admin.post(f"{PATH}{draft['id']}/apply/", {"reach": "from_now"}).json()
    made = desk.customer.contracts.get(pk=applied["made_contract"])
    desk.contract.refresh_from_db()
    assert (str(made.last_day), str(desk.contract.last_day)) == ("2040-12-31", "2040-01-01")


@pytest.mark.parametrize(
    ("kind", "changes", "named"),
    [
        ("calendar", {"version": 9}, ("/calendar/version", "does_not_exist")),
        ("calendar", {"time_zone": "Moon/Sea"}, ("/calendar/time_zone", "unreadable_hours")),
        ("calendar", {"week": {"0": [["9", "18:00"]]}}, ("/calendar/week/0", "unreadable_hours")),
        ("calendar", {"week": {"7": []}}, ("/calendar/week/7", "weekday")),
        ("calendar", {"week": {}}, ("/calendar/week", "never_opens")),
        ("calendar", {"holiday_country": "XX"}, ("/calendar/holiday_country", "unknown")),
        (
            "calendar",
            {"holiday_country": "PK", "holidays": {"2040-01-01": ""}},
            ("/calendar/holidays", "unexpected"),
        ),
        (
            "calendar",
            {"exceptions": [{"first": "2040-01-01", "hours": [["x", "y"]]}]},
            ("/calendar/exceptions/0", "unreadable_hours"),
        ),
        ("calendar", {"yearly": [{"first": "30-12", "hours": []}]}, ("/calendar/yearly/0/first", "date")),
        ("plan", {"name": " "}, ("/plan/name", "blank")),
        ("plan", {"definitions": {"urgent": "Now"}}, ("/plan/definitions/urgent", "invalid_choice")),
        ("contract", {"ends_on": "2039-01-01"}, ("/contract/ends_on", "order")),
        ("contract", {"starts_on": "2020-01-01"}, ("/contract/starts_on", "too_early")),
        ("contract", {"moon": "full"}, ("/contract/moon", "unknown")),
    ],
)
def test_what_is_wrong_is_named_at_its_place(
    desk: Desk, admin: ApiCaller, kind: str, changes: dict[str, Any], named: tuple[str, str]
) -> None:
    body = {"calendar": calendar, "plan": plan, "contract": contract}[kind](desk, **changes)
    response = admin.post(PATH, body)
    assert response.status_code == 400, response.json()
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == [named]
    assert not Edit.objects.exists()


def test_a_target_that_stands_twice_is_named(desk: Desk, admin: ApiCaller) -> None:
    target = {"metric": "resolution", "priority": "low", "unit": "business_time", "limit": HOUR}
    [error] = admin.post(PATH, plan(desk, targets=[target, target])).json()["errors"]
    assert (error["pointer"], error["code"]) == (("/plan/targets/1", "target_refused"))


def test_exactly_one_thing_is_edited(desk: Desk, admin: ApiCaller) -> None:
    for body in ({}, calendar(desk) | contract(desk)):
        [error] = admin.post(PATH, body).json()["errors"]
        assert (error["pointer"], error["code"]) == ("", "either")


def test_a_newer_version_is_not_overwritten(desk: Desk, admin: ApiCaller) -> None:
    waiting = drafted(admin, calendar(desk, name="Mornings"))
    first = drafted(admin, calendar(desk))
    admin.post(f"{PATH}{first['id']}/apply/", {"reach": "new"})
    for response in (
        admin.post(PATH, calendar(desk)),
        admin.get(f"{PATH}{waiting['id']}/effect/?reach=new"),
        admin.post(f"{PATH}{waiting['id']}/apply/", {"reach": "new"}),
    ):
        assert (response.status_code, response.json()["code"]) == (409, "newer_version")
        assert "Adam Admin" in response.json()["detail"]


@pytest.mark.parametrize("reach", ["reach=all", "reach=new&valid_from=2020-01-01T00:00:00Z"])
def test_how_it_is_applied_is_checked(desk: Desk, admin: ApiCaller, reach: str) -> None:
    here = f"{PATH}{drafted(admin, calendar(desk))['id']}/"
    for part in ("effect", "moves"):
        response = admin.get(f"{here}{part}/?{reach}")
        assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_list_is_filtered_and_paged(desk: Desk, admin: ApiCaller) -> None:
    made = [drafted(admin, calendar(desk)), drafted(admin, plan(desk)), drafted(admin, contract(desk))]
    admin.post(f"{PATH}{made[0]['id']}/apply/", {"reach": "new"})
    ids = [edit["id"] for edit in made]
    filters = {
        "": ids[::-1],
        "state=draft": ids[:0:-1],
        f"state={EditState.APPLIED}": ids[:1],
        f"calendar={desk.calendar.pk}": ids[:1],
        f"plan={desk.plan.pk}": ids[1:2],
        f"contract={desk.contract.pk}": ids[2:],
        "plan=999999": [],
    }
    for query, expected in filters.items():
        page = admin.get(f"{PATH}?{query}").json()
        assert [edit["id"] for edit in page["results"]] == expected, query
    jsonschema.validate(admin.get(PATH).json(), as_json_schema("EditPage"))
    page = admin.get(f"{PATH}?limit=2").json()
    assert [edit["id"] for edit in admin.get(page["next"]).json()["results"]] == ids[:1]


def test_number_of_queries_does_not_grow_with_the_rows(
    desk: Desk, admin: ApiCaller, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        drafted(admin, plan(desk))
        drafted(admin, contract(desk))
    with django_assert_max_num_queries(12):
        assert len(admin.get(PATH).json()["results"]) == 12


@pytest.mark.parametrize("role", ["supervisor", "agent", "customer_admin", "contact"])
def test_for_admins_alone(desk: Desk, caller: Callers, admin: ApiCaller, role: str) -> None:
    here = f"{PATH}{drafted(admin, calendar(desk))['id']}/"
    client = caller(getattr(desk, role))
    assert client.get(PATH).status_code == client.post(PATH, calendar(desk)).status_code == 403
    for response in (client.get(here), client.delete(here), client.post(f"{here}apply/", {"reach": "new"})):
        assert response.status_code == 403
