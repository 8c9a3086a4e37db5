"""Settings: how customers stand, and what each standing stops."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import admin_required
from accounts.models import Customer, Ground, Standing, StandingLevel, StandingRule
from accounts.requests import DeskRequest
from accounts.services.errors import EditedMeanwhile, refusal_words
from accounts.services.standing import StandingRuleBroken, change_standing_rule, lift_standing, set_standing
from accounts.standing import default_way_out, rule_of, rules_of
from accounts.standing_forms import LEVEL_WORDS, StandingForm, StandingRuleForm
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from accounts.views.standing_words import known_numbers
from tickets.lifecycle import Priority
from tickets.standing_words import STOPPABLE, stopped_words

RULE_FIELDS = (
    "stops_tickets",
    "priorities",
    "channels",
    "stops_emergencies",
    "lets_critical_outages",
    "way_out",
)


@admin_required
@require_safe
def console_standing(request: DeskRequest) -> HttpResponse:
    """The customers that do not stand well, and what each level and ground stops."""
    now = timezone.now()
    standings = Standing.objects.visible_to(request.membership).not_lifted().select_related("customer")
    rules = [(rule, stopped_words(rule)) for rule in rules_of(request.tenant.pk)]
    context = {
        "standings": standings.order_by("review_on", "set_at"),
        "today": now.astimezone(ZoneInfo(request.tenant.time_zone)).date(),
        "rules": rules,
    }
    return console_page(request, "standing.html", context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def customer_standing(request: DeskRequest, pk: int) -> HttpResponse:
    """Restrict or suspend support of a customer, or say anew why; what was before stands below."""
    customer, me = _find(request, pk), request.membership
    current = Standing.objects.visible_to(me).not_lifted().filter(customer=customer).first()
    seen = current.pk if current else 0
    form, status = _standing_form(request, customer, current), 200
    if request.method == "POST":
        status, seen = UNPROCESSABLE, number_in(request.POST.get("seen", ""))
        if form.is_valid():
            try:
                set_standing(
                    customer=customer, terms=form.terms(), seen=seen or None, by=me, at=timezone.now()
                )
            except StandingRuleBroken as refused:
                form.add_error(
                    "starts_on" if refused.field == "starts_at" else refused.field or None, refused.words()
                )
            except EditedMeanwhile as refused:
                form.add_error(None, refusal_words(refused))
                status, seen = CONFLICT, current.pk if current else 0
            else:
                messages.success(request, _("Saved. The customer's people read it on every page."))
                return redirect("console_customer", pk=pk)
    history = Standing.objects.visible_to(me).filter(customer=customer).select_related("set_by", "lifted_by")
    context = {
        "customer": customer,
        "current": current,
        "form": form,
        "seen": seen,
        "history": history,
        "level_words": LEVEL_WORDS,
    }
    return console_page(request, "customer_standing.html", context, status=status)


@admin_required
@require_POST
def lift_customer_standing(request: DeskRequest, pk: int) -> HttpResponse:
    """Good standing again."""
    customer = _find(request, pk)
    seen = number_in(request.POST.get("seen", "")) or None
    try:
        lift_standing(customer=customer, seen=seen, by=request.membership, at=timezone.now())
    except StandingRuleBroken as refused:
        messages.warning(request, refused.words())
    except EditedMeanwhile as refused:
        messages.error(request, refusal_words(refused))
    else:
        messages.success(request, _("%(name)s is in good standing again.") % {"name": customer.name})
    return redirect("customer_standing", pk=pk)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_standing_rule(request: DeskRequest) -> HttpResponse:
    """What a standing of one level and ground stops; `level` and `ground` in the address say which."""
    rule = rule_of(request.tenant.pk, *_which(request))
    seen, status = rule.version, 200
    form = _rule_form(request, rule)
    if request.method == "POST":
        status, seen = UNPROCESSABLE, number_in(request.POST.get("seen_version", ""))
        if form.is_valid():
            try:
                change_standing_rule(
                    level=rule.level,
                    ground=rule.ground,
                    terms=form.terms(),
                    seen_version=seen,
                    by=request.membership,
                    at=timezone.now(),
                )
            except EditedMeanwhile as refused:
                form.add_error(None, refusal_words(refused))
                status, seen = CONFLICT, rule.version
            else:
                messages.success(request, _("Saved. It counts at once, for standings in force as well."))
                return redirect("console_standing")
    context = {
        "form": form,
        "rule": rule,
        "seen_version": seen,
        "usual_words": default_way_out(rule.ground),
    }
    return console_page(request, "standing_rule.html", context, status=status)


def _find(request: DeskRequest, pk: int) -> Customer:
    customer: Customer = get_object_or_404(Customer.objects.visible_to(request.membership), pk=pk)
    return customer


def _which(request: DeskRequest) -> tuple[str, str]:
    """The level and ground of the address; restricted for overdue payment where it names none that is."""
    level, ground = request.GET.get("level", ""), request.GET.get("ground", "")
    is_level = level in StandingLevel and level != StandingLevel.GOOD
    is_ground = ground in Ground.values
    return (
        level if is_level else StandingLevel.RESTRICTED.value,
        ground if is_ground else Ground.OVERDUE_PAYMENT.value,
    )


def _standing_form(request: DeskRequest, customer: Customer, current: Standing | None) -> StandingForm:
    zone = ZoneInfo(request.tenant.time_zone)
    options: dict[str, Any] = {
        "zone": zone,
        "now": timezone.now(),
        "known_numbers": lambda numbers: known_numbers(request.membership, customer, numbers),
    }
    if request.method == "POST":
        return StandingForm(request.POST, **options)
    start: dict[str, Any] = {"level": StandingLevel.RESTRICTED.value}
    if current is not None:
        start = {
            name: getattr(current, name) for name in ("level", "ground", "reason", "way_out", "review_on")
        }
        start["evidence"] = ", ".join(map(str, current.evidence))
        if current.starts_at > options["now"]:
            start["starts_on"] = current.starts_at.astimezone(zone).date()
    return StandingForm(initial=kept(request, start), **options)


def _rule_form(request: DeskRequest, rule: StandingRule) -> StandingRuleForm:
    choices: dict[str, Any] = {"priorities": Priority.choices, "channels": STOPPABLE}
    if request.method == "POST":
        return StandingRuleForm(request.POST, **choices)
    start = {name: getattr(rule, name) for name in RULE_FIELDS}
    return StandingRuleForm(initial=kept(request, start), **choices)
