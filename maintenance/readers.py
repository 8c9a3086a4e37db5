"""Who is told by which notice of a window."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Membership
from maintenance.audience import people_of
from maintenance.lifecycle import Status
from maintenance.models import Notice, NoticeKind, NoticeTold, Window
from maintenance.promised import terms_of_window


def readers_of(notice: Notice, window: Window, *, at: datetime) -> list[Membership]:
    """The people whom a notice tells, with `user` and `tenant` loaded.

    A reminder goes to those whose plan has one so many hours before, a cancellation to those who were told:
    of a window that takes place all the same, to those of them whom it concerns no longer.
    """
    if notice.kind == NoticeKind.CANCELLED:
        return _told_for_nothing(window)
    people = people_of(window)
    if notice.kind != NoticeKind.REMINDER:
        return people
    _customers, terms = terms_of_window(window, window.told_at or at)
    reminded = {pk for pk, its in terms.items() if notice.hours in its.reminder_hours}
    return [person for person in people if person.customer_id is None or person.customer_id in reminded]


def _told_for_nothing(window: Window) -> list[Membership]:
    told = NoticeTold.objects.filter(notice__window=window).order_by("at", "pk")
    last = dict(told.values_list("person_id", "notice__kind"))
    expecting = {person_id for person_id, kind in last.items() if kind != NoticeKind.CANCELLED}
    if window.status != Status.CANCELLED:
        expecting -= {person.pk for person in people_of(window)}
    people = Membership.objects.active().filter(pk__in=expecting, user__is_active=True)
    return list(people.select_related("user", "tenant").order_by("pk"))
