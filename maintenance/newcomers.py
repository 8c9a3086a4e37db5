"""Announced windows of which somebody does not know who came since: a customer, or a person of one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Customer, Membership
from maintenance.lifecycle import BLOCKING, Status
from maintenance.models import Concern, Notice, NoticeKind, NoticeTold, Window, WindowCustomer, WindowService
from maintenance.notices import INVITING, REQUESTING
from maintenance.querysets import WindowQuerySet


def with_newcomers(now: datetime) -> WindowQuerySet:
    """Windows of the current desk that a customer came to, and those ahead that a person came to.

    Not those about whose plan everybody is about to be told anyway. One query.
    """
    announced = Window.objects.filter(status__in=BLOCKING, told_at__isnull=False)
    about_to = Notice.objects.filter(window=OuterRef("pk"), kind__in=REQUESTING).waiting()
    ahead = Q(status=Status.SCHEDULED, starts_at__gt=now)
    found: WindowQuerySet = announced.filter(
        ~Exists(about_to), Exists(_customers()) | (ahead & Exists(_people()))
    )
    return found.order_by("starts_at", "pk")


def _customers() -> QuerySet[Customer]:
    """Those in business that use a service of the window and are not on its list."""
    services = WindowService.objects.filter(window=OuterRef(OuterRef("pk")))
    used = services.filter(Q(service__customer=None) | Q(service__customer=OuterRef("pk")))
    listed = WindowCustomer.objects.filter(window=OuterRef(OuterRef("pk")), customer=OuterRef("pk"))
    return Customer.objects.in_business().filter(Exists(used), ~Exists(listed))


def _people() -> QuerySet[Membership]:
    """Those of its customers who were never invited, or heard last that it does not concern them."""
    rows = WindowCustomer.objects.exclude(concern=Concern.LEFT_OUT)
    listed = rows.filter(window=OuterRef(OuterRef("pk")), customer=OuterRef("customer"))
    told = NoticeTold.objects.filter(notice__window=OuterRef(OuterRef("pk")), person=OuterRef("pk"))
    invited = told.filter(notice__kind__in=INVITING)
    last = Subquery(invited.order_by("-at", "-pk").values("notice__kind")[:1])
    people = Membership.objects.active().filter(user__is_active=True, customer__is_active=True)
    unaware = people.alias(last=last).filter(Q(last=None) | Q(last=NoticeKind.CANCELLED))
    return unaware.filter(Exists(listed))
