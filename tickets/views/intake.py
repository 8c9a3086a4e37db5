"""Settings: what a category asks for before a ticket is filed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, number_in
from tickets.intake import Kind
from tickets.intake_forms import Builder
from tickets.models import Category
from tickets.services.errors import EditedMeanwhile
from tickets.services.intake import FaultyQuestions, change_intake_form, intake_form_of


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_intake_form(request: DeskRequest, pk: int) -> HttpResponse:
    """Build the questions of a category: every button sends the whole form, so no script is needed."""
    category = get_object_or_404(Category.objects.visible_to(request.membership), pk=pk)
    current = intake_form_of(category)
    if request.method != "POST":
        builder = Builder.of(current.asked if current else [])
        seen = current.number if current else 0
        return _page(request, builder, seen=seen, category=category, current=current)
    builder, seen = Builder.sent(request.POST), number_in(request.POST.get("seen", ""))
    if builder.do(request.POST.get("action", "save")):
        return _page(request, builder, seen=seen, category=category, current=current)
    try:
        form = change_intake_form(
            category=category,
            questions=builder.questions(),
            seen=seen,
            by=request.membership,
            at=timezone.now(),
        )
    except FaultyQuestions as refused:
        builder.blame(refused.faults)
        said: dict[str, Any] = {"problem": refused.words(), "status": UNPROCESSABLE}
        return _page(request, builder, seen=seen, category=category, current=current, **said)
    except EditedMeanwhile as refused:
        said = {"problem": refused.words(), "status": CONFLICT}
        seen = current.number if current else 0
        return _page(request, builder, seen=seen, category=category, current=current, **said)
    words = _("The questions of “%(name)s” were saved (version %(number)d). They hold from now on.")
    messages.success(request, words % {"name": category.name, "number": form.number})
    return redirect("edit_intake_form", pk=category.pk)


def _page(request: DeskRequest, builder: Builder, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"builder": builder, "kinds": [(kind.value, str(kind.label)) for kind in Kind]}
    return console_page(request, "intake_form.html", context, status=status, subject="console_categories")
