"""The audit log: whatever a request changes in a setting leaves a row, in the same transaction.

Which models are settings stands in `settings.AUDITED`. Whoever saves or deletes one of their rows within
`audited(…)` is written down, field by field; the middleware puts every request that may change something
into such a block, so no service has to remember it. What is written past the ORM's `save` (a bulk, a set of
members) is told to `record_change`. What workers change by themselves is the desk's own doing and stands
there as that; marks that they only note are left out by `settings.AUDITED`. Set-up by commands leaves no row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils import timezone

from accounts.models import AuditAct, AuditEntry, Membership, Tenant
from accounts.models.audit import NAME_LENGTH
from accounts.tenancy import current_tenant_id

LONGEST_VALUE = 10_000
NOT_SHOWN = "•••"
DESK_ITSELF = "the desk itself"
"""Kept as the name of whoever changed something where no person did: a task."""
# Marks of a row that say nothing about a setting.
NEVER_COMPARED = frozenset({"id", "tenant", "version", "created_at", "banner_until", "search"})
# A change of these is told, their value never.
SECRETS = frozenset({"token_hash", "secret", "former_secret", "client_secret_sealed"})
_KEPT = "_before_audit"


@dataclass(frozen=True)
class _Author:
    """Who acts; asked when something is written, since a token is looked at late in a request."""

    person: Callable[[], Membership | None]
    address: str | None
    name: str = ""


_author: ContextVar[_Author | None] = ContextVar("audit_author", default=None)


@contextmanager
def audited(
    *, by: Membership | Callable[[], Membership | None] | None, address: str | None = None
) -> Iterator[None]:
    """Whatever changes in settings inside is written down as done by that person, from that IP address."""
    person = by if callable(by) else lambda: by
    token = _author.set(_Author(person, address or None))
    try:
        yield
    finally:
        _author.reset(token)


@contextmanager
def audited_as_desk() -> Iterator[None]:
    """Whatever changes in settings inside was done by the desk itself: a sweep, work put off until later."""
    token = _author.set(_Author(lambda: None, None, DESK_ITSELF))
    try:
        yield
    finally:
        _author.reset(token)


def record_change(
    thing: models.Model,
    *,
    field: str,
    before: Any,
    after: Any,
    by: Membership | None = None,
    at: datetime | None = None,
) -> None:
    """Write a change down that no `save` of the thing shows; nothing where the values are the same.

    `by` None: whoever acts in this request. Outside of a request that person has to be named.
    """
    author = _author.get()
    if before == after or (author is None and by is None):
        return
    _write(thing, [(AuditAct.CHANGED, field, _text(before), _text(after))], by=by, at=at)


def connect() -> None:
    """Listen to the models of `settings.AUDITED`; once, when the app is ready."""
    for label in settings.AUDITED:
        model = apps.get_model(label)
        key = f"audit {label}"
        pre_save.connect(_before_save, sender=model, dispatch_uid=key)
        post_save.connect(_after_save, sender=model, dispatch_uid=key)
        post_delete.connect(_after_delete, sender=model, dispatch_uid=key)


def _before_save(
    sender: type[models.Model], instance: models.Model, update_fields: Any = None, **kwargs: Any
) -> None:
    """Keep what the row was, while somebody is acting."""
    if _author.get() is None or instance._state.adding or kwargs.get("raw"):
        return
    names = [field.attname for field in _compared(sender, update_fields)]
    row = sender._base_manager.filter(pk=instance.pk).values(*names).first() if names else None
    instance.__dict__[_KEPT] = row


def _after_save(
    sender: type[models.Model],
    instance: models.Model,
    created: bool,
    update_fields: Any = None,
    **kwargs: Any,
) -> None:
    if _author.get() is None or kwargs.get("raw"):
        return
    if created:
        _write(instance, [(AuditAct.CREATED, "", "", _summary(instance))])
        return
    row: Mapping[str, Any] | None = instance.__dict__.pop(_KEPT, None)
    if row is None:
        return
    changes = []
    for field in _compared(sender, update_fields):
        before, after = row[field.attname], getattr(instance, field.attname)
        if _text(before) != _text(after):
            said = _said(instance, field, before), _said(instance, field, after)
            changes.append((AuditAct.CHANGED, field.name, *said))
    _write(instance, changes)


def _after_delete(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    if _author.get() is not None:
        _write(instance, [(AuditAct.REMOVED, "", _summary(instance), "")])


def _write(
    thing: models.Model,
    changes: list[tuple[AuditAct, str, str, str]],
    *,
    by: Membership | None = None,
    at: datetime | None = None,
) -> None:
    author = _author.get()
    person = by or (author.person() if author else None)
    tenant_id = thing.pk if isinstance(thing, Tenant) else getattr(thing, "tenant_id", None)
    # An operator's act on the site has no desk whose log it would stand in.
    if not changes or tenant_id is None or tenant_id != current_tenant_id():
        return
    when, name = at or timezone.now(), _name(thing)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            tenant_id=tenant_id,
            at=when,
            by=person,
            by_name=person.name if person else author.name if author else "",
            address=author.address if author else None,
            kind=thing._meta.label_lower,
            object_id=str(thing.pk),
            object_name=name,
            act=act,
            field=field,
            before=before,
            after=after,
        )
        for act, field, before, after in changes
    )


def _compared(model: type[models.Model], update_fields: Any) -> list[models.Field[Any, Any]]:
    how = settings.AUDITED.get(model._meta.label)
    left_out = NEVER_COMPARED | how.leaves_out if how else NEVER_COMPARED
    return [
        field
        for field in model._meta.local_concrete_fields
        if field.name not in left_out
        and not field.generated
        and (update_fields is None or field.name in update_fields or field.attname in update_fields)
    ]


def _name(thing: models.Model) -> str:
    """What people know it by."""
    how = settings.AUDITED.get(thing._meta.label)
    parts = [getattr(thing, name) for name in how.named_by] if how else []
    parts = [_name(part) if isinstance(part, models.Model) else part for part in parts]
    said = " · ".join(str(part) for part in parts if part not in (None, ""))
    return (said or str(thing))[:NAME_LENGTH]


def _summary(thing: models.Model) -> str:
    """All that a row says, a line a field, empty ones left out."""
    lines = []
    for field in _compared(type(thing), None):
        said = _said(thing, field, getattr(thing, field.attname))
        if said:
            lines.append(f"{field.name}: {said}")
    return "\n".join(lines)[:LONGEST_VALUE]


def _said(thing: models.Model, field: models.Field[Any, Any], value: Any) -> str:
    """A value as it is kept: the name of a row, and no secret."""
    if value in (None, ""):
        return ""
    if field.name in SECRETS:
        return NOT_SHOWN
    if isinstance(field, models.ForeignKey):
        related = field.related_model
        row = related._base_manager.filter(pk=value).first()
        return _name(row)[:LONGEST_VALUE] if row is not None else str(value)
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        said = value
    elif isinstance(value, bool):
        said = "true" if value else "false"
    elif isinstance(value, datetime):
        said = value.isoformat(timespec="seconds")
    elif isinstance(value, list | tuple) and all(isinstance(item, str | int) for item in value):
        said = ", ".join(map(str, value))
    elif isinstance(value, dict | list | tuple):
        said = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    else:
        said = str(value)
    return said[:LONGEST_VALUE]
