"""Settings: a plan's form, whole for a new plan, and section by section for one that stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from sla.forms.ladder import with_action
from sla.forms.plan_exclusions import is_exclusion_action, with_exclusion_action
from sla.forms.plans import SECTIONS, PlanForm, initial_of_values
from sla.forms.usual import like_plan, usual_plan
from sla.models import Edit, Plan, PlanVersion
from sla.services.errors import EditedMeanwhile, NothingChanged, PromiseRuleBroken
from sla.services.plan_parts import change_plan_part, standing_values
from sla.services.plans import create_plan
from sla.views.edits import draft_named

# Nothing of these moves a deadline, so there is no effect to look at first.
AT_ONCE = frozenset({"definitions", "coverage", "exclusions", "limits"})


@dataclass
class EditedPlan:
    """A plan under the form: its last version, and the draft from which the form is filled."""

    request: DeskRequest
    plan: Plan
    last: PlanVersion
    draft: Edit | None
    seen: int

    def form(self, data: Any = None, section: str = "", initial: dict[str, Any] | None = None) -> PlanForm:
        """The form, or one section of it: bound to `data`, or filled with `initial`, or with what stands."""
        standing = standing_values(self.plan, self.last, self.draft)
        return PlanForm(
            data,
            membership=self.request.membership,
            version=self.last,
            initial=initial_of_values(standing) if initial is None and data is None else initial,
            section=section,
            promised={target.metric for target in standing["targets"]},
        )

    def page(self, form: PlanForm, section: str = "", status: int = 200, **context: Any) -> HttpResponse:
        """The page with every section as it stands, but for the one that came back."""
        whole = self.form() if section else form
        forms = {name: form if section in ("", name) else whole for name in SECTIONS}
        values = {
            "form": form,
            "forms": forms,
            "plan": self.plan,
            "seen_number": self.seen,
            "draft": self.draft,
        }
        values["at_once"] = AT_ONCE if self.draft is None else frozenset()
        return console_page(self.request, "plan_edit.html", values | context, status=status)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_plan(request: DeskRequest) -> HttpResponse:
    """Make a plan, empty or beginning with what another one says (`like` in the address)."""
    if request.method != "POST":
        like = _named(request)
        begin, gone = like_plan(like) if like else (usual_plan(request.membership), [])
        form = PlanForm(membership=request.membership, initial=kept(request, begin))
        return _new_page(request, form, like=like, gone=gone)
    if request.POST.get("action", "save") != "save":
        return _new_page(request, PlanForm(membership=request.membership, initial=_typed(request)))
    form = PlanForm(request.POST, membership=request.membership)
    if form.is_valid():
        try:
            plan = create_plan(
                tenant_id=request.tenant.pk, at=timezone.now(), by=request.membership, **form.values()
            )
        except PromiseRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Plan “%(name)s” was created.") % {"name": plan.name})
            return redirect("console_plan", pk=plan.pk)
    return _new_page(request, form, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_plan(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a plan section by section: what moves deadlines becomes a draft, the rest holds at once."""
    plan = get_object_or_404(Plan.objects.visible_to(request.membership), pk=pk)
    last = plan.versions.prefetch_related("targets").latest("number")
    draft = draft_named(request, plan)
    edited = EditedPlan(request, plan, last, draft, draft.seen_number if draft else last.number)
    if request.method != "POST":
        initial = kept(request, initial_of_values(standing_values(plan, last, draft)))
        return edited.page(edited.form(initial=initial))
    edited.seen = number_in(request.POST.get("seen_number", ""))
    section = request.POST.get("section", "")
    section = section if section in SECTIONS else ""
    if request.POST.get("action", "save") != "save":
        return edited.page(edited.form(initial=_typed(request), section=section), section)
    form = edited.form(request.POST, section)
    if not form.is_valid():
        return edited.page(form, section, UNPROCESSABLE)
    return _save(edited, form, section)


def _save(edited: EditedPlan, form: PlanForm, section: str) -> HttpResponse:
    request, at_once = edited.request, section in AT_ONCE and edited.draft is None
    try:
        edit = change_plan_part(
            plan=edited.plan,
            seen_number=edited.seen,
            part=form.values(),
            at=timezone.now(),
            by=request.membership,
            draft=edited.draft,
            at_once=at_once,
        )
    except PromiseRuleBroken as refused:
        return _refused(edited, form, section, refused)
    if not at_once:
        return redirect("console_edit", pk=edit.pk)
    words = _("Saved. Version %(n)s holds for tickets filed from now on; it can be undone below.")
    messages.success(request, words % {"n": edit.plan_version.number if edit.plan_version else ""})
    return redirect("console_plan", pk=edited.plan.pk)


def _refused(edited: EditedPlan, form: PlanForm, section: str, refused: PromiseRuleBroken) -> HttpResponse:
    if isinstance(refused, NothingChanged):
        messages.info(edited.request, refused.words())
        return redirect("console_plan", pk=edited.plan.pk)
    form.refuse(refused)
    if not isinstance(refused, EditedMeanwhile):
        return edited.page(form, section, UNPROCESSABLE)
    # Whoever has been told and saves again means it: the form now knows of the newer version.
    edited.seen = edited.last.number
    return edited.page(form, section, CONFLICT, newer=edited.last)


def _typed(request: DeskRequest) -> dict[str, Any]:
    """What was typed, after a button of the form itself was pressed; nothing is saved."""
    typed = {name: said if len(said) > 1 else said[0] for name, said in request.POST.lists() if said}
    action = request.POST["action"]
    if is_exclusion_action(action):
        return with_exclusion_action(typed, action)
    return with_action(typed, action)


def _named(request: DeskRequest) -> Plan | None:
    """The plan with which a new one is to begin; None for none, and for one that there is not."""
    plans: Any = Plan.objects.visible_to(request.membership)
    found: Plan | None = plans.filter(pk=number_in(request.GET.get("like", ""))).first()
    return found


def _new_page(
    request: DeskRequest,
    form: PlanForm,
    *,
    status: int = 200,
    like: Plan | None = None,
    gone: Sequence[str] = (),
) -> HttpResponse:
    """`like` is the plan with which it begins, less `gone`; others are offered while nothing was typed."""
    offered = Plan.objects.visible_to(request.membership).in_use() if request.method != "POST" else ()
    context = {
        "form": form,
        "like": like,
        "gone": gone,
        "offered": [(plan.pk, plan.name) for plan in offered],
    }
    return console_page(request, "plan_form.html", context, status=status)
