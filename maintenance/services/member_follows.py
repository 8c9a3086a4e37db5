"""People of the desk follow its status page by mail: logged in, so nobody has to confirm an address."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import hash_token
from maintenance.models import StatusPage, Subscriber, SubscriberService, Visibility
from maintenance.services.errors import MaintenanceRuleBroken, NoServices
from maintenance.services.subscribers import secret_of
from tickets.models import Service
from tickets.querysets import ServiceQuerySet


class NoStatusPage(MaintenanceRuleBroken):
    """There is nothing to follow."""

    code = "no_status_page"

    def words(self) -> str:
        return _("This desk has no status page.")


def services_to_follow(membership: Membership) -> ServiceQuerySet:
    """What stands on the page."""
    services: ServiceQuerySet = Service.objects.visible_to(membership)
    return services.in_use().filter(is_public=True)


def following_of(membership: Membership) -> Subscriber | None:
    """What the person follows; None: nothing."""
    rows = Subscriber.objects.filter(membership=membership, ended_at=None)
    return rows.prefetch_related("chosen__service").first()


@transaction.atomic
def follow_status(
    *, membership: Membership, services: Collection[Service] | None, at: datetime
) -> Subscriber:
    """Mail the person what the page says of these services, None: of all, also of those to come.

    An address that followed by itself is taken over: nobody gets a mail twice. Raises NoStatusPage,
    NoServices (none is named).
    """
    if StatusPage.objects.filter(tenant_id=membership.tenant_id, visibility=Visibility.OFF).exists():
        raise NoStatusPage
    if services is not None and not services:
        raise NoServices
    # The lock takes a form that is sent twice at once one after the other.
    Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=membership.pk)
    email = membership.user.email
    alone = Subscriber.objects.filter(tenant_id=membership.tenant_id, membership=None, ended_at=None)
    alone.filter(email__iexact=email).update(ended_at=at)
    found = following_of(membership)
    if found is None:
        found = Subscriber(
            tenant_id=membership.tenant_id, membership=membership, asked_at=at, confirmed_at=at, email=email
        )
        found.token_hash = hash_token(secret_of(found))
    found.language, found.time_zone = membership.language, membership.user.time_zone
    found.all_services = services is None
    found.save()
    SubscriberService.objects.filter(subscriber=found).delete()
    SubscriberService.objects.bulk_create(
        SubscriberService(tenant_id=found.tenant_id, subscriber=found, service=service)
        for service in services or ()
    )
    return found


def stop_following(*, membership: Membership, at: datetime) -> bool:
    """No more of these mails; whether there were any."""
    return Subscriber.objects.filter(membership=membership, ended_at=None).update(ended_at=at) > 0
