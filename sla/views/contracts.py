"""Settings: the contracts of a customer."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.door import admin_required
from accounts.humantime import short_day
from accounts.models import Customer
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept
from sla.forms.contracts import NO_END, ContractEndForm, ContractForm, day_after
from sla.models import Contract
from sla.services.contracts import end_contract, give_contract, withdraw_contract
from sla.services.edits import draft_edit, values_of
from sla.services.errors import ContractChanged, NothingChanged, PromiseRuleBroken
from sla.views.edits import draft_named


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_contract(request: DeskRequest, pk: int) -> HttpResponse:
    """Give a customer a plan from a day on."""
    customer = get_object_or_404(Customer.objects.visible_to(request.membership), pk=pk)
    status = 200
    if request.method == "POST":
        form = ContractForm(request.POST, membership=request.membership)
        if form.is_valid():
            try:
                contract = give_contract(
                    customer=customer, at=timezone.now(), by=request.membership, **form.values()
                )
            except PromiseRuleBroken as refused:
                form.refuse(refused)
            else:
                said = _("%(customer)s has “%(plan)s” from %(day)s.")
                messages.success(request, said % _words_of(contract, contract.period.lower))
                return redirect("console_customer", pk=pk)
        status = UNPROCESSABLE
    else:
        # The calendar is not chosen yet; the days of contracts are in the desk's zone till then.
        today = timezone.localdate(timezone=ZoneInfo(request.tenant.time_zone))
        start = kept(request, {"starts_on": today})
        form = ContractForm(membership=request.membership, initial=start)
    return console_page(request, "contract_form.html", {"form": form, "customer": customer}, status=status)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_contract_end(request: DeskRequest, pk: int) -> HttpResponse:
    """Set, move or take away the end of a contract."""
    contract = _contract(request, pk)
    form, status = ContractEndForm(initial={"ends_on": contract.last_day}), 200
    if request.method == "POST":
        form, status = ContractEndForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                contract = end_contract(
                    contract=contract,
                    ends_on=day_after(form.cleaned_data["ends_on"]),
                    seen_ends_on=form.cleaned_data["seen_ends_on"],
                    by=request.membership,
                    at=timezone.now(),
                )
            except PromiseRuleBroken as refused:
                form.refuse(refused)
                status = CONFLICT if isinstance(refused, ContractChanged) else UNPROCESSABLE
            else:
                _say_ended(request, contract)
                return redirect("console_customer", pk=contract.customer_id)
    seen = contract.period.upper
    context = {"form": form, "contract": contract, "seen": seen.isoformat() if seen else NO_END}
    return console_page(request, "contract_end.html", context, status=status, subject="console_customers")


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_contract(request: DeskRequest, pk: int) -> HttpResponse:
    """Draft another plan or calendar for a customer from a day on, in place of the contract that it has."""
    contract, status = _contract(request, pk), 200
    if request.method == "POST":
        form, status = ContractForm(request.POST, membership=request.membership), UNPROCESSABLE
        if form.is_valid():
            try:
                edit = draft_edit(
                    contract=contract, values=form.values(), at=timezone.now(), by=request.membership
                )
            except NothingChanged as unchanged:
                messages.info(request, unchanged.words())
                return redirect("console_customer", pk=contract.customer_id)
            except PromiseRuleBroken as refused:
                form.refuse(refused)
            else:
                return redirect("console_edit", pk=edit.pk)
    else:
        draft = draft_named(request, contract)
        shown = _as_entered(values_of(draft)) if draft else _as_it_stands(contract, request)
        form = ContractForm(membership=request.membership, initial=kept(request, shown))
    context = {"form": form, "contract": contract, "customer": contract.customer}
    return console_page(request, "contract_change.html", context, status=status, subject="console_customers")


def _as_it_stands(contract: Contract, request: DeskRequest) -> dict[str, Any]:
    """The contract with today as the first day of what changes."""
    today = timezone.localdate(timezone=ZoneInfo(request.tenant.time_zone))
    return {
        "plan": contract.plan_id,
        "calendar": contract.calendar_id,
        "starts_on": max(today, contract.period.lower + timedelta(days=1)),
        "ends_on": contract.last_day,
    }


def _as_entered(values: dict[str, Any]) -> dict[str, Any]:
    """What a draft holds, as the form shows it: people say the last day."""
    after = values["ends_on"]
    return {
        "plan": values["plan"].pk,
        "calendar": values["calendar"].pk if values["calendar"] else None,
        "starts_on": values["starts_on"],
        "ends_on": after - timedelta(days=1) if after else None,
    }


@admin_required
@require_POST
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    """Take back a contract given by mistake."""
    contract = _contract(request, pk)
    try:
        withdraw_contract(contract=contract, by=request.membership, at=timezone.now())
    except PromiseRuleBroken as refused:
        messages.error(request, refused.words())
    else:
        messages.success(request, _("The contract was withdrawn."))
    return redirect("console_customer", pk=contract.customer_id)


def _contract(request: DeskRequest, pk: int) -> Contract:
    contracts = Contract.objects.visible_to(request.membership).select_related("plan", "customer", "calendar")
    contract: Contract = get_object_or_404(contracts, pk=pk)
    return contract


def _say_ended(request: DeskRequest, contract: Contract) -> None:
    day = contract.last_day
    if day is None:
        said = _("The contract of %(customer)s for “%(plan)s” has no end now.")
        messages.success(request, said % _words_of(contract, None))
    else:
        said = _("The last day of the contract of %(customer)s for “%(plan)s” is %(day)s.")
        messages.success(request, said % _words_of(contract, day))


def _words_of(contract: Contract, day: date | None) -> dict[str, str]:
    return {
        "customer": contract.customer.name,
        "plan": contract.plan.name,
        "day": short_day(day, today=timezone.localdate()) if day else "",
    }
