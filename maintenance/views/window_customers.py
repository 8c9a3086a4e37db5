"""Whom a window concerns: derived from its services, adjusted by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import staff_required
from accounts.finding import Hits, find_by_name
from accounts.models import Customer
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE
from maintenance.lifecycle import Status
from maintenance.models import Concern, Window, WindowCustomer
from maintenance.permissions import can_declare_emergency
from maintenance.services import windows as services
from maintenance.services.errors import MaintenanceRuleBroken, NoticeTooShort
from maintenance.services.windows import WindowTerms
from maintenance.views.windows import find_window
from maintenance.window_step_forms import AdjustForm

SETTLED = (Status.IN_PROGRESS, Status.COMPLETED, Status.CANCELLED)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def window_customers(request: DeskRequest, window_id: int) -> HttpResponse:
    """The list, with what may be done about each; a name that is typed finds others to add."""
    window, me = find_window(request, window_id), request.membership
    if request.method != "POST":
        return _page(request, window)
    form = AdjustForm(request.POST, membership=me)
    if not form.is_valid():
        return _page(request, window, problem=_("This customer is not there any more."), status=UNPROCESSABLE)
    data = form.cleaned_data
    terms = adjusted(services.terms_of(window), data["customer"], data["change"])
    try:
        services.change_window(
            window=window,
            terms=terms,
            seen=data["seen"],
            by=me,
            at=timezone.now(),
            emergency_reason=data["emergency_reason"],
        )
    except MaintenanceRuleBroken as refused:
        return _refused(request, find_window(request, window_id), form, refused)
    said = {"name": data["customer"].name}
    words = {
        "add": _("%(name)s is on the list now."),
        "leave_out": _("%(name)s is left out."),
        "put_back": _("%(name)s is on the list as its services say."),
    }
    messages.success(request, words[data["change"]] % said)
    return HttpResponseRedirect(reverse("window_customers", args=[window_id]), status=303)


def adjusted(terms: WindowTerms, customer: Customer, change: str) -> WindowTerms:
    """The terms with one customer added, left out, or neither."""
    added = [each for each in terms.added if each.pk != customer.pk]
    left_out = [each for each in terms.left_out if each.pk != customer.pk]
    if change == "add":
        added.append(customer)
    elif change == "leave_out" and not any(each.pk == customer.pk for each in terms.added):
        left_out.append(customer)
    return replace(terms, added=added, left_out=left_out)


def _refused(
    request: DeskRequest, window: Window, form: AdjustForm, refused: MaintenanceRuleBroken
) -> HttpResponse:
    """The list as it is, with the words of the rule and, where it is too late for notice, the way on."""
    context: dict[str, Any] = {}
    if isinstance(refused, NoticeTooShort) or form.cleaned_data["emergency_reason"]:
        may = can_declare_emergency(request.membership, window.tenant_id)
        breaches = refused.breaches if isinstance(refused, NoticeTooShort) else []
        context = {"late_form": form, "breaches": breaches, "may_declare_emergency": may}
    return _page(request, window, problem=refused.words(), status=CONFLICT, **context)


def _page(
    request: DeskRequest, window: Window, *, problem: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    rows = WindowCustomer.objects.filter(window=window).select_related("customer")
    listed = list(rows.order_by("customer__name"))
    words = request.GET.get("customer_name")
    context |= {
        "window": window,
        "listed": [row for row in listed if row.concern != Concern.LEFT_OUT],
        "left_out": [row for row in listed if row.concern == Concern.LEFT_OUT],
        "hits": _hits(request, words, [row.customer_id for row in listed]) if words else None,
        "words": words or "",
        "is_settled": window.status in SETTLED,
        "problem": problem,
    }
    return render(request, "maintenance/window_customers.html", context, status=status)


def _hits(request: DeskRequest, words: str, listed: list[int]) -> Hits:
    others = Customer.objects.filter(tenant=request.tenant).in_business().exclude(pk__in=listed)
    return find_by_name(others, words)
