"""Settings: the way through the set-up of a desk, step by step, and what it says of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.services.setup import begin_setup, confirm_look, finish_setup
from accounts.views.console import UNPROCESSABLE, console_page
from accounts.views.setup_bar import STEPS
from sla.forms.opening import PresetForm
from sla.presets.opening import begin_with_preset
from sla.services.errors import PromiseRuleBroken
from sla.setup import Step, has_plans, setup_steps
from sla.views.setup_words import Gap, gaps_of, stands_words
from tickets.services.usual import take_usual_categories


@dataclass(frozen=True)
class ShownStep:
    """A step as pages show it."""

    step: Step
    number: int
    label: str
    url: str
    words: str
    gaps: list[Gap]


@admin_required
@require_safe
def setup(request: DeskRequest) -> HttpResponse:
    """The six steps with what stands and what is missing."""
    return _page(request)


def shown_steps(request: DeskRequest) -> list[ShownStep]:
    """The steps in words."""
    steps = setup_steps(request.tenant, now=timezone.now())
    return [_shown(step, number) for number, step in enumerate(steps, start=1)]


def _shown(step: Step, number: int) -> ShownStep:
    label, page = STEPS[step.key]
    return ShownStep(step, number, str(label), page, stands_words(step), gaps_of(step))


def _page(request: DeskRequest, form: PresetForm | None = None, status: int = 200) -> HttpResponse:
    steps = shown_steps(request)
    if form is None and not has_plans(request.tenant):
        form = PresetForm()
    context: dict[str, Any] = {
        "steps": steps,
        "next": next((shown for shown in steps if not shown.step.is_complete), None),
        "done": sum(shown.step.is_complete for shown in steps),
        "form": form,
    }
    return console_page(request, "setup.html", context, status=status)


@admin_required
@require_POST
def begin(request: DeskRequest) -> HttpResponse:
    """Lead through the set-up again."""
    begin_setup(tenant=request.tenant, by=request.membership, at=timezone.now())
    return redirect("setup")


@admin_required
@require_POST
def finish(request: DeskRequest) -> HttpResponse:
    """Lead through it no more."""
    finish_setup(tenant=request.tenant, by=request.membership, at=timezone.now())
    messages.success(request, _("The set-up is closed. You can open it again from the overview."))
    return redirect("console")


@admin_required
@require_POST
def keep_look(request: DeskRequest) -> HttpResponse:
    """Name and colour are right as they are."""
    confirm_look(tenant=request.tenant, by=request.membership, at=timezone.now())
    return redirect("setup")


@admin_required
@require_POST
def take_categories(request: DeskRequest) -> HttpResponse:
    """Take the usual categories."""
    made = take_usual_categories(tenant=request.tenant, by=request.membership, at=timezone.now())
    said = ngettext("%(n)s category was created.", "%(n)s categories were created.", len(made))
    messages.success(request, said % {"n": len(made)})
    return redirect("console_categories")


@admin_required
@require_POST
def take_preset(request: DeskRequest) -> HttpResponse:
    """Begin with a preset, as long as there is no plan."""
    form = PresetForm(request.POST)
    if not form.is_valid():
        return _page(request, form, UNPROCESSABLE)
    preset = form.cleaned_data["preset"]
    try:
        plans = begin_with_preset(
            tenant=request.tenant, preset=preset, by=request.membership, at=timezone.now()
        )
    except PromiseRuleBroken as refused:
        form.add_error("preset", refused.words())
        return _page(request, form, UNPROCESSABLE)
    values = {"title": preset.title, "plans": ", ".join(plan.name for plan in plans.values())}
    messages.success(request, _("“%(title)s” is taken on, with its plans: %(plans)s.") % values)
    return redirect("setup")
