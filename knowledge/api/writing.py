"""The API for authors: drafts, versions, reviews, publication, images, searches in vain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsStaffMember
from knowledge import services
from knowledge.api.forms import (
    ArticleInput,
    EditionPage,
    EditionSerializer,
    EditionsQuery,
    SeenVersionInput,
    SendBackInput,
    TranslationInput,
    VersionInput,
    VersionPage,
    VersionSerializer,
)
from knowledge.models import Article, Edition
from knowledge.services import Text
from knowledge.views.articles import votes

NEWEST = Order("newest", [Key("changed_at", descending=True), Key("id", descending=True)])
BY_NUMBER = Order("number", [Key("number", descending=True)])
SEEN = (*CHANGE, "edited_meanwhile", "wrong_state")


def text_in(values: dict[str, Any]) -> Text:
    """Take the text out of what was sent."""
    names = ("title", "summary", "keywords", "guide_url", "body")
    return Text(**{name: values.pop(name, "") for name in names})


class AuthorView(DeskView):
    """A view for those who write."""

    permission_classes = (IsStaffMember,)

    def editions(self) -> QuerySet[Edition]:
        """All of the desk, with what is written of them."""
        rows = Edition.objects.visible_to(self.membership).select_related("article__section")
        annotated: QuerySet[Edition] = rows.annotate(**votes())
        return annotated

    def article(self, article_id: int) -> Article:
        """The article. Raises Http404."""
        found: Article = get_object_or_404(Article.objects.visible_to(self.membership), pk=article_id)
        return found

    def shown(self, pk: int, *, code: int = status.HTTP_200_OK) -> Response:
        """The edition as it is now."""
        written = EditionSerializer(self.editions().get(pk=pk), context=self.context()).data
        return Response(written, status=code)

    def of_article(self, article: Article) -> Response:
        """Its editions as they are now."""
        rows: Any = self.editions().filter(article=article).order_by("language")
        return Response({"next": None, "results": EditionSerializer(rows, many=True).data})


class Editions(AuthorView):
    @operation(
        _("List editions"),
        name="list_editions",
        group="knowledge",
        answers={200: EditionPage},
        refused=["invalid", "not_allowed"],
        parameters=[EditionsQuery],
        description=_("Articles in each of their languages, drafts too, the last changed first. For staff."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, EditionsQuery)
        rows = self.editions()
        if "state" in query:
            rows = rows.filter(state=query["state"])
        if "article" in query:
            rows = rows.filter(article_id=query["article"])
        return page_response(self, rows, NEWEST, query, EditionSerializer)

    @operation(
        _("Write a new article"),
        name="create_article",
        group="knowledge",
        answers={201: EditionSerializer},
        refused=[*CHANGE, "article_not_accepted"],
        request=ArticleInput,
        description=_("As a draft, in one language. For staff."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, ArticleInput)
        text = text_in(values)
        made = services.create_article(text=text, by=self.membership, at=timezone.now(), **values)
        return self.shown(made.pk, code=status.HTTP_201_CREATED)


class Translations(AuthorView):
    @operation(
        _("Write an article in another language"),
        name="add_edition",
        group="knowledge",
        answers={201: EditionSerializer},
        refused=[*CHANGE, "edition_exists", "article_not_accepted"],
        request=TranslationInput,
        description=_("As a draft. For staff."),
    )
    def post(self, request: Request, article_id: int) -> Response:
        article, values = self.article(article_id), read_input(self, TranslationInput)
        text, me = text_in(values), self.membership
        made = services.add_edition(article=article, text=text, by=me, at=timezone.now(), **values)
        return self.shown(made.pk, code=status.HTTP_201_CREATED)


class OneEdition(AuthorView):
    @operation(
        _("Show an edition"),
        name="show_edition",
        group="knowledge",
        answers={200: EditionSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request, edition_id: int) -> Response:
        return self.shown(get_object_or_404(self.editions(), pk=edition_id).pk)

    @operation(
        _("Save a version"),
        name="save_version",
        group="knowledge",
        answers={200: EditionSerializer},
        refused=[*SEEN, "article_not_accepted"],
        request=VersionInput,
        description=_("A draft again; readers go on seeing the published version. For staff."),
    )
    def put(self, request: Request, edition_id: int) -> Response:
        edition = get_object_or_404(self.editions(), pk=edition_id)
        values = read_input(self, VersionInput)
        text, me = text_in(values), self.membership
        services.save_version(edition=edition, text=text, by=me, at=timezone.now(), **values)
        return self.shown(edition.pk)


class Versions(AuthorView):
    @operation(
        _("List versions"),
        name="list_versions",
        group="knowledge",
        answers={200: VersionPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("Of an edition, the newest first. For staff."),
    )
    def get(self, request: Request, edition_id: int) -> Response:
        edition = get_object_or_404(self.editions(), pk=edition_id)
        query = read_query(self, PageQuery)
        return page_response(self, edition.versions.all(), BY_NUMBER, query, VersionSerializer)


class _Move(AuthorView):
    """Carry out one step for the version that was seen."""

    act: Callable[..., Edition]
    taken: type[SeenVersionInput] = SeenVersionInput

    def moved(self, edition_id: int) -> Response:
        edition = get_object_or_404(self.editions(), pk=edition_id)
        values = read_input(self, self.taken)
        type(self).act(edition=edition, by=self.membership, at=timezone.now(), **values)
        return self.shown(edition.pk)


class Review(_Move):
    act = staticmethod(services.ask_for_review)

    @operation(
        _("Ask for a review"),
        name="ask_for_review",
        group="knowledge",
        answers={200: EditionSerializer},
        refused=SEEN,
        request=SeenVersionInput,
        description=_("The newest version is ready to be published. For staff."),
    )
    def post(self, request: Request, edition_id: int) -> Response:
        return self.moved(edition_id)


class SendBack(_Move):
    act = staticmethod(services.send_back)
    taken = SendBackInput

    @operation(
        _("Send back to the author"),
        name="send_back",
        group="knowledge",
        answers={200: EditionSerializer},
        refused=[*SEEN, "article_not_accepted"],
        request=SendBackInput,
        description=_("With what should be changed. For supervisors and above."),
    )
    def post(self, request: Request, edition_id: int) -> Response:
        return self.moved(edition_id)


class Publish(_Move):
    act = staticmethod(services.publish_edition)

    @operation(
        _("Publish"),
        name="publish_edition",
        group="knowledge",
        answers={200: EditionSerializer},
        refused=SEEN,
        request=SeenVersionInput,
        description=_("Readers see the newest version at once. For supervisors and above."),
    )
    def post(self, request: Request, edition_id: int) -> Response:
        return self.moved(edition_id)


class Withdraw(_Move):
    act = staticmethod(services.withdraw_edition)

    @operation(
        _("Withdraw"),
        name="withdraw_edition",
        group="knowledge",
        answers={200: EditionSerializer},
        refused=SEEN,
        request=SeenVersionInput,
        description=_("Readers see no version of it any more. For supervisors and above."),
    )
    def post(self, request: Request, edition_id: int) -> Response:
        return self.moved(edition_id)
