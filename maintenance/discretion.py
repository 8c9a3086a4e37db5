"""What anybody may read names no customer and no private service, whatever was typed into it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from accounts.models import Customer
from tickets.models import Service

Discreet = Callable[[str], str]
_WORD = re.compile(r"\w+")


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
    kinds = {name.casefold(): "service" for name in services}
    kinds |= {name.casefold(): "customer" for name in customers}
    kinds |= {name.casefold(): "" for name in shown}
    by_first_word: dict[str, list[str]] = defaultdict(list)
    for name in kinds:
        by_first_word[next(iter(_WORD.findall(name)), "")].append(name)

    def replaced(found: re.Match[str]) -> str:
        kind = kinds.get(found[0].casefold())
        if not kind:
            return found[0]
        return _("a customer") if kind == "customer" else _("another service")

    def say(text: str) -> str:
        # A desk may have thousands of customers: only names whose first word is there are looked for.
        folded = text.casefold()
        words = {"", *_WORD.findall(folded)}
        likely = (name for word in words for name in by_first_word.get(word, ()))
        names = [name for name in likely if name.strip() and name in folded]
        if not any(kinds[name] for name in names):
            return text
        # The longest first: "Bright Bakery North" is not "Bright Bakery" with a rest.
        some = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        return re.sub(rf"(?<!\w)(?:{some})(?!\w)", replaced, text, flags=re.IGNORECASE)

    return say
