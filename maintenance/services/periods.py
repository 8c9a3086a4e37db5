"""What a window blocks: a service is worked on by one window at a time, and the database sees to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maintenance.lifecycle import Status
from maintenance.models import Window, WindowService
from maintenance.services.errors import ServiceTaken, StillWorkedOn
from tickets.models import Service


def block(window: Window, starts_at: datetime, ends_at: datetime) -> None:
    """Take the window's services from `starts_at` to `ends_at`. Raises ServiceTaken.

    The exclusion constraint decides, also between two who schedule at the same moment.
    """
    period = DateTimeTZRange(starts_at, ends_at)
    mine = WindowService.objects.filter(window=window)
    wanted = _lock_services(window)
    try:
        with transaction.atomic():
            mine.update(period=period)
    except IntegrityError as error:
        if "window_one_at_a_time" not in str(error):
            raise
        others = WindowService.objects.exclude(window=window).filter(
            service_id__in=wanted, period__overlap=period
        )
        other = others.select_related("window", "service").order_by("window__starts_at", "pk").first()
        if other is None:  # it gave way meanwhile
            raise
        raise ServiceTaken(other.window, other.service) from error


def in_the_way(window: Window, ends_at: datetime) -> list[Window]:
    """What is planned on one of the window's services before `ends_at`, if it lasted until then; in order."""
    mine = WindowService.objects.filter(window=window).values("service_id")
    period = DateTimeTZRange(window.starts_at, max(ends_at, window.ends_at))
    taken = WindowService.objects.exclude(window=window).filter(service_id__in=mine, period__overlap=period)
    return list(Window.objects.filter(pk__in=taken.values("window_id")).order_by("starts_at", "pk"))


def refuse_while_worked_on(window: Window) -> None:
    """Raises StillWorkedOn while another window is in progress on one of the window's services.

    Planned periods never overlap, but one that overruns reaches into the next. Of two that start at the same
    moment the second one sees the first.
    """
    if (other := still_working(window, _lock_services(window))) is not None:
        raise StillWorkedOn(other.window, other.service)


def still_working(window: Window, service_ids: Collection[int]) -> WindowService | None:
    """That another window is in progress on one of the services, with `window` and `service` loaded."""
    others = WindowService.objects.exclude(window=window).filter(
        service_id__in=service_ids, window__status=Status.IN_PROGRESS
    )
    return others.select_related("window", "service").order_by("window__starts_at", "pk").first()


def _lock_services(window: Window) -> list[int]:
    """The ids of the window's services, whose rows are locked until the transaction ends."""
    wanted = list(WindowService.objects.filter(window=window).values_list("service_id", flat=True))
    # In the order of their ids: two windows that want the same two services never wait in a ring.
    services = Service.objects.select_for_update(no_key=True).filter(pk__in=wanted)
    list(services.order_by("pk").values_list("pk"))
    return wanted


def free(window: Window) -> None:
    """Let others work on the window's services."""
    WindowService.objects.filter(window=window).update(period=None)
