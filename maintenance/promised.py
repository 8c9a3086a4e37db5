"""The notice that customers' plans promise, against what a window would give them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from accounts.models import Customer
from maintenance.audience import customers_of, listed
from maintenance.models import Window
from maintenance.services.errors import Breach
from sla.maintenance_terms import MaintenanceTerms, maintenance_terms_of_all

Terms = dict[int, MaintenanceTerms]
HOUR = timedelta(hours=1)


def breaches(customers: Iterable[Customer], starts_at: datetime, at: datetime) -> list[Breach]:
    """Those whose plan, as in force at `at`, promises more notice than from `at` to `starts_at`; by name."""
    by_id = {customer.pk: customer for customer in customers}
    terms = maintenance_terms_of_all(list(by_id), at)
    return breaches_of(by_id, terms, starts_at, at)


def breaches_of(
    customers: dict[int, Customer], terms: Terms, starts_at: datetime, at: datetime
) -> list[Breach]:
    """The same, of customers whose terms are known."""
    given = starts_at - at
    found = [
        Breach(customer, promised, max(0, given // HOUR))
        for pk, customer in customers.items()
        if (promised := promised_hours(terms, pk)) is not None and given < promised * HOUR
    ]
    return sorted(found, key=lambda breach: breach.customer.name)


def promised_hours(terms: Terms, customer_id: int) -> int | None:
    """What a customer's plan promises, None: nothing."""
    its = terms.get(customer_id)
    return its.notice_hours if its is not None else None


def terms_of_window(window: Window, at: datetime) -> tuple[dict[int, Customer], Terms]:
    """The customers that a window concerns, and what their plans say about maintenance at an instant."""
    customers = {customer.pk: customer for customer in customers_of(window)}
    return customers, maintenance_terms_of_all(list(customers), at)


def keep_promises(
    window: Window, terms: Terms, *, told_at: datetime | None, only: Collection[int] | None = None
) -> None:
    """Write onto the window's list what each plan promises about the present plan, and when it was told.

    `only` are the customers to whom it is new, None: all.
    """
    by_hours: dict[int | None, list[int]] = {}
    for customer_id in listed(window).values_list("customer_id", flat=True):
        if only is not None and customer_id not in only:
            continue
        by_hours.setdefault(promised_hours(terms, customer_id), []).append(customer_id)
    for hours, customer_ids in by_hours.items():
        rows = listed(window).filter(customer_id__in=customer_ids)
        rows.update(promised_hours=hours, told_at=told_at, emergency_reason="")


def promise_newcomers(window: Window, new: Collection[int], *, at: datetime) -> Terms:
    """Write what plans promise to customers that came after the announcement; they are not told yet.

    Who comes when less is left than its plan promises was promised nothing: nobody could have kept it.
    Returns the terms of these customers as they are.
    """
    terms = maintenance_terms_of_all(list(new), at)
    left = window.starts_at - at
    in_time = {pk: its for pk, its in terms.items() if left >= (its.notice_hours or 0) * HOUR}
    keep_promises(window, in_time, told_at=None, only=new)
    return terms
