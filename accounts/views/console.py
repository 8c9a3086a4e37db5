"""What every settings page shares: the subjects in the rail, the answer to a form, a kept text."""

from typing import Any, TypeAlias

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.interrupted import take_text
from accounts.requests import DeskRequest
from accounts.views.setup_bar import setup_bar

Words: TypeAlias = str | Promise

UNPROCESSABLE = 422
CONFLICT = 409
# The rail of the settings: groups of subjects, each with its URL name, label and icon.
SUBJECTS: list[tuple[Words, list[tuple[str, Words, str]]]] = [
    (
        _("Promises"),
        [
            ("console_calendars", _("Calendars"), "calendar-clock"),
            ("console_plans", _("Plans"), "scroll-text"),
            ("console_rotas", _("On-call rotas"), "siren"),
        ],
    ),
    (
        _("Customers"),
        [
            ("console_customers", _("Customers"), "building-2"),
            ("console_standing", _("Standing"), "scale"),
            ("console_categories", _("Categories"), "tags"),
            ("console_services", _("Services"), "server"),
            ("console_backups", _("Backups"), "archive"),
        ],
    ),
    (
        _("Watching"),
        [
            ("console_monitors", _("Monitors"), "heart-pulse"),
            ("console_alert_sources", _("Alert sources"), "bell-ring"),
        ],
    ),
    (
        _("Desk"),
        [
            ("console_team", _("People"), "users"),
            ("console_teams", _("Teams"), "users-round"),
            ("console_sign_in", _("Sign-in"), "shield-check"),
            ("console_desk", _("Desk"), "sliders-horizontal"),
            ("console_look", _("Look and words"), "palette"),
            ("console_status", _("Status page"), "activity"),
            ("console_audit", _("Audit log"), "history"),
            ("console_sections", _("Knowledge base"), "library"),
            ("outbox", _("Outbox"), "send"),
        ],
    ),
]


def console_page(
    request: DeskRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    subject: str = "",
) -> HttpResponse:
    """A page of the settings. `subject` is the URL name to mark in the rail if the path does not say it."""
    nav, bar = console_nav(request, subject), setup_bar(request)
    values = {"console_nav": nav, "setup_bar": bar, **(context or {})}
    return render(request, f"console/{template}", values, status=status)


def console_nav(request: DeskRequest, subject: str = "") -> list[dict[str, Any]]:
    """The subjects, in groups; the one that the page belongs to is marked."""
    home = reverse("console")
    overview = {
        "label": _("Overview"),
        "url": home,
        "icon": "layout-dashboard",
        "current": request.path in (home, reverse("setup")),
    }
    return [
        {"title": _("Settings"), "items": [overview]},
        *(
            {"title": title, "items": [_item(request, subject, *page) for page in pages]}
            for title, pages in SUBJECTS
        ),
    ]


def _item(request: DeskRequest, subject: str, name: str, label: Words, icon: str) -> dict[str, Any]:
    address = reverse(name)
    is_here = subject == name if subject else request.path.startswith(address)
    return {"label": label, "url": address, "icon": icon, "current": is_here}


def kept(request: DeskRequest, initial: dict[str, Any] | None = None) -> dict[str, Any]:
    """The values a form begins with: its own, then what was typed when the session ended."""
    return {**(initial or {}), **take_text(request)}


def number_in(text: str) -> int:
    """A whole number from a hidden field, 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 9 else 0
