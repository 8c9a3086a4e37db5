"""Plans side by side, for the settings and for anybody; and a customer's own plan in plain words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.door import admin_required, contact_required
from accounts.models import Tenant
from accounts.requests import DeskRequest
from accounts.views.console import console_page
from sla.coverage_terms import coverage_said_by, exclusions_said_by, plan_version_of
from sla.models import Plan, PlanVersion
from sla.services.publishing import publish_plans
from sla.views.coverage_words import coverage_by_kind
from sla.views.plan_table import EXCLUSIONS, plan_table
from tickets.lifecycle import Priority
from tickets.models import Category


@admin_required
@require_safe
def compare_plans(request: DeskRequest) -> HttpResponse:
    """The plans in use side by side, or those that were chosen."""
    versions = _in_use(request.tenant)
    chosen = {int(pk) for pk in request.GET.getlist("plan") if pk.isdecimal() and len(pk) < 19}
    shown = [version for version in versions if version.plan_id in chosen] or versions
    context = {
        "all_plans": [version.plan for version in versions],
        "shown": {version.plan_id for version in shown},
        "versions": shown,
        "groups": plan_table(shown, _categories(request.tenant)),
    }
    return console_page(request, "plans_compare.html", context, subject="console_plans")


@admin_required
@require_POST
def publish(request: DeskRequest) -> HttpResponse:
    """Let anybody read the plans, or nobody outside any more."""
    is_public = bool(request.POST.get("public"))
    publish_plans(tenant=request.tenant, is_public=is_public, by=request.membership, at=timezone.now())
    if is_public:
        messages.success(request, _("The plans are public now."))
    else:
        messages.success(request, _("The plans are no longer public."))
    return redirect("compare_plans")


@require_safe
def public_plans(request: HttpRequest) -> HttpResponse:
    """The plans in use side by side, for anybody, where the desk says so."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    if not tenant.has_public_plans:
        raise Http404
    versions = _in_use(tenant)
    context = {"versions": versions, "groups": plan_table(versions, _categories(tenant))}
    return render(request, "sla/public_plans.html", context)


@contact_required
@require_safe
def own_plan(request: DeskRequest) -> HttpResponse:
    """What the reader's company has bought, in plain words."""
    customer = request.membership.customer
    version = plan_version_of(customer.pk, timezone.now()) if customer else None
    context: dict[str, Any] = {"version": version, "coordinator": customer.coordinator if customer else None}
    if version is not None:
        context |= _own_terms(version, request.tenant)
    return render(request, "sla/own_plan.html", context)


def _own_terms(version: PlanVersion, tenant: Tenant) -> dict[str, Any]:
    coverage, categories = coverage_said_by(version), _categories(tenant)
    return {
        "groups": [group for group in plan_table([version], []) if group.key != EXCLUSIONS],
        "coverage": coverage_by_kind(coverage, categories),
        "has_coordinator": coverage.has_coordinator,
        "exclusions": exclusions_said_by(version),
        "definitions": [
            (priority.value, version.definitions[priority])
            for priority in Priority
            if version.definitions.get(priority)
        ],
    }


def _in_use(tenant: Tenant) -> list[PlanVersion]:
    """The version of each plan in use that tickets filed now get, in the order of the plans.

    One that begins on a later day is not to be read before it.
    """
    plans = Plan.objects.filter(tenant_id=tenant.pk, archived_at__isnull=True)
    in_force = Q(valid_from=None) | Q(valid_from__lte=timezone.now())
    versions = PlanVersion.objects.filter(in_force, tenant_id=tenant.pk, plan__in=plans)
    newest = versions.order_by("plan_id", "-number").distinct("plan_id")
    found = newest.select_related("plan", "calendar").prefetch_related("targets", "backup_terms", "coverage")
    return sorted(found, key=lambda version: (version.plan.position, version.plan.name))


def _categories(tenant: Tenant) -> list[Category]:
    return list(Category.objects.filter(tenant_id=tenant.pk).in_use())
