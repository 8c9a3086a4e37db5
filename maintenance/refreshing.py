"""Copies of the status page end with what they show, whoever changed it and in whatever way.

This is about a cache and decides nothing. A change by `update()` sends no signal: whoever writes one calls
`maintenance.status_cache.bump`, or the copies last their few seconds.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from accounts.models import Tenant
from maintenance.models import Outage, OutageService, OutageUpdate, StatusPage, Window, WindowService
from maintenance.status_cache import bump, bump_shown
from tickets.models import Service, ServiceGroup

SHOWN = (ServiceGroup, Outage, OutageService, OutageUpdate, Window, WindowService)
READERS = (StatusPage, Service)
"""What decides who reads what: copies from before a change to one of these are never shown again."""


def connect() -> None:
    """Listen to every table that a status page is made of."""
    for model in SHOWN:
        post_save.connect(_of_desk, sender=model, dispatch_uid="status page")
        post_delete.connect(_of_desk, sender=model, dispatch_uid="status page")
    for settled in READERS:
        post_save.connect(_of_readers, sender=settled, dispatch_uid="status page")
        post_delete.connect(_of_readers, sender=settled, dispatch_uid="status page")
    post_save.connect(_desk_itself, sender=Tenant, dispatch_uid="status page")


def _of_desk(instance: Any, **_: Any) -> None:
    bump(instance.tenant_id)


def _of_readers(instance: Any, **_: Any) -> None:
    bump_shown(instance.tenant_id)


def _desk_itself(instance: Tenant, **_: Any) -> None:
    bump_shown(instance.pk)
