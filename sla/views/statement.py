"""The monthly statement of a customer: tickets, and promises kept and missed; as a page and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.door import customer_admin_required
from accounts.models import Tenant
from accounts.months import month_after, month_before_in_reach, month_or_404
from accounts.requests import DeskRequest
from sla.statement import Line, Statement, statement_of


@customer_admin_required
@require_safe
def company_statement(request: DeskRequest) -> HttpResponse:
    """One month; the present one so far, unless the address names another."""
    today = timezone.localdate()
    month = month_or_404(request, today=today)
    later = month_after(month)
    context = {
        "statement": statement_of(request.membership, month),
        "earlier": month_before_in_reach(month),
        "later": later if later <= today else None,
        "is_over": later <= today,
    }
    return render(request, "sla/statement.html", context)


@customer_admin_required
@require_safe
def company_statement_file(request: DeskRequest) -> HttpResponse:
    """The same as CSV, a line a ticket."""
    month = month_or_404(request, today=timezone.localdate())
    name = f"{request.tenant.slug}-{month:%Y-%m}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    answer.write("\ufeff")  # by which spreadsheets know the encoding
    table = statement_table(statement_of(request.membership, month), request.tenant)
    csv.writer(answer).writerows([_plain(value) for value in row] for row in table)
    return answer


def statement_table(statement: Statement, tenant: Tenant) -> Iterator[list[str]]:
    """The head and a line a ticket, in the active language and zone."""
    yield [
        *(_("Ticket"), _("Subject"), _("Requester"), _("Category"), _("Priority"), _("Status")),
        *(_("Filed"), _("Resolved"), _("Promises kept"), _("Promises missed")),
    ]
    for line in statement.lines:
        yield _columns(tenant, line)


def _columns(tenant: Tenant, line: Line) -> list[str]:
    ticket = line.ticket
    about = ["", "", ""] if line.is_hidden else [ticket.subject, ticket.requester.name, ticket.category.name]
    return [
        f"{tenant.ticket_prefix}-{ticket.number}",
        *about,
        ticket.get_priority_display(),
        ticket.get_status_display(),
        _instant(ticket.filed_at),
        _instant(ticket.resolved_at),
        str(line.promises.kept),
        str(line.promises.missed),
    ]


def _instant(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes") if at else ""


def _plain(value: str) -> str:
    """Text that a spreadsheet takes for text: what begins like a formula gets a quote before it."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
