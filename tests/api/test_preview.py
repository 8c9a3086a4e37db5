"""What a ticket would be promised, asked by a program."""

from typing import Any

import pytest

from sla.models import PlanVersion
from tests.api.callers import Callers
from tests.factories import HOUR, Desk

FRIDAY = "2026-03-06T17:00:00+05:00"
PATH = "sla/preview"


def under_plan(desk: Desk, **more: Any) -> dict[str, Any]:
    return {"plan": desk.plan.pk, "priority": "critical", "arrives_at": FRIDAY} | more


def on_calendar(desk: Desk, **more: Any) -> dict[str, Any]:
    target = {"unit": "business_time", "aim": HOUR, "limit": 2 * HOUR}
    return {"calendar": desk.calendar.pk, "target": target, "arrives_at": FRIDAY} | more


def test_promises_of_a_plan_with_the_receipt_that_adds_up(desk: Desk, caller: Callers) -> None:
    answer = caller(desk.agent).post(PATH, under_plan(desk)).json()
    assert (answer["arrives_at"], answer["time_zone"]) == ("2026-03-06T12:00:00Z", "Asia/Karachi")
    assert answer["plan"] == {"id": desk.plan.pk, "name": "Gold", "version": 1}
    assert answer["calendar"] == {"id": desk.calendar.pk, "name": "Office hours", "version": 1}
    assert answer["time_zone_rules"]
    assert [promise["metric"] for promise in answer["promises"]] == [
        "first_response",
        "next_response",
        "resolution",
    ]
    first = answer["promises"][0]
    assert (first["outcome"], first["aim_at"], first["limit_at"]) == (
        "promised",
        "2026-03-07T05:00:00Z",
        "2026-03-07T07:00:00Z",
    )
    assert first["target"] == {
        "unit": "business_time",
        "aim": 2 * HOUR,
        "limit": 4 * HOUR,
        "words": "2 to 4 business hours",
    }
    assert sum(part["counted_seconds"] for part in first["receipt"]) == 4 * HOUR
    assert "leave out the night" in first["because"]
    assert all(line["when"] and line["what"] for line in first["words"])


def test_chosen_metrics_and_what_is_not_promised(desk: Desk, caller: Callers) -> None:
    body = under_plan(desk, priority="low", metrics=["resolution"])
    [promise] = caller(desk.agent).post(PATH, body).json()["promises"]
    assert (promise["outcome"], promise["target"], promise["limit_at"]) == ("no_commitment", None, None)
    assert promise["receipt"] == promise["words"] == []


def test_pauses_move_a_resolution(desk: Desk, caller: Callers) -> None:
    pauses = [{"start": "2026-03-07T05:00:00Z", "end": "2026-03-07T06:30:00Z"}]
    body = under_plan(desk, metrics=["first_response", "resolution"], pauses=pauses)
    first, solved = caller(desk.agent).post(PATH, body).json()["promises"]
    assert first["limit_at"] == "2026-03-07T07:00:00Z"
    assert [part["part"] for part in solved["receipt"]].count("paused") == 1
    assert solved["limit_at"] == "2026-03-09T11:30:00Z"


def test_maintenance_moves_a_resolution_where_the_plan_says_so(desk: Desk, caller: Callers) -> None:
    works = [{"start": "2026-03-07T05:00:00Z", "end": "2026-03-07T06:30:00Z"}]
    body = under_plan(desk, metrics=["first_response", "resolution"])
    before = caller(desk.agent).post(PATH, body).json()["promises"]
    assert caller(desk.agent).post(PATH, body | {"maintenance": works}).json()["promises"] == before
    PlanVersion.objects.filter(plan=desk.plan).update(maintenance_pauses=True)
    answer, solution = caller(desk.agent).post(PATH, body | {"maintenance": works}).json()["promises"]
    assert answer == before[0]
    assert (before[1]["limit_at"], solution["limit_at"]) == ("2026-03-09T10:00:00Z", "2026-03-09T11:30:00Z")
    refused = caller(desk.agent).post(PATH, on_calendar(desk, maintenance=works))
    assert refused.status_code == 400


def test_a_target_of_ones_own_on_a_calendar(desk: Desk, caller: Callers) -> None:
    answer = caller(desk.agent).post(PATH, on_calendar(desk)).json()
    assert answer["plan"] is None
    [promise] = answer["promises"]
    assert (promise["aim_at"], promise["limit_at"]) == ("2026-03-06T13:00:00Z", "2026-03-07T05:00:00Z")
    days = on_calendar(desk, target={"unit": "business_days", "limit": 1})
    [promise] = caller(desk.agent).post(PATH, days).json()["promises"]
    assert (promise["aim_at"], promise["limit_at"]) == ("2026-03-07T12:00:00Z", "2026-03-07T12:00:00Z")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"arrives_at": None}, "/arrives_at", "null"),
        ({"arrives_at": "2999-01-01T00:00:00Z"}, "/arrives_at", "year"),
        ({"priority": "urgent"}, "/priority", "invalid_choice"),
        ({"metrics": []}, "/metrics", "empty"),
        ({"metrics": ["happiness"]}, "/metrics/0", "invalid_choice"),
        ({"plan": 999999}, "/plan", "does_not_exist"),
        ({"target": {"unit": "business_days", "limit": 1}}, "/target", "unexpected"),
        ({"calendar": "own"}, "", "either"),
        ({"moon": "full"}, "/moon", "unknown"),
        ({"pauses": [{"start": FRIDAY, "end": FRIDAY}]}, "/pauses/0/end", "order"),
    ],
)
def test_what_is_wrong_is_named(
    desk: Desk, caller: Callers, changes: dict[str, Any], pointer: str, code: str
) -> None:
    if "calendar" in changes:
        changes = {"calendar": desk.calendar.pk}
    response = caller(desk.agent).post(PATH, under_plan(desk) | changes)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    ("target", "pointer"),
    [
        (None, "/target"),
        ({"unit": "business_time", "aim": 2, "limit": 1}, "/target/aim"),
        ({"unit": "business_days", "limit": 100_000}, "/target/limit"),
        ({"unit": "business_time", "limit": 0}, "/target/limit"),
    ],
)
def test_a_target_that_is_none_is_refused(desk: Desk, caller: Callers, target: Any, pointer: str) -> None:
    body = on_calendar(desk, target=target)
    if target is None:
        del body["target"]
    [error] = caller(desk.agent).post(PATH, body).json()["errors"]
    assert error["pointer"] == pointer


def test_staff_alone_may_ask(desk: Desk, caller: Callers) -> None:
    response = caller(desk.contact).post(PATH, under_plan(desk))
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
