"""What every page may ask for: who, where, and the counts on the rail."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from accounts.models import Membership, SsoConnection, Tenant
from accounts.views.standing_words import standing_notice
from maintenance.views.banner import banner_of
from notifications.models import Notification
from sla.desk_hours import desk_hours
from supportdesk.menus import desk_rail, portal_nav
from tickets.counts import desk_counts

THEMES = ("light", "dark")


def desk(request: HttpRequest) -> dict[str, Any]:
    """Tenant, membership, theme, languages; the counts cost their queries only where a page shows them."""
    membership: Any = getattr(request, "membership", None)
    theme = request.COOKIES.get("theme", "")
    is_staff = membership is not None and membership.is_staff_member
    tenant: Any = getattr(request, "tenant", None)
    counts: Any = SimpleLazyObject(lambda: desk_counts(membership, now=timezone.now()) if is_staff else {})
    return {
        "tenant": tenant,
        "viewing_as": getattr(request, "viewing_as", None),
        "membership": membership,
        "theme": theme if theme in THEMES else "system",
        "languages": _languages(tenant),
        "LANGUAGE_CODE": translation.get_language(),
        "is_demo": settings.DEMO,
        "has_company_sign_in": SimpleLazyObject(
            lambda: (
                tenant is not None and SsoConnection.objects.filter(tenant=tenant, is_active=True).exists()
            )
        ),
        "desk_hours": SimpleLazyObject(lambda: desk_hours(tenant, timezone.now()) if tenant else ""),
        "request_id": getattr(request, "request_id", ""),
        "now": timezone.now(),
        "unread_notifications": SimpleLazyObject(
            lambda: counts["unread"] if is_staff else _unread(membership) if membership else 0
        ),
        "queue_counts": counts,
        "banner": SimpleLazyObject(
            lambda: banner_of(membership, tenant, timezone.now()) if membership else []
        ),
        "company_standing": SimpleLazyObject(
            lambda: standing_notice(membership, timezone.now()) if membership and not is_staff else None
        ),
        "rail": SimpleLazyObject(lambda: desk_rail(request, membership, counts) if is_staff else []),
        "portal_nav": SimpleLazyObject(
            lambda: portal_nav(request, membership) if membership and not is_staff else []
        ),
    }


def _languages(tenant: Tenant | None) -> list[tuple[str, Any]]:
    """What may be switched to; none where there is nothing to choose."""
    offered = [pair for pair in settings.LANGUAGES if tenant is None or pair[0] in tenant.languages]
    return offered if len(offered) > 1 else []


def _unread(membership: Membership) -> int:
    return Notification.objects.visible_to(membership).unread().count()
