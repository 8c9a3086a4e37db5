"""Mail that waits for the end of quiet hours is taken back where an edit moves what it tells of."""

from datetime import timedelta
from typing import Any

import pytest

from notifications.models import OutboxMessage
from sla.models import Edit, Escalation
from sla.services import edits
from sla.services.plans import TargetTerms, terms_of
from sla.sweep import sweep_tenant
from tests.factories import KARACHI, MONDAY, Desk
from tests.sla.test_ladder_steps import held_step

HOUR = timedelta(hours=1)
NOW = MONDAY + 6 * HOUR


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def apply(edit: Edit, reach: str, **more: Any) -> None:
    edit = edits.apply_edit(edit, reach=reach, by=edit.created_by, at=NOW, **more)
    while edits.work_on(edit.pk, NOW):
        pass


def of_calendar(desk: Desk, opens: str) -> Edit:
    """A draft of other hours; the ticket of Monday, 10:00, is at risk after four of them."""
    week = {str(day): [[opens, "18:00"]] for day in range(6)}
    values = {"name": "Office hours", "spec": KARACHI | {"week": week}}
    return edits.draft_edit(calendar=desk.calendar, seen_number=1, by=desk.admin, at=NOW, values=values)


def of_targets(desk: Desk, targets: list[TargetTerms]) -> Edit:
    values = {"name": "Gold", "calendar": desk.calendar, "targets": targets}
    return edits.draft_edit(plan=desk.plan, seen_number=2, by=desk.admin, at=NOW, values=values)


def taken_back() -> tuple[Any, Any, set[str]]:
    escalation = Escalation.objects.get()
    states = {mail.state for mail in OutboxMessage.objects.filter(kind="escalation")}
    return escalation.cancelled_why, escalation.cancelled_at, states


def test_an_edit_that_moves_the_step_ahead_again_takes_its_mail_back(desk: Desk) -> None:
    held_step(desk)
    apply(of_calendar(desk, "16:30"), "from_start")  # four hours from then are over on Tuesday
    assert taken_back() == ("recomputed", NOW, {"cancelled"})


def test_an_edit_that_leaves_the_step_behind_leaves_its_mail(desk: Desk) -> None:
    held_step(desk)
    apply(of_calendar(desk, "09:30"), "from_start")
    why, at, states = taken_back()
    assert (why, at) == ("", None)
    assert "cancelled" not in states


def test_a_sweep_that_finds_a_promise_gone_takes_its_mail_back(desk: Desk) -> None:
    held_step(desk)
    targets = terms_of(desk.plan.versions.get(number=2))
    fewer = [t for t in targets if (t.metric, t.priority) != ("first_response", "high")]
    apply(of_targets(desk, fewer), "from_now", valid_from=NOW + HOUR)
    assert taken_back()[0] == ""
    at = NOW + HOUR + timedelta(seconds=5)
    sweep_tenant(now=at)
    assert taken_back() == ("recomputed", at, {"cancelled"})
