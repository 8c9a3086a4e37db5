"""Settings: who changed what, from what to what, when and from where."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.audit_search import AuditFilter, find_changes, in_words, kinds, read_filter, who_words
from accounts.csvfile import csv_file
from accounts.door import admin_required
from accounts.keyset import keyset_page
from accounts.models import AuditEntry
from accounts.querysets import AuditQuerySet
from accounts.requests import DeskRequest
from accounts.views.console import console_page

MOST_EXPORTED = 100_000


@admin_required
@require_safe
def console_audit(request: DeskRequest) -> HttpResponse:
    """The newest changes first; filters by words, person, kind of thing and days."""
    wanted, found = _found(request)
    page = keyset_page(found, ("-id",), request.GET.get("cursor", ""))
    context = {
        "page": page,
        "changes": [in_words(entry) for entry in page.rows],
        "wanted": wanted,
        "kinds": kinds(),
        "is_filtered": any([wanted.words, wanted.who, wanted.kind, wanted.since, wanted.until]),
        "most": MOST_EXPORTED,
    }
    return console_page(request, "audit.html", context)


@admin_required
@require_safe
def export_audit(request: DeskRequest) -> HttpResponse:
    """The same changes as a CSV file, instants in UTC, values as they are kept."""
    _wanted, found = _found(request)
    head = ("at", "who", "address", "kind", "id", "name", "act", "field", "before", "after")
    return csv_file(f"audit-{timezone.now():%Y-%m-%d}.csv", head, _rows(found))


def _found(request: DeskRequest) -> tuple[AuditFilter, AuditQuerySet]:
    wanted = read_filter(request.GET.dict(), timezone.get_current_timezone())
    return wanted, find_changes(request.membership, wanted)


def _rows(found: AuditQuerySet) -> Iterator[tuple[str, ...]]:
    entries: Iterator[AuditEntry] = iter(found.order_by("-id")[:MOST_EXPORTED])
    for entry in entries:
        yield (
            entry.at.isoformat(timespec="seconds"),
            who_words(entry),
            entry.address or "",
            entry.kind,
            entry.object_id,
            entry.object_name,
            entry.act,
            entry.field,
            entry.before,
            entry.after,
        )
