"""Customers and people out of a table, by API: tried first, or done."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin
from accounts.importing import LARGEST_FILE, PlannedRow, read_rows
from sla.services.importing import import_customers, plan_import


class ImportInput(Input):
    """A table as CSV text."""

    table = serializers.CharField(
        max_length=LARGEST_FILE,
        help_text=_(
            "CSV whose first line names the columns: company, hosting, coordinator, notes, name, email, "
            "role, plan, first_day, last_day; days as 2026-03-02."
        ),
    )
    only_try = serializers.BooleanField(help_text=_("True: say what would be done, and do nothing."))


class ImportedRowSerializer(serializers.Serializer[PlannedRow]):
    """What a row of the table did, or would do."""

    line = serializers.IntegerField(source="row.line")
    company = serializers.CharField(source="row.company")
    email = serializers.CharField(source="row.email")
    adds_company = serializers.BooleanField()
    invites = serializers.BooleanField(help_text=_("The person gets an invitation."))
    gives_plan = serializers.CharField(
        source="contract.plan", default=None, help_text=_("The plan that the company gets; null for none.")
    )
    errors = serializers.ListField(  # type: ignore[assignment] # DRF takes fields off the class
        child=serializers.CharField(), help_text=_("Why the row is left out; empty for one that is taken.")
    )


class ImportCustomers(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Import customers and people"),
        name="import_customers",
        group="people",
        answers={200: ImportedRowSerializer(many=True)},
        refused=[*CHANGE, "unreadable_table"],
        request=ImportInput,
        description=_("Rows with errors are left out. What is there already is left as it is."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, ImportInput)
        rows = read_rows(values["table"])
        planned: Any
        if values["only_try"]:
            planned = plan_import(rows, by=self.membership)
        else:
            planned = import_customers(rows=rows, by=self.membership, at=timezone.now())
        return Response(ImportedRowSerializer(planned, many=True).data)
