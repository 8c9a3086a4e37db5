"""What plans say about maintenance, availability and backups, read for customers at an instant.

It is part of a plan's version, so an old window and an old month are judged by what was then sold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from sla.contract_days import versions_in_force
from sla.models import BackupTerm, PlanVersion


@dataclass(frozen=True, slots=True)
class BackupTerms:
    """How often customers of one hosting model are backed up, and what of them.

    `retention_days` None: nothing is said; `verify_every_days` None: no verification is promised.
    """

    hosting_model: str
    every_hours: int
    parts: tuple[str, ...]
    retention_days: int | None = None
    verify_every_days: int | None = None


@dataclass(frozen=True, slots=True)
class MaintenanceTerms:
    """What a plan's version says about planned work, availability and backups.

    `notice_hours` None: no notice is promised. `reminder_hours` are hours before the start, largest first.
    `pauses`: resolution clocks stand while an announced window lasts. `availability` in per cent of a month,
    None: no figure; `counts_planned`: planned maintenance counts as downtime.
    """

    notice_hours: int | None = None
    reminder_hours: tuple[int, ...] = ()
    pauses: bool = False
    availability: Decimal | None = None
    counts_planned: bool = False
    backup_terms: tuple[BackupTerms, ...] = ()

    def backup_for(self, hosting_model: str) -> BackupTerms | None:
        """What is promised to a customer with that hosting model, None for nothing."""
        return next((term for term in self.backup_terms if term.hosting_model == hosting_model), None)


def maintenance_terms_of(customer_id: int, at: datetime) -> MaintenanceTerms | None:
    """What a customer's contract of that instant's day says, by the plan version then in force.

    None without a contract. Within the customer's desk (`tenant_scope`); three queries.
    """
    return maintenance_terms_of_all([customer_id], at).get(customer_id)


def maintenance_terms_of_all(customer_ids: Iterable[int], at: datetime) -> dict[int, MaintenanceTerms]:
    """The same for many customers of the current desk, by their ids, in three queries; those without a
    contract are absent."""
    chosen = versions_in_force(customer_ids, at)
    said = _said_by(set(chosen.values()))
    return {customer: said[version] for customer, version in chosen.items() if version in said}


def terms_said_by(version: PlanVersion) -> MaintenanceTerms:
    """What a plan's version says; one query, unless its `backup_terms` are there."""
    rows = [
        BackupTerms(
            row.hosting_model, row.every_hours, tuple(row.parts), row.retention_days, row.verify_every_days
        )
        for row in version.backup_terms.all()
    ]
    return MaintenanceTerms(
        version.notice_hours,
        _largest_first(version.reminder_hours),
        version.maintenance_pauses,
        version.availability,
        version.availability_counts_planned,
        tuple(rows),
    )


_BACKUP_FIELDS = ("hosting_model", "every_hours", "parts", "retention_days", "verify_every_days")


def _said_by(version_ids: set[int]) -> dict[int, MaintenanceTerms]:
    backups = BackupTerm.objects.filter(plan_version=OuterRef("pk")).order_by("id")
    rows = PlanVersion.objects.filter(pk__in=version_ids).annotate(
        backups=ArraySubquery(backups.values(json=JSONObject(**{name: name for name in _BACKUP_FIELDS})))
    )
    return {
        row["pk"]: MaintenanceTerms(
            row["notice_hours"],
            _largest_first(row["reminder_hours"]),
            row["maintenance_pauses"],
            row["availability"],
            row["availability_counts_planned"],
            tuple(_backup(backup) for backup in row["backups"]),
        )
        for row in rows.values(
            "pk",
            "notice_hours",
            "reminder_hours",
            "maintenance_pauses",
            "availability",
            "availability_counts_planned",
            "backups",
        )
    }


def _backup(row: Mapping[str, Any]) -> BackupTerms:
    return BackupTerms(**{**row, "parts": tuple(row["parts"])})


def _largest_first(hours: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(hours, reverse=True))
