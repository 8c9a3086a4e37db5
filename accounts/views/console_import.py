"""Settings: customers and people from a CSV file, looked at before anything is done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.csvfile import csv_file
from accounts.door import admin_required
from accounts.importing import (
    COLUMNS,
    LARGEST_FILE,
    MOST_ROWS,
    UnreadableFile,
    decode,
    import_words,
    read_rows,
)
from accounts.requests import DeskRequest
from accounts.views.console import UNPROCESSABLE, console_page
from sla.models import Plan
from sla.services.importing import import_customers, plan_import


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: DeskRequest) -> HttpResponse:
    """Choose a file, or paste a table; the answer shows what each row would do, the next does it."""
    if request.method != "POST":
        return _form(request)
    try:
        file = request.FILES.get("file")
        text = decode(file.read(LARGEST_FILE + 1)) if file is not None else request.POST.get("table", "")
        rows = read_rows(text)
    except UnreadableFile as refused:
        return _form(request, text=request.POST.get("table", ""), problem=refused.words())
    if "confirm" in request.POST and file is None:
        done = import_customers(rows=rows, by=request.membership, at=timezone.now())
        messages.success(request, _("Imported: %(what)s.") % {"what": import_words(done)})
        if left := sum(bool(one.errors) for one in done):
            messages.warning(request, _("Rows left out because of errors: %(n)d.") % {"n": left})
        return redirect("console_customers")
    planned = plan_import(rows, by=request.membership)
    context = {
        "planned": planned,
        "table": text,
        "wrong": sum(bool(one.errors) for one in planned),
        "known": sum(one.does_nothing for one in planned),
        "does": import_words(planned),
        "can_import": any(one.does_something for one in planned),
    }
    return console_page(request, "import_preview.html", context, subject="console_customers")


@admin_required
@require_safe
def import_template(request: DeskRequest) -> HttpResponse:
    """An empty table with two lines that show what may stand there."""
    rows = [
        ("Bright Bakery", "shared", "", "", "Ana López", "ana@example.com", "customer_admin", "", "", ""),
        ("Bright Bakery", "", "", "", "Ben Ortiz", "ben@example.com", "member", *_contract(request)),
    ]
    return csv_file("customers.csv", COLUMNS, rows)


def _contract(request: DeskRequest) -> tuple[str, str, str]:
    """The columns of a contract with the first plan that the desk has, from the first of this month on."""
    plan = Plan.objects.visible_to(request.membership).in_use().first()
    day = timezone.localdate().replace(day=1).isoformat()
    return (plan.name, day, "") if plan is not None else ("", "", "")


def _form(request: DeskRequest, *, text: str = "", problem: str = "") -> HttpResponse:
    context = {
        "table": text,
        "problem": problem,
        "columns": COLUMNS,
        "most_rows": MOST_ROWS,
        "most_bytes": LARGEST_FILE,
    }
    status = UNPROCESSABLE if problem else 200
    return console_page(request, "import.html", context, status=status, subject="console_customers")
