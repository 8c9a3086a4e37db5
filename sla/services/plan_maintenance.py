"""What a version of a plan says about maintenance, availability and backups: checked and written."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from accounts.models import HostingModel
from sla.maintenance_terms import BackupTerms, MaintenanceTerms
from sla.models import BackupPart, BackupTerm, PlanVersion
from sla.services.errors import MaintenanceRefused

MOST_HOURS = 24 * 366
MOST_DAYS = 3660
MOST_REMINDERS = 6
_PLACES = Decimal("0.001")


def checked_maintenance(terms: MaintenanceTerms) -> MaintenanceTerms:
    """The terms in the one form in which they are written. Raises MaintenanceRefused."""
    if terms.notice_hours is not None and not 1 <= terms.notice_hours <= MOST_HOURS:
        raise MaintenanceRefused("hours", "notice")
    reminders = tuple(sorted(set(terms.reminder_hours), reverse=True))
    if any(not 1 <= hours <= MOST_HOURS for hours in reminders):
        raise MaintenanceRefused("hours", "reminders")
    if len(reminders) > MOST_REMINDERS:
        raise MaintenanceRefused("many", "reminders")
    availability = terms.availability
    if availability is not None:
        if not 0 < availability <= 100:
            raise MaintenanceRefused("per_cent", "availability")
        availability = availability.quantize(_PLACES)
    return replace(
        terms,
        reminder_hours=reminders,
        availability=availability,
        backup_terms=_checked_backups(terms.backup_terms),
    )


def put_maintenance(version: PlanVersion, terms: MaintenanceTerms) -> None:
    """Put the terms on a version that is not saved yet; its backups are rows of their own."""
    version.notice_hours = terms.notice_hours
    version.reminder_hours = list(terms.reminder_hours)
    version.maintenance_pauses = terms.pauses
    version.availability = terms.availability
    version.availability_counts_planned = terms.counts_planned


def write_backups(version: PlanVersion, terms: MaintenanceTerms) -> None:
    """The rows of a saved version that say how often customers are backed up."""
    BackupTerm.objects.bulk_create(
        BackupTerm(
            tenant_id=version.tenant_id,
            plan_version=version,
            hosting_model=backup.hosting_model,
            every_hours=backup.every_hours,
            parts=list(backup.parts),
            retention_days=backup.retention_days,
            verify_every_days=backup.verify_every_days,
        )
        for backup in terms.backup_terms
    )


def _checked_backups(backups: tuple[BackupTerms, ...]) -> tuple[BackupTerms, ...]:
    order = list(HostingModel.values)
    found: dict[str, BackupTerms] = {}
    for backup in backups:
        place = f"backup.{backup.hosting_model}"
        if backup.hosting_model not in order or backup.hosting_model in found:
            raise MaintenanceRefused("twice", place)
        if not 1 <= backup.every_hours <= MOST_HOURS:
            raise MaintenanceRefused("hours", place)
        parts = tuple(part for part in BackupPart.values if part in backup.parts)
        if not parts or len(parts) != len(set(backup.parts)):
            raise MaintenanceRefused("parts", place)
        days = backup.retention_days, backup.verify_every_days
        if any(given is not None and not 1 <= given <= MOST_DAYS for given in days):
            raise MaintenanceRefused("days", place)
        found[backup.hosting_model] = replace(backup, parts=parts)
    return tuple(sorted(found.values(), key=lambda backup: order.index(backup.hosting_model)))
