"""Settings: the companies' own sign-ins."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.door import admin_required
from accounts.models import SsoConnection, SsoKind
from accounts.requests import DeskRequest
from accounts.services import (
    DomainTaken,
    EditedMeanwhile,
    NotAllowed,
    change_connection,
    create_connection,
    may_set_up,
    refusal_words,
    switch_connection,
)
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from accounts.views.sso_forms import ConnectionForm, MetadataForm

FILL = "fill"
"""The button that reads the provider's metadata into the form."""


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_connection(request: DeskRequest, kind: str) -> HttpResponse:
    """Believe another identity provider."""
    if request.method != "POST":
        form = ConnectionForm(kind=kind, by=request.membership, initial=kept(request))
        return _page(request, form)
    if FILL in request.POST:
        return _filled(request, kind, None)
    form = ConnectionForm(request.POST, kind=kind, by=request.membership)
    if form.is_valid():
        try:
            connection = create_connection(terms=form.terms(), by=request.membership, at=timezone.now())
        except DomainTaken as refused:
            form.add_error("domains", refusal_words(refused))
        except NotAllowed:
            form.add_error("customer", _("Only an owner may connect a provider for the staff."))
        else:
            messages.success(request, _("Connected. Now enter these addresses at the provider."))
            return redirect("edit_sso_connection", pk=connection.pk)
    return _page(request, form, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_connection(request: DeskRequest, pk: int) -> HttpResponse:
    """What a connection says, and the addresses that the provider has to know."""
    connection = _connection(request, pk)
    if request.method != "POST":
        start = {name: getattr(connection, name) for name in _SHOWN}
        start["domains"] = ", ".join(connection.domains)
        form = _form(request, connection, initial=kept(request, start))
        return _page(request, form, connection=connection, seen_version=connection.version)
    if FILL in request.POST:
        return _filled(request, connection.kind, connection)
    form, status = _form(request, connection, data=request.POST), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            change_connection(
                connection=connection,
                terms=form.terms(connection),
                seen_version=seen,
                by=request.membership,
                at=timezone.now(),
            )
        except DomainTaken as refused:
            form.add_error("domains", refusal_words(refused))
        except EditedMeanwhile as refused:
            form.add_error(None, refusal_words(refused))
            seen, status = connection.version, CONFLICT
        else:
            messages.success(request, _("Saved."))
            return redirect("console_sign_in")
    return _page(request, form, status=status, connection=connection, seen_version=seen)


def _filled(request: DeskRequest, kind: str, connection: SsoConnection | None) -> HttpResponse:
    """The form as it was typed, with what the provider's metadata says; nothing is saved yet."""
    metadata = MetadataForm(request.POST, request.FILES)
    is_read = metadata.is_valid()
    typed: dict[str, Any] = request.POST.dict() | (metadata.found.fields() if is_read else {})
    form = ConnectionForm(kind=kind, by=request.membership, connection=connection, initial=typed)
    context: dict[str, Any] = {"metadata": MetadataForm() if is_read else metadata, "is_filled": is_read}
    if connection is not None:
        context |= {"connection": connection, "seen_version": number_in(request.POST.get("seen_version", ""))}
    return _page(request, form, status=200 if is_read else UNPROCESSABLE, **context)


_SHOWN = ("name", "adds_people", "issuer", "client_id", "idp_entity_id", "idp_sign_in_url", "idp_certificate")


@admin_required
@require_POST
def switch(request: DeskRequest, pk: int) -> HttpResponse:
    """Believe a provider no longer, or again (`on` in the form)."""
    connection, on = _connection(request, pk), bool(request.POST.get("on"))
    switch_connection(connection=connection, on=on, by=request.membership, at=timezone.now())
    said = _("“%(name)s” lets people in again.") if on else _("“%(name)s” lets nobody in any more.")
    messages.success(request, said % {"name": connection.name})
    return redirect("console_sign_in")


def _connection(request: DeskRequest, pk: int) -> SsoConnection:
    mine = SsoConnection.objects.filter(tenant=request.tenant).select_related("customer")
    connection = get_object_or_404(mine, pk=pk)
    if not may_set_up(request.membership, connection.customer):
        raise PermissionDenied
    return connection


def _form(request: DeskRequest, connection: SsoConnection, **values: Any) -> ConnectionForm:
    data = values.pop("data", None)
    return ConnectionForm(data, kind=connection.kind, by=request.membership, connection=connection, **values)


def _page(request: DeskRequest, form: ConnectionForm, *, status: int = 200, **context: Any) -> HttpResponse:
    connection = context.get("connection")
    values = {"form": form, "is_oidc": form.kind == SsoKind.OIDC, "addresses": [], **context}
    if form.kind == SsoKind.SAML:
        values.setdefault("metadata", MetadataForm())
    if connection is not None:
        values["addresses"] = [
            (label, request.build_absolute_uri(reverse(name, args=[connection.key])))
            for label, name in _addresses(connection)
        ]
    return console_page(request, "sso_form.html", values, status=status, subject="console_sign_in")


def _addresses(connection: SsoConnection) -> list[tuple[str, str]]:
    direct = (_("To hand to its people"), "company_sign_in_through")
    if connection.kind == SsoKind.OIDC:
        return [(_("Redirect address"), "openid_connect_callback"), direct]
    return [
        (_("Where answers go (ACS)"), "saml_acs"),
        (_("Our entity ID, and our metadata"), "saml_metadata"),
        direct,
    ]
