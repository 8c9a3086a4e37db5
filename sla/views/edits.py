"""Settings: an edit of a calendar, a plan or a contract: looked at, applied, watched, undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.door import admin_required
from accounts.models import Customer
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, number_in
from sla.business_time import CalendarNeverOpens
from sla.forms.edits import ApplyForm, reaches_of
from sla.models import Contract, Edit, EditState, Plan, SupportCalendar
from sla.services.edits import (
    apply_edit,
    cancel_edit,
    discard_draft,
    effect_of,
    page_of_effect,
    undo_edit,
    values_of,
)
from sla.services.errors import ContractChanged, EditedMeanwhile, PromiseRuleBroken
from sla.terms import hours_of
from sla.views.edit_changes import changes_of

RELOAD_SECONDS = 3


@admin_required
@require_safe
def console_edit(request: DeskRequest, pk: int) -> HttpResponse:
    """A draft with its effect, an edit that is being applied with its progress, or what became of it."""
    edit = _edit(request, pk)
    if edit.state == EditState.DRAFT:
        return _draft_page(request, edit, _form(edit, request, bound=bool(request.GET)))
    answer = console_page(request, "edit_result.html", _shared(request, edit), subject=_subject(edit))
    if edit.is_under_way() and not getattr(request, "htmx", False):
        answer["Refresh"] = str(RELOAD_SECONDS)  # without scripts the page follows the work too
    return answer


@admin_required
@require_safe
def edit_effect(request: DeskRequest, pk: int) -> HttpResponse:
    """Every promise that the chosen way would move, some tickets a page."""
    edit = _edit(request, pk)
    if edit.state != EditState.DRAFT:
        return redirect("console_edit", pk=pk)
    form = _form(edit, request, bound=True)
    if not form.is_valid():
        return _draft_page(request, edit, form, status=UNPROCESSABLE)
    after = number_in(request.GET.get("after", ""))
    try:
        page = page_of_effect(edit, **form.values(), now=timezone.now(), after=after, by=request.membership)
    except CalendarNeverOpens:
        return _draft_page(request, edit, form, never_opens=True)
    except PromiseRuleBroken as refused:
        return _draft_page(request, edit, form, refused=refused)
    context = {**_shared(request, edit), "form": form, "page": page, "after": after}
    return console_page(request, "edit_effect.html", context, subject=_subject(edit))


@admin_required
@require_POST
def apply_draft(request: DeskRequest, pk: int) -> HttpResponse:
    """Apply a draft in the chosen way; the rest happens in the background."""
    edit = _edit(request, pk)
    form = _form(edit, request, bound=True)
    if not form.is_valid():
        return _draft_page(request, edit, form, status=UNPROCESSABLE)
    try:
        apply_edit(edit, **form.values(), by=request.membership, at=timezone.now())
    except CalendarNeverOpens:
        return _draft_page(request, edit, form, never_opens=True)
    except PromiseRuleBroken as refused:
        if edit.state != EditState.DRAFT:
            return _not_possible(request, edit, refused)
        return _draft_page(request, edit, form, refused=refused)
    return redirect("console_edit", pk=pk)


@admin_required
@require_POST
def discard_edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Forget a draft."""
    edit = _edit(request, pk)
    try:
        discard_draft(edit, by=request.membership)
    except PromiseRuleBroken as refused:
        return _not_possible(request, edit, refused)
    messages.success(request, _("The draft was discarded. Nothing was changed."))
    return redirect(_home(edit)[1])


@admin_required
@require_POST
def stop_edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Move no further tickets."""
    edit = _edit(request, pk)
    try:
        cancel_edit(edit, by=request.membership, at=timezone.now())
    except PromiseRuleBroken as refused:
        return _not_possible(request, edit, refused)
    return redirect("console_edit", pk=pk)


@admin_required
@require_POST
def undo_applied_edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Make what stood before the next version, and apply it as widely."""
    edit = _edit(request, pk)
    try:
        undoing = undo_edit(edit, by=request.membership, at=timezone.now())
    except PromiseRuleBroken as refused:
        return _not_possible(request, edit, refused)
    return redirect("console_edit", pk=undoing.pk)


def edits_of(thing: SupportCalendar | Plan, count: int = 5) -> QuerySet[Edit]:
    """The latest edits of a calendar or plan, drafts included, for its page."""
    edits: QuerySet[Edit] = thing.edits.all()
    return _with_words(edits)[:count]


def contract_edits_of(customer: Customer, count: int = 5) -> QuerySet[Edit]:
    """The latest edits of a customer's contracts, drafts included, for its page."""
    return _with_words(Edit.objects.filter(contract__customer=customer))[:count]


