"""What stands in the rail of the desk and on top of the portal."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Membership, Role


def desk_rail(request: HttpRequest, membership: Membership, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The views of the queue with their counts, and below them what else the person may open."""
    groups: list[dict[str, Any]] = [{"title": _("Queue"), "items": _queue_views(request, counts)}]
    links = _other_pages(request, membership)
    return [*groups, {"title": _("Desk"), "items": links}] if links else groups


def _queue_views(request: HttpRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    queue = _address("queue")
    here = request.GET.get("view", "all") if queue and request.path == queue else ""
    views = [
        ("all", _("All open"), "inbox", ""),
        ("mine", _("Mine"), "user", ""),
        ("unassigned", _("Unassigned"), "user-x", ""),
        ("at_risk", _("At risk"), "clock-alert", "at_risk"),
        ("breached", pgettext("several tickets", "Breached"), "octagon-alert", "breached"),
        ("resolved", _("Recently resolved"), "circle-check", ""),
    ]
    return [
        {
            "label": label,
            "url": queue if key == "all" else f"{queue}?view={key}",
            "icon": icon,
            "count": counts.get(key),
            "meaning": meaning,
            "current": key == here,
        }
        for key, label, icon, meaning in views
    ]


def _other_pages(request: HttpRequest, membership: Membership) -> list[dict[str, Any]]:
    more = [
        ("windows", _("Maintenance"), "wrench", True),
        ("outages", _("Outages"), "triangle-alert", True),
        ("backups", _("Backups"), "archive", True),
        ("knowledge", _("Articles"), "book-open", True),
        ("approvals", _("Approvals"), "check", True),
        ("hours", _("Prepaid hours"), "hourglass", membership.is_supervisor),
        ("satisfaction", _("Satisfaction"), "star", membership.is_supervisor),
        ("absences", _("Absences"), "calendar-off", membership.is_supervisor),
        ("console", _("Settings"), "settings", membership.is_admin),
    ]
    return [
        {
            "label": label,
            "url": _address(name),
            "icon": icon,
            "current": name != "console" and request.path.startswith(_address(name)),
        }
        for name, label, icon, shown in more
        if shown and _address(name)
    ]


def portal_nav(request: HttpRequest, membership: Membership) -> list[dict[str, Any]]:
    """What a customer may open: the few pages that everybody needs, and two menus with the rest.

    Each is a dict of label, url and current, or of label, items and current.
    """
    is_admin = membership.role == Role.CUSTOMER_ADMIN
    services = [("windows", _("Maintenance")), ("outages", _("Outages")), ("backups", _("Backups"))]
    company = [("own_plan", _("Your plan")), ("approvals", _("Approvals"))]
    if is_admin:
        company += [
            ("hours", _("Prepaid hours")),
            ("company_statement", _("Statement")),
            ("company_people", _("People")),
        ]
    filing = [] if membership.is_shut else [_page(request, "new_ticket", _("New ticket"))]
    return [
        _page(request, "home", _("Home")),
        _page(request, "tickets", _("Tickets")),
        *filing,
        _page(request, "help", _("Help")),
        _menu(request, _("Services"), services),
        _menu(request, _("Your company"), company),
    ]


def _page(request: HttpRequest, name: str, label: str) -> dict[str, Any]:
    address = reverse(name)
    return {"label": label, "url": address, "current": request.path == address}


def _menu(request: HttpRequest, label: str, pages: list[tuple[str, str]]) -> dict[str, Any]:
    items = [_page(request, name, words) for name, words in pages]
    return {"label": label, "items": items, "current": any(item["current"] for item in items)}


def _address(name: str) -> str:
    """The page's address, "" while no room offers one."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
