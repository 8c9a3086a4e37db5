"""Windows as customers may read them: what was typed, without the names of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy

from django.utils import translation

from accounts.models import Membership, Tenant
from maintenance.discretion import Discreet, discretion_towards, discretion_towards_customers
from maintenance.models import Window

TEXTS = ("title", "summary", "advice", "result", "cancelled_why")
"""What customers read of what was typed about a window."""


def texts_of(windows: Iterable[Window]) -> list[str]:
    """All that was typed."""
    return [getattr(window, name) for window in windows for name in TEXTS]


def said(window: Window, say: Discreet) -> Window:
    """The window with its texts as `say` says them; to be shown, never to be saved."""
    read = copy(window)
    for name in TEXTS:
        setattr(read, name, say(getattr(window, name)))
    return read


def to_be_read(windows: Iterable[Window], me: Membership) -> list[Window]:
    """The windows as the person may read them; staff get the rows themselves, as they were typed."""
    rows = list(windows)
    if me.is_staff_member or not rows:
        return rows
    say = discretion_towards(me, texts_of(rows))
    return [said(row, say) for row in rows]


def titles_on_tickets(windows: Iterable[Window], tenant_id: int) -> Callable[[Window, int], str]:
    """A function that gives a window's title for the history of a customer's ticket.

    It is kept and read by many, so it is in the desk's language.
    """
    towards = discretion_towards_customers(tenant_id, [window.title for window in windows])

    def title(window: Window, customer_id: int) -> str:
        say = towards(customer_id)
        if say(window.title) == window.title:
            return window.title
        with translation.override(Tenant.objects.values_list("language", flat=True).get(pk=tenant_id)):
            return say(window.title)

    return title
