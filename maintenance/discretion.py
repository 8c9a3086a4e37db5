"""What anybody may read names no customer and no private service, whatever was typed into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from accounts.models import Customer
from tickets.models import Service

Discreet = Callable[[str], str]


def discretion(tenant_id: int, tenant_name: str) -> Discreet:
    """A function that puts general words for names of customers and of services that are not public."""
    names = list(Service.objects.filter(tenant_id=tenant_id).values_list("name", "is_public"))
    return discreet(
        customers=Customer.objects.filter(tenant_id=tenant_id).values_list("name", flat=True),
        services=[name for name, is_public in names if not is_public],
        shown=[tenant_name, *(name for name, is_public in names if is_public)],
    )


def discreet(*, customers: Iterable[str], services: Iterable[str], shown: Iterable[str]) -> Discreet:
    """The same from values; names in `shown`, whatever their case, stay as they are."""
    said = {name.casefold() for name in shown}
    words = {name.casefold(): "service" for name in services} | {
        name.casefold(): "customer" for name in customers
    }
    words = {name: kind for name, kind in words.items() if name.strip() and name not in said}
    if not words:
        return lambda text: text
    # The longest first: "Bright Bakery North" is not "Bright Bakery" with a rest.
    names = "|".join(re.escape(name) for name in sorted([*words, *said], key=len, reverse=True) if name)
    pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)

    def replaced(found: re.Match[str]) -> str:
        kind = words.get(found[0].casefold())
        if kind is None:
            return found[0]
        return _("a customer") if kind == "customer" else _("another service")

    return lambda text: pattern.sub(replaced, text)
