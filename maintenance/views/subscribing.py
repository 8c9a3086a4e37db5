"""Following the status page by email: the form, the link that confirms, the link that ends it.

Links are opened by programs that look for viruses, too: opening one asks, only the button does.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.api.throttling import AnonymousThrottle
from accounts.models import Language, Tenant
from accounts.requests import AnyRequest
from maintenance.models import StatusPage, Visibility
from maintenance.services.subscribers import (
    LinkExpired,
    confirm_subscription,
    end_subscription,
    subscribe,
    subscriber_of,
)
from maintenance.status_forms import SubscribeForm
from maintenance.views.following import follow_as_member
from maintenance.views.status import readers_only


class SubscribeThrottle(AnonymousThrottle):
    """Addresses that one visitor may enter; members are counted too."""

    scope = "subscribe"
    rate = "20/hour"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@readers_only
def subscribe_to_status(request: HttpRequest, page: StatusPage) -> HttpResponse:
    """Ask for an address; the answer is the same whether it follows already or not.

    Who is logged in to the desk follows as that person, and says what; `?address` asks for one all the same.
    """
    if getattr(request, "membership", None) is not None and "address" not in request.GET:
        return follow_as_member(request, page)  # type: ignore[arg-type]
    if page.visibility != Visibility.PUBLIC:
        raise Http404
    if (language := request.GET.get("lang", "")) in Language.values:
        translation.activate(language)  # as the page spoke on which the link stood
    if request.method != "POST":
        return _page(request, form=SubscribeForm())
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    if not SubscribeThrottle().allow_request(request, None):  # type: ignore[arg-type]
        form.add_error(None, _("Too many addresses from here. Try again in an hour."))
        return _page(request, form=form, status=429)
    email = form.cleaned_data["email"]
    subscribe(
        tenant=_tenant(request), email=email, language=translation.get_language() or "en", at=timezone.now()
    )
    return _page(request, state="asked", email=email)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_subscription_view(request: AnyRequest, token: str) -> HttpResponse:
    """The reader of the mail says yes."""
    tenant, now = _tenant(request), timezone.now()
    try:
        if request.method == "POST":
            subscriber = confirm_subscription(secret=token, tenant=tenant, at=now)
            return _page(request, state="confirmed", email=subscriber.email, token=token)
        subscriber = subscriber_of(token, tenant=tenant, at=now)
    except LinkExpired:
        return _page(request, state="expired", status=410)
    state = "confirmed" if subscriber.confirmed_at else "confirm"
    return _page(request, state=state, email=subscriber.email, token=token)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_subscription_view(request: AnyRequest, token: str) -> HttpResponse:
    """The reader of a mail wants no more of them; a link that was used says the same again.

    Mail programs post to it by themselves when their reader presses their button (RFC 8058): they have no
    cookie and no token of a form, and whoever knows the secret address may do no more than end its mails.
    """
    tenant, now = _tenant(request), timezone.now()
    try:
        subscriber = subscriber_of(token, tenant=tenant, at=now)
        if request.method == "POST":
            end_subscription(secret=token, tenant=tenant, at=now)
            return _page(request, state="ended", email=subscriber.email)
    except LinkExpired:
        return _page(request, state="ended", email="")
    return _page(request, state="end", email=subscriber.email, token=token)


def _tenant(request: Any) -> Tenant:
    tenant: Tenant = request.tenant
    return tenant


def _page(
    request: HttpRequest,
    *,
    state: str = "form",
    form: SubscribeForm | None = None,
    email: str = "",
    token: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"state": state, "form": form, "email": email, "token": token}
    return render(request, "maintenance/subscribe.html", context, status=status)
