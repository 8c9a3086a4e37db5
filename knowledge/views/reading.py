"""What readers open: the start page with its search, a section, an article, its images."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.api.throttling import AnonymousThrottle
from knowledge.forms import FeedbackForm
from knowledge.markdown import with_images
from knowledge.models import Edition, Image
from knowledge.permissions import can_write
from knowledge.reading import MOST_IN_A_SECTION, best_of, shelves_of
from knowledge.search import Found, search
from knowledge.services import give_feedback, note_missed_search, voter_of
from knowledge.views.frames import help_page, language_of, reader_of, tenant_of


class MissedThrottle(AnonymousThrottle):
    """Searches in vain by strangers that are written down; further ones are answered all the same."""

    scope = "missed_search"
    rate = "30/hour"


class FeedbackThrottle(AnonymousThrottle):
    """What one stranger may say about articles."""

    scope = "article_feedback"
    rate = "30/hour"


@require_safe
def help_home(request: HttpRequest) -> HttpResponse:
    """All sections with their first articles; or what was found for the words in the address."""
    tenant, reader, language = tenant_of(request), reader_of(request), language_of(request)
    if words := request.GET.get("q", "").strip()[:200]:
        found = search(words, language=language, membership=reader, tenant_id=tenant.pk)
        if not found.editions:
            _note(request, words, language, timezone.now())
        return help_page(request, "found.html", {"words": words, "found": found, "language": language})
    readable = Edition.objects.readable_by(reader, tenant.pk)
    editions = readable.one_an_article(language, tenant.language).without_text()
    shelves = shelves_of(editions, language, most=MOST_IN_A_SECTION)
    return help_page(request, "help.html", {"shelves": shelves, "language": language, "found": Found()})


def _note(request: HttpRequest, words: str, language: str, at: datetime) -> None:
    """For authors; what staff try out is no search in vain."""
    reader = reader_of(request)
    if reader is not None and (reader.is_staff_member or reader.seen_by is not None):
        return
    if reader is None and not MissedThrottle().allow_request(request, None):  # type: ignore[arg-type]
        return
    note_missed_search(tenant_id=tenant_of(request).pk, words=words, language=language, at=at)


@require_safe
def help_section(request: HttpRequest, section_id: int) -> HttpResponse:
    """One section with all of its articles."""
    tenant, language = tenant_of(request), language_of(request)
    readable = Edition.objects.readable_by(reader_of(request), tenant.pk)
    readable = readable.filter(article__section_id=section_id)
    editions = list(readable.one_an_article(language, tenant.language).without_text())
    if not editions:
        return _not_there(request)
    return help_page(request, "section.html", {"shelf": shelves_of(editions, language)[0]})


@require_safe
def help_article(request: HttpRequest, article_id: int) -> HttpResponse:
    """An article in the language that is asked for, the reader's, the desk's, or any."""
    editions = _editions(request, article_id)
    edition = best_of(editions, language_of(request), tenant_of(request).language)
    if edition is None:
        return _not_there(request)
    return _article_page(request, edition, editions)


def _editions(request: HttpRequest, article_id: int) -> list[Edition]:
    readable = Edition.objects.readable_by(reader_of(request), tenant_of(request).pk)
    return list(readable.filter(article_id=article_id).defer("body", "words", "search"))


def _article_page(
    request: HttpRequest,
    edition: Edition,
    editions: list[Edition],
    *,
    form: FeedbackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    reader, section = reader_of(request), edition.article.section
    said = request.GET.get("helped", "")
    context = {
        "edition": edition,
        "others": [one for one in editions if one != edition],
        "section": section,
        "section_name": section.name_in(edition.language),
        "html": with_images(edition.body_html, lambda pk: reverse("help_image", args=[pk])),
        "may_write": reader is not None and can_write(reader, edition.tenant_id),
        "said": said if said in ("yes", "no", "thanks") else "",
        "form": form,
    }
    return help_page(request, "article.html", context, status=status)


def _not_there(request: HttpRequest) -> HttpResponse:
    """Strangers may log in and look again, whether there is something or not; members are told."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


@require_POST
def article_feedback(request: HttpRequest, article_id: int) -> HttpResponse:
    """Say whether the article helped, and then perhaps what was missing."""
    editions = _editions(request, article_id)
    form = FeedbackForm(request.POST)
    edition = best_of(editions, request.POST.get("language", ""))
    if edition is None:
        return _not_there(request)
    if not form.is_valid():
        return _article_page(request, edition, editions, form=form, status=422)
    reader = reader_of(request)
    if reader is None and not FeedbackThrottle().allow_request(request, None):  # type: ignore[arg-type]
        form.add_error(None, _("Too many answers from here. Try again in an hour."))
        return _article_page(request, edition, editions, form=form, status=429)
    address = FeedbackThrottle().get_ident(request)  # type: ignore[arg-type]
    agent = request.headers.get("User-Agent", "")
    helped, comment = form.cleaned_data["helped"], form.cleaned_data["comment"]
    give_feedback(
        edition=edition,
        voter=voter_of(reader, address=address, agent=agent),
        membership=reader,
        helped=helped == "yes",
        comment=comment,
        at=timezone.now(),
    )
    page = reverse("help_article", args=[article_id])
    said = "thanks" if comment else helped
    return HttpResponseRedirect(f"{page}?lang={edition.language}&helped={said}#feedback", status=303)


@require_safe
def help_image(request: HttpRequest, image_id: UUID) -> HttpResponseBase:
    """A picture of an article that the reader may read; staff see those of drafts too."""
    images = Image.objects.readable_by(reader_of(request), tenant_of(request).pk)
    image = get_object_or_404(images, pk=image_id)
    try:
        opened = image.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, content_type=image.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    # Opened by itself it is a picture and nothing else, whatever its bytes are.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
