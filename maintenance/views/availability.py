"""How much of a month services were there, against the plan's figure, with the reckoning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.door import member_required
from accounts.models import Customer, Membership, Tenant
from accounts.months import month_after, month_before_in_reach, month_or_404
from accounts.requests import DeskRequest
from maintenance.discretion import discretion_towards
from maintenance.months import ServiceMonth, Sold, months_of_services, sold_to, without_plan
from tickets.models import Service
from tickets.querysets import ServiceQuerySet


@member_required
@require_safe
def availability(request: DeskRequest) -> HttpResponse:
    """A month of a customer; staff choose whose, or look at all services without a plan."""
    me, now = request.membership, timezone.now()
    month = month_or_404(request, **months_at(now))
    customer = customer_for(me, request.GET.get("customer", ""))
    parts = month_for(request.tenant, customer, month, now=now)
    today = now.astimezone(parts[-1][0].zone).date()
    context: dict[str, Any] = {
        "customer": customer,
        "customers": list(Customer.objects.filter(tenant=request.tenant).order_by("name"))
        if me.is_staff_member
        else [],
        "month": month,
        "earlier": month_before_in_reach(month),
        "later": month_after(month) if month_after(month) <= today else None,
        "parts": parts,
        "wall": lambda at, sold: f"{at.astimezone(sold.zone):%Y-%m-%d %H:%M:%S}",
        "length": to_the_second,
        "say": discretion_towards(me, titles_in(parts)),
    }
    return render(request, "maintenance/availability.html", context)


def month_for(
    tenant: Tenant, customer: Customer | None, month: date, *, now: datetime
) -> list[tuple[Sold, list[ServiceMonth]]]:
    """What was sold in the month, part by part, each with the services that the customer used (all of them
    without one).
    """
    services: ServiceQuerySet = Service.objects.filter(tenant=tenant).select_related("customer")
    if customer is not None:
        customer.tenant = tenant
        services = services.used_by(customer.pk)
    parts = sold_to(customer, month, now=now) if customer else [without_plan(tenant, month, now=now)]
    return [
        (sold, months_of_services(services.exclude(archived_at__lte=sold.start), sold, now=now))
        for sold in parts
    ]


def titles_in(parts: Iterable[tuple[Sold, list[ServiceMonth]]]) -> list[str]:
    """What staff typed of the outages and windows in a reckoning."""
    months = [month for _sold, services in parts for month in services]
    hits = [hit.outage.title for month in months for hit in month.outages]
    return hits + [work.window.title for month in months for work in month.windows]


def customer_for(me: Membership, text: str) -> Customer | None:
    """A contact's own company; for staff the one that is named, None for none. Raises Http404."""
    if me.is_contact:
        own: Customer | None = me.customer
        return own
    if not text:
        return None
    key = int(text) if text.isdecimal() and len(text) < 19 else 0
    customer: Customer | None = Customer.objects.filter(tenant_id=me.tenant_id, pk=key).first()
    if customer is None:
        raise Http404
    return customer


def to_the_second(seconds: float) -> str:
    """Say a length of time with nothing cut off: "4 h 19 min 5 s"."""
    minutes, rest = divmod(int(seconds), 60)
    units = [(minutes // 60, _("%(n)s h")), (minutes % 60, _("%(n)s min")), (rest, _("%(n)s s"))]
    return " ".join(word % {"n": n} for n, word in units if n) or _("%(n)s s") % {"n": 0}


def months_at(now: datetime) -> dict[str, date]:
    """Today, and until when a month may begin: in a contract's zone the next one may have begun already."""
    today = timezone.localdate(now)
    return {"today": today, "latest": month_after(today)}
