"""Sessions that a company's identity provider opened: good for one desk, and not for the identity behind it.

Whoever holds a provider can claim to be anybody whom it lets in. So its word opens the desk that believes it
and nothing else: in other desks and on the site such a session is nobody's, and password, address, second
factor and other sessions are out of its reach (decision 10). Once the desk believes the provider no longer,
what it opened is nobody's either.
"""

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import SsoConnection

KEY = "company_session_of"
THROUGH = "company_session_through"
OUT_OF_REACH = ("account_", "mfa_", "sessions", "end_session", "end_other_sessions")
STILL_OPEN = ("account_login", "account_logout", "account_inactive")


def mark(request: HttpRequest) -> None:
    """At a log-in: bind the session to the desk if nothing but a company's word opened it."""
    records = get_authentication_records(request, request.user)
    by_itself = any(one.get("method") == "password" or one.get("passwordless") for one in records)
    through = [one.get("provider") for one in records if one.get("method") == "socialaccount"]
    if through and not by_itself:
        request.session[KEY] = request.tenant.pk  # type: ignore[attr-defined]
        request.session[THROUGH] = through[-1]
    else:
        request.session.pop(KEY, None)


def is_one(request: HttpRequest) -> bool:
    """Whether this session was opened by a company's word alone."""
    return request.session.get(KEY) is not None


def leave_at_the_door(request: HttpRequest) -> None:
    """In another desk, and on the site, it is nobody's; nor once its provider is believed no longer."""
    bound, tenant = request.session.get(KEY), getattr(request, "tenant", None)
    if bound is None:
        return
    believed = SsoConnection.objects.filter(tenant=tenant, key=request.session.get(THROUGH), is_active=True)
    if tenant is None or tenant.pk != bound or not believed.exists():
        request.user = AnonymousUser()


def is_out_of_reach(request: HttpRequest) -> bool:
    """Whether the page that is asked for is about the identity, which such a session may not touch."""
    match = request.resolver_match
    name = (match.url_name if match else "") or ""
    return is_about_identity(name) and is_one(request)


def is_about_identity(name: str) -> bool:
    """Whether the page of that name is about the identity: password, address, second factor, sessions."""
    return name.startswith(OUT_OF_REACH) and name not in STILL_OPEN
