"""A version beside another one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.door import staff_required
from accounts.requests import DeskRequest
from accounts.views.console import number_in
from knowledge.diff import differences
from knowledge.models import Version
from knowledge.views.editing import find_edition


@staff_required
@require_safe
def article_version(request: DeskRequest, edition_id: int, version_number: int) -> HttpResponse:
    """What a version changed against the one before it, or against the one that the address names."""
    edition = find_edition(request, edition_id)
    versions = edition.versions.select_related("by")
    version = get_object_or_404(versions, number=version_number)
    other_number = number_in(request.GET.get("against", "")) or version_number - 1
    other = versions.filter(number=other_number).first()
    if other is None and version_number > 1:
        raise Http404
    numbers = list(edition.versions.values_list("number", flat=True))
    context = {
        "edition": edition,
        "version": version,
        "other": other,
        "parts": _parts(other, version),
        "numbers": [(number, str(number)) for number in numbers if number != version_number],
    }
    return render(request, "knowledge/version.html", context)


def _parts(before: Version | None, after: Version) -> list[tuple[str, Any]]:
    """The parts that differ, with their lines; of a first version all that it says."""
    parts = (
        (_("Title"), "title"),
        (_("Summary"), "summary"),
        (_("Official guide"), "guide_url"),
        (_("Text"), "body"),
        (_("Also found by"), "keywords"),
    )
    found = []
    for label, name in parts:
        old, new = (getattr(before, name) if before else ""), getattr(after, name)
        if old != new:
            found.append((label, differences(old, new)))
    return found
