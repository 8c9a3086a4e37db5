"""Settings: the turns of an on-call rota, one by one or whole weeks at once."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept
from sla.forms.rotas import FillForm, TurnForm
from sla.models import Rota, RotaTurn
from sla.services.errors import PromiseRuleBroken
from sla.services.rota_errors import TurnChanged
from sla.services.turns import add_turn, change_turn, fill_turns, remove_turn, stamp_of
from sla.views.rotas import zone_of

WALL = "%Y-%m-%dT%H:%M"


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_turn(request: DeskRequest, pk: int) -> HttpResponse:
    """Put somebody on call."""
    rota = get_object_or_404(Rota, tenant=request.tenant, pk=pk)
    if request.method != "POST":
        form = TurnForm(by=request.membership, rota=rota, initial=kept(request))
        return _page(request, "turn_form.html", {"form": form, "rota": rota})
    form = TurnForm(request.POST, by=request.membership, rota=rota)
    if form.is_valid():
        try:
            turn = add_turn(rota=rota, by=request.membership, at=timezone.now(), **form.cleaned_data)
        except PromiseRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("%(name)s has a turn more.") % {"name": turn.person.name})
            return redirect("console_rota", pk=pk)
    return _page(request, "turn_form.html", {"form": form, "rota": rota}, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_turn(request: DeskRequest, pk: int) -> HttpResponse:
    """Give a turn to somebody else, or move it."""
    turn = _turn(request, pk)
    if request.method != "POST":
        initial = kept(request, _initial(turn))
        form = TurnForm(by=request.membership, rota=turn.rota, turn=turn, initial=initial)
        return _turn_page(request, form, turn, stamp_of(turn))
    form, status = TurnForm(request.POST, by=request.membership, rota=turn.rota, turn=turn), UNPROCESSABLE
    seen = request.POST.get("seen", "")
    if form.is_valid():
        try:
            change_turn(turn=turn, seen=seen, by=request.membership, at=timezone.now(), **form.cleaned_data)
        except PromiseRuleBroken as refused:
            form.refuse(refused)
            if isinstance(refused, TurnChanged):
                seen, status = stamp_of(turn), CONFLICT
        else:
            messages.success(request, _("The turn was saved."))
            return redirect("console_rota", pk=turn.rota_id)
    return _turn_page(request, form, turn, seen, status=status)


@admin_required
@require_POST
def delete_turn(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a turn out of the rota."""
    turn = _turn(request, pk)
    remove_turn(turn=turn, by=request.membership, at=timezone.now())
    messages.success(request, _("The turn of %(name)s was taken out.") % {"name": turn.person.name})
    return redirect("console_rota", pk=turn.rota_id)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def fill_rota(request: DeskRequest, pk: int) -> HttpResponse:
    """Fill weeks: these people, in this order, from this day on."""
    rota = get_object_or_404(Rota, tenant=request.tenant, pk=pk)
    if request.method != "POST":
        initial = kept(request, {"first_day": _start(rota)})
        form = FillForm(by=request.membership, rota=rota, initial=initial)
        return _page(request, "rota_fill.html", {"form": form, "rota": rota})
    form = FillForm(request.POST, by=request.membership, rota=rota)
    if form.is_valid():
        try:
            count = fill_turns(rota=rota, by=request.membership, at=timezone.now(), **form.values())
        except PromiseRuleBroken as refused:
            form.refuse(refused)
        else:
            said = ngettext("%(n)s turn was added.", "%(n)s turns were added.", count)
            messages.success(request, said % {"n": count})
            return redirect("console_rota", pk=pk)
    return _page(request, "rota_fill.html", {"form": form, "rota": rota}, status=UNPROCESSABLE)


def _turn(request: DeskRequest, pk: int) -> RotaTurn:
    turns = RotaTurn.objects.filter(tenant=request.tenant).select_related("rota", "person__user")
    return get_object_or_404(turns, pk=pk)


def _initial(turn: RotaTurn) -> dict[str, Any]:
    zone = zone_of(turn.rota)
    return {
        "person": turn.person_id,
        "starts_at": turn.starts_at.astimezone(zone).strftime(WALL),
        "ends_at": turn.ends_at.astimezone(zone).strftime(WALL),
        "position": turn.position,
    }


def _start(rota: Rota) -> Any:
    """Where the turns end that are there already, else the coming Monday."""
    zone = zone_of(rota)
    last = rota.turns.order_by("-ends_at").values_list("ends_at", flat=True).first()
    today = datetime.now(zone).date()
    if last is not None and last.astimezone(zone).date() > today:
        return last.astimezone(zone).date()
    return today + timedelta(days=7 - today.weekday())


def _turn_page(
    request: DeskRequest, form: TurnForm, turn: RotaTurn, seen: str, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "rota": turn.rota, "turn": turn, "seen": seen}
    return _page(request, "turn_form.html", context, status=status)


def _page(request: DeskRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return console_page(request, template, context, status=status, subject="console_rotas")
