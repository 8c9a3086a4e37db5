"""Settings: plans side by side, each with its versions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import console_page
from sla.contract_days import count_by_plan
from sla.coverage_terms import coverage_said_by, exclusions_said_by
from sla.drawn_ladder import drawn_ladders
from sla.ladder_words import names_in
from sla.maintenance_terms import terms_said_by
from sla.models import Plan, PlanVersion, SupportCalendar
from sla.services.ladders import ladder_of
from sla.services.plans import archive_plan, restore_plan
from sla.views.coverage_words import coverage_by_kind, coverage_facts
from sla.views.edits import edits_of
from sla.views.maintenance_words import maintenance_table, maintenance_words
from sla.views.promised import target_table
from sla.views.simulator import plan_simulator
from tickets.lifecycle import Priority
from tickets.models import Category


@admin_required
@require_safe
def console_plans(request: DeskRequest) -> HttpResponse:
    """The plans in use side by side, and the archived ones by name."""
    plans = Plan.objects.visible_to(request.membership)
    counts = count_by_plan(tenant_id=request.tenant.pk, now=timezone.now())
    newest = newest_versions(request)
    in_use = [plan for plan in plans if plan.archived_at is None]
    columns = [{"plan": plan, "version": newest[plan.pk]} for plan in in_use]
    context = {
        "columns": columns,
        "contract_counts": counts,
        "metrics": target_table([newest[plan.pk].targets.all() for plan in in_use]),
        "maintenance": maintenance_table([terms_said_by(newest[plan.pk]) for plan in in_use]),
        "archived": [plan for plan in plans if plan.archived_at is not None],
        "has_calendar": SupportCalendar.objects.visible_to(request.membership).in_use().exists(),
    }
    return console_page(request, "plans.html", context)


@admin_required
@require_safe
def console_plan(request: DeskRequest, pk: int) -> HttpResponse:
    """One plan as new tickets get it, with its versions."""
    plan = get_object_or_404(Plan.objects.visible_to(request.membership), pk=pk)
    versions = list(
        plan.versions.select_related("created_by", "calendar", "emergency_rota").order_by("-number")
    )
    in_force = count_by_plan(tenant_id=plan.tenant_id, now=timezone.now())
    context = {"plan": plan, "versions": versions, "contract_count": in_force.get(plan.pk, 0)}
    context["edits"] = edits_of(plan)
    context["simulator"] = plan_simulator(plan, versions[0])
    return console_page(request, "plan.html", context | _terms_of(versions[0]))


@admin_required
@require_safe
def console_plan_version(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """An older version, to read: tickets filed under it are still judged by it."""
    plan = get_object_or_404(Plan.objects.visible_to(request.membership), pk=pk)
    version = get_object_or_404(
        plan.versions.select_related("created_by", "calendar", "emergency_rota"), number=number
    )
    after = plan.versions.filter(number=number + 1).first()
    context = {"plan": plan, "until": after.valid_from if after else None}
    return console_page(request, "plan_version.html", context | _terms_of(version))


@admin_required
@require_POST
def archive_or_restore_plan(request: DeskRequest, pk: int) -> HttpResponse:
    """Offer the plan no more, or again (`restore` in the form)."""
    plan = get_object_or_404(Plan.objects.visible_to(request.membership), pk=pk)
    act = restore_plan if request.POST.get("restore") else archive_plan
    act(plan=plan, by=request.membership, at=timezone.now())
    if act is restore_plan:
        messages.success(request, _("“%(name)s” is offered again.") % {"name": plan.name})
    else:
        words = _("“%(name)s” is archived. Customers who have it keep it until their contract ends.")
        messages.success(request, words % {"name": plan.name})
    return redirect("console_plan", pk=pk)


def newest_versions(request: DeskRequest) -> dict[int, PlanVersion]:
    """The version of each plan that new tickets get, by the plan's id, with calendar and targets."""
    mine = PlanVersion.objects.filter(tenant_id=request.tenant.pk)
    newest = mine.order_by("plan_id", "-number").distinct("plan_id")
    return {
        version.plan_id: version
        for version in newest.select_related("calendar").prefetch_related("targets", "backup_terms")
    }


def _terms_of(version: PlanVersion) -> dict[str, Any]:
    ladder, coverage = ladder_of(version), coverage_said_by(version)
    categories = list(Category.objects.filter(tenant_id=version.tenant_id).in_use())
    return {
        "version": version,
        "metrics": target_table([version.targets.all()]),
        "maintenance": maintenance_words(terms_said_by(version)),
        "coverage": coverage_by_kind(coverage, categories),
        "coverage_facts": coverage_facts(coverage),
        "exclusions": exclusions_said_by(version),
        "ladders_drawn": drawn_ladders(ladder, version.targets.all(), names_in(ladder)),
        "definitions": [
            (priority.value, version.definitions[priority])
            for priority in Priority
            if version.definitions.get(priority)
        ],
    }
