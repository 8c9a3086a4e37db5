"""What plans cover and leave out, through the API: listed, and edited in part."""

from typing import Any

from django.utils import timezone

from sla.models import Edit
from sla.services.edits import apply_edit
from tests.api.callers import Callers
from tests.factories import Desk


def drafted(desk: Desk, caller: Callers, **plan: Any) -> Any:
    version = desk.plan.versions.latest("number").number
    return caller(desk.admin).post("edits/", {"plan": {"id": desk.plan.pk, "version": version} | plan})


def applied(desk: Desk, caller: Callers, **plan: Any) -> Any:
    made = drafted(desk, caller, **plan)
    assert made.status_code == 201, made.json()
    apply_edit(Edit.objects.latest("pk"), reach="new", by=desk.admin, at=timezone.now())
    [listed] = caller(desk.agent).get("plans/").json()["results"]
    return listed


def test_what_was_sent_is_listed_and_what_is_left_out_stays(desk: Desk, caller: Callers) -> None:
    line = {"category": desk.category.pk, "coverage": "billable"}
    said = {
        "categories": [line],
        "channels": ["chat", "portal"],
        "has_coordinator": True,
        "included_minutes": 90,
    }
    listed = applied(desk, caller, coverage=said)
    assert listed["coverage"] == said | {"channels": ["portal", "chat"]}
    listed = applied(desk, caller, coverage={"categories": [line | {"coverage": "not_covered"}]})
    assert listed["coverage"]["categories"] == [line | {"coverage": "not_covered"}]
    assert listed["coverage"]["included_minutes"] == 90
    assert applied(desk, caller, coverage={"categories": []})["coverage"]["categories"] == []


def test_exclusions_are_sent_in_order_and_keep_what_is_not_sent_of_them(desk: Desk, caller: Callers) -> None:
    lines = [
        {"title": "Visits", "text": "We do not come."},
        {"key": "hardware", "title": "Hardware", "text": "Your own hardware"},
    ]
    listed = applied(desk, caller, exclusions=lines)
    assert [line["key"] for line in listed["exclusions"]] == ["visits", "hardware"]
    again = [{"key": "hardware", "text": "Your hardware"}, {"text": "We do not come."}]
    assert applied(desk, caller, exclusions=again)["exclusions"] == [
        {"key": "hardware", "title": "Hardware", "text": "Your hardware"},
        {"key": "visits", "title": "Visits", "text": "We do not come."},
    ]


def test_what_cannot_hold_is_refused_at_its_place(desk: Desk, caller: Callers) -> None:
    line = {"category": desk.category.pk, "coverage": "billable"}
    for plan, place in (
        ({"coverage": {"categories": [line | {"coverage": "maybe"}]}}, "coverage"),
        ({"coverage": {"categories": [line, line]}}, "categories"),
        ({"coverage": {"channels": ["fax"]}}, "channels"),
        ({"coverage": {"included_minutes": 0}}, "included_minutes"),
        ({"exclusions": [{"title": "Visits"}]}, "text"),
    ):
        refused = drafted(desk, caller, **plan)
        assert refused.status_code == 400, refused.json()
        assert place in str(refused.json()["errors"])
    assert not Edit.objects.exists()
