"""What plans cover and leave out, read for customers at an instant."""

from datetime import date, timedelta
from typing import Any

import pytest

from sla.coverage_terms import (
    CoverageTerms,
    Exclusion,
    coverage_of,
    coverage_said_by,
    coverage_terms_of,
    exclusions_of,
)
from sla.models import PlanVersion
from sla.services import change_plan, end_contract
from sla.services.coverage_errors import CoverageRefused, ExclusionRefused
from sla.services.edits import apply_edit, contents_of, draft_edit, undo_edit
from sla.services.proposals import head_of
from tests.factories import MONDAY, Desk
from tickets.services.categories import create_category


def changed(desk: Desk, **changes: Any) -> PlanVersion:
    last = desk.plan.versions.latest("number")
    values = head_of(desk.plan) | contents_of(last) | changes
    return change_plan(plan=desk.plan, seen_number=last.number, at=MONDAY, by=desk.admin, **values)


def test_a_category_is_covered_until_the_plan_says_otherwise(desk: Desk) -> None:
    training = create_category(tenant_id=desk.tenant.pk, name="Training")
    before, after = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)
    changed(desk, coverage=CoverageTerms({training.pk: "billable", desk.category.pk: "covered"}))
    assert coverage_of(desk.customer.pk, training.pk, before) == "covered"
    assert coverage_of(desk.customer.pk, training.pk, after) == "billable"
    assert coverage_of(desk.customer.pk, desk.category.pk, after) == "covered"
    end_contract(contract=desk.contract, ends_on=date(2026, 4, 1), by=desk.owner, at=MONDAY)
    assert coverage_of(desk.customer.pk, training.pk, MONDAY + timedelta(days=60)) == ""
    assert exclusions_of(desk.customer.pk, MONDAY + timedelta(days=60)) == []


def test_channels_coordinator_and_included_work_are_part_of_the_terms(desk: Desk) -> None:
    said = CoverageTerms({desk.category.pk: "not_covered"}, ("chat", "portal"), True, 90)
    version = changed(desk, coverage=said)
    assert coverage_terms_of(desk.customer.pk, MONDAY) == CoverageTerms(
        {desk.category.pk: "not_covered"}, ("portal", "chat"), True, 90
    )
    assert changed(desk, coverage=said).number == version.number, "what stands already makes no version"


def test_exclusions_keep_their_keys_and_get_new_ones(desk: Desk) -> None:
    lines = [
        {"title": "On site", "text": "We do not come."},
        {"key": "hardware", "title": "Hardware", "text": "Your own hardware"},
        {"title": "On site", "text": "Nor at night."},
    ]
    changed(desk, exclusions=lines)
    assert exclusions_of(desk.customer.pk, MONDAY) == [
        Exclusion("on-site", "On site", "We do not come."),
        Exclusion("hardware", "Hardware", "Your own hardware"),
        Exclusion("on-site-2", "On site", "Nor at night."),
    ]


def test_an_edit_is_kept_as_a_draft_and_undoing_brings_back_what_was_said(desk: Desk) -> None:
    first = desk.plan.versions.get()
    values = head_of(desk.plan) | contents_of(first)
    said = CoverageTerms({desk.category.pk: "billable"}, ("portal",), True, 60)
    edit = draft_edit(
        plan=desk.plan, seen_number=1, values=values | {"coverage": said}, at=MONDAY, by=desk.admin
    )
    edit.refresh_from_db()
    apply_edit(edit, reach="new", by=desk.admin, at=MONDAY)
    assert coverage_said_by(desk.plan.versions.latest("number")) == said
    edit.refresh_from_db()
    undo_edit(edit, by=desk.admin, at=MONDAY)
    assert coverage_said_by(desk.plan.versions.latest("number")) == CoverageTerms()


def test_what_cannot_hold_is_refused_with_its_place(desk: Desk, other_desk: Desk) -> None:
    for terms, field in (
        (CoverageTerms({other_desk.category.pk: "billable"}), f"coverage.category.{other_desk.category.pk}"),
        (CoverageTerms({desk.category.pk: "maybe"}), f"coverage.category.{desk.category.pk}"),
        (CoverageTerms(channels=("fax",)), "coverage.channels"),
        (CoverageTerms(included_minutes=0), "coverage.included"),
    ):
        with pytest.raises(CoverageRefused) as refused:
            changed(desk, coverage=terms)
        assert (refused.value.field, bool(refused.value.words())) == (field, True)
    for lines in ([{"title": "On site", "text": " "}], [{"text": "x" * 1001}]):
        with pytest.raises(ExclusionRefused) as refused_line:
            changed(desk, exclusions=lines)
        assert refused_line.value.field == "exclusions.0"
    assert desk.plan.versions.count() == 1
