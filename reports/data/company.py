"""What a company has agreed on and paid for: contracts in words, prepaid hours, monthly statements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Customer, Membership
from accounts.months import month_after
from hours.days import day_of
from hours.models import LedgerEntry, Pack
from hours.statement import csv_of
from hours.statement import statement_of as hours_statement_of
from reports.data.archive import Archive
from sla.coverage_terms import plan_version_of
from sla.models import Contract
from sla.statement import statement_of
from sla.views.plan_table import plan_table
from sla.views.statement import statement_table
from tickets.lifecycle import Priority
from tickets.models import Category, Ticket

MOST_MONTHS = 60


def write_contracts(archive: Archive, customer: Customer, reader: Membership, now: datetime) -> None:
    """Every contract with its days, and what the plan of today says in words."""
    contracts = list(Contract.objects.visible_to(reader).filter(customer=customer).select_related("plan"))
    archive.json(
        "contracts.json",
        [
            {"plan": one.plan.name, "first_day": one.period.lower, "last_day": one.last_day}
            for one in contracts
        ],
    )
    archive.text("contracts.txt", "\n".join(map(str, _contract_lines(contracts, customer, now))))


def _contract_lines(contracts: list[Contract], customer: Customer, now: datetime) -> Iterator[str]:
    for contract in contracts:
        until = contract.last_day.isoformat() if contract.last_day else _("no end")
        yield _("%(plan)s: from %(first)s, last day: %(last)s") % {
            "plan": contract.plan.name,
            "first": contract.period.lower.isoformat(),
            "last": until,
        }
    version = plan_version_of(customer.pk, now)
    if version is None:
        yield _("Your company has no support plan today.")
        return
    yield from ("", version.plan.name, version.plan.description)
    categories = list(Category.objects.filter(tenant_id=customer.tenant_id).in_use())
    for group in plan_table([version], categories):
        yield from ("", group.title)
        yield from (f"  {row.label}: {row.cells[0]}" for row in group.rows if row.cells[0])
    if any(version.definitions.values()):
        yield from ("", _("What the priorities mean"))
        yield from (f"  {one.label}: {said}" for one in Priority if (said := version.definitions.get(one)))


def write_hours(archive: Archive, customer: Customer, reader: Membership, now: datetime) -> None:
    """Packs, and the ledger month by month, as the statements show it."""
    packs = Pack.objects.visible_to(reader).filter(customer=customer)
    head = [_("Name"), _("Bought, minutes"), _("Left, minutes"), _("Price"), _("First day"), _("Last day")]
    rows = [(one.name, one.minutes, one.balance, one.price, one.starts_on, one.ends_on) for one in packs]
    archive.table("hours/packs.csv", head, rows)
    first = LedgerEntry.objects.of_customer(customer.pk).aggregate(first=Min("at"))["first"]
    if first is None:
        return
    tenant = customer.tenant
    for month in _months(day_of(tenant, first), day_of(tenant, now)):
        statement = hours_statement_of(customer, month, reader=reader, now=now)
        archive.text(f"hours/{month:%Y-%m}.csv", csv_of(statement))


def write_statements(archive: Archive, customer: Customer, reader: Membership, now: datetime) -> None:
    """Tickets and promises of every month since the first ticket."""
    first = Ticket.objects.filter(customer=customer).aggregate(first=Min("filed_at"))["first"]
    if first is None:
        return
    for month in _months(timezone.localdate(first), timezone.localdate(now)):
        head, *rows = statement_table(statement_of(reader, month), customer.tenant)
        archive.table(f"statements/{month:%Y-%m}.csv", head, rows)


def _months(first: date, last: date) -> Iterator[date]:
    """The months from the first through the last day, the newest of them if there are very many."""
    earliest = (last - timedelta(days=31 * MOST_MONTHS)).replace(day=1)
    month = max(first.replace(day=1), earliest)
    while month <= last:
        yield month
        month = month_after(month)
