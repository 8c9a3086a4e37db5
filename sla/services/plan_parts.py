"""Change one part of what a plan says, while the rest stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from sla.models import Edit, Plan, PlanVersion, Reach
from sla.services.edits import apply_edit, contents_of, discard_draft, draft_edit, values_of
from sla.services.ladders import usual_ladder
from sla.services.proposals import head_of


def standing_values(plan: Plan, version: PlanVersion, draft: Edit | None = None) -> dict[str, Any]:
    """What a plan's form would give for a version, or for a draft that stands on it."""
    values = head_of(plan) | contents_of(version)
    return values if draft is None else values | values_of(draft)


@transaction.atomic
def change_plan_part(
    *,
    plan: Plan,
    seen_number: int,
    part: Mapping[str, Any],
    at: datetime,
    by: Membership,
    draft: Edit | None = None,
    at_once: bool = False,
) -> Edit:
    """Keep a change to some of what a plan says as a draft, or apply it for tickets filed from `at` on.

    `part` holds some of what the plan's form gives. The rest stays as the version `seen_number` has it, or as
    `draft` has it, which gives way to the new one. Raises what `draft_edit` raises, and EditNotOpen when the
    draft was applied or discarded meanwhile.
    """
    version = plan.versions.filter(number=seen_number).first() or plan.versions.latest("number")
    values = standing_values(plan, version, draft)
    if draft is None or "ladder" not in values_of(draft):
        del values["ladder"]  # as it stands, whoever of those that it names has left since
    elif "targets" in part:
        known = {target.metric for target in values["targets"]} | {step.metric for step in values["ladder"]}
        new = dict.fromkeys(target.metric for target in part["targets"] if target.metric not in known)
        values["ladder"] = [*values["ladder"], *usual_ladder(list(new))]
    edit = draft_edit(plan=plan, seen_number=seen_number, values={**values, **part}, at=at, by=by)
    if draft is not None:
        discard_draft(draft, by=by)
    return apply_edit(edit, reach=Reach.NEW, by=by, at=at) if at_once else edit
