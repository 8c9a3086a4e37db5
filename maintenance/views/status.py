"""The status page, its past months, and its feeds: Atom, JSON, iCalendar."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.door import View, member_required
from accounts.humantime import zone_city
from accounts.links import absolute_url, desk_path
from accounts.models import Tenant
from maintenance.discretion import discretion
from maintenance.feeds import atom_entries, json_of, window_calendar
from maintenance.middleware import Asked, Draft
from maintenance.models import StatusPage, Visibility
from maintenance.status_cache import Copy, shown_of, version_of
from maintenance.status_days import HEIGHT, STEP, calm_row
from maintenance.status_page import DAYS, next_months, read_month, read_status, status_page_of
from notifications.rendering import speaking
from sla.desk_hours import desk_hours

Write = Callable[[Tenant, StatusPage, Asked, datetime], str]


def readers_only(view: Callable[Concatenate[HttpRequest, StatusPage, ...], HttpResponse]) -> View:
    """Decorate a view for those who may read the status page, and hand it the page's settings.

    Off: there is nothing. For customers: members of the desk, others as at any door.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = status_page_of(request.tenant.pk)  # type: ignore[attr-defined]
        if page.visibility == Visibility.OFF:
            raise Http404
        if page.visibility == Visibility.CUSTOMERS:
            return member_required(view)(request, page, *args, **kwargs)
        return view(request, page, *args, **kwargs)

    return guarded


def _document(media_type: str) -> Callable[[Write], View]:
    """Make a view of a function that writes a document for any reader, in a language and the desk's zone."""

    def decorate(write: Write) -> View:
        @require_safe
        @readers_only
        @wraps(write)
        def view(request: HttpRequest, page: StatusPage) -> HttpResponse:
            tenant: Tenant = request.tenant  # type: ignore[attr-defined]
            asked = _asked(request)
            asked = replace(asked, language=tenant.language_for(asked.language))
            is_public = page.visibility == Visibility.PUBLIC
            copy: Copy | None = getattr(request, "status_copy", None)
            if copy is not None and copy.tenant_id == tenant.pk and copy.is_public == is_public:
                response = HttpResponse(copy.plain, content_type=copy.headers["Content-Type"])
            else:
                draft = Draft(tenant.pk, version_of(tenant.pk), shown_of(tenant.pk), is_public)
                with speaking(asked.language, tenant.time_zone):
                    text = write(tenant, page, asked, timezone.now())
                response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
                response.status_draft = draft  # type: ignore[attr-defined]
            response["Content-Language"] = asked.language
            response["Cache-Control"] = "public, no-cache" if is_public else "private, no-cache"
            return response

        return view

    return decorate


def _asked(request: HttpRequest) -> Asked:
    """What the middleware read; at an address that it does not keep (a name with two slashes), the same."""
    asked: Asked | None = getattr(request, "status_asked", None)
    if asked is None:
        raise Http404
    return asked


@_document("text/html")
def status(tenant: Tenant, page: StatusPage, asked: Asked, now: datetime) -> str:
    """The state of each service, outages, maintenance, 90 days."""
    about = discretion(tenant.pk, tenant.name)(page.about) if page.about else ""
    content = read_status(tenant, now=now)
    return _rendered("status.html", tenant, page, asked, content=content, about=about, now=now)


@_document("text/html")
def status_history(tenant: Tenant, page: StatusPage, asked: Asked, now: datetime) -> str:
    """One month: figures, outages and maintenance."""
    first = _month(tenant, asked, now)
    before, after = next_months(tenant, first, now)
    content = read_month(tenant, first=first, now=now)
    values = {"content": content, "first": first, "before": before, "after": after, "now": now}
    return _rendered("status_history.html", tenant, page, asked, **values)


@_document("application/atom+xml")
def status_atom(tenant: Tenant, page: StatusPage, asked: Asked, now: datetime) -> str:
    """Outages and maintenance as an Atom feed (RFC 4287)."""
    entries = atom_entries(tenant, read_status(tenant, now=now))
    return _rendered("status.atom", tenant, page, asked, entries=entries, now=now)


@_document("application/json")
def status_json(tenant: Tenant, page: StatusPage, asked: Asked, now: datetime) -> str:
    """The same for programs; states are codes, texts stand as they were written."""
    told = json_of(tenant, read_status(tenant, now=now), address=_address(tenant, "status"))
    return json.dumps(told, ensure_ascii=False, indent=1)


@_document("text/calendar")
def status_calendar(tenant: Tenant, page: StatusPage, asked: Asked, now: datetime) -> str:
    """Maintenance windows as a calendar to subscribe to (RFC 5545)."""
    content = read_status(tenant, now=now)
    return window_calendar(tenant, content.windows, address=_address(tenant, "status"), now=now)


def _month(tenant: Tenant, asked: Asked, now: datetime) -> date:
    """The first day of the month that is asked for, of the present one if none is. Raises Http404."""
    zone = ZoneInfo(tenant.time_zone)
    newest = now.astimezone(zone).date().replace(day=1)
    oldest = tenant.created_at.astimezone(zone).date().replace(day=1)
    try:
        first = date.fromisoformat(f"{asked.month}-01") if asked.month else newest
    except ValueError:
        raise Http404 from None
    if not oldest <= first <= newest:
        raise Http404
    return first


def _rendered(template: str, tenant: Tenant, page: StatusPage, asked: Asked, **values: Any) -> str:
    """A template that knows the desk and nothing of who asks: everybody gets the same."""
    zone = ZoneInfo(tenant.time_zone)
    days = {"days": DAYS, "calm_row": calm_row(DAYS), "row_width": DAYS * STEP, "row_height": HEIGHT}
    context = {
        "tenant": tenant,
        "page": page,
        "theme": asked.theme,
        "LANGUAGE_CODE": asked.language,
        "is_public": page.visibility == Visibility.PUBLIC,
        "page_address": _address(tenant, "status"),
        "atom_address": _address(tenant, "status_atom"),
        "desk_hours": desk_hours(tenant, values["now"]),
        "zone_words": f"{zone_city(zone)} ({timezone.localtime(timezone=zone).tzname()})",
    }
    return render_to_string(f"maintenance/{template}", {**context, **days, **values})


def _address(tenant: Tenant, name: str) -> str:
    return absolute_url(tenant, desk_path(name))