def draft_named(request: DeskRequest, thing: SupportCalendar | Plan | Contract) -> Edit | None:
    """The draft that an address asks the form to be filled from (`?draft=`), if it is one of that thing."""
    pk = number_in(request.GET.get("draft", ""))
    found: Edit | None = thing.edits.filter(pk=pk, state=EditState.DRAFT).first() if pk else None
    return found


def _with_words(edits: QuerySet[Edit]) -> QuerySet[Edit]:
    return edits.select_related(
        "created_by", "calendar", "plan", "contract__customer", "contract__plan", "contract__calendar",
        "calendar_version", "plan_version__calendar", "new_contract__plan", "contract_version",
    )  # fmt: skip


def _edit(request: DeskRequest, pk: int) -> Edit:
    edits = _with_words(Edit.objects.filter(tenant_id=request.tenant.pk))
    edit: Edit = get_object_or_404(edits, pk=pk)
    return edit


def _form(edit: Edit, request: DeskRequest, *, bound: bool) -> ApplyForm:
    given = (request.POST or request.GET).dict() if bound else None
    return ApplyForm(
        given,
        zone=_zone(edit),
        now=timezone.now(),
        has_own_day=edit.contract_id is not None,
        reaches=reaches_of(edit),
    )


def _zone(edit: Edit) -> ZoneInfo:
    """The zone in which the instant of an edit is written."""
    if edit.calendar_id is not None:
        return ZoneInfo(values_of(edit)["spec"]["tz"])
    if edit.plan_id is not None:
        return hours_of(values_of(edit)["calendar"]).tz
    return timezone.get_default_timezone()


def _draft_page(
    request: DeskRequest,
    edit: Edit,
    form: ApplyForm,
    *,
    refused: PromiseRuleBroken | None = None,
    never_opens: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {**_shared(request, edit), "form": form, "effect": None}
    if never_opens:
        context["never_opens"], status = True, CONFLICT
    elif refused is None and form.is_valid():
        try:
            context["effect"] = effect_of(edit, **form.values(), now=timezone.now(), by=request.membership)
        except CalendarNeverOpens:
            context["never_opens"] = True
        except PromiseRuleBroken as error:
            refused = error
    if refused is not None:
        status = CONFLICT
        context["refused"] = refused.words()
        context["is_overtaken"] = isinstance(refused, EditedMeanwhile | ContractChanged)
    context["reaches"] = reaches_of(edit)
    return console_page(request, "edit_draft.html", context, status=status, subject=_subject(edit))


def _shared(request: DeskRequest, edit: Edit) -> dict[str, Any]:
    name, address = _home(edit)
    now = timezone.now()
    return {
        "edit": edit,
        "thing": name,
        "thing_url": address,
        "form_url": _form_address(edit),
        "changes": changes_of(edit, request.membership.language),
        "zone": _zone(edit).key,
        "made": edit.calendar_version or edit.plan_version or edit.new_contract or edit.contract_version,
        "undone_by": edit.undone_by.first() if edit.state != EditState.DRAFT else None,
        "waits_until": _waits_until(edit, now),
        "now": now,
    }


def _waits_until(edit: Edit, now: datetime) -> datetime | None:
    """The instant for which an edit that is under way waits, if it has not come."""
    if not edit.is_under_way() or edit.valid_from is None or edit.done or edit.calendar_id is not None:
        return None
    return edit.valid_from if edit.valid_from > now else None


def _home(edit: Edit) -> tuple[str, str]:
    """The name of what is edited, and the address of its page."""
    if edit.calendar_id is not None:
        return edit.calendar.name, reverse("console_calendar", args=[edit.calendar_id])
    if edit.plan_id is not None:
        return edit.plan.name, reverse("console_plan", args=[edit.plan_id])
    contract: Contract = edit.contract
    return contract.customer.name, reverse("console_customer", args=[contract.customer_id])


def _form_address(edit: Edit) -> str:
    """The form that made the draft, with everything that was entered."""
    if edit.calendar_id is not None:
        address = reverse("edit_calendar", args=[edit.calendar_id])
    elif edit.plan_id is not None:
        address = reverse("edit_plan", args=[edit.plan_id])
    else:
        name = "edit_contract_end" if edit.is_of_end else "change_contract"
        address = reverse(name, args=[edit.contract_id])
    return f"{address}?draft={edit.pk}"


def _subject(edit: Edit) -> str:
    if edit.calendar_id is not None:
        return "console_calendars"
    return "console_plans" if edit.plan_id is not None else "console_customers"


def _not_possible(request: DeskRequest, edit: Edit, refused: PromiseRuleBroken) -> HttpResponse:
    messages.error(request, refused.words())
    still_there = Edit.objects.filter(pk=edit.pk).exists()
    return redirect("console_edit", pk=edit.pk) if still_there else redirect(_home(edit)[1])
