"""What went in and out of a customer's packs in a month, line by line, with the balance after each.

Lines stand in the month in which they were written down (in the desk's zone), and rows are only ever added:
the statement of a month that is over never changes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Customer, Membership
from hours.days import bounds
from hours.grounds import included_used
from hours.models import LedgerEntry
from sla.coverage_terms import coverage_terms_of
from tickets.hour_fields import hours_text
from tickets.models import Ticket

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One row of the ledger, with the balance of all packs after it, in minutes.

    `is_hidden`: it was work on a private ticket, of which the reader gets no word but its number.
    """

    entry: LedgerEntry
    balance: int
    is_hidden: bool = False

    @property
    def what(self) -> str:
        """What it was for, in the words of whoever wrote it down."""
        entry = self.entry
        if self.is_hidden:
            return _("Private ticket")
        if entry.time_entry is not None:
            note = entry.time_entry.note
            return f"{note} ({entry.reason})" if entry.reason else note
        return entry.reason

    @property
    def ticket_number(self) -> int | None:
        """The ticket that was worked on."""
        return self.entry.time_entry.ticket.number if self.entry.time_entry else None

    @property
    def worked_on(self) -> date | None:
        """The day of the work."""
        return self.entry.time_entry.worked_on if self.entry.time_entry else None


@dataclass(frozen=True)
class Statement:
    """A month of a customer, in minutes. `included` is what its plan includes a month, None for nothing."""

    customer: Customer
    month: date
    opening: int
    lines: list[Line]
    included: int | None
    included_used: int

    @property
    def closing(self) -> int:
        """What was left at the end, or is left now."""
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def bought(self) -> int:
        """What came in."""
        return sum(line.entry.minutes for line in self.lines if line.entry.minutes > 0)

    @property
    def used(self) -> int:
        """What went out."""
        return -sum(line.entry.minutes for line in self.lines if line.entry.minutes < 0)


def statement_of(customer: Customer, month: date, *, reader: Membership, now: datetime) -> Statement:
    """The statement of a month (any day of it); `customer.tenant` is loaded. Seven queries at the most."""
    start, end = bounds(customer.tenant, month)
    ledger = LedgerEntry.objects.of_customer(customer.pk)
    opening = ledger.filter(at__lt=start).aggregate(total=Sum("minutes"))["total"] or 0
    rows = ledger.filter(at__gte=start, at__lt=end).select_related("pack", "by", "time_entry__ticket")
    seen = Ticket.objects.visible_to(reader).filter(pk=OuterRef("time_entry__ticket_id"))
    balance, lines = opening, []
    for entry in rows.annotate(is_seen=Exists(seen)).order_by("at", "pk"):
        balance += entry.minutes
        is_hidden = entry.time_entry is not None and not entry.is_seen  # type: ignore[attr-defined]
        lines.append(Line(entry, balance, is_hidden))
    terms = coverage_terms_of(customer.pk, min(now, end - timedelta(microseconds=1)))
    included = terms.included_minutes if terms else None
    used = included_used(customer.pk, month) if included else 0
    return Statement(customer, month.replace(day=1), opening, lines, included, used)


def csv_of(statement: Statement) -> str:
    """The statement for spreadsheets, in the active language; hours as 1:30, what goes out with a minus."""
    text = io.StringIO()
    writer = csv.writer(text)
    tenant = statement.customer.tenant
    zone = ZoneInfo(tenant.time_zone)
    writer.writerow(
        [
            _("Written down"),
            _("Kind"),
            _("Pack"),
            _("Ticket"),
            _("Day"),
            _("By"),
            _("What"),
            pgettext("an amount of time", "Hours"),
            _("Balance"),
        ]
    )
    writer.writerow([statement.month.isoformat(), _("Brought forward"), *[""] * 6, signed(statement.opening)])
    for line in statement.lines:
        writer.writerow(_cells(line, tenant.ticket_prefix, zone))
    return text.getvalue()


def _cells(line: Line, prefix: str, zone: ZoneInfo) -> Iterator[str]:
    entry = line.entry
    yield entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    yield str(entry.get_kind_display())
    yield harmless(entry.pack.name)
    yield f"{prefix}-{line.ticket_number}" if line.ticket_number else ""
    yield line.worked_on.isoformat() if line.worked_on else ""
    yield harmless(entry.by.name if entry.by else "")
    yield harmless(line.what)
    yield signed(entry.minutes)
    yield signed(line.balance)


def signed(minutes: int) -> str:
    """Hours as spreadsheets read them: "1:30", "-0:15"."""
    return ("-" if minutes < 0 else "") + hours_text(abs(minutes))


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
