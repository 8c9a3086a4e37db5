"""Say on the command line when a ticket is due, and why."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import humantime
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from sla.presentation import ClockView, clocks_of
from tickets.models import Ticket


class Command(BaseCommand):
    """`manage.py explain_ticket ACME-1042`: every clock with its receipt, in the desk's zone and language."""

    help = "Explain the deadlines of a ticket: manage.py explain_ticket ACME-1042"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="Prefix and number, as on the ticket: ACME-1042")

    def handle(self, *args: Any, reference: str, **options: Any) -> None:
        prefix, _dash, number = reference.upper().rpartition("-")
        is_number = number.isdecimal() and len(number) < 10
        tenants = list(Tenant.objects.filter(ticket_prefix=prefix)) if is_number else []
        if not tenants:
            raise CommandError(f"{reference} is no ticket reference of any desk here.")
        for tenant in tenants:
            with (
                tenant_scope(tenant.pk),
                timezone.override(tenant.time_zone),
                translation.override(tenant.language),
            ):
                self._explain(tenant, int(number), reference.upper())

    def _explain(self, tenant: Tenant, number: int, reference: str) -> None:
        ticket = Ticket.objects.filter(number=number).first()
        if ticket is None:
            raise CommandError(f"{tenant.name} has no ticket {reference}.")
        self.stdout.write(f"{reference} {ticket.subject} ({tenant.name}, {ticket.get_priority_display()})")
        views = clocks_of(ticket, now=timezone.now())
        if not views:
            self.stdout.write(_("No commitment: no contract, or no target for this priority."))
        for view in views:
            self._write(view)

    def _write(self, view: ClockView) -> None:
        due = view.due
        self.stdout.write(f"\n{view.metric_label} {view.cycle}: {due.words} ({view.target_words})")
        if view.day_rule:
            self.stdout.write(f"  {view.day_rule}")
        self.stdout.write(f"  {view.terms_words}")
        self.stdout.write(f"  {_('Time zone rules %(version)s') % {'version': view.zone_rules}}")
        if due.due_at is not None:
            reader = timezone.get_current_timezone()
            self._fact(_("Due"), humantime.in_zones(due.due_at, reader, view.zone, now=timezone.now()))
        if view.because:
            self._fact(_("Why"), _("Because %(why)s.") % {"why": view.because})
        if view.reckoned_words:
            self._fact(_("Set by hand"), view.reckoned_words)
        for at, words in view.receipt.words:
            self._fact(at, words)

    def _fact(self, name: str, words: str) -> None:
        self.stdout.write(f"  {name:<52} {words}")
