"""Say on the command line when a ticket is due, and why."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from sla.presentation import ClockView, clocks_of
from tickets.models import Ticket


class Command(BaseCommand):
    """`manage.py explain_ticket ACME-1042`: every clock with its receipt, in the desk's zone."""

    help = "Explain the deadlines of a ticket: manage.py explain_ticket ACME-1042"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="Prefix and number, as on the ticket: ACME-1042")

    def handle(self, *args: Any, reference: str, **options: Any) -> None:
        prefix, _dash, number = reference.upper().rpartition("-")
        tenants = list(Tenant.objects.filter(ticket_prefix=prefix)) if number.isdecimal() else []
        if not tenants:
            raise CommandError(f"{reference} is no ticket reference of any desk here.")
        for tenant in tenants:
            with tenant_scope(tenant.pk), timezone.override(tenant.time_zone):
                self._explain(tenant, int(number), reference)

    def _explain(self, tenant: Tenant, number: int, reference: str) -> None:
        ticket = Ticket.objects.filter(number=number).first()
        if ticket is None:
            raise CommandError(f"{tenant.name} has no ticket {reference}.")
        self.stdout.write(f"{reference} {ticket.subject} ({tenant.name}, {ticket.get_priority_display()})")
        views = clocks_of(ticket, now=timezone.now())
        if not views:
            self.stdout.write("No commitment: no contract, or no target for this priority.")
        for view in views:
            self._write(view)

    def _write(self, view: ClockView) -> None:
        self.stdout.write(f"\n{view.metric_label} {view.cycle}: {view.due.words} ({view.target_words})")
        self.stdout.write(f"  {view.terms_words}")
        for at, words in view.receipt.words:
            self.stdout.write(f"  {at:<52} {words}")
