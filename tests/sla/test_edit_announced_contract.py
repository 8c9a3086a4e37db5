"""A contract that was announced is taken back before its first day: as if it had never been."""

from datetime import date, datetime, timedelta

import pytest

from sla import services as sla
from sla.audit import audit_tenant
from sla.models import Clock, Edit, EditState, Reach
from sla.services import TargetTerms, edits
from sla.services.errors import EditOvertaken
from sla.sweep import sweep_tenant
from sla.terms import terms_for
from tests.factories import FOUNDED, HOUR, MONDAY, Desk, new_ticket
from tickets.models import Ticket
from tickets.services import reply_to_ticket

NOW = MONDAY + timedelta(hours=1)
LATER = NOW + timedelta(hours=1)
WEDNESDAY = date(2026, 3, 4)
MOMENT = timedelta(seconds=2)


@pytest.fixture
def announced(desk: Desk) -> Edit:
    """From Wednesday on everything takes longer, and low tickets are promised a solution."""
    silver = sla.create_plan(
        tenant_id=desk.tenant.pk, name="Silver", calendar=desk.calendar, at=FOUNDED,
        targets=[
            TargetTerms("first_response", "low", "business_days", 5, 9),
            TargetTerms("resolution", "critical", "business_time", 30 * HOUR, 60 * HOUR),
            TargetTerms("resolution", "low", "business_time", 30 * HOUR, 60 * HOUR),
        ],
    )  # fmt: skip
    values = {"plan": silver, "calendar": None, "starts_on": WEDNESDAY, "ends_on": None}
    return edits.draft_edit(contract=desk.contract, by=desk.admin, at=NOW, values=values)


def through(edit: Edit, at: datetime) -> Edit:
    while edits.work_on(edit.pk, at):
        pass
    edit.refresh_from_db()
    assert edit.state == EditState.APPLIED
    return edit


def standing() -> dict[int, tuple[datetime | None, str]]:
    clocks = Clock.objects.not_ended().select_related("agreement__plan_version__plan")
    return {row.pk: (row.due_at, row.agreement.plan_version.plan.name) for row in clocks}


@pytest.mark.parametrize("reach", [Reach.FROM_NOW, Reach.FROM_START])
def test_open_tickets_go_back_and_its_first_day_is_under_the_earlier_plan(
    desk: Desk, announced: Edit, reach: str
) -> None:
    tickets = [new_ticket(desk, priority=priority) for priority in ("critical", "low", "medium")]
    answered = new_ticket(desk, priority="critical")
    before = standing()
    edit = through(edits.apply_edit(announced, reach=reach, by=desk.admin, at=NOW), NOW + MOMENT)
    assert standing() != before
    reply_to_ticket(ticket=answered, by=desk.agent, body="We look.", at=NOW + timedelta(minutes=20))
    del before[Clock.objects.get(ticket=answered, metric="first_response").pk]
    between = new_ticket(desk, priority="low", at=NOW + timedelta(minutes=30))

    undoing = through(edits.undo_edit(edit, by=desk.admin, at=LATER), LATER + MOMENT)
    own = set(Clock.objects.filter(ticket=between).values_list("pk", flat=True))
    now = standing()
    assert {pk: clock for pk, clock in now.items() if pk not in own} == before
    assert {now[pk][1] for pk in own & now.keys()} == {"Gold"}
    assert [str(one) for one in audit_tenant(now=LATER + 2 * MOMENT).differences] == []

    wednesday = MONDAY + timedelta(days=2)
    terms = terms_for(desk.customer.pk, wednesday)
    assert terms is not None
    assert terms.contract.plan == desk.plan
    sweep_tenant(now=wednesday)
    assert {plan for _due, plan in standing().values()} == {"Gold"}
    assert [str(one) for one in audit_tenant(now=wednesday).differences] == []
    assert Ticket.objects.count() == len(tickets) + 2
    with pytest.raises(EditOvertaken):
        edits.undo_edit(undoing, by=desk.admin, at=wednesday)


def test_one_whose_first_day_has_come_gives_way_from_the_next_day(desk: Desk, announced: Edit) -> None:
    new_ticket(desk, priority="critical")
    edit = through(edits.apply_edit(announced, reach=Reach.FROM_NOW, by=desk.admin, at=NOW), NOW + MOMENT)
    at = MONDAY + timedelta(days=2)
    undoing = edits.undo_edit(edit, by=desk.admin, at=at)
    assert undoing.new_contract.period.lower == WEDNESDAY + timedelta(days=1)
    assert undoing.new_contract.plan == desk.plan
