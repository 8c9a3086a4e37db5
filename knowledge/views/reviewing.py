"""From draft to published and back: one button each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.door import staff_required, supervisor_required
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, number_in
from knowledge import services
from knowledge.models import Edition
from knowledge.views.articles import article_page
from knowledge.views.editing import find_edition


@staff_required
@require_POST
def review_edition(request: DeskRequest, edition_id: int) -> HttpResponse:
    """Ask for a review."""
    return _move(request, edition_id, services.ask_for_review, _("Who may publish it sees it among reviews."))


@supervisor_required
@require_POST
def send_edition_back(request: DeskRequest, edition_id: int) -> HttpResponse:
    """Send it back to its author with a comment."""
    comment = request.POST.get("comment", "")[:2000]
    return _move(request, edition_id, services.send_back, _("Sent back with your comment."), comment=comment)


@supervisor_required
@require_POST
def publish(request: DeskRequest, edition_id: int) -> HttpResponse:
    """Show the newest version to readers."""
    return _move(request, edition_id, services.publish_edition, _("Published. Readers see it from now on."))


@supervisor_required
@require_POST
def withdraw(request: DeskRequest, edition_id: int) -> HttpResponse:
    """Show it to readers no more."""
    return _move(request, edition_id, services.withdraw_edition, _("Withdrawn. It is a draft again."))


def _move(
    request: DeskRequest, edition_id: int, act: Callable[..., Edition], done: str, **values: Any
) -> HttpResponse:
    """Carry it out for the version that was seen, or show the page with what was refused."""
    edition, seen = find_edition(request, edition_id), number_in(request.POST.get("seen", ""))
    try:
        act(edition=edition, seen=seen, by=request.membership, at=timezone.now(), **values)
    except services.KnowledgeRuleBroken as refused:
        status = UNPROCESSABLE if isinstance(refused, services.CommentMissing) else CONFLICT
        return article_page(
            request,
            edition.article,
            language=edition.language,
            problem=refused.words(),
            comment=values.get("comment", ""),
            status=status,
        )
    messages.success(request, done)
    return redirect(f"{reverse('article', args=[edition.article_id])}?lang={edition.language}")
