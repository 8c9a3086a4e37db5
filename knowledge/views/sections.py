"""Settings: the sections of the knowledge base."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import admin_required
from accounts.models import Language
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from knowledge import services
from knowledge.forms import SectionForm
from knowledge.models import Section

SUBJECT = "console_sections"


@admin_required
@require_safe
def console_sections(request: DeskRequest) -> HttpResponse:
    """All sections in the order in which readers see them, archived ones last."""
    language = (get_language() or "")[:2]
    sections = Section.objects.filter(tenant=request.tenant).annotate(
        count=Count("articles", filter=Q(articles__archived_at=None))
    )
    in_order = sections.order_by(F("archived_at").asc(nulls_first=True), "position", "id")
    rows = [(section, section.name_in(language), section.description_in(language)) for section in in_order]
    return console_page(request, "sections.html", {"rows": rows})


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_section(request: DeskRequest) -> HttpResponse:
    """Make a section."""
    if request.method != "POST":
        return _page(request, SectionForm(initial=kept(request)))
    form = SectionForm(request.POST)
    if form.is_valid():
        try:
            services.create_section(
                tenant_id=request.tenant.pk, by=request.membership, at=timezone.now(), **_values(form)
            )
        except services.KnowledgeRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The section was created."))
            return redirect(SUBJECT)
    return _page(request, form, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_section(request: DeskRequest, section_id: int) -> HttpResponse:
    """Rename, describe or move a section."""
    section = _find(request, section_id)
    if request.method != "POST":
        form = SectionForm(initial=kept(request, _initial(section)))
        return _page(request, form, section=section, seen_version=section.version)
    form, status = SectionForm(request.POST), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            services.change_section(
                section=section,
                seen_version=seen,
                by=request.membership,
                at=timezone.now(),
                **_values(form),
            )
        except services.EditedMeanwhile as refused:
            form.refuse(refused)
            seen, status = refused.version, CONFLICT
        except services.KnowledgeRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The section was saved."))
            return redirect(SUBJECT)
    return _page(request, form, section=section, seen_version=seen, status=status)


@admin_required
@require_POST
def archive_or_restore(request: DeskRequest, section_id: int) -> HttpResponse:
    """Show a section with its articles no more, or again (`restore` in the form)."""
    section, me, now = _find(request, section_id), request.membership, timezone.now()
    if request.POST.get("restore"):
        services.restore_section(section=section, by=me, at=now)
        messages.success(request, _("The section is shown again."))
    else:
        services.archive_section(section=section, by=me, at=now)
        messages.success(request, _("The section is archived. Readers see none of its articles any more."))
    return redirect(SUBJECT)


def _find(request: DeskRequest, section_id: int) -> Section:
    return get_object_or_404(Section.objects.filter(tenant=request.tenant), pk=section_id)


def _values(form: SectionForm) -> dict[str, Any]:
    return {
        "names": form.texts("name"),
        "descriptions": form.texts("description"),
        "position": form.cleaned_data["position"],
    }


def _initial(section: Section) -> dict[str, Any]:
    texts = {f"name_{code}": section.names.get(code, "") for code in Language.values}
    texts |= {f"description_{code}": section.descriptions.get(code, "") for code in Language.values}
    return {**texts, "position": section.position}


def _page(request: DeskRequest, form: SectionForm, *, status: int = 200, **context: Any) -> HttpResponse:
    values = {"form": form, "own_names": Language.choices, **context}
    return console_page(request, "section_form.html", values, status=status, subject=SUBJECT)
