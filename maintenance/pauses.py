"""What a window means for the clocks of tickets, written into the tickets' own histories (decision 8).

A window that people were told of is written on every open ticket on one of its services
(`maintenance_planned`), whatever its plan says: whether resolution clocks stand meanwhile is decided where
they are reckoned, by the plan's version (`sla.records`). What was written last of a window holds from then
on; what is moved, ended early or cancelled is written again or lifted. An occurrence of a series is announced
some time before it, and counts from then on. What was not announced in time pauses nothing: emergencies, and
what an extension adds (`Window.announced_end`). Nor does a window mean anything to a customer that was left
out of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from maintenance.lifecycle import BLOCKING, Status
from maintenance.models import Concern, Window, WindowCustomer
from maintenance.window_reading import titles_on_tickets
from tickets.models import EventKind, Service, Ticket, TicketEvent
from tickets.services.history import Happening, record_events

_MEANS_NOTHING = Q(concern=Concern.LEFT_OUT) | ~Q(emergency_reason="")
"""Customers that a window does not concern, or that were not told of it in time."""
_SAID = (EventKind.MAINTENANCE_PLANNED, EventKind.MAINTENANCE_LIFTED)


@transaction.atomic
def follow_window(*, window: Window, at: datetime) -> int:
    """Write on open tickets what a window means for them as it stands now; on how many it wrote.

    Called within the transaction of each change to a window, and of its announcement, after its row, its
    services and its customers were written; the tickets stay locked until that ends. Drafts mean nothing.
    Doing it again writes nothing.
    """
    if window.status == Status.DRAFT:
        return 0
    services = list(window.window_services.values_list("service_id", flat=True))
    tickets = _locked(window, services)
    # Whoever files a ticket on one of the services or moves one there holds on to its row: it is either
    # through by now and seen here, or waits for this window and sees it (`follow_ticket`).
    list(Service.objects.select_for_update().filter(pk__in=services).order_by("pk").values_list("pk"))
    tickets += _locked(window, services, but=[ticket.pk for ticket in tickets])
    return _write(window, tickets, set(services), at)


def follow_ticket(*, ticket: Ticket, at: datetime, is_new: bool = False) -> None:
    """Write on a ticket, whose row is locked, which windows are announced for its service, and lift others.

    For a ticket that was filed (`is_new`), got another service or was taken up again. One query, and one more
    for a ticket that has a history.
    """
    said = {} if is_new else _said_on(ticket)
    if ticket.service_id is None and not said:
        return
    windows = _windows_for(ticket, at)
    titled = titles_on_tickets(windows, ticket.tenant_id) if windows else None
    wanted = {
        window.pk: planned_data(window, title=titled(window, ticket.customer_id))
        for window in windows
        if titled is not None
    }
    happenings = [
        Happening(ticket, EventKind.MAINTENANCE_PLANNED, data)
        for pk, data in wanted.items()
        if not _says(said.get(pk), data)
    ]
    happenings += [
        _lifted(ticket, data) for pk, data in said.items() if pk not in wanted and _goes_on(data, at)
    ]
    # There may be many of a series: the clocks are reckoned once, from all of them.
    record_events(happenings, at=at, tell_of_last=True)


def planned_data(window: Window, *, title: str) -> dict[str, Any]:
    """What an event says of an announced window: the period that was announced before it began.

    `title` as the ticket's customer may read it.
    """
    return {
        "window": window.pk,
        "title": title,
        "starts_at": window.starts_at.isoformat(),
        "ends_at": window.announced_end.isoformat(),
    }


def _locked(window: Window, services: Collection[int], but: Collection[int] = ()) -> list[Ticket]:
    """The open tickets on its services, and those that it was written on before."""
    told = TicketEvent.objects.filter(
        ticket=OuterRef("pk"), kind=EventKind.MAINTENANCE_PLANNED, data__window=window.pk
    )
    # Tickets without a service were never told of any.
    concerned = Q(service__in=services) | (Q(service__isnull=False) & Exists(told))
    tickets = Ticket.objects.unresolved().filter(concerned, tenant_id=window.tenant_id).exclude(pk__in=but)
    return list(tickets.select_for_update(of=("self",)).order_by("pk"))


def _write(window: Window, tickets: list[Ticket], services: set[int], at: datetime) -> int:
    is_announced = window.status in BLOCKING and window.told_at is not None
    holds = is_announced and not window.is_emergency and window.announced_end > at
    left_out = set(
        WindowCustomer.objects.filter(_MEANS_NOTHING, window=window).values_list("customer_id", flat=True)
    )
    said, titled = _last_said(window, tickets), titles_on_tickets([window], window.tenant_id)
    happenings = []
    for ticket in tickets:
        before = said.get(ticket.pk)
        data = planned_data(window, title=titled(window, ticket.customer_id))
        if holds and ticket.service_id in services and ticket.customer_id not in left_out:
            if not _says(before, data):
                happenings.append(Happening(ticket, EventKind.MAINTENANCE_PLANNED, data))
        elif before is not None and _goes_on(before, at):
            happenings.append(_lifted(ticket, before))
    record_events(happenings, at=at)
    return len(happenings)


def _last_said(window: Window, tickets: Iterable[Ticket]) -> dict[int, dict[str, Any]]:
    """What was written last of a window on each ticket, by the ticket's id; lifted ones are absent."""
    events = TicketEvent.objects.filter(ticket__in=tickets, kind__in=_SAID, data__window=window.pk)
    said: dict[int, dict[str, Any]] = {}
    for event in events.order_by("at", "id"):
        _note(said, event.ticket_id, event)
    return said


def _said_on(ticket: Ticket) -> dict[int, dict[str, Any]]:
    """What was written last of each window on a ticket, by the window's id; lifted ones are absent."""
    said: dict[int, dict[str, Any]] = {}
    for event in TicketEvent.objects.filter(ticket=ticket, kind__in=_SAID).order_by("at", "id"):
        _note(said, event.data["window"], event)
    return said


def _note(said: dict[int, dict[str, Any]], key: int, event: TicketEvent) -> None:
    if event.kind == EventKind.MAINTENANCE_PLANNED:
        said[key] = event.data
    else:
        said.pop(key, None)


def _windows_for(ticket: Ticket, at: datetime) -> list[Window]:
    if ticket.service_id is None:
        return []
    left_out = WindowCustomer.objects.filter(
        _MEANS_NOTHING, window=OuterRef("pk"), customer_id=ticket.customer_id
    )
    told = Window.objects.coming_or_running().filter(told_at__isnull=False)
    ahead = Q(announced_until__gt=at) | Q(announced_until=None, ends_at__gt=at)
    announced = told.filter(ahead, is_emergency=False)
    mine = announced.filter(~Exists(left_out), window_services__service=ticket.service_id)
    return list(mine.order_by("starts_at", "pk"))


def _lifted(ticket: Ticket, data: dict[str, Any]) -> Happening:
    return Happening(ticket, EventKind.MAINTENANCE_LIFTED, {"window": data["window"], "title": data["title"]})


def _says(before: dict[str, Any] | None, data: dict[str, Any]) -> bool:
    """The same period; another title alone is no news to a clock."""
    return before is not None and all(before[name] == data[name] for name in ("starts_at", "ends_at"))


def _goes_on(data: dict[str, Any], at: datetime) -> bool:
    """It has not come to its end by that instant, so taking it back means something."""
    return datetime.fromisoformat(data["ends_at"]) > at
