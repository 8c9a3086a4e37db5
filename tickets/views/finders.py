"""Filters of the queue that are found by name: customers, and assignees where there are many.

What is chosen stands in the URL by its id (`customer=7`). What is typed is sent as `customer_name`: htmx gets
the links to what it may mean, and a form that was sent with it leads on to the one that it means.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.finding import Hits, clean_words, find_by_name
from accounts.models import Customer, Membership
from accounts.requests import DeskRequest
from tickets.forms import QueueFilter
from tickets.models import Service

FOUND_BY_NAME = ("customer", "assignee")
MOST_IN_LIST = 30
"""Colleagues that a list may offer; where there are more, they are found by name."""

Choices = list[tuple[str, str]]


def _rows(name: str, me: Membership) -> QuerySet[Any]:
    """Those whom a filter may name."""
    if name == "customer":
        customers: QuerySet[Customer] = Customer.objects.visible_to(me)
        return customers
    staff: QuerySet[Membership] = Membership.objects.visible_to(me).staff().active()
    return staff


def find(name: str, words: str, me: Membership) -> Hits:
    """Whom the words may mean; closed customers are filtered by links only. "Nobody" is an assignee too."""
    rows = _rows(name, me)
    if name == "customer":
        return find_by_name(rows.filter(is_active=True), words)
    hits, nobody = find_by_name(rows, words), _("Nobody")
    if not nobody.casefold().startswith(hits.words.casefold()):
        return hits
    return hits.with_first(QueueFilter.NOBODY, nobody)


def chosen(name: str, value: str, me: Membership) -> Choices:
    """The choice that a URL names, if it may be made."""
    if name == "assignee" and value == QueueFilter.NOBODY:
        return [(value, _("Nobody"))]
    wanted = _id_in(value)
    if wanted is None:
        return []
    return [(str(pk), label) for pk, label in _rows(name, me).filter(pk=wanted).values_list("pk", "name")]


def few_colleagues(me: Membership) -> Choices | None:
    """The assignees to choose from a list, None if they are too many for one."""
    staff = list(_rows("assignee", me).values_list("pk", "name")[: MOST_IN_LIST + 1])
    if len(staff) > MOST_IN_LIST:
        return None
    return [(QueueFilter.NOBODY, _("Nobody")), *((str(pk), name) for pk, name in staff)]


def services(value: str, customer: str, me: Membership) -> Choices:
    """The services to choose from: those that all share, the chosen customer's own, and the chosen one."""
    used = Service.objects.visible_to(me).in_use().used_by(_id_in(customer))
    rows = list(used.values_list("pk", "name")[:MOST_IN_LIST])
    wanted = _id_in(value)
    if wanted is not None and wanted not in (pk for pk, _name in rows):
        rows += Service.objects.visible_to(me).filter(pk=wanted).values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


def _id_in(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None


def answer_hits(request: DeskRequest) -> HttpResponse | None:
    """The links for what is being typed, if it is htmx that asks for them."""
    name = request.headers.get("HX-Target", "").removesuffix("-hits")
    if name not in FOUND_BY_NAME:
        return None
    hits = find(name, request.GET.get(f"{name}_name", ""), request.membership)
    response = render(request, "tickets/_finder_hits.html", {"name": name, "hits": hits})
    patch_vary_headers(response, ["HX-Target"])
    return response


def typed(request: DeskRequest) -> dict[str, Hits]:
    """What was typed into the fields of a form that was sent, by the filter's name."""
    said = {name: clean_words(request.GET.get(f"{name}_name", "")) for name in FOUND_BY_NAME}
    return {name: find(name, words, request.membership) for name, words in said.items() if words}


def lead_on(request: DeskRequest, typed_names: dict[str, Hits]) -> HttpResponse | None:
    """Go to the address of what typed names mean, or, for htmx, to the page that asks which one is meant."""
    if not typed_names:
        return None
    query = request.GET.copy()
    query.pop("cursor", None)
    for name, hits in typed_names.items():
        if hits.only:
            query.pop(f"{name}_name", None)
            query[name] = hits.only
    is_htmx = request.headers.get("HX-Request") == "true"
    if not is_htmx and all(not hits.only for hits in typed_names.values()):
        return None
    for empty in [key for key, value in query.items() if not value]:
        del query[empty]
    address = f"{reverse('queue')}?{query.urlencode()}"
    return HttpResponseClientRedirect(address) if is_htmx else redirect(address)
