"""Log-in through one's company: which one, the way there and back."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import requests
from allauth.core import ratelimit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django import forms
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from onelogin.saml2.errors import OneLogin_Saml2_Error

from accounts.models import SsoConnection, SsoKind
from accounts.requests import AnyRequest
from accounts.sealing import SealBroken
from accounts.services import connection_for
from accounts.views.console import UNPROCESSABLE

log = logging.getLogger(__name__)
# What a provider that is away, set up wrongly, or answers nonsense leads to inside the libraries.
_ITS_FAULT = (
    requests.RequestException,
    OAuth2Error,
    OneLogin_Saml2_Error,
    SealBroken,
    KeyError,
    TypeError,
    ValueError,
)


class CompanyAddressForm(forms.Form):
    """The address that says which company it is; nothing is said of whether the person is known."""

    email = forms.EmailField(
        label=gettext_lazy("Your email at the company"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def company_sign_in(request: AnyRequest) -> HttpResponse:
    """Ask for an email; its domain tells the provider, whoever the person is."""
    if request.tenant is None:
        raise Http404
    form = CompanyAddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        refused: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
        if refused is not None:
            return refused
        if form.is_valid():
            connection = connection_for(form.cleaned_data["email"], tenant_id=request.tenant.pk)
            if connection is not None:
                return redirect(
                    _with_next(request, reverse("company_sign_in_through", args=[connection.key]))
                )
            form.add_error(
                "email", _("No company signs in here with this domain. Log in with your password.")
            )
    context = {"form": form, "next": _next(request)}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "accounts/company_sign_in.html", context, status=status)


@require_safe
def company_sign_in_through(request: AnyRequest, connection_key: str) -> HttpResponse:
    """The way to one provider; the address may be handed to its people, who then need not type theirs."""
    if request.tenant is None:
        raise Http404
    mine = SsoConnection.objects.filter(tenant=request.tenant, is_active=True)
    connection = get_object_or_404(mine, key=connection_key)
    name = "openid_connect_login" if connection.kind == SsoKind.OIDC else "saml_login"
    way = _with_next(request, reverse(name, args=[connection.key]))
    return render(request, "accounts/company_sign_in_through.html", {"connection": connection, "way": way})


def forgiving(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of allauth's that speaks with a provider: the provider's faults are told as such."""

    @wraps(view)
    def guarded(request: AnyRequest, **which: Any) -> HttpResponse:
        if request.tenant is None:
            raise Http404
        try:
            return view(request, **which)
        except _ITS_FAULT:
            log.warning("the way through a provider failed", exc_info=True)
            key = next(iter(which.values()))
            connection = get_object_or_404(SsoConnection, tenant=request.tenant, key=key)
            context = {"name": connection.name, "status": 401}
            return render(request, "accounts/company_refused.html", context, status=401)

    return guarded


def no_single_log_out(request: AnyRequest, organization_slug: str) -> HttpResponse:
    """Providers that would end our sessions find nothing here."""
    raise Http404


def _next(request: AnyRequest) -> str:
    """Where to go on afterwards, if it lies in this house."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""


def _with_next(request: AnyRequest, address: str) -> str:
    wanted = _next(request)
    return f"{address}?{urlencode({REDIRECT_FIELD_NAME: wanted})}" if wanted else address
