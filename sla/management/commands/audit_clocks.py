"""Reckon the clocks again from the record, and say what differs."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from sla.audit import audit_tenant
from tickets.notices import reference


class Command(BaseCommand):
    """`manage.py audit_clocks`: open clocks, and a sample of those that ended; exit code 1 if any differs."""

    help = "Reckon the clocks of every desk again from the record and report what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--desk", help="Only the desk of this slug.")
        parser.add_argument(
            "--sample", type=int, default=1000, help="How many tickets without open clocks, a desk (1000)."
        )

    def handle(self, *args: Any, desk: str | None, sample: int, **options: Any) -> None:
        tenants = Tenant.objects.filter(is_active=True)
        found = 0
        for tenant in tenants.filter(slug=desk) if desk else tenants:
            with tenant_scope(tenant.pk):
                audit = audit_tenant(now=timezone.now(), sample=sample)
                said = f"{tenant.slug}: {audit.clocks} clocks on {audit.tickets} tickets"
                self.stdout.write(f"{said}, {len(audit.differences)} differences")
                for one in audit.differences:
                    self.stdout.write(f"  {reference(one.ticket, tenant)} {one}")
            found += len(audit.differences)
        if found:
            sys.exit(1)
