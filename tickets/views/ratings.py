"""Satisfaction: the question by link and in the portal, and the page on which supervisors read the answers.

Links are opened by programs that look for viruses, too: opening one asks, only the button answers.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import contact_required, supervisor_required
from accounts.keyset import keyset_page
from accounts.requests import AnyRequest, DeskRequest
from tickets.models import Rating, Score
from tickets.rating_forms import FollowUpForm, RatingForm
from tickets.satisfaction import figures_between, total_between, waiting_for_follow_up, year_before
from tickets.services import NotAllowed, RatingOver, TicketRuleBroken, WrongStatus
from tickets.services.ratings import follow_up_rating, rate_ticket, rating_of
from tickets.views.ticket import find_ticket, show_ticket

PAGE_SIZE = 20
MOST_WAITING = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate_by_link(request: AnyRequest, token: str) -> HttpResponse:
    """The mailed link, without a log-in."""
    tenant: Any = request.tenant
    try:
        rating = rating_of(token, tenant=tenant)
    except RatingOver:
        return render(request, "tickets/rate.html", {"state": "over"}, status=410)
    requester = rating.ticket.requester
    if not request.user.is_authenticated:
        translation.activate(tenant.language_for(requester.user.language))
    context = {"state": "ask", "rating": rating, "ticket": rating.ticket, "token": token}
    if request.method != "POST":
        return render(
            request, "tickets/rate.html", context | {"form": _form(request.GET.get("score"), rating)}
        )
    form = RatingForm(request.POST)
    if not form.is_valid():
        return render(request, "tickets/rate.html", context | {"form": form}, status=422)
    try:
        rate_ticket(ticket=rating.ticket, by=requester, at=timezone.now(), **form.cleaned_data)
    except TicketRuleBroken as refused:
        context |= {"state": "refused", "problem": refused.words()}
        return render(request, "tickets/rate.html", context, status=409)
    return render(request, "tickets/rate.html", context | {"state": "thanks"})


def _form(score: str | None, rating: Rating) -> RatingForm:
    """What the requester said before; not what a colleague wrote in the portal."""
    is_own = rating.rated_by_id == rating.ticket.requester_id
    said = rating.score if is_own else None
    chosen = score if score in {str(value) for value in Score.values} else said
    return RatingForm(initial={"score": chosen, "comment": rating.comment if is_own else ""})


@contact_required
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: DeskRequest, number: int) -> HttpResponse:
    """The same question on the ticket's page."""
    ticket = find_ticket(request, number)
    if request.method != "POST":
        return redirect("ticket", number)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return show_ticket(request, ticket, rating_form=form, status=422)
    try:
        rate_ticket(ticket=ticket, by=request.membership, at=timezone.now(), **form.cleaned_data)
    except NotAllowed as refused:
        raise PermissionDenied(refused.words()) from None
    except TicketRuleBroken as refused:
        return show_ticket(request, ticket, rating_form=form, problem=refused.words(), status=409)
    messages.success(request, _("Thank you. Your answer is kept."))
    return redirect("ticket", number)


@supervisor_required
@require_safe
def satisfaction(request: DeskRequest) -> HttpResponse:
    """Figures of twelve months, low answers that wait for somebody, and what was said."""
    return _show(request)


@supervisor_required
@require_POST
def follow_up(request: DeskRequest, rating_id: int) -> HttpResponse:
    """Say what was done about a low answer."""
    ratings = Rating.objects.visible_to(request.membership).answered().select_related("ticket")
    rating = get_object_or_404(ratings, pk=rating_id)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return _show(request, refused=(rating.pk, form), status=422)
    try:
        follow_up_rating(rating=rating, by=request.membership, at=timezone.now(), **form.cleaned_data)
    except WrongStatus:
        messages.info(request, _("Somebody else has followed this up already."))
    else:
        messages.success(request, _("It is noted that this was followed up."))
    return redirect("satisfaction")


def _show(
    request: DeskRequest, *, refused: tuple[int, FollowUpForm] | None = None, status: int = 200
) -> HttpResponse:
    me, now = request.membership, timezone.now()
    ratings = Rating.objects.visible_to(me)
    first = year_before(timezone.localdate(now))
    since = timezone.make_aware(datetime.combine(first, time()))
    waiting = list(waiting_for_follow_up(ratings).with_people()[:MOST_WAITING])
    forms = {rating.pk: FollowUpForm(auto_id=f"follow-{rating.pk}-%s") for rating in waiting}
    if refused and refused[0] in forms:
        forms[refused[0]] = refused[1]
    until = now + timedelta(seconds=1)
    page = keyset_page(
        ratings.answered().with_people(), ["-rated_at", "-id"], request.GET.get("cursor", ""), size=PAGE_SIZE
    )
    context: dict[str, Any] = {
        "total": total_between(ratings, since, until),
        "figures": figures_between(ratings, since, until),
        "waiting": [(rating, forms[rating.pk]) for rating in waiting],
        "page": page,
        "since": first,
    }
    return render(request, "tickets/satisfaction.html", context, status=status)
