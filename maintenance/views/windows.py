"""Maintenance windows: the list, the month, one of them. Staff and customers share the addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.door import member_required
from accounts.keyset import keyset_page
from accounts.models import Membership
from accounts.months import month_after
from accounts.requests import DeskRequest
from maintenance.entries import invitation_of
from maintenance.lifecycle import Status
from maintenance.models import Concern, Notice, Window, WindowCustomer, WindowEvent, WindowTicket
from maintenance.permissions import can_declare_emergency
from maintenance.querysets import WindowQuerySet
from maintenance.refusing import RefusingForm
from maintenance.views.window_words import event_line
from maintenance.window_reading import to_be_read
from maintenance.window_step_forms import LinkForm, LogForm, TellForm
from notifications.invitations import calendar_of, event_of
from tickets.models import Service, Ticket

PAGE_SIZE = 30
COMING, DRAFTS, PAST, MONTH = "coming", "drafts", "past", "month"
ORDER = {COMING: ("starts_at", "id"), DRAFTS: ("-starts_at", "-id"), PAST: ("-starts_at", "-id")}
MOST_CUSTOMERS = 8
MOST_COMING = 20
MOST_PAST = 10


@dataclass(frozen=True)
class Day:
    """A day of the month that is drawn; its windows, each with the time of its start if it starts there."""

    day: date
    is_other_month: bool
    is_today: bool
    windows: list[tuple[Window, str]]


@member_required
@require_safe
def windows(request: DeskRequest) -> HttpResponse:
    """What is coming, what is drafted, what was; for customers what concerns them."""
    me = request.membership
    if me.is_contact:
        return _for_customers(request)
    shown = request.GET.get("show", COMING)
    if shown == MONTH:
        return _month(request)
    shown = shown if shown in (DRAFTS, PAST) else COMING
    rows = with_services(_rows(Window.objects.visible_to(me), shown), me)
    rows = rows.annotate(customers=Count("window_customers", filter=~Q(window_customers__concern="left_out")))
    page = keyset_page(rows, ORDER[shown], request.GET.get("cursor", ""), size=PAGE_SIZE)
    context = {"shown": shown, "page": page, "rows": page.rows, "now": timezone.now()}
    return render(request, "maintenance/windows.html", context)


def _rows(rows: WindowQuerySet, shown: str) -> WindowQuerySet:
    if shown == PAST:
        return rows.past()
    return rows.filter(status=Status.DRAFT) if shown == DRAFTS else rows.coming_or_running()


@member_required
@require_safe
def window(request: DeskRequest, window_id: int) -> HttpResponse:
    """One window."""
    return show_window(request, find_window(request, window_id))


@member_required
@require_safe
def window_file(request: DeskRequest, window_id: int) -> HttpResponse:
    """The window as an entry for one's calendar: the same one that the invitations change."""
    found, me = find_window(request, window_id), request.membership
    if not found.sequence:  # it was never announced, so there is no entry
        raise Http404
    names = [service.name for service in found.seen_services]  # type: ignore[attr-defined]
    is_cancelled = found.status == Status.CANCELLED
    stamped_at = found.told_at or timezone.now()
    entry = invitation_of(found, names, stamped_at=stamped_at, is_cancelled=is_cancelled)
    page = request.build_absolute_uri(reverse("window", args=[found.pk]))
    text = calendar_of([event_of(entry, url=page)], name=me.tenant.name)
    headers = {"Content-Disposition": f'attachment; filename="maintenance-{found.pk}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


def find_window(request: DeskRequest, window_id: int) -> Window:
    """The window with its services, as the person may read it; else 404."""
    rows = with_services(Window.objects.visible_to(request.membership), request.membership)
    rows = rows.select_related("responsible", "series", "emergency_by")
    found: Window = get_object_or_404(rows, pk=window_id)
    return to_be_read([found], request.membership)[0]


def with_services(rows: WindowQuerySet, me: Membership) -> WindowQuerySet:
    """Each with `seen_services`: those that the person may know of."""
    services = Service.objects.visible_to(me).select_related("customer")
    return rows.prefetch_related(Prefetch("services", services, to_attr="seen_services"))


def show_window(
    request: DeskRequest,
    found: Window,
    refused: dict[str, RefusingForm] | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a window; `refused` are forms of it that came back, by their names."""
    me, now, refused = request.membership, timezone.now(), refused or {}
    if me.is_contact:
        context = {"window": found, "now": now, "tickets": _tickets(found, me)}
        return render(request, "maintenance/portal_window.html", context, status=status)
    listed = WindowCustomer.objects.filter(window=found).exclude(concern=Concern.LEFT_OUT)
    events = WindowEvent.objects.filter(window=found).select_related("actor")
    tickets = _tickets(found, me)
    context = {
        "window": found,
        "now": now,
        "problem": problem,
        "problems": list(refused.values()),
        "checklist": list(found.checklist.select_related("done_by")),
        "events": [event_line(event) for event in reversed(events)],
        "tickets": tickets,
        "untold": WindowTicket.objects.filter(window=found).untold().count(),
        "customers": list(listed.select_related("customer").order_by("customer__name")[:MOST_CUSTOMERS]),
        "customer_count": listed.count(),
        "notices": list(Notice.objects.filter(window=found).annotate(people=Count("told"))),
        "log_form": refused.get("log") or LogForm(membership=me, auto_id="id_log_%s"),
        "link_form": refused.get("link") or LinkForm(membership=me),
        "tell_form": refused.get("tell") or TellForm(membership=me, auto_id="id_tell_%s"),
        "may_declare_emergency": can_declare_emergency(me, found.tenant_id),
    }
    return render(request, "maintenance/window.html", context, status=status)


def _tickets(found: Window, me: Membership) -> list[WindowTicket]:
    rows = WindowTicket.objects.filter(window=found, ticket__in=Ticket.objects.visible_to(me))
    return list(rows.select_related("ticket__customer", "ticket__requester").order_by("ticket__number"))


def _for_customers(request: DeskRequest) -> HttpResponse:
    """What is coming and what was; of each, the first few lead to a list of its own in pages."""
    me, shown = request.membership, request.GET.get("show", "")
    rows = with_services(Window.objects.visible_to(me), me)
    context: dict[str, Any] = {"now": timezone.now(), "shown": shown if shown in (COMING, PAST) else ""}
    if context["shown"]:
        page = keyset_page(_rows(rows, shown), ORDER[shown], request.GET.get("cursor", ""), size=PAGE_SIZE)
        context |= {"page": page, shown: to_be_read(page.rows, me)}
        return render(request, "maintenance/portal_windows.html", context)
    coming = list(rows.coming_or_running().order_by(*ORDER[COMING])[: MOST_COMING + 1])
    past = list(rows.past().order_by(*ORDER[PAST])[: MOST_PAST + 1])
    context |= {
        "coming": to_be_read(coming[:MOST_COMING], me),
        "past": to_be_read(past[:MOST_PAST], me),
        "more_coming": len(coming) > MOST_COMING,
        "more_past": len(past) > MOST_PAST,
    }
    return render(request, "maintenance/portal_windows.html", context)


def _month(request: DeskRequest) -> HttpResponse:
    me, today = request.membership, timezone.localdate()
    first = _first_of(request.GET.get("month", ""), today)
    monday = first - timedelta(days=first.weekday())
    following = month_after(first)
    weeks = -(-(following - monday).days // 7)
    start, end = _midnight(monday), _midnight(monday + timedelta(days=7 * weeks))
    rows = Window.objects.visible_to(me).filter(starts_at__lt=end, ends_at__gt=start)
    rows = rows.exclude(status=Status.CANCELLED).order_by("starts_at", "pk")
    found = list(rows)
    days = [_day(monday + timedelta(days=number), first, today, found) for number in range(7 * weeks)]
    context = {
        "shown": MONTH,
        "first": first,
        "weeks": [days[number : number + 7] for number in range(0, len(days), 7)],
        "count": len(found),
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": following.strftime("%Y-%m"),
        "now": timezone.now(),
    }
    return render(request, "maintenance/windows.html", context)


def _day(day: date, first: date, today: date, found: list[Window]) -> Day:
    start, end = _midnight(day), _midnight(day + timedelta(days=1))
    here = [row for row in found if row.starts_at < end and row.ends_at > start]
    shown = [(row, _time_on(day, row.starts_at)) for row in here]
    return Day(day, day.month != first.month, day == today, shown)


def _time_on(day: date, at: datetime) -> str:
    """The wall clock of an instant on that day, "" on another."""
    local = timezone.localtime(at)
    return local.strftime("%H:%M") if local.date() == day else ""


def _first_of(text: str, today: date) -> date:
    """The first day of the month that the address names, else of this one."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if 2000 <= first.year < 2100 else today.replace(day=1)


def _midnight(day: date) -> datetime:
    """Where a day begins on the reader's clock."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here
