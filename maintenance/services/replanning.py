"""What changes about an announced window besides its times: who hears of it, and who has a right to notice.

A change of the customers alone is news to those who come and to those who go; everybody else keeps what they
were told. Other words that people plan by, or other services, are news to all.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import Membership
from maintenance.audience import listed
from maintenance.banner import look_again
from maintenance.lifecycle import Status
from maintenance.models import NoticeKind, Window
from maintenance.notices import add_notice, add_reminders, announce_sooner, carry_on, is_waiting, was_told
from maintenance.pauses import follow_window
from maintenance.permissions import can_declare_emergency
from maintenance.promised import breaches_of, keep_promises, terms_of_window
from maintenance.services.errors import Breach, EmergencyNeedsReason, NotAllowed, NoticeTooShort
from maintenance.services.history import save_window
from maintenance.services.periods import block

AUDIENCE = frozenset({"services", "added", "left_out"})
PEOPLE = AUDIENCE | {"responsible"}
NEWS = frozenset({"title", "impact", "advice", "services"})
"""What people plan by: they are told of it anew."""
WRITTEN = NEWS | {"summary"}
"""What stands in the calendar's entry: another text is another version of it."""


def tell_changes(
    window: Window,
    changed: Collection[str],
    new: Collection[int],
    *,
    by: Membership | None,
    at: datetime,
    emergency_reason: str = "",
) -> list[Breach]:
    """Let what was changed about a window, locked and written, be its plan; tell those to whom it is news.

    `changed` names fields of `WindowTerms`; `new` are the customers that it did not concern before. They
    alone have a right to notice, from `at` on. With an `emergency_reason` it is skipped for those who would
    get too little, and kept why beside each; they are returned. Raises NoticeTooShort, NotAllowed,
    EmergencyNeedsReason, ServiceTaken.
    """
    others = window.status == Status.SCHEDULED and not PEOPLE.isdisjoint(changed)
    if window.status == Status.DRAFT or (not others and WRITTEN.isdisjoint(changed)):
        return []
    told = was_told(window)
    carry_on(window)
    save_window(window, "sequence")
    if told and not NEWS.isdisjoint(changed) and not is_waiting(window, NoticeKind.MOVED):
        add_notice(window, NoticeKind.CHANGED, due_at=at)
    late = _tell_others(window, new, told=told, by=by, at=at, why=emergency_reason) if others else []
    follow_window(window=window, at=at)
    look_again(tenant_id=window.tenant_id, at=at)
    return late


def _tell_others(
    window: Window, new: Collection[int], *, told: bool, by: Membership | None, at: datetime, why: str
) -> list[Breach]:
    """Tell those who come to a scheduled window, and those who go; returns who gets too little notice."""
    customers, terms = terms_of_window(window, at)
    coming = {pk: customers[pk] for pk in new if pk in customers}
    late = [] if window.is_emergency else breaches_of(coming, terms, window.starts_at, at)
    _check_emergency(window, late, by, why)
    block(window, window.starts_at, window.ends_at)
    keep_promises(window, terms, told_at=at if window.told_at is not None else None, only=new)
    late_ids = [breach.customer.pk for breach in late]
    listed(window).filter(customer_id__in=late_ids).update(emergency_reason=why.strip()[:500])
    announce_sooner(window, terms, at=at)
    add_reminders(window, terms, after=at)
    if told:
        add_notice(window, NoticeKind.ANNOUNCED, due_at=at)
        add_notice(window, NoticeKind.CANCELLED, due_at=at)
    return late


def _check_emergency(window: Window, late: list[Breach], by: Membership | None, why: str) -> None:
    if why and (by is None or not can_declare_emergency(by, window.tenant_id)):
        raise NotAllowed
    if why and not why.strip():
        raise EmergencyNeedsReason
    if late and not why:
        raise NoticeTooShort(late)
