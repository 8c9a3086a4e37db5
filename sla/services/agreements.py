"""Agreements: kept once, and followed where an edit has moved them."""

from datetime import datetime

from sla.models import Agreement, Clock


def keep(agreement: Agreement) -> Agreement:
    """The saved agreement with these terms: one row for all clocks under them."""
    if agreement.pk is not None:
        return agreement
    previous = None if agreement.previous is None else keep(agreement.previous)
    kept, _is_new = Agreement.objects.with_terms().get_or_create(
        tenant_id=agreement.tenant_id,
        contract=agreement.contract,
        plan_version=agreement.plan_version,
        calendar_version=agreement.calendar_version,
        previous=previous,
        since=agreement.since,
    )
    return kept


def agreement_of(rows: list[Clock], *, at: datetime) -> Agreement | None:
    """What a ticket with these clocks is under: its open clocks' agreement, else that of the latest."""
    open_rows = [row for row in rows if row.ended_at is None]
    latest = max(open_rows or rows, key=lambda row: row.agreement_id, default=None)
    return latest.agreement if latest is not None else None
