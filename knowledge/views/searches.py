"""What was searched and not found, for authors."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.door import staff_required
from accounts.requests import DeskRequest
from knowledge.models import MissedSearch
from knowledge.services import settle_missed_search

MOST_ROWS = 100


@staff_required
@require_safe
def missed_searches(request: DeskRequest) -> HttpResponse:
    """Words that led nowhere, the most frequent first."""
    rows = MissedSearch.objects.filter(tenant=request.tenant)[:MOST_ROWS]
    return render(request, "knowledge/searches.html", {"rows": rows})


@staff_required
@require_POST
def settle_search(request: DeskRequest, missed_id: int) -> HttpResponse:
    """Take words off the list."""
    missed = get_object_or_404(MissedSearch.objects.filter(tenant=request.tenant), pk=missed_id)
    settle_missed_search(missed=missed, by=request.membership, at=timezone.now())
    messages.success(request, _("“%(words)s” is off the list.") % {"words": missed.words})
    return redirect("missed_searches")
