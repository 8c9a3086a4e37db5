"""Who reads, in which frame and which language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from accounts.models import Language, Membership, Tenant
from accounts.second_factor import lacks_second_factor


def reader_of(request: HttpRequest) -> Membership | None:
    """The member who reads, None for anybody else.

    These pages are open to all, so no door stands before them: staff without the second factor that the desk
    asks for read what anybody reads.
    """
    membership: Membership | None = request.membership  # type: ignore[attr-defined]
    return None if lacks_second_factor(request) else membership


def tenant_of(request: HttpRequest) -> Tenant:
    """The desk that is read."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    return tenant


def language_of(request: HttpRequest) -> str:
    """The language that the address asks for, else that of the page."""
    asked = request.GET.get("lang", "")
    if asked in Language.values:
        return asked
    active = (translation.get_language() or "")[:2]
    return active if active in Language.values else Language.ENGLISH


def help_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page for readers: in the desk's frame for staff, in the portal's for everybody else."""
    reader = reader_of(request)
    is_staff = reader is not None and reader.is_staff_member
    values = {
        "frame": "frames/desk.html" if is_staff else "frames/portal.html",
        "is_staff": is_staff,
        "reader": reader,
        **({} if reader else {"home_url": reverse("help")}),
        **context,
    }
    return render(request, f"knowledge/{template}", values, status=status)
