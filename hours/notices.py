"""Who is told that prepaid hours run out: the customer's admins and, among staff, its coordinator."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.humantime import work_time
from accounts.links import desk_path
from accounts.models import Customer, Membership, Role
from hours.models import Pack
from notifications.services import in_language_of, notify, queue_email


def tell_low(customer: Customer, left: int, *, at: datetime) -> None:
    """No more is left than the account says."""
    key = f"hours:{customer.pk}:low:{at.isoformat()}"
    _tell(customer, kind="hours_low", key=key, title=LOW, minutes=left, at=at)


def tell_expired(customer: Customer, pack: Pack, minutes: int, *, at: datetime) -> None:
    """What was left of a pack is gone."""
    key = f"hours:pack:{pack.pk}:expired:{at.isoformat()}"
    _tell(customer, kind="hours_expired", key=key, title=EXPIRED, minutes=minutes, at=at)


def _tell(customer: Customer, *, kind: str, key: str, title: str, minutes: int, at: datetime) -> None:
    path = desk_path("customer_hours", customer.pk)
    for person in _readers(customer):
        with in_language_of(person):
            heading = _(title) % {"customer": customer.name, "time": work_time(minutes)}
        notify(recipient=person, kind=kind, key=key, title=heading, path=path, at=at)
        context: dict[str, Any] = {"heading": heading, "customer": customer, "minutes": minutes}
        queue_email(
            recipient=person,
            kind=kind,
            key=key,
            template=f"hours/email/{kind}",
            path=path,
            at=at,
            context=context,
        )


def _readers(customer: Customer) -> list[Membership]:
    people = Membership.objects.active().filter(user__is_active=True).select_related("user", "tenant")
    admins = list(people.filter(customer=customer, role=Role.CUSTOMER_ADMIN).order_by("pk"))
    if customer.coordinator_id is None:
        return admins
    return [*admins, *people.filter(pk=customer.coordinator_id, customer__isnull=True)]


LOW = gettext_noop("Prepaid hours of %(customer)s: %(time)s left")
EXPIRED = gettext_noop("Prepaid hours of %(customer)s: %(time)s have expired")
