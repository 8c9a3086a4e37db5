"""Settings: the contracts of a customer."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.door import admin_required
from accounts.humantime import short_day
from accounts.models import Customer
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept
from sla.forms.contracts import NO_END, ContractEndForm, ContractForm
from sla.models import Contract
from sla.services.contracts import give_contract, withdraw_contract, without_any_promise
from sla.services.edits import draft_contract_end, draft_edit, values_of
from sla.services.errors import ContractChanged, NothingChanged, PromiseRuleBroken
from sla.views.edits import draft_named
from tickets.models import Ticket


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
                _say_given(request, contract)
                return redirect("console_customer", pk=pk)
        status = UNPROCESSABLE
    else:
        # The calendar is not chosen yet; the days of contracts are in the desk's zone till then.
        today = timezone.localdate(timezone=ZoneInfo(request.tenant.time_zone))
        start = kept(request, {"starts_on": today})
        form = ContractForm(membership=request.membership, initial=start)
    context = {"form": form, "customer": customer, "unpromised": without_any_promise(customer).count()}
    return console_page(request, "contract_form.html", context, status=status)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_contract_end(request: DeskRequest, pk: int) -> HttpResponse:
    """Draft another last day of a contract, or none, and lead to its effect."""
    contract, status = _contract(request, pk), 200
    if request.method == "POST":
        form, status = ContractEndForm(request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                edit = draft_contract_end(
                    contract=contract, by=request.membership, at=timezone.now(), **form.values()
                )
            except NothingChanged as unchanged:
                messages.info(request, unchanged.words())
                return redirect("console_customer", pk=contract.customer_id)
            except PromiseRuleBroken as refused:
                form.refuse(refused)
                status = CONFLICT if isinstance(refused, ContractChanged) else UNPROCESSABLE
            else:
                return redirect("console_edit", pk=edit.pk)
    else:
        draft = draft_named(request, contract)
        shown = _last_day_of(values_of(draft)) if draft else contract.last_day
        form = ContractEndForm(initial={"ends_on": shown})
    seen = contract.period.upper
    context = {
        "form": form,
        "contract": contract,
        "seen": seen.isoformat() if seen else NO_END,
        "versions": contract.versions.select_related("created_by").order_by("-number"),
    }
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
        is_whole = draft is not None and not draft.is_of_end
        shown = _as_entered(values_of(draft)) if draft and is_whole else _as_it_stands(contract, request)
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
    return {
        "plan": values["plan"].pk,
        "calendar": values["calendar"].pk if values["calendar"] else None,
        "starts_on": values["starts_on"],
        "ends_on": _last_day_of(values),
    }


def _last_day_of(values: dict[str, Any]) -> date | None:
    after: date | None = values["ends_on"]
    return after - timedelta(days=1) if after else None


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


def _say_given(request: DeskRequest, contract: Contract) -> None:
    """What was given, and what it began on open tickets."""
    said = _("%(customer)s has “%(plan)s” from %(day)s.") % _words_of(contract, contract.period.lower)
    begun = Ticket.objects.filter(clocks__agreement__contract=contract).distinct()
    count, overdue = begun.count(), begun.filter(has_breached=True).count()
    if count:
        words = ngettext(
            "%(num)s open ticket has a promise now", "%(num)s open tickets have a promise now", count
        ) % {"num": count}
        said = f"{said} {words}, {_('%(num)s of them overdue.') % {'num': overdue}}"
    messages.success(request, said)


def _words_of(contract: Contract, day: date) -> dict[str, str]:
    return {
        "customer": contract.customer.name,
        "plan": contract.plan.name,
        "day": short_day(day, today=timezone.localdate()),
    }
