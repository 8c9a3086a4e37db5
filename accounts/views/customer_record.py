"""Settings: what a customer's page shows of its tickets and of the promises made to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.door import admin_required
from accounts.keyset import keyset_page
from accounts.models import Customer, Membership, Standing
from accounts.requests import DeskRequest
from accounts.views.console import console_page
from hours.balances import balance_of
from maintenance.models import BackupJob
from sla.models import Clock, ClockStatus, Metric
from tickets.models import Rating, Service, Ticket
from tickets.satisfaction import total_between

RECENT = 5
SATISFACTION_SPAN = timedelta(days=90)
# A promise was kept when its clock ended in time, missed when the limit passed, answered later or not.
KEPT = Q(status=ClockStatus.MET, breached_at__isnull=True)
MISSED = Q(breached_at__isnull=False)


@dataclass(frozen=True)
class Tally:
    """Promises of one kind that were kept and missed."""

    label: str
    kept: int
    missed: int

    @property
    def share(self) -> int:
        """Of those that are decided, in whole percent; a single miss is never rounded away."""
        return self.kept * 100 // (self.kept + self.missed)


def record_of(customer: Customer, me: Membership, now: datetime) -> dict[str, Any]:
    """Standing, services, backups, tickets, hours, figures: eight queries, however much there is.

    `customer.tenant` is loaded.
    """
    ratings = Rating.objects.visible_to(me).filter(customer=customer)
    tickets = Ticket.objects.visible_to(me).filter(customer=customer)
    return {
        "standing": Standing.objects.visible_to(me).not_lifted().filter(customer=customer).first(),
        "services": Service.objects.visible_to(me).in_use().filter(customer=customer),
        "backups": BackupJob.objects.visible_to(me).in_use().filter(customer=customer).order_by("name"),
        "recent": tickets.select_related("requester").order_by("-filed_at", "-pk")[:RECENT],
        "open_tickets": tickets.unresolved().count(),
        "tallies": tallies_of(customer),
        "hours_left": balance_of(customer.pk, now, tenant=customer.tenant),
        "satisfaction": total_between(ratings, now - SATISFACTION_SPAN, now + timedelta(seconds=1)),
    }


def tallies_of(customer: Customer) -> list[Tally]:
    """By kind of promise, where any is decided; a clock that still runs in time is not."""
    rows = (
        Clock.objects.filter(tenant_id=customer.tenant_id, ticket__customer=customer)
        .values("metric")
        .annotate(kept=Count("pk", filter=KEPT), missed=Count("pk", filter=MISSED))
        .order_by()
    )
    found = {row["metric"]: row for row in rows}
    return [
        Tally(str(metric.label), found[metric]["kept"], found[metric]["missed"])
        for metric in Metric
        if metric in found and found[metric]["kept"] + found[metric]["missed"]
    ]


@admin_required
@require_safe
def customer_tickets(request: DeskRequest, pk: int) -> HttpResponse:
    """Every ticket of a customer, the newest first, ended ones too."""
    customer = _find(request, pk)
    tickets = Ticket.objects.visible_to(request.membership).filter(customer=customer)
    found = tickets.select_related("requester", "assignee", "category")
    page = keyset_page(found, ("-filed_at", "-pk"), request.GET.get("cursor", ""))
    return console_page(request, "customer_tickets.html", {"customer": customer, "page": page})


@admin_required
@require_safe
def customer_clocks(request: DeskRequest, pk: int) -> HttpResponse:
    """Every promise that was made to a customer; `which` keeps the kept or the missed ones."""
    customer, which = _find(request, pk), request.GET.get("which", "")
    clocks = Clock.objects.visible_to(request.membership).filter(ticket__customer=customer)
    if which in ("kept", "missed"):
        clocks = clocks.filter(KEPT if which == "kept" else MISSED)
    else:
        which = ""
    page = keyset_page(clocks.select_related("ticket"), ("-started_at", "-pk"), request.GET.get("cursor", ""))
    labels = [("", _("All")), ("kept", _("Kept")), ("missed", _("Missed"))]
    here = request.path
    tabs = [
        {"label": label, "url": f"{here}?which={key}" if key else here, "current": key == which}
        for key, label in labels
    ]
    context = {"customer": customer, "page": page, "tabs": tabs, "which": which}
    return console_page(request, "customer_clocks.html", context)


def _find(request: DeskRequest, pk: int) -> Customer:
    customer: Customer = get_object_or_404(Customer.objects.visible_to(request.membership), pk=pk)
    return customer
