"""Who is told by which notice of a window."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Membership
from maintenance.audience import people_of
from maintenance.lifecycle import Status
from maintenance.models import Notice, NoticeKind, NoticeTold, Window
from maintenance.notices import INVITING
from maintenance.promised import HOUR, terms_of_window
from sla.maintenance_terms import maintenance_terms_of_all


def readers_of(notice: Notice, window: Window, *, at: datetime) -> list[Membership]:
    """The people whom a notice tells, with `user` and `tenant` loaded.

    An announcement goes to those who know of no plan yet, a change to those who do. A reminder goes to those
    whose plan has one so many hours before, and to staff. A cancellation goes to those who were told: of a
    window that takes place all the same, to those whom it concerns no longer.
    """
    if notice.kind == NoticeKind.CANCELLED:
        return _told_for_nothing(window)
    people = people_of(window)
    if notice.kind == NoticeKind.ANNOUNCED:
        return newcomers_of(window)
    if notice.kind == NoticeKind.CHANGED:
        expecting = _expecting(window, before=notice.sequence)
        return [person for person in people if person.pk in expecting]
    if notice.kind != NoticeKind.REMINDER:
        return people
    reminded = _reminded(notice, window, at)
    if notice.hours == _nearest_due(window, at):
        reminded.add(None)
    return [person for person in people if person.customer_id in reminded]


def newcomers_of(window: Window) -> list[Membership]:
    """The people whom an announced window concerns and who were told of it by no plan, or told farewell."""
    expecting = _expecting(window)
    return [person for person in people_of(window) if person.pk not in expecting]


def _reminded(notice: Notice, window: Window, at: datetime) -> set[int | None]:
    """The customers of whose plan's reminders this one is the nearest that is due.

    After a stand-still of the worker people get one reminder, not three. A plan counts as it stood when the
    window was announced; that of a customer who came later, as it stands now.
    """
    customers, terms = terms_of_window(window, window.told_at or at)
    terms = maintenance_terms_of_all(customers.keys() - terms.keys(), at) | terms
    ahead = window.starts_at - at
    return {
        pk
        for pk, its in terms.items()
        if notice.hours == min((hours for hours in its.reminder_hours if hours * HOUR >= ahead), default=None)
    }


def _nearest_due(window: Window, at: datetime) -> int | None:
    due = Notice.objects.due(at).filter(window=window, kind=NoticeKind.REMINDER)
    return due.order_by("hours").values_list("hours", flat=True).first()


def _told_for_nothing(window: Window) -> list[Membership]:
    expecting = _expecting(window)
    if window.status != Status.CANCELLED:
        expecting -= {person.pk for person in people_of(window)}
    people = Membership.objects.active().filter(pk__in=expecting, user__is_active=True)
    return list(people.select_related("user", "tenant").order_by("pk"))


def _expecting(window: Window, before: int | None = None) -> set[int]:
    """Who was invited (to a plan `before` that number) and not told since that it is off for them.

    A reminder that reaches somebody before the invitation is none.
    """
    told = NoticeTold.objects.filter(notice__window=window, notice__kind__in=INVITING).order_by("at", "pk")
    if before is not None:
        told = told.filter(notice__sequence__lt=before)
    last = dict(told.values_list("person_id", "notice__kind"))
    return {person_id for person_id, kind in last.items() if kind != NoticeKind.CANCELLED}
