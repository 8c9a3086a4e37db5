"""Recurring maintenance through the API."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from maintenance.models import Series, Window
from tests.api.callers import Callers
from tests.factories import Desk, new_service
from tests.maintenance.windows import desk_service, promise_notice

PATH = "windows/series/"


def terms(desk: Desk, **changes: Any) -> dict[str, Any]:
    """The first of each month at two in the night of Madrid, from in three weeks on."""
    first = (timezone.now() + timedelta(days=21)).date()
    return {
        "title": "Monthly patches",
        "kind": "security",
        "impact": "degraded",
        "services": [desk_service(desk).pk],
        "rule": "rrule:FREQ=WEEKLY",
        "zone": "Europe/Madrid",
        "first_date": first.isoformat(),
        "starts_at_time": "02:00",
        "minutes": 120,
        "checklist": ["Patch", "Restart"],
        "runbook": "zzrunbook",
        **changes,
    }


def test_begun_changed_and_ended(desk: Desk, caller: Callers) -> None:
    promise_notice(desk)
    agent = caller(desk.agent)
    made = agent.post(PATH, terms(desk), format="json")
    assert made.status_code == 201, made.json()
    series = made.json()
    path = f"{PATH}{series['id']}/"
    assert (series["rule"], series["checklist"], series["version"]) == (
        "FREQ=WEEKLY",
        ["Patch", "Restart"],
        1,
    )
    ahead = agent.get(f"windows/?series={series['id']}&limit=100").json()["results"]
    assert len(ahead) >= 12
    assert series["next_at"] == ahead[-1]["starts_at"], "what starts last comes first"
    assert {each["for_staff"]["series"] for each in ahead} == {series["id"]}
    assert ahead[-1]["for_staff"]["occurrence"] == series["first_date"]
    assert agent.get(f"windows/?series={series['id'] + 1}").json()["results"] == []

    seen = {"seen": 1}
    changed = agent.patch(path, {"title": "Patches", "minutes": 60} | seen, format="json").json()
    assert (changed["title"], changed["minutes"], changed["runbook"]) == ("Patches", 60, "zzrunbook")
    lengths = {window.ends_at - window.starts_at for window in Window.objects.filter(status="scheduled")}
    assert lengths == {timedelta(minutes=60)}
    late = agent.patch(path, {"title": "Old"} | seen, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "edited_meanwhile")

    assert [each["id"] for each in agent.get(f"{PATH}?running=true").json()["results"]] == [series["id"]]
    ended = agent.post(f"{path}end/", {"why": "Not needed"}, format="json").json()
    assert ended["ended_at"] is not None
    assert ended["next_at"] is None
    assert set(Window.objects.values_list("status", "cancelled_why")) == {("cancelled", "Not needed")}
    assert agent.post(f"{path}end/", {}, format="json").json()["code"] == "series_ended"
    assert agent.get(f"{PATH}?running=true").json()["results"] == []
    assert agent.get(path).json() == ended


def test_what_cannot_recur_is_refused_beside_its_field(desk: Desk, caller: Callers) -> None:
    promise_notice(desk)
    agent = caller(desk.agent)
    soon = (timezone.now() + timedelta(days=1)).date().isoformat()
    theirs = new_service(desk, "Gone")
    theirs.archived_at = timezone.now()
    theirs.save()
    for changes, code, place in (
        ({"rule": "FREQ=HOURLY"}, "bad_rule", "/rule"),
        ({"zone": "Europe/Nowhere"}, "invalid", "/zone"),
        ({"minutes": 0}, "invalid", "/minutes"),
        ({"services": [theirs.pk]}, "invalid", "/services"),
        ({"services": []}, "not_enough_said", "/services"),
        ({"last_date": soon}, "wrong_time", "/last_date"),
    ):
        refused = agent.post(PATH, terms(desk, **changes), format="json").json()
        assert (refused["code"], refused["errors"][0]["pointer"][: len(place)]) == (code, place), changes
    short = agent.post(PATH, terms(desk, first_date=soon), format="json").json()
    assert short["code"] == "notice_too_short"
    assert {each["customer"]["name"] for each in short["breaches"]} >= {"Bright Bakery"}
    assert not Series.objects.exists()


def test_staff_alone_read_and_plan_what_recurs(desk: Desk, caller: Callers) -> None:
    made = caller(desk.agent).post(PATH, terms(desk), format="json").json()
    contact, path = caller(desk.contact), f"{PATH}{made['id']}/"
    for answer in (
        contact.get(PATH),
        contact.post(PATH, terms(desk), format="json"),
        contact.get(path),
        contact.patch(path, {"seen": 1, "title": "Mine"}, format="json"),
        contact.post(f"{path}end/", {}, format="json"),
    ):
        assert answer.status_code == 403
        assert "zzrunbook" not in answer.content.decode()
    assert Series.objects.get().title == "Monthly patches"
