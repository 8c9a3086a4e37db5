"""Authors at work: a new article, another language, the next version, a picture."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.door import staff_required
from accounts.models import Language
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, kept, number_in
from knowledge import services
from knowledge.forms import NewArticleForm, TextForm, TranslationForm
from knowledge.markdown import render as to_html
from knowledge.markdown import with_images
from knowledge.models import Edition, Section
from knowledge.services.images import ACCEPTED, LARGEST
from knowledge.views.articles import find_article
from knowledge.views.frames import language_of


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_article(request: DeskRequest) -> HttpResponse:
    """Begin an article; the address may bring a title (a search in vain)."""
    me = request.membership
    if request.method != "POST":
        initial = {"language": language_of(request), "title": request.GET.get("title", "")[:150]}
        return new_page(request, NewArticleForm(initial=kept(request, initial), membership=me))
    form = NewArticleForm(request.POST, membership=me)
    if not form.is_valid() or "preview" in request.POST:
        return new_page(request, form, status=_status_of(request, form))
    try:
        edition = services.create_article(text=form.text(), by=me, at=timezone.now(), **form.place())
    except services.KnowledgeRuleBroken as refused:
        form.refuse(refused)
        return new_page(request, form, status=UNPROCESSABLE)
    messages.success(request, _("The draft is saved. Nobody but staff sees it before it is published."))
    return _to(edition)


def new_page(
    request: DeskRequest, form: NewArticleForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The form of a new article; without any section there is nowhere to put one."""
    has_sections = Section.objects.filter(tenant=request.tenant, archived_at=None).exists()
    values = {"form": form, "has_sections": has_sections, "preview": _preview(request), **context}
    return render(request, "knowledge/new.html", values, status=status)


def _status_of(request: DeskRequest, form: TextForm) -> int:
    return 200 if form.is_valid() and "preview" in request.POST else UNPROCESSABLE


def _preview(request: DeskRequest) -> Any:
    """What was written as readers would see it, where that is asked for."""
    if "preview" not in request.POST:
        return None
    return with_images(to_html(request.POST.get("body", "")), lambda pk: reverse("help_image", args=[pk]))


def _to(edition: Edition) -> HttpResponse:
    return redirect(f"{reverse('article', args=[edition.article_id])}?lang={edition.language}")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate_article(request: DeskRequest, article_id: int) -> HttpResponse:
    """Write it in another language, beside a text that there is."""
    article, me = find_article(request, article_id), request.membership
    editions = list(article.editions.all())
    missing = [pair for pair in Language.choices if pair[0] not in {one.language for one in editions}]
    if not missing:
        messages.info(request, _("This article exists in every language already."))
        return redirect("article", article_id)
    source = editions[0].versions.get(number=editions[0].latest)
    context = {"article": article, "source": source, "source_edition": editions[0]}
    if request.method != "POST":
        initial = {"guide_url": source.guide_url, "language": request.GET.get("lang", "")}
        form = TranslationForm(initial=kept(request, initial), languages=missing)
        return _translation_page(request, form, context)
    form = TranslationForm(request.POST, languages=missing)
    if not form.is_valid() or "preview" in request.POST:
        return _translation_page(request, form, context, status=_status_of(request, form))
    language = form.cleaned_data["language"]
    try:
        edition = services.add_edition(
            article=article, language=language, text=form.text(), by=me, at=timezone.now()
        )
    except services.KnowledgeRuleBroken as refused:
        form.refuse(refused)
        return _translation_page(request, form, context, status=UNPROCESSABLE)
    messages.success(request, _("The draft is saved. Nobody but staff sees it before it is published."))
    return _to(edition)


def _translation_page(
    request: DeskRequest, form: TranslationForm, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    values = {"form": form, "preview": _preview(request), **context}
    return render(request, "knowledge/translate.html", values, status=status)


def find_edition(request: DeskRequest, edition_id: int) -> Edition:
    """The edition with its article, if the person may see it; else 404."""
    editions = Edition.objects.visible_to(request.membership).select_related("article__section")
    found: Edition = get_object_or_404(editions, pk=edition_id)
    return found


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_edition(request: DeskRequest, edition_id: int) -> HttpResponse:
    """Write the next version; readers go on seeing the published one."""
    edition, me = find_edition(request, edition_id), request.membership
    if request.method != "POST":
        latest = edition.versions.get(number=edition.latest)
        names = ("title", "summary", "keywords", "guide_url", "body")
        form = TextForm(initial=kept(request, {name: getattr(latest, name) for name in names}))
        return _edit_page(request, edition, form, edition.latest)
    form, seen = TextForm(request.POST), number_in(request.POST.get("seen", ""))
    if not form.is_valid() or "preview" in request.POST:
        return _edit_page(request, edition, form, seen, status=_status_of(request, form))
    try:
        services.save_version(edition=edition, seen=seen, text=form.text(), by=me, at=timezone.now())
    except services.EditedMeanwhile as refused:
        form.refuse(refused)
        newer = reverse("article_version", args=[edition.pk, refused.version])
        return _edit_page(request, edition, form, refused.version, status=CONFLICT, newer=newer)
    except services.KnowledgeRuleBroken as refused:
        form.refuse(refused)
        return _edit_page(request, edition, form, seen, status=UNPROCESSABLE)
    messages.success(request, _("Version saved. Readers see it once it is published."))
    return _to(edition)


@staff_required
@require_POST
def add_article_image(request: DeskRequest, edition_id: int) -> HttpResponse:
    """Keep a picture and put it at the end of the text, which is not saved yet."""
    edition, form = find_edition(request, edition_id), TextForm(request.POST)
    seen, file = number_in(request.POST.get("seen", "")), request.FILES.get("image")
    if file is None:
        words = _("Choose an image first.")
        return _edit_page(request, edition, form, seen, status=UNPROCESSABLE, image_error=words)
    try:
        image = services.add_image(
            article=edition.article, file=file, by=request.membership, at=timezone.now()
        )
    except services.RefusedImage as refused:
        return _edit_page(request, edition, form, seen, status=UNPROCESSABLE, image_error=refused.words())
    body = request.POST.get("body", "").rstrip()
    again = request.POST.copy()
    again["body"] = f"{body}\n\n{image.markdown}".strip()
    messages.success(request, _("The image stands at the end of the text: move its line where it belongs."))
    return _edit_page(request, edition, TextForm(initial=again.dict()), seen)


def _edit_page(
    request: DeskRequest, edition: Edition, form: TextForm, seen: int, *, status: int = 200, **context: Any
) -> HttpResponse:
    values = {
        "edition": edition,
        "form": form,
        "seen": seen,
        "preview": _preview(request),
        "images": edition.article.images.all(),
        "image_types": ",".join(ACCEPTED),
        "largest_image": LARGEST,
        **context,
    }
    return render(request, "knowledge/edit.html", values, status=status)
