"""What a desk settles about its status page."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Membership
from accounts.oneline import one_line
from accounts.services import EditedMeanwhile, NotAllowed
from maintenance.models import StatusPage, Visibility
from maintenance.status_cache import bump_shown
from tickets.models import Service


@transaction.atomic
def change_status_page(
    *, visibility: str, about: str, public: frozenset[int], seen_version: int, by: Membership
) -> StatusPage:
    """Who may read the page, the words on top of it, and which of the shared services stand on it.

    `public` are ids of services; those of one customer are never public and are left alone. `seen_version`
    is that of the page as it was shown, 0 before anybody settled anything. Raises NotAllowed,
    EditedMeanwhile.
    """
    if not by.is_admin:
        raise NotAllowed
    page, is_new = StatusPage.objects.select_for_update().get_or_create(
        tenant_id=by.tenant_id, defaults={"visibility": Visibility.CUSTOMERS}
    )
    if seen_version != (0 if is_new else page.version):
        raise EditedMeanwhile(page.get_visibility_display())
    page.visibility, page.about = visibility, one_line(about)
    page.version += 0 if is_new else 1
    page.save()
    for service in Service.objects.filter(tenant_id=by.tenant_id, customer=None).in_use():
        if service.is_public != (service.pk in public):
            service.is_public = not service.is_public
            service.version += 1
            service.save(update_fields=["is_public", "version"])
    bump_shown(by.tenant_id)
    return page
