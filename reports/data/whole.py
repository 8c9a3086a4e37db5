"""A whole download: what belongs to a scope, and the page that says what is where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO

from django.conf import settings
from django.urls import get_urlconf, set_urlconf
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.humantime import exact_moment
from accounts.models import Membership
from reports.data.archive import Archive
from reports.data.company import write_contracts, write_hours, write_statements
from reports.data.people import write_company_people, write_own_person
from reports.data.tickets import MOST_TICKETS, Progress, TicketFiles, tickets_for
from reports.models import Scope


def write_all(whole: IO[bytes], reader: Membership, scope: str, note: Progress, *, now: datetime) -> int:
    """Write the ZIP in the active language and zone; returns how many files were left out of it.

    `reader` has its user, tenant and customer loaded. Only what the reader may see at this moment is in it.
    """
    archive = Archive(whole)
    tickets = TicketFiles(archive, reader)
    with _inside_a_desk():
        tickets.write(tickets_for(reader, scope), note)
    customer = reader.customer
    if scope == Scope.COMPANY and customer is not None:
        customer.tenant = reader.tenant
        write_company_people(archive, reader)
        write_contracts(archive, customer, reader, now)
        write_hours(archive, customer, reader, now)
        write_statements(archive, customer, reader, now)
    else:
        write_own_person(archive, reader)
    archive.text(_("read-me.txt"), "\r\n".join(_guide(reader, scope, tickets.left_out, now)))
    archive.close()
    return tickets.left_out


@contextmanager
def _inside_a_desk() -> Iterator[None]:
    """Words about tickets name addresses of the desk; a worker stands outside of any."""
    before = get_urlconf()
    set_urlconf(settings.TENANT_URLCONF)
    try:
        yield
    finally:
        set_urlconf(before)


def _guide(reader: Membership, scope: str, left_out: int, now: datetime) -> list[str]:
    company = reader.customer.name if reader.customer else ""
    title = _("Data of %(company)s") % {"company": company} if scope == Scope.COMPANY else _("Your own data")
    lines = [
        f"{reader.tenant.name}: {title}",
        _("Put together for %(name)s on %(when)s.") % {"name": reader.name, "when": exact_moment(now)},
        "",
        _("tickets.csv, messages.csv, events.csv, approvals.csv, ratings.csv: tables, a line each."),
        _("tickets/: a folder for each ticket, with all of it as JSON and its files."),
    ]
    if scope == Scope.COMPANY:
        lines += [
            _("people.csv, people.json: the people of your company."),
            _("contracts.txt, contracts.json: what was agreed, and what the plan of today says."),
            _("hours/: packs of prepaid hours and what was drawn from them, month by month."),
            _("statements/: tickets and promises, month by month."),
        ]
    else:
        lines.append(_("you.json, log-ins.csv: what is kept about you."))
    lines += [
        "",
        _("It holds what you may see in the portal: no private ticket of somebody else, no internal note."),
        _("At most %(most)s tickets are in it, the newest.") % {"most": MOST_TICKETS},
    ]
    if left_out:
        said = ngettext("%(num)d file was left out.", "%(num)d files were left out.", left_out)
        lines.append(said % {"num": left_out})
    return lines
