"""Intentions about edits: changes to a calendar, a plan or a contract, looked at before they are applied.

A draft holds what a form gave. `effect_of` says what it would do to open tickets, `apply_edit` makes the
version and lets the background move them (`sla.services.edit_work`), ticket by ticket wholly old or wholly
new. What has ended is never judged again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Membership
from sla.models import (
    CalendarVersion,
    Clock,
    Contract,
    ContractVersion,
    Edit,
    EditState,
    PlanVersion,
    Reach,
    SupportCalendar,
)
from sla.services.contracts import end_contract, withdraw_contract
from sla.services.edit_drafts import (
    discard_draft,
    draft_contract_end,
    draft_edit,
    lock_edit,
    new_draft,
)
from sla.services.edit_work import in_background, work_on
from sla.services.effects import Effect, EffectPage, Shift, effect_of, page_of_effect
from sla.services.errors import EditOvertaken, NothingChanged
from sla.services.proposals import (
    begins_at,
    contents_of,
    head_of,
    make,
    plain,
    read,
    start_of,
    values_of,
    zone_of,
)

__all__ = [
    "Effect",
    "EffectPage",
    "Shift",
    "apply_edit",
    "cancel_edit",
    "change_at_once",
    "contents_of",
    "discard_draft",
    "draft_contract_end",
    "draft_edit",
    "effect_of",
    "page_of_effect",
    "undo_edit",
    "values_of",
    "work_on",
]


@transaction.atomic
def apply_edit(
    edit: Edit, *, reach: str, valid_from: datetime | None = None, by: Membership | None, at: datetime
) -> Edit:
    """Make the version that a draft proposes and let the background move open tickets to it.

    `valid_from` is never before `at`; None: from now. A contract holds from the start of its first day, and
    an edit as if from the start moves open tickets at once. Of one that lies ahead open tickets know at
    once: a deadline behind its instant moves. `by` is None for what the desk does itself.
    Raises NotAllowed, EditNotOpen, and what `draft_edit` raises.
    """
    edit = lock_edit(edit, by, EditState.DRAFT)
    edit.reach = Reach(reach)
    made = make(edit, reach=reach, valid_from=at if reach == Reach.FROM_START else valid_from, at=at, by=by)
    # A contract begins with a day, but whoever undoes one does not want to wait for the next.
    at_once = reach == Reach.FROM_START or edit.undoes_id is not None
    edit.valid_from = at if at_once else begins_at(made, at)
    if isinstance(made, CalendarVersion):
        edit.calendar_version = made
    elif isinstance(made, PlanVersion):
        edit.plan_version = made
    elif isinstance(made, ContractVersion):
        edit.contract_version = made
    else:
        edit.new_contract = made
    edit.created_by = by or edit.created_by
    edit.started_at = at
    edit.state = EditState.APPLYING
    if reach == Reach.NEW:
        edit.state, edit.ended_at = EditState.APPLIED, at
    edit.save()
    if edit.is_under_way():
        in_background(edit)
    return edit


@transaction.atomic
def cancel_edit(edit: Edit, *, by: Membership, at: datetime) -> Edit:
    """Move no further tickets; those that are through stay so, and so does the version, for new tickets.

    Raises NotAllowed, EditNotOpen.
    """
    edit = lock_edit(edit, by, EditState.APPLYING)
    edit.cancel_asked_at = at
    edit.state, edit.ended_at = EditState.CANCELLED, at
    edit.save(update_fields=["cancel_asked_at", "state", "ended_at"])
    made = edit.calendar_version or edit.plan_version or edit.contract_version
    if made is not None:  # tickets that have no clock yet read from it whom it holds for
        made.reach = Reach.NEW
        made.save(update_fields=["reach"])
    return edit


@transaction.atomic
def undo_edit(edit: Edit, *, by: Membership, at: datetime) -> Edit:
    """Make what stood before an edit the next version, and apply it as widely as the edit was.

    Raises NotAllowed, EditNotOpen, EditOvertaken when a later edit stands on it. Of a last day: what was
    promised under it is kept.
    """
    edit = lock_edit(edit, by, EditState.APPLIED, EditState.CANCELLED)
    made = edit.calendar_version or edit.plan_version or edit.new_contract or edit.contract_version
    if made is None or edit.undone_by.exists():
        raise EditOvertaken
    if isinstance(made, Contract):
        undoing = _undoing_of_contract(edit, made, by, at)
    elif isinstance(made, ContractVersion):
        undoing = _undoing_of_end(edit, made, by, at)
    else:
        undoing = _undoing(edit, made, by, at)
    undoing.undoes = edit
    undoing.save(update_fields=["undoes"])
    if undoing.is_under_way():
        in_background(undoing)
    if undoing.state != EditState.DRAFT:
        return undoing
    return apply_edit(undoing, reach=edit.reach, valid_from=at, by=by, at=at)


def _undoing(edit: Edit, made: CalendarVersion | PlanVersion, by: Membership, at: datetime) -> Edit:
    thing = made.calendar if isinstance(made, CalendarVersion) else made.plan
    if thing.versions.latest("number").number != made.number:
        raise EditOvertaken
    before = thing.versions.get(number=made.number - 1)
    return draft_edit(
        by=by,
        at=at,
        seen_number=made.number,
        values={**contents_of(before), **edit.proposed["head"]},
        calendar=edit.calendar,
        plan=edit.plan,
        undoes=edit,
    )


def _undoing_of_end(edit: Edit, made: ContractVersion, by: Membership, at: datetime) -> Edit:
    """The last day before it again; what was promised meanwhile is kept."""
    contract: Contract = edit.contract
    if contract.versions.latest("number").number != made.number:
        raise EditOvertaken
    ends_on = contract.versions.get(number=made.number - 1).ends_on
    return draft_edit(by=by, at=at, contract=contract, values={"ends_on": ends_on}, undoes=edit)


def _undoing_of_contract(edit: Edit, made: Contract, by: Membership, at: datetime) -> Edit:
    """The customer's earlier contract again: from the first day that can be given."""
    before: Contract = edit.contract
    if made.period.lower < before.period.lower:
        raise EditOvertaken  # it took an announced contract back itself
    if made.edits.filter(new_contract__isnull=False).exists():
        raise EditOvertaken
    if not Clock.objects.filter(agreement__contract=made).exists():
        return _as_if_never(edit, made, by, at)
    if start_of(made, at) > at:
        return _taken_back(edit, made, by, at)
    today = at.astimezone(zone_of(made, at)).date()
    starts_on: date = max(today, made.period.lower + timedelta(days=1))
    values = {
        "plan": before.plan,
        "calendar": before.calendar,
        "starts_on": starts_on,
        "ends_on": made.period.upper,
    }
    return draft_edit(by=by, at=at, contract=made, values=values)


