"""Requests of a customer's admin who sees the portal as one of its own people.

`request.membership` is then that person, with `seen_by` set to the admin: `visible_to` shows what both may
see. Nothing can be sent, and only the pages named here can be opened: a page that is new stays shut until
somebody has said here that it shows nothing of the person's own (password, sessions, tokens, bell, drafts).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import audited
from accounts.client_address import client_address
from accounts.company_sessions import is_about_identity
from accounts.models import Membership, ViewAs
from accounts.requests import AnyRequest
from accounts.services.view_as import end_view_as, may_view_as
from accounts.tenancy import tenant_scope

KEY = "viewing_as"
READING = {"GET", "HEAD", "OPTIONS"}
PAGES = frozenset(
    {
        *("home", "tickets", "ticket", "ticket_live", "ticket_people", "attachment", "new_ticket"),
        *("similar_tickets", "approvals", "approval", "own_plan"),
        *("windows", "window", "window_file", "outages", "outage", "availability", "backups", "backup"),
        *("help", "help_section", "help_article", "help_image", "status", "status_history"),
    }
)
ALWAYS = frozenset({"end_view_as", "account_logout"})
"""The way back, and the way out."""


def enter(request: AnyRequest) -> None:
    """Put the person in the admin's place, if that was begun in this session and desk and still holds."""
    request.viewing_as = None
    request.view_as_is_over = False
    kept: Any = request.session.get(KEY)
    if not kept or request.tenant is None or kept[0] != request.tenant.pk:
        return
    viewing = _open_view(kept[1], request.membership)
    if viewing is None:
        request.session.pop(KEY)
        request.view_as_is_over = True
        return
    person = viewing.person
    person.seen_by = viewing.admin
    request.viewing_as, request.membership = viewing, person


def _open_view(pk: int, admin: Membership | None) -> ViewAs | None:
    """What was begun, if it still holds; what does not is written down as ended."""
    people = ViewAs.objects.select_related("person__user", "person__customer")
    viewing = people.filter(pk=pk, admin=admin, ended_at=None).first() if admin else None
    if viewing is None or admin is None:
        return None
    if viewing.until <= timezone.now() or not may_view_as(admin, viewing.person):
        with audited(by=admin):
            end_view_as(viewing=viewing, at=timezone.now())
        return None
    viewing.admin = admin
    return viewing


def begin(request: HttpRequest, viewing: ViewAs) -> None:
    """From the next request on in this session."""
    request.session[KEY] = [viewing.tenant_id, viewing.pk, viewing.until.timestamp()]


def forget(request: HttpRequest) -> None:
    """From the next request on one is oneself."""
    request.session.pop(KEY, None)


def leave(request: HttpRequest) -> None:
    """With the end of the session, wherever that is: the row is closed, in the desk that it belongs to."""
    kept = request.session.get(KEY)
    if not kept:
        return
    with tenant_scope(kept[0]):
        viewing = ViewAs.objects.select_related("admin").filter(pk=kept[1]).first()
        if viewing is not None:
            with audited(by=viewing.admin, address=client_address(request)):
                end_view_as(viewing=viewing, at=timezone.now())


def refusal(request: AnyRequest) -> HttpResponse | None:
    """The answer to what cannot be done while one sees as somebody else does; None: it may go on."""
    name = (request.resolver_match.url_name if request.resolver_match else "") or ""
    if name in ALWAYS:
        return None
    if request.view_as_is_over:
        return _over(request)
    viewing = request.viewing_as
    if viewing is None:
        return _refused(request) if _is_open_elsewhere(request) and is_about_identity(name) else None
    if request.method in READING and name in PAGES:
        return None
    return _refused(request)


def _over(request: AnyRequest) -> HttpResponse | None:
    """Say so once; a form that was begun as somebody else is not sent as oneself."""
    said = _("You see the portal as yourself again: seeing it as somebody else ends after 30 minutes.")
    if request.method in READING:
        messages.info(request, said)
        return None
    return _answer(request, said)


def _is_open_elsewhere(request: AnyRequest) -> bool:
    """Begun in another desk with this session: one's identity, which all desks share, waits too."""
    kept: Any = request.session.get(KEY)
    return bool(kept) and kept[2] > timezone.now().timestamp()


def _refused(request: AnyRequest) -> HttpResponse:
    said = _("While you see the portal as somebody else you can read its pages and nothing more.")
    return _answer(request, said)


def _answer(request: AnyRequest, said: str) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        problem = {"type": "about:blank", "title": _("Not while viewing"), "status": 403, "detail": said}
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    return render(request, "accounts/view_as_refused.html", {"said": said}, status=403)
