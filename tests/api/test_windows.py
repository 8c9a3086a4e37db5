"""Maintenance windows through the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from tests.api.callers import Callers
from tests.factories import Desk, new_service
from tests.maintenance.windows import desk_service, new_window, promise_notice, scheduled_window


def in_hours(hours: float) -> datetime:
    return (timezone.now() + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)


def written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def terms(desk: Desk, hours: float) -> dict[str, Any]:
    return {
        "title": "New version",
        "kind": "update",
        "impact": "down",
        "services": [desk_service(desk).pk],
        "starts_at": written(in_hours(hours)),
        "ends_at": written(in_hours(hours + 2)),
        "runbook": "zzrunbook",
        "checklist": ["Back up"],
    }


def test_drafted_changed_announced_moved_and_cancelled(desk: Desk, caller: Callers) -> None:
    promise_notice(desk)
    agent, contact = caller(desk.agent), caller(desk.contact)
    made = agent.post("windows/", terms(desk, 100), format="json")
    assert made.status_code == 201, made.json()
    window = made.json()
    path = f"windows/{window['id']}/"
    assert (window["status"], window["for_staff"]["checklist"][0]["text"]) == ("draft", "Back up")
    assert contact.get(path).status_code == 404
    assert contact.post("windows/", terms(desk, 100), format="json").status_code == 403

    seen = {"seen": window["version"]}
    changed = agent.patch(path, {"title": "Newer version"} | seen, format="json").json()
    assert (changed["title"], changed["for_staff"]["runbook"]) == ("Newer version", "zzrunbook")
    assert agent.patch(path, {"title": "Oldest"} | seen, format="json").json()["code"] == "edited_meanwhile"

    announced = agent.post(f"{path}schedule/", {}, format="json").json()
    assert (announced["status"], announced["sequence"]) == ("scheduled", 1)
    assert {each["promised_hours"] for each in announced["for_staff"]["customers"]} == {72}
    read = contact.get(path).json()
    assert (read["title"], read["for_staff"]) == ("Newer version", None)
    assert "zzrunbook" not in str(read)
    assert [each["id"] for each in contact.get("windows/?status=scheduled").json()["results"]] == [read["id"]]

    times = {"starts_at": written(in_hours(200)), "ends_at": written(in_hours(201))}
    moved = agent.post(f"{path}move/", times, format="json").json()
    assert (moved["starts_at"], moved["sequence"]) == (times["starts_at"], 2)
    assert agent.post(f"{path}start/").json()["code"] == "wrong_time"
    assert agent.post(f"{path}cancel/", {}, format="json").json()["code"] == "not_enough_said"
    off = agent.post(f"{path}cancel/", {"why": "Not needed"}, format="json").json()
    assert off["status"] == "cancelled"
    assert agent.post(f"{path}cancel/", {"why": "Again"}, format="json").json()["code"] == "wrong_status"


def test_short_notice_is_stopped_with_the_customers(desk: Desk, caller: Callers) -> None:
    promise_notice(desk)
    window = new_window(desk, starts_at=in_hours(10), at=timezone.now())
    path = f"windows/{window.pk}/schedule/"
    refused = caller(desk.agent).post(path, {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "notice_too_short")
    assert refused.json()["breaches"][0]["customer"]["name"] == "Bright Bakery"
    reason = {"emergency_reason": "A hole"}
    assert caller(desk.agent).post(path, reason, format="json").json()["code"] == "not_allowed"
    done = caller(desk.supervisor).post(path, reason, format="json").json()
    assert done["for_staff"]["emergency_reason"] == "A hole"


def test_run_through_the_api(desk: Desk, caller: Callers) -> None:
    now = timezone.now()
    window = scheduled_window(desk, at=now - timedelta(days=5), starts_at=now - timedelta(minutes=30))
    agent, path = caller(desk.agent), f"windows/{window.pk}/"
    assert agent.post(f"{path}start/").json()["status"] == "in_progress"
    line = agent.post(f"{path}log/", {"text": "Half way"}, format="json")
    assert (line.status_code, line.json()["kind"], line.json()["text"]) == (201, "logged", "Half way")
    later = agent.post(f"{path}extend/", {"ends_at": written(in_hours(5))}, format="json").json()
    assert later["ends_at"] == written(in_hours(5))
    done = agent.post(f"{path}complete/", {"result": "All well"}, format="json").json()
    assert (done["status"], done["result"]) == ("completed", "All well")
    assert caller(desk.contact).post(f"{path}log/", {"text": "x"}, format="json").status_code == 403


def test_other_customers_find_nothing(desk: Desk, caller: Callers) -> None:
    service = new_service(desk, "POS sync", customer=desk.customer)
    window = scheduled_window(desk, services=[service], at=timezone.now(), starts_at=in_hours(100))
    other = caller(desk.other_contact)
    assert other.get(f"windows/{window.pk}/").status_code == 404
    assert other.get("windows/").json()["results"] == []
