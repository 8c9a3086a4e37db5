"""What anybody may read names no customer and no private service, whatever was typed into it.

What a customer reads names no other customer and no service of another; its own names stand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol

from django.db.models import F, QuerySet, TextField, Value
from django.utils.translation import gettext as _

from accounts.models import Customer, Membership, Tenant
from tickets.models import Service

Discreet = Callable[[str], str]
_WORD = re.compile(r"\w+")


class DiscreetTowards(Protocol):
    """Says a text to readers who may know some of the names, in small letters, that others may not."""

    def __call__(self, text: str, known: Collection[str] = ()) -> str: ...


def discretion(tenant_id: int, tenant_name: str) -> Discreet:
    """A function that puts general words for names of customers and of services that are not public."""
    names = list(Service.objects.filter(tenant_id=tenant_id).values_list("name", "is_public"))
    return discreet(
        customers=Customer.objects.filter(tenant_id=tenant_id).values_list("name", flat=True),
        services=[name for name, is_public in names if not is_public],
        shown=[tenant_name, *(name for name, is_public in names if is_public)],
    )


def discretion_towards_customers(tenant_id: int, texts: Iterable[str]) -> Callable[[int | None], Discreet]:
    """By the id of a customer, a function that says the texts to its people: see the module.

    It knows only the names that occur in `texts`, so that a desk of thousands of customers need not be read.
    """
    said = " ".join("\n".join(texts).split())
    customers = list(_named_in(said, Customer.objects.filter(tenant_id=tenant_id)).values_list("pk", "name"))
    services = list(
        _named_in(said, Service.objects.filter(tenant_id=tenant_id)).values_list("customer_id", "name")
    )
    if not customers and not any(owner for owner, _name in services):
        return lambda _customer_id: _as_it_is
    shown = [name for owner, name in services if owner is None]
    shown += Tenant.objects.filter(pk=tenant_id).values_list("name", flat=True)
    say = discreet(
        customers=[name for _pk, name in customers],
        services=[name for owner, name in services if owner is not None],
        shown=shown,
    )
    own: dict[int | None, set[str]] = defaultdict(set)
    for owner, name in (*customers, *services):
        own[owner].add(_plain(name))
    return lambda customer_id: lambda text: say(text, own.get(customer_id, ()))


def discretion_towards(membership: Membership, texts: Iterable[str]) -> Discreet:
    """A function that says the texts to one person: staff read them as they were typed."""
    if membership.is_staff_member:
        return _as_it_is
    return discretion_towards_customers(membership.tenant_id, texts)(membership.customer_id)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _as_it_is(text: str) -> str:
    return text


def _named_in(said: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.alias(said=Value(said, TextField())).filter(said__icontains=F("name"))
    return found


def discreet(*, customers: Iterable[str], services: Iterable[str], shown: Iterable[str]) -> DiscreetTowards:
    """The same from values; names in `shown`, whatever their case, stay as they are."""
    kinds = {_plain(name): "service" for name in services}
    kinds |= {_plain(name): "customer" for name in customers}
    kinds |= {_plain(name): "" for name in shown}
    by_first_word: dict[str, list[str]] = defaultdict(list)
    for name in kinds:
        by_first_word[next(iter(_WORD.findall(name)), "")].append(name)

    def say(text: str, known: Collection[str] = ()) -> str:
        # A desk may have thousands of customers: only names whose first word is there are looked for.
        # Names broken over two lines, or with two spaces, are names all the same.
        folded = _plain(text)
        words = {"", *_WORD.findall(folded)}
        likely = (name for word in words for name in by_first_word.get(word, ()))
        names = [name for name in likely if name.strip() and name in folded]
        if all(not kinds[name] or name in known for name in names):
            return text

        def replaced(found: re.Match[str]) -> str:
            name = _plain(found[0])
            kind = "" if name in known else kinds.get(name)
            if not kind:
                return found[0]
            return _("a customer") if kind == "customer" else _("another service")

        # The longest first: "Bright Bakery North" is not "Bright Bakery" with a rest.
        longest_first = sorted(names, key=len, reverse=True)
        some = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
        return re.sub(rf"(?<!\w)(?:{some})(?!\w)", replaced, text, flags=re.IGNORECASE)

    return say
