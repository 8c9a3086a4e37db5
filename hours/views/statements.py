"""Balances and statements of prepaid hours, for staff and for those who speak for a customer."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, Sum
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.door import member_required
from accounts.keyset import keyset_page
from accounts.models import Customer, Membership
from accounts.months import month_after, month_before_in_reach, month_or_404
from accounts.requests import DeskRequest
from hours import permissions
from hours.balances import balance_of
from hours.days import day_of
from hours.models import HoursAccount, Pack
from hours.statement import csv_of, statement_of


@member_required
@require_safe
def hours(request: DeskRequest) -> HttpResponse:
    """Staff: who has prepaid hours, and how many are left. A customer admin: its own company's page."""
    me = request.membership
    if me.customer is not None:
        if not permissions.can_read_hours(me, me.customer):
            raise PermissionDenied(_("Admins of your company read this."))
        return redirect("customer_hours", me.customer.pk)
    day = day_of(request.tenant, timezone.now())
    good = Q(packs__starts_on__lte=day) & (Q(packs__ends_on__isnull=True) | Q(packs__ends_on__gte=day))
    customers = Customer.objects.visible_to(me).filter(packs__isnull=False)
    rows = customers.annotate(
        left=Sum("packs__balance", filter=good),
        until=Max("packs__ends_on", filter=good & Q(packs__balance__gt=0)),
        name_key=Lower("name"),
    )
    page = keyset_page(rows, ("name_key", "pk"), request.GET.get("cursor", ""))
    return render(request, "hours/hours.html", {"page": page})


@member_required
@require_safe
def customer_hours(request: DeskRequest, customer_id: int) -> HttpResponse:
    """What is left in which pack, and the statement of a month."""
    me, now = request.membership, timezone.now()
    customer = find_customer(request, customer_id)
    today = day_of(request.tenant, now)
    month = month_or_404(request, today=today)
    packs = list(Pack.objects.visible_to(me).filter(customer=customer))
    later = month_after(month)
    account = HoursAccount.objects.filter(customer=customer).first()
    context: dict[str, Any] = {
        "customer": customer,
        "packs": packs,
        "today": today,
        "balance": balance_of(customer.pk, now, tenant=request.tenant),
        "low_at": account.low_at_minutes if account else None,
        "statement": statement_of(customer, month, reader=me, now=now),
        "month": month,
        "earlier": month_before_in_reach(month),
        "later": later if later <= today else None,
        "may_sell": permissions.can_sell(me, request.tenant.pk),
    }
    return render(request, "hours/customer.html", context)


@member_required
@require_safe
def hours_statement(request: DeskRequest, customer_id: int) -> HttpResponse:
    """The statement of a month as a file for spreadsheets."""
    now = timezone.now()
    customer = find_customer(request, customer_id)
    month = month_or_404(request, today=day_of(request.tenant, now))
    text = csv_of(statement_of(customer, month, reader=request.membership, now=now))
    # The mark at the start tells spreadsheets that it is UTF-8.
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    name = f"{_('hours')}-{customer.pk}-{month:%Y-%m}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def find_customer(request: DeskRequest, customer_id: int) -> Customer:
    """The customer whose hours the person may read: 404 for another's, 403 for a contact who is no admin."""
    me: Membership = request.membership
    customer: Customer = get_object_or_404(Customer.objects.visible_to(me), pk=customer_id)
    customer.tenant = request.tenant
    if not permissions.can_read_hours(me, customer):
        raise PermissionDenied(_("Admins of your company read this."))
    return customer
