"""The one door to a window's history, and its lock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from accounts.models import Membership
from maintenance.models import Window, WindowEvent, WindowEventKind
from maintenance.permissions import can_plan_windows
from maintenance.services.errors import NotAllowed, WrongStatus


def lock_window(window: Window, by: Membership | None, statuses: Collection[str] = ()) -> Window:
    """The window's row as it is now, locked until the transaction ends; before its children and any ticket.

    `by` None is the worker. The lock lets others point at the row (a ticket that is filed meanwhile).
    Raises NotAllowed, and WrongStatus unless the status is one of `statuses` (empty: any).
    """
    if by is not None and not can_plan_windows(by, window.tenant_id):
        raise NotAllowed
    rows = Window.objects.select_for_update(no_key=True, of=("self",))
    locked: Window = rows.select_related("series", "responsible", "tenant").get(pk=window.pk)
    if statuses and locked.status not in statuses:
        raise WrongStatus(locked)
    return locked


def save_window(window: Window, *fields: str) -> None:
    """Write the named fields and that there is a newer version."""
    window.version += 1
    window.save(update_fields=[*fields, "version"])


def write_event(
    window: Window,
    kind: WindowEventKind,
    *,
    at: datetime,
    by: Membership | None,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> WindowEvent:
    """Add to the window's history."""
    return WindowEvent.objects.create(
        tenant_id=window.tenant_id, window=window, kind=kind, at=at, actor=by, text=text, data=data or {}
    )
