"""Selling, changing and adjusting packs, and when the customer is told that little is left: admins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import admin_required
from accounts.interrupted import take_text
from accounts.models import Customer
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, number_in
from hours import services
from hours.days import day_of
from hours.forms import AccountForm, AdjustPackForm, HoursForm, PackForm
from hours.models import LOW_AT_MINUTES, HoursAccount, Pack
from hours.views.statements import find_customer
from tickets.views.submission import submission_key, submission_of

METHODS = ["GET", "HEAD", "POST"]


@admin_required
@require_http_methods(METHODS)
def sell_pack(request: DeskRequest, customer_id: int) -> HttpResponse:
    """Give a customer a pack of hours."""
    customer, me = find_customer(request, customer_id), request.membership
    page = {"customer": customer, "title": _("Sell a pack"), "button": _("Sell the pack")}
    page["submission"] = submission_key(request)
    if request.method != "POST":
        start = {"starts_on": day_of(request.tenant, timezone.now())} | take_text(request)
        return _page(request, PackForm(membership=me, initial=start), page)
    form = PackForm(request.POST, membership=me)

    def sell() -> str:
        pack = services.sell_pack(
            customer=customer,
            minutes=form.cleaned_data["minutes"],
            terms=form.terms(),
            by=me,
            at=timezone.now(),
            submission=submission_of(request),
        )
        return _("“%(name)s” is sold: its hours can be drawn.") % {"name": pack.name}

    return _answer(request, form, sell, page)


@admin_required
@require_http_methods(METHODS)
def edit_pack(request: DeskRequest, pack_id: int) -> HttpResponse:
    """Another name, price, validity or overdraft."""
    pack, me = _find(request, pack_id), request.membership
    page = {"customer": pack.customer, "pack": pack, "title": _("Change “%(name)s”") % {"name": pack.name}}
    page["button"] = _("Save")
    if request.method != "POST":
        names = ("name", "price", "starts_on", "ends_on", "overdraft_minutes")
        start = {name: getattr(pack, name) for name in names} | take_text(request)
        form = PackForm(membership=me, is_sold=True, initial=start)
        return _page(request, form, page | {"seen_version": pack.version})
    form = PackForm(request.POST, membership=me, is_sold=True)
    page["seen_version"] = seen = number_in(request.POST.get("seen_version", ""))

    def change() -> str:
        services.change_pack(pack=pack, terms=form.terms(), seen_version=seen, by=me, at=timezone.now())
        return _("Saved.")

    return _answer(request, form, change, page)


@admin_required
@require_http_methods(METHODS)
def adjust_pack(request: DeskRequest, pack_id: int) -> HttpResponse:
    """Put hours in or take them out, with a reason."""
    pack, me = _find(request, pack_id), request.membership
    page = {"customer": pack.customer, "pack": pack, "button": _("Adjust")}
    page["title"] = _("Adjust “%(name)s”") % {"name": pack.name}
    page["submission"] = submission_key(request)
    if request.method != "POST":
        return _page(request, AdjustPackForm(membership=me, initial=take_text(request)), page)
    form = AdjustPackForm(request.POST, membership=me)

    def adjust() -> str:
        services.adjust_pack(
            pack=pack,
            minutes=form.signed_minutes(),
            reason=form.cleaned_data["reason"],
            by=me,
            at=timezone.now(),
            submission=submission_of(request),
        )
        return _("The pack is adjusted; the statement says why.")

    return _answer(request, form, adjust, page)


@admin_required
@require_http_methods(METHODS)
def hours_account(request: DeskRequest, customer_id: int) -> HttpResponse:
    """From which balance on the customer is told."""
    customer, me = find_customer(request, customer_id), request.membership
    account = HoursAccount.objects.filter(customer=customer).first()
    low_at, version = (account.low_at_minutes, account.version) if account else (LOW_AT_MINUTES, 1)
    page = {"customer": customer, "title": _("When little is left"), "button": _("Save")}
    if request.method != "POST":
        form = AccountForm(membership=me, initial={"low_at_minutes": low_at} | take_text(request))
        return _page(request, form, page | {"seen_version": version})
    form = AccountForm(request.POST, membership=me)
    page["seen_version"] = seen = number_in(request.POST.get("seen_version", ""))

    def change() -> str:
        low = form.cleaned_data["low_at_minutes"]
        services.change_account(
            customer=customer, low_at_minutes=low, seen_version=seen, by=me, at=timezone.now()
        )
        return _("Saved.")

    return _answer(request, form, change, page)


def _answer(
    request: DeskRequest, form: HoursForm, act: Callable[[], str], page: dict[str, Any]
) -> HttpResponse:
    """Do it and go back to the customer's hours, or show the form again with what was refused."""
    if not form.is_valid():
        return _page(request, form, page, UNPROCESSABLE)
    try:
        said = act()
    except services.NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except services.EditedMeanwhile as refused:
        form.refuse(refused)
        return _page(request, form, page | {"seen_version": refused.version}, CONFLICT)
    except services.HoursRuleBroken as refused:
        form.refuse(refused)
        return _page(request, form, page, UNPROCESSABLE)
    except services.SentBefore:
        said = ""
    if said:
        messages.success(request, said)
    customer: Customer = page["customer"]
    return redirect("customer_hours", customer.pk)


def _page(request: DeskRequest, form: HoursForm, page: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "hours/form.html", {**page, "form": form}, status=status)


def _find(request: DeskRequest, pack_id: int) -> Pack:
    packs = Pack.objects.visible_to(request.membership).select_related("customer__tenant")
    found: Pack = get_object_or_404(packs, pk=pack_id)
    return found
