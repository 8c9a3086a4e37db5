"""Intentions about what a window is: its words, services, customers and checklist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Customer, Membership
from maintenance.audience import adjusted_of, keep_customers
from maintenance.lifecycle import Status
from maintenance.models import ChecklistItem, Window, WindowEventKind, WindowService
from maintenance.permissions import can_plan_windows
from maintenance.services.errors import (
    AudienceSettled,
    EndsBeforeStart,
    NoServices,
    NotAllowed,
    Overtaken,
    TimesAreMoved,
)
from maintenance.services.history import lock_window, save_window, write_event
from maintenance.services.planning import set_apart
from maintenance.services.replanning import AUDIENCE, tell_changes
from tickets.models import Service


@dataclass(frozen=True, kw_only=True)
class WindowTerms:
    """What a form says about a window. `added` and `left_out` adjust the customers that the services name."""

    title: str
    kind: str
    impact: str
    starts_at: datetime
    ends_at: datetime
    services: Sequence[Service]
    summary: str = ""
    advice: str = ""
    runbook: str = ""
    responsible: Membership | None = None
    starts_by_itself: bool = True
    ends_by_itself: bool = False
    added: Sequence[Customer] = ()
    left_out: Sequence[Customer] = ()
    checklist: Sequence[str] = ()


WORDS = (
    "title",
    "kind",
    "impact",
    "summary",
    "advice",
    "runbook",
    "responsible",
    "starts_by_itself",
    "ends_by_itself",
)


@transaction.atomic
def draft_window(*, terms: WindowTerms, by: Membership, at: datetime) -> Window:
    """Write a window down without telling anybody. Raises NotAllowed, NoServices, EndsBeforeStart."""
    if not can_plan_windows(by, by.tenant_id):
        raise NotAllowed
    check_terms(terms)
    window = make_window(terms, tenant_id=by.tenant_id, created_by=by, created_at=at)
    write_event(window, WindowEventKind.DRAFTED, at=at, by=by)
    return window


def make_window(terms: WindowTerms, **values: Any) -> Window:
    """The rows of a draft; in the caller's transaction."""
    words = {name: getattr(terms, name) for name in WORDS}
    window = Window(starts_at=terms.starts_at, ends_at=terms.ends_at, **words, **values)
    window.save(force_insert=True)
    write_audience(window, terms)
    _keep_checklist(window, terms.checklist)
    return window


@transaction.atomic
def change_window(
    *,
    window: Window,
    terms: WindowTerms,
    seen: int,
    by: Membership,
    at: datetime,
    emergency_reason: str = "",
) -> Window:
    """Change what a window is. Of one that was scheduled the times stay; `seen` is the version on the form.

    Those who come new to a scheduled window have a right to their notice; an `emergency_reason` skips it for
    those for whom it is too late, and is kept. Who is told of what, see `tell_changes`. Raises NotAllowed,
    WrongStatus, Overtaken, NoServices, EndsBeforeStart, TimesAreMoved, AudienceSettled, ServiceTaken,
    NoticeTooShort, EmergencyNeedsReason.
    """
    window = lock_window(window, by, (Status.DRAFT, Status.SCHEDULED, Status.IN_PROGRESS))
    if window.version != seen:
        raise Overtaken
    check_terms(terms)
    if window.status != Status.DRAFT and (terms.starts_at, terms.ends_at) != (
        window.starts_at,
        window.ends_at,
    ):
        raise TimesAreMoved
    changed = changed_fields(window, terms)
    is_other_audience = not AUDIENCE.isdisjoint(changed)
    if is_other_audience and window.status == Status.IN_PROGRESS:
        raise AudienceSettled
    set_apart(window)
    write_terms(window, terms)
    new = write_audience(window, terms) if is_other_audience else set()
    late = tell_changes(window, changed, new, by=by, at=at, emergency_reason=emergency_reason)
    data: dict[str, Any] = {"fields": changed}
    if late:
        data["late"] = [breach.customer.pk for breach in late]
    text = emergency_reason.strip() if late else ""
    write_event(window, WindowEventKind.CHANGED, at=at, by=by, text=text, data=data)
    return window


def write_terms(window: Window, terms: WindowTerms) -> None:
    """The window's own columns and its checklist."""
    for name in WORDS:
        setattr(window, name, getattr(terms, name))
    window.starts_at, window.ends_at = terms.starts_at, terms.ends_at
    save_window(window, *WORDS, "starts_at", "ends_at")
    _keep_checklist(window, terms.checklist)


def write_audience(window: Window, terms: WindowTerms) -> set[int]:
    """The window's services and customers; returns the ids of the customers that are new to it."""
    _keep_services(window, terms.services)
    return keep_customers(window, added=_ids(terms.added), left_out=_ids(terms.left_out))


def check_terms(terms: WindowTerms) -> None:
    """Raises NoServices, EndsBeforeStart."""
    if not terms.services:
        raise NoServices
    if terms.ends_at <= terms.starts_at:
        raise EndsBeforeStart


def terms_of(window: Window) -> WindowTerms:
    """What a form that changes the window starts from."""
    adjusted = adjusted_of(window)
    return WindowTerms(
        **{name: getattr(window, name) for name in WORDS},
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        services=list(window.services.all()),
        added=list(Customer.objects.filter(pk__in=adjusted.added)),
        left_out=list(Customer.objects.filter(pk__in=adjusted.left_out)),
        checklist=[item.text for item in window.checklist.all()],
    )


def changed_fields(window: Window, terms: WindowTerms) -> list[str]:
    """The names of what the terms say otherwise than the window does."""
    before = terms_of(window)
    names = [field.name for field in fields(WindowTerms)]
    return [name for name in names if _plain(getattr(before, name)) != _plain(getattr(terms, name))]


def _plain(value: Any) -> Any:
    """For comparing: lists of rows go by their rows, a checklist by its order."""
    if not isinstance(value, (list, tuple)):
        return value
    return list(value) if all(isinstance(one, str) for one in value) else _ids(value)


def _ids(rows: Sequence[Any]) -> set[int]:
    return {row.pk for row in rows}


def _keep_services(window: Window, services: Sequence[Service]) -> None:
    wanted = _ids(services)
    rows = WindowService.objects.filter(window=window)
    present = set(rows.values_list("service_id", flat=True))
    rows.filter(service_id__in=present - wanted).delete()
    WindowService.objects.bulk_create(
        WindowService(tenant_id=window.tenant_id, window=window, service_id=pk)
        for pk in sorted(wanted - present)
    )


def _keep_checklist(window: Window, texts: Sequence[str]) -> None:
    """The steps in their order; a step whose text stays keeps its tick."""
    there: dict[str, list[ChecklistItem]] = {}
    for item in ChecklistItem.objects.filter(window=window):
        there.setdefault(item.text, []).append(item)
    kept = []
    for position, text in enumerate(filter(None, (text.strip() for text in texts))):
        item = there[text].pop(0) if there.get(text) else ChecklistItem(window=window, text=text)
        item.tenant_id, item.position = window.tenant_id, position
        item.save()
        kept.append(item.pk)
    ChecklistItem.objects.filter(window=window).exclude(pk__in=kept).delete()
