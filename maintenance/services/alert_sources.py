"""Intentions about alert sources: who may say that something is wrong. What they say is taken by `alerts`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership
from accounts.oneline import one_line
from accounts.services.tokens import hash_token
from maintenance.models import AlertSource
from maintenance.permissions import can_configure
from maintenance.services.errors import NotAllowed
from maintenance.services.monitors import check_requester
from tickets.lifecycle import Priority
from tickets.models import Service

TOKEN_START = "as_"  # noqa: S105 - how every token begins


@dataclass(frozen=True, kw_only=True)
class SourceTerms:
    """Where alerts come from. `service` is that of alerts without the label; `requester` as for monitors."""

    name: str
    label: str = "service"
    service: Service | None = None
    requester: Membership | None = None
    priority: str = Priority.HIGH


def terms_of(source: AlertSource) -> SourceTerms:
    """What its alerts mean now."""
    return SourceTerms(**{term.name: getattr(source, term.name) for term in fields(SourceTerms)})


@transaction.atomic
def create_source(*, terms: SourceTerms, by: Membership, at: datetime) -> tuple[AlertSource, str]:
    """Let alerts in from somewhere; the token is returned once and never kept.

    Raises NotAllowed, NotTheirService.
    """
    _may(by, by.tenant_id)
    token = TOKEN_START + secrets.token_urlsafe(32)
    source = AlertSource(tenant_id=by.tenant_id, token_hash=hash_token(token), start=token[:9], created_at=at)
    _set(source, terms, by)
    source.save()
    return source, token


@transaction.atomic
def change_source(*, source: AlertSource, terms: SourceTerms, by: Membership, at: datetime) -> AlertSource:
    """Change what its alerts mean; its token stays. Raises NotAllowed, NotTheirService."""
    source = _lock(source, by)
    _set(source, terms, by)
    source.save()
    return source


@transaction.atomic
def revoke_source(*, source: AlertSource, by: Membership, at: datetime) -> AlertSource:
    """Its token stops working at once; what it opened is left to people. Raises NotAllowed."""
    source = _lock(source, by)
    source.revoked_at = source.revoked_at or at
    source.save(update_fields=["revoked_at"])
    return source


def _set(source: AlertSource, terms: SourceTerms, by: Membership) -> None:
    rows: list[Any] = [row for row in (terms.service, terms.requester) if row is not None]
    if any(row.tenant_id != by.tenant_id for row in rows):
        raise NotAllowed
    check_requester(terms.service, terms.requester)
    source.name, source.label = one_line(terms.name), one_line(terms.label)
    source.service, source.requester = terms.service, terms.requester
    source.priority = Priority(terms.priority)


def _may(by: Membership, tenant_id: int) -> None:
    if not can_configure(by, tenant_id):
        raise NotAllowed


def _lock(source: AlertSource, by: Membership) -> AlertSource:
    _may(by, source.tenant_id)
    locked: AlertSource = AlertSource.objects.select_for_update(no_key=True).get(pk=source.pk)
    return locked
