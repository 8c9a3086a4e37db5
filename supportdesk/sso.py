"""allauth's social log-in with the desks' own connections: which there are, and whom they let in."""

from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.audit import audited
from accounts.client_address import client_address
from accounts.models import SsoConnection, SsoKind
from accounts.services import person_of
from supportdesk.outgoing import judged_session

NAMES = ("name", "displayName", "urn:oid:2.16.840.1.113730.3.1.241", "urn:oid:2.5.4.3")
"""Where providers put what somebody is called: OpenID's claim, then SAML's displayName and cn."""


class CompanySignIn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Connections are rows of the desk that is asked; each is an "app" to allauth, known by its key."""

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the desk that believes them; on the site itself none."""
        tenant = getattr(request, "tenant", None)
        if tenant is None:
            return []
        found = SsoConnection.objects.filter(tenant_id=tenant.pk, is_active=True)
        if client_id is not None:  # how SAML's pages ask
            found = found.filter(kind=provider, key=client_id)
        elif provider is not None:
            found = found.filter(key=provider)
        return [_as_app(connection) for connection in found]

    def get_requests_session(self) -> requests.Session:
        return judged_session()

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find whom the provider means among the people of this desk; nobody else comes further.

        A provider's word never links itself to an identity from within a session: there is only logging in.
        """
        sociallogin.state["process"] = "login"
        account = sociallogin.account
        tenant_id = request.tenant.pk  # type: ignore[attr-defined]
        connection = SsoConnection.objects.get(tenant_id=tenant_id, key=account.provider, is_active=True)
        email, is_denied = _address(sociallogin)
        known = sociallogin.user.pk if sociallogin.is_existing else None
        person = None
        if (email or known is not None) and not is_denied:
            # Providers lead back by a GET, which is written down like nothing else that changes something.
            with audited(by=None, address=client_address(request)):
                person = person_of(
                    connection=connection,
                    email=email,
                    name=_name(sociallogin),
                    known_user_id=known,
                    at=timezone.now(),
                )
        if person is None:
            raise ImmediateHttpResponse(_refused(request, connection.name, status=403))
        sociallogin.user = account.user = person.user
        account.extra_data = {}  # what a provider tells besides is nobody's business here
        account.save()

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_more: Any) -> None:
        """One page for all that may go wrong between here and there."""
        raise ImmediateHttpResponse(_refused(request, provider.name, status=401))


def _as_app(connection: SsoConnection) -> SocialApp:
    app = SocialApp(provider=connection.kind, provider_id=connection.key, name=connection.name)
    if connection.kind == SsoKind.OIDC:
        app.client_id, app.secret = connection.client_id, connection.client_secret
        app.settings = {"server_url": connection.issuer, "oauth_pkce_enabled": True}
        return app
    app.client_id = connection.key
    app.settings = {
        "idp": {
            "entity_id": connection.idp_entity_id,
            "sso_url": connection.idp_sign_in_url,
            "x509cert": connection.idp_certificate,
        },
        "advanced": {
            "want_assertion_signed": True,
            "want_attribute_statement": False,
            "want_name_id": True,
            "allow_single_label_domains": True,
            "reject_idp_initiated_sso": True,
        },
    }
    return app


def _address(sociallogin: Any) -> tuple[str, bool]:
    """The address that a provider names, and whether it says itself that it never checked it."""
    user_email = sociallogin.user.email if sociallogin.user and not sociallogin.is_existing else ""
    named = sociallogin.email_addresses[0].email if sociallogin.email_addresses else user_email
    said = _claims(sociallogin).get("email_verified")
    return named or "", said in (False, "false", "False")


def _name(sociallogin: Any) -> str:
    said = _claims(sociallogin)
    found = next((said[name] for name in NAMES if said.get(name)), "")
    return str(found[0] if isinstance(found, list) else found)


def _claims(sociallogin: Any) -> dict[str, Any]:
    data = sociallogin.account.extra_data or {}
    claims: dict[str, Any] = data.get("userinfo") or data.get("id_token") or data
    return claims


def _refused(request: HttpRequest, name: str, *, status: int) -> HttpResponse:
    return render(request, "accounts/company_refused.html", {"name": name, "status": status}, status=status)
