"""Plans in the settings: coverage, exclusions and limits, each section saved for itself."""

from collections.abc import Callable
from typing import Any

from sla.coverage_terms import CoverageTerms, coverage_said_by, exclusions_said_by
from sla.models import Edit, Plan
from tests.console.forms import apply_draft_of, plan_form
from tests.factories import Desk, DeskClient
from tests.forms import FormPage
from tickets.services.categories import create_category

Login = Callable[[Any], DeskClient]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def values_of(page: FormPage, name: str) -> list[str]:
    """What stands in the inputs of that name, hidden ones too."""
    inputs = [e.attributes for e in page.elements if e.tag == "input"]
    return [found.get("value", "") for found in inputs if found.get("name") == name]


def edit_address(desk: Desk) -> str:
    return f"/console/plans/{desk.plan.pk}/edit/"


def part(section: str, seen: Any = 1, **fields: Any) -> dict[str, Any]:
    """What the browser sends of one section."""
    return {"section": section, "seen_number": str(seen), "action": "save"} | fields


def lines(*given: tuple[str, str, str]) -> dict[str, Any]:
    """The fields of exclusions: key, title and words of each."""
    fields: dict[str, Any] = {"exclusion_rows": str(len(given))}
    for number, line in enumerate(given):
        fields |= {
            f"exclusion_{number}-{name}": said
            for name, said in zip(("key", "title", "text"), line, strict=True)
        }
    return fields


def test_a_new_plan_says_what_it_covers(desk: Desk, login: Login) -> None:
    training = create_category(tenant_id=desk.tenant.pk, name="Training")
    sent = plan_form(desk.calendar.pk) | {
        f"coverage_{training.pk}": "billable",
        f"coverage_{desk.category.pk}": "covered",
        "channels": ["chat", "portal"],
        "has_coordinator": "on",
        "included_hours": "1:30",
    }
    client = login(desk.admin)
    made = client.post("/console/plans/new/", sent)
    version = Plan.objects.get(name="Bronze").versions.get()
    assert coverage_said_by(version) == CoverageTerms({training.pk: "billable"}, ("portal", "chat"), True, 90)
    page = text_of(client.get(made["Location"]))
    assert "Portal, Chat" in page
    assert "1:30 h a month" in page
    wrong = FormPage(client.post("/console/plans/new/", sent | {"included_hours": "many"}))
    wrong.says("included_hours", "“many” is not a number of hours. Examples: 4, 1.5, 1:30.", language="en")


def test_coverage_is_saved_for_itself_at_once_and_can_be_undone(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    before = desk.plan.versions.get()
    sent = part("coverage", channels=["email"], **{f"coverage_{desk.category.pk}": "not_covered"})
    saved = client.post(edit_address(desk), sent, follow=True)
    assert "Version 2 holds for tickets filed from now on" in text_of(saved)
    version = desk.plan.versions.latest("number")
    assert coverage_said_by(version) == CoverageTerms({desk.category.pk: "not_covered"}, ("email",))
    kept = ("calendar_id", "definitions", "exclusions", "terms", "notice_hours", "emergencies_a_month")
    assert [getattr(version, name) for name in kept] == [getattr(before, name) for name in kept]
    assert version.targets.count() == before.targets.count()
    assert version.ladder.count() == before.ladder.count()
    edit = Edit.objects.get()
    shown = text_of(client.get(f"/console/edits/{edit.pk}/"))
    assert "Coverage of Technical issue" in shown
    assert "Not covered" in shown
    assert client.post(f"/console/edits/{edit.pk}/undo/").status_code == 302
    assert coverage_said_by(desk.plan.versions.latest("number")) == CoverageTerms()


def test_an_archived_category_keeps_what_was_said_of_it(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    client.post(edit_address(desk), part("coverage", **{f"coverage_{desk.category.pk}": "billable"}))
    client.post(f"/console/categories/{desk.category.pk}/archive/")
    client.post(edit_address(desk), part("coverage", 2, has_coordinator="on"))
    said = coverage_said_by(desk.plan.versions.latest("number"))
    assert (said.coverage, said.has_coordinator) == ({desk.category.pk: "billable"}, True)


def test_exclusions_are_added_moved_and_removed_by_buttons(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    two = lines(("hardware", "", "Your own hardware"), ("", "On site", "We do not come."))
    for action, keys, titles in (
        ("add_exclusion", ["hardware", "", ""], ["", "On site", ""]),
        ("up_exclusion_1", ["", "hardware"], ["On site", ""]),
        ("down_exclusion_0", ["", "hardware"], ["On site", ""]),
        ("remove_exclusion_0", [""], ["On site"]),
        ("remove_exclusion_7", ["hardware", ""], ["", "On site"]),
    ):
        page = FormPage(client.post(edit_address(desk), part("exclusions", **two) | {"action": action}))
        assert values_of(page, "exclusion_rows") == [str(len(keys))], action
        assert [values_of(page, f"exclusion_{n}-key") for n in range(len(keys))] == [[key] for key in keys], (
            action
        )
        assert [page.value(f"exclusion_{n}-title") for n in range(len(keys))] == titles, action
    assert desk.plan.versions.count() == 1, "a button of the form saves nothing"
    client.post(
        edit_address(desk),
        part(
            "exclusions", **lines(("", "On site", "We do not come."), ("hardware", "", "Your own hardware"))
        ),
    )
    found = exclusions_said_by(desk.plan.versions.latest("number"))
    assert [(one.key, one.heading) for one in found] == [
        ("on-site", "On site"),
        ("hardware", "Your own hardware"),
    ]


def test_a_title_without_words_is_said_beside_its_line(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    response = client.post(edit_address(desk), part("exclusions", **lines(("", "On site", ""))))
    assert response.status_code == 422
    page = FormPage(response)
    page.says("exclusion_0-text", "Enter the words that customers are shown.", language="en")
    assert page.value("name") == "Gold", "the other sections stand as they were"
    assert desk.plan.versions.count() == 1


def test_what_moves_deadlines_becomes_a_draft_that_further_sections_join(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    targets = {
        "restore_critical_unit": "elapsed_time",
        "restore_critical_aim": "1",
        "restore_critical_limit": "2",
    }
    drafted = client.post(edit_address(desk), part("targets", **targets))
    draft = Edit.objects.get()
    assert drafted["Location"].endswith(f"/console/edits/{draft.pk}/")
    assert desk.plan.versions.count() == 1
    joined = f"{edit_address(desk)}?draft={draft.pk}"
    page = FormPage(client.get(joined))
    assert page.value("restore_critical_limit") == "2"
    again = client.post(joined, part("limits", terms="No changes on Fridays."))
    assert [edit.pk for edit in Edit.objects.all()] == [draft.pk + 1], "the draft gives way to the next one"
    apply_draft_of(client, again)
    version = desk.plan.versions.latest("number")
    assert version.terms == "No changes on Fridays."
    assert {(t.metric, t.limit) for t in version.targets.all()} == {("restore", 7200)}
    assert set(version.ladder.values_list("metric", flat=True)) >= {"restore"}


def test_two_who_save_at_once_are_told_and_nothing_typed_is_lost(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    client.post(edit_address(desk), part("limits", terms="First."))
    late = client.post(edit_address(desk), part("limits", terms="Second."))
    assert late.status_code == 409
    page = FormPage(late)
    assert page.value("terms") == "Second."
    assert set(values_of(page, "seen_number")) == {"2"}, "whoever saves again means it"
    same = client.post(edit_address(desk), part("limits", 2, terms="First."), follow=True)
    assert "Nothing was changed." in text_of(same)