def _as_if_never(edit: Edit, made: Contract, by: Membership, at: datetime) -> Edit:
    """Nothing was promised under the new contract: it goes, and the one before it ends when it did."""
    before: Contract = edit.contract
    ends_on = edit.proposed["head"]["ends_on"]
    Edit.objects.filter(new_contract=made).update(new_contract=None)
    withdraw_contract(contract=made, by=by, at=at)
    end_contract(contract=before, ends_on=read(ends_on), by=by, at=at)
    return Edit.objects.create(
        tenant_id=edit.tenant_id,
        contract=before,
        proposed={"values": plain({"ends_on": read(ends_on)}), "head": head_of(before)},
        reach=Reach.NEW,
        valid_from=at,
        state=EditState.APPLIED,
        created_by=by,
        created_at=at,
        started_at=at,
        ended_at=at,
    )


def _taken_back(edit: Edit, made: Contract, by: Membership, at: datetime) -> Edit:
    """Its first day lies ahead, but open tickets know of it: it becomes what was before, and they go back."""
    before: Contract = edit.contract
    made = Contract.objects.select_for_update().get(pk=made.pk)
    Edit.objects.filter(new_contract=made).update(new_contract=None)
    values = {"plan": before.plan, "calendar": before.calendar, "starts_on": made.period.lower}
    undoing = new_draft(made, 0, values | {"ends_on": made.period.upper}, by, at)
    made.plan, made.calendar = before.plan, before.calendar
    made.save(update_fields=["plan", "calendar"])
    undoing.new_contract, undoing.reach, undoing.state = before, edit.reach, EditState.APPLYING
    undoing.valid_from = undoing.started_at = at
    undoing.save()
    return undoing


@transaction.atomic
def change_at_once(
    *,
    calendar: SupportCalendar,
    seen_number: int,
    values: Mapping[str, Any],
    at: datetime,
    by: Membership | None,
) -> CalendarVersion:
    """Make the next version of a calendar for open tickets too, without a look at its effect.

    Nothing changed: the version that stands. Raises what `change_calendar` raises.
    """
    try:
        with transaction.atomic():
            edit = new_draft(calendar, seen_number, values, by, at)
            made = apply_edit(edit, reach=Reach.FROM_NOW, by=by, at=at).calendar_version
    except NothingChanged:
        made = calendar.versions.latest("number")
    version: CalendarVersion = made
    calendar.refresh_from_db(fields=["name"])
    return version
