"""What a preset says in its plans about maintenance, availability and backups."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from accounts.models import HostingModel
from sla.maintenance_terms import BackupTerms, MaintenanceTerms
from sla.models import BackupPart
from sla.presets.table import Table
from sla.services.errors import MaintenanceRefused
from sla.services.plan_maintenance import checked_maintenance


def maintenance_in(plan: Table) -> MaintenanceTerms:
    """The tables `maintenance` and `backups` of a plan; without them nothing is said. Raises PresetError."""
    terms = MaintenanceTerms(backup_terms=_backups(plan))
    if plan.has("maintenance"):
        table = plan.table("maintenance")
        terms = MaintenanceTerms(
            notice_hours=table.count("notice_hours") if table.has("notice_hours") else None,
            reminder_hours=tuple(table.counts("reminder_hours")),
            pauses=table.flag("pauses_resolution"),
            availability=_figure(table),
            counts_planned=table.flag("counts_planned"),
            backup_terms=terms.backup_terms,
        )
        table.refuse_rest()
    try:
        return checked_maintenance(terms)
    except MaintenanceRefused as refused:
        raise plan.error(refused.field, "is not possible") from refused


def _figure(table: Table) -> Decimal | None:
    text = table.text("availability", default="")
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise table.error("availability", f"“{text}” has to read like 99.99") from None


def _backups(plan: Table) -> tuple[BackupTerms, ...]:
    found = []
    for hosting, table in plan.tables("backups", needed=False):
        if hosting not in HostingModel.values:
            raise table.error("", f"is not one of {', '.join(HostingModel.values)}")
        parts = table.texts("parts", BackupPart.values)
        found.append(
            BackupTerms(
                hosting,
                table.count("every_hours"),
                tuple(parts),
                table.count("retention_days") if table.has("retention_days") else None,
                table.count("verify_every_days") if table.has("verify_every_days") else None,
            )
        )
        table.refuse_rest()
    return tuple(found)
