"""A desk's stylesheet and logos: public, since they stand on the log-in page and in mails."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.colour import look_of
from accounts.models import Logo, LogoUse, Tenant
from accounts.services.look import LOGO_FIELDS

FOREVER = "public, max-age=31536000, immutable"
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@require_safe
def look_css(request: HttpRequest) -> HttpResponse:
    """The desk's own colour as the tokens of the stylesheet; 404 where it has none."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    if not tenant.own_colour:
        raise Http404
    said = HttpResponse(look_css_text(tenant.own_colour, ":root"), content_type="text/css; charset=utf-8")
    return _kept(request, said, tenant.own_colour.removeprefix("#"))


@require_safe
def logo(request: HttpRequest, use: LogoUse) -> HttpResponse:
    """A logo of the desk as PNG; 404 where it has none."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    mark = getattr(tenant, LOGO_FIELDS[use])
    found = Logo.objects.filter(tenant=tenant, use=use).first() if mark else None
    if found is None:
        raise Http404
    said = HttpResponse(bytes(found.png), content_type="image/png")
    # A mail program or another site's page may show it; nothing else in it could act.
    said["Cross-Origin-Resource-Policy"] = "cross-origin"
    said["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return _kept(request, said, found.mark)


def look_css_text(colour: str, selector: str) -> str:
    """The rule that sets the tokens; nothing but digits of a colour ever gets into it."""
    if not _COLOUR.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour")
    return f"{selector}{{{look_of(colour).stylesheet}}}\n"


def _kept(request: HttpRequest, response: HttpResponse, mark: str) -> HttpResponse:
    """For ever under the address that names this very content; else asked for again each time."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = FOREVER if request.GET.get("v") == mark else "public, no-cache"
    return response
