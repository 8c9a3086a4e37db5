"""Things that are offered no more: kept with all that names them, and offered again if somebody wants it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class Archivable(Protocol):
    """A row with a version, which says since when it is archived, None for not at all."""

    archived_at: Any
    version: Any

    def save(self, *, update_fields: list[str]) -> None: ...


def archive(row: Archivable, *, at: datetime) -> None:
    """Offer it no more; one that is archived already keeps its instant. The row is locked."""
    row.archived_at = row.archived_at or at
    _save(row)


def restore(row: Archivable) -> None:
    """Offer it again. The row is locked."""
    row.archived_at = None
    _save(row)


def _save(row: Archivable) -> None:
    row.version += 1
    row.save(update_fields=["archived_at", "version"])
