"""Settings: how the desk looks and speaks. One page, saved by section."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.colour import look_of, read_colour
from accounts.door import admin_required
from accounts.logos import ACCEPTED, LARGEST, RefusedLogo
from accounts.look_forms import OWN, ColourForm, LanguagesForm, LogoForm, WordsForm
from accounts.models import LogoUse, Tenant
from accounts.requests import DeskRequest
from accounts.services import EditedMeanwhile, refusal_words
from accounts.services import look as services
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept
from accounts.views.look import look_css_text
from sla.desk_hours import hours_source, opening_words


@admin_required
@require_safe
def console_look(request: DeskRequest) -> HttpResponse:
    """Logo, colour, words and languages of the desk."""
    return _page(request)


@admin_required
@require_POST
def change_colour(request: DeskRequest) -> HttpResponse:
    """Take a colour, or look at it first (`preview` in the form)."""
    form = ColourForm(request.POST)
    if "preview" in request.POST:
        # While somebody is still typing, the fragment says nothing of what is not a colour yet.
        is_looking = form.is_valid() or request.headers.get("HX-Request") == "true"
        return _page(request, {"colour": form}, status=200 if is_looking else UNPROCESSABLE)
    return _saved(request, "colour", form, services.change_colour)


@admin_required
@require_POST
def change_words(request: DeskRequest) -> HttpResponse:
    """Whom mails come from, what greets customers, and when the desk is open."""
    return _saved(request, "words", WordsForm(request.POST, tenant=request.tenant), services.change_words)


@admin_required
@require_POST
def change_languages(request: DeskRequest) -> HttpResponse:
    """Which languages are offered, and the default one."""
    return _saved(request, "languages", LanguagesForm(request.POST), services.change_languages)


@admin_required
@require_POST
def set_logo(request: DeskRequest) -> HttpResponse:
    """Take a logo: for all pages, or for dark ones."""
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        use, image = LogoUse(form.cleaned_data["use"]), form.cleaned_data["image"].read(LARGEST + 1)
        try:
            services.set_logo(
                tenant=request.tenant, use=use, image=image, by=request.membership, at=timezone.now()
            )
        except RefusedLogo as refused:
            form.add_error("image", str(refused))
        else:
            messages.success(request, _("The logo is taken."))
            return redirect("console_look")
    return _page(request, {"logo": form}, status=UNPROCESSABLE)


@admin_required
@require_POST
def remove_logo(request: DeskRequest) -> HttpResponse:
    """Take a logo away again."""
    use = LogoUse.DARK if request.POST.get("use") == LogoUse.DARK else LogoUse.LIGHT
    services.remove_logo(tenant=request.tenant, use=use, by=request.membership, at=timezone.now())
    messages.success(request, _("The logo is removed."))
    return redirect("console_look")


@admin_required
@require_safe
def preview_css(request: DeskRequest) -> HttpResponse:
    """The shades of any colour, for the samples of the page alone."""
    colour = read_colour(request.GET.get("colour", ""))
    said = look_css_text(colour, ".look-sample") if colour else ""
    return HttpResponse(said, content_type="text/css; charset=utf-8")


def _saved(request: DeskRequest, name: str, form: Any, change: Callable[..., Tenant]) -> HttpResponse:
    """Save a section and come back to the page, or show the page with what is wrong."""
    status, seen = UNPROCESSABLE, request.POST.get("seen_state", "")
    if form.is_valid():
        values = form.chosen(request.tenant) if hasattr(form, "chosen") else form.cleaned_data
        try:
            change(tenant=request.tenant, seen_state=seen, by=request.membership, at=timezone.now(), **values)
        except EditedMeanwhile as refused:
            form.add_error(None, refusal_words(refused))
            status = CONFLICT
        else:
            messages.success(request, _("Saved."))
            return redirect("console_look")
    return _page(request, {name: form}, status=status)


def _page(
    request: DeskRequest, sent: dict[str, forms.Form] | None = None, *, status: int = 200
) -> HttpResponse:
    """All sections; `sent` is the form that came back, by the name of its section."""
    tenant = Tenant.objects.get(pk=request.tenant.pk)
    typed = kept(request)
    shown: dict[str, Any] = {
        "colour": ColourForm(initial={**_colour_of(tenant), **typed}),
        "words": WordsForm(tenant=tenant, initial={**_words_of(tenant), **typed}),
        "languages": LanguagesForm(initial={"languages": tenant.languages, "language": tenant.language}),
        "logo": LogoForm(),
        **(sent or {}),
    }
    colour = _colour_in(shown["colour"])
    context = {
        "forms": shown,
        "came_back": next(iter((sent or {}).values()), None),
        "desk": tenant,
        "seen": {name: services.look_state(tenant, fields) for name, fields in _SECTIONS.items()},
        "own_look": look_of(colour) if colour else None,
        "accent_shown": shown["colour"]["accent"].value(),
        "logos": [(use, getattr(tenant, field)) for use, field in services.LOGO_FIELDS.items()],
        "largest": LARGEST,
        "accepted": ACCEPTED,
        **_hours(tenant),
    }
    return console_page(request, "look.html", context, status=status, subject="console_look")


_SECTIONS = {"colour": services.COLOUR, "words": services.WORDS, "languages": services.LANGUAGES}


def _hours(tenant: Tenant) -> dict[str, Any]:
    """The calendar that is put into words where the desk has none of its own, and those words."""
    now = timezone.now()
    source = hours_source(tenant, now)
    words = opening_words(source.spec, now, ZoneInfo(source.spec["tz"])) if source else ""
    return {"hours_source": source, "hours_words": words}


def _colour_of(tenant: Tenant) -> dict[str, str]:
    return {"accent": OWN if tenant.own_colour else tenant.accent, "own_colour": tenant.own_colour}


def _words_of(tenant: Tenant) -> dict[str, Any]:
    texts = {
        f"{field}_{code}": getattr(tenant, field).get(code, "")
        for field in ("greeting", "hours_text")
        for code in tenant.languages
    }
    return {"sender_name": tenant.sender_name, "shows_hours": tenant.shows_hours, **texts}


def _colour_in(form: ColourForm) -> str | None:
    """The own colour that the form holds, if it is one and chosen."""
    is_own = form["accent"].value() == OWN
    return read_colour(str(form["own_colour"].value() or "")) if is_own else None
