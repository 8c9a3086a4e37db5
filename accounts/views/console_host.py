"""Settings: the desk's own host name, with what its records have to say and what they say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import hostnames
from accounts.door import admin_required
from accounts.models import HostClaim, Tenant
from accounts.oneline import LineField
from accounts.requests import DeskRequest
from accounts.services import HostRefused
from accounts.services import hosts as services
from accounts.views.console import UNPROCESSABLE, console_page, kept


class HostForm(forms.Form):
    """A name to answer at."""

    host = LineField(
        label=gettext_lazy("Host name"),
        help_text=gettext_lazy("For example support.example.com."),
        max_length=253,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def console_host(request: DeskRequest) -> HttpResponse:
    """The name, the records to set for it, and what the last look at them found."""
    if request.method != "POST":
        return _page(request, HostForm(initial=kept(request)))
    form = HostForm(request.POST)
    if form.is_valid():
        try:
            services.ask_for_host(
                tenant=request.tenant,
                host=form.cleaned_data["host"],
                by=request.membership,
                at=timezone.now(),
            )
        except HostRefused as refused:
            form.add_error("host", refused.words())
        else:
            messages.success(request, _("Noted. Set these records now; we look at them by ourselves."))
            return redirect("console_host")
    return _page(request, form, status=UNPROCESSABLE)


@admin_required
@require_POST
def check_host(request: DeskRequest) -> HttpResponse:
    """Look at the records now."""
    services.check_host_again(tenant=request.tenant, by=request.membership, at=timezone.now())
    return redirect("console_host")


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_up_host(request: DeskRequest) -> HttpResponse:
    """Answer at the installation's address alone; asks first where no script has asked already."""
    if request.method != "POST":
        return console_page(request, "host_give_up.html", subject="console_desk")
    services.give_up_host(tenant=request.tenant, by=request.membership, at=timezone.now())
    messages.success(request, _("The name is given up."))
    return redirect("console_host")


def _page(request: DeskRequest, form: HostForm, *, status: int = 200) -> HttpResponse:
    tenant = Tenant.objects.get(pk=request.tenant.pk)
    claim = services.keep_claim(tenant, timezone.now())
    context = {
        "form": form,
        "claim": claim,
        "active": tenant.host,
        "is_active": claim is not None and claim.host == tenant.host,
        "records": records_of(claim) if claim else [],
        "fixed": hostnames.fixed_addresses(),
    }
    return console_page(request, "host.html", context, status=status, subject="console_desk")


def records_of(claim: HostClaim) -> list[dict[str, Any]]:
    """The records to set: where the name leads, and whose it is."""
    names, addresses = hostnames.own_names(), hostnames.fixed_addresses()
    alias = next((name for name in names if hostnames.is_host_name(name)), "")
    found = [{"type": "CNAME", "name": claim.host, "value": alias}] if alias else []
    if not alias:
        found = [
            {"type": "AAAA" if ":" in address else "A", "name": claim.host, "value": address}
            for address in addresses
        ]
    proof = {"type": "TXT", "name": f"{hostnames.PROOF_LABEL}.{claim.host}", "value": claim.proof}
    return [*found, proof]
