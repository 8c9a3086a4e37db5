"""The API for readers: articles, search, whether one helped."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, page_response, read_input, read_query
from accounts.api.documenting import BODY, operation
from accounts.api.pagination import Key, Order
from knowledge.api.forms import (
    ArticlePage,
    ArticleSerializer,
    ArticlesQuery,
    ArticleTextSerializer,
    FeedbackInput,
    FeedbackSerializer,
)
from knowledge.models import Edition
from knowledge.reading import best_of
from knowledge.search import search
from knowledge.services import give_feedback, voter_of

BY_ARTICLE = Order("article", [Key("article_id")])


class ReaderView(DeskView):
    """A view for whoever may read articles."""

    def readable(self) -> QuerySet[Edition]:
        """What the caller may read."""
        found: QuerySet[Edition] = Edition.objects.readable_by(self.membership, self.tenant.pk)
        return found

    def languages(self, asked: str = "") -> tuple[str, str, str]:
        """The language asked for, the caller's, the desk's."""
        return asked, (get_language() or "")[:2], self.tenant.language

    def edition(self, article_id: int, asked: str = "") -> Edition:
        """The article in the best language. Raises Http404."""
        found = best_of(list(self.readable().filter(article_id=article_id)), *self.languages(asked))
        if found is None:
            raise Http404
        return found


class Articles(ReaderView):
    @operation(
        _("List or search articles"),
        name="list_articles",
        group="knowledge",
        answers={200: ArticlePage},
        refused=["invalid"],
        parameters=[ArticlesQuery],
        description=_("Published ones that the caller may read, each in one language."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, ArticlesQuery)
        asked, own, desk = self.languages(query.get("language", ""))
        if query.get("q", "").strip():
            found = search(
                query["q"], language=asked or own, membership=self.membership, tenant_id=self.tenant.pk
            )
            rows: Any = [
                one for one in found.editions if query.get("section") in (None, one.article.section_id)
            ]
            written = ArticleSerializer(rows[: query["limit"]], many=True, context=self.context()).data
            return Response({"next": None, "results": written})
        chosen = Edition.objects.readable_by(self.membership, self.tenant.pk)
        if "section" in query:
            chosen = chosen.filter(article__section_id=query["section"])
        ids = chosen.one_an_article(*dict.fromkeys((asked, own, desk))).values("pk")
        rows_of_page = self.readable().filter(pk__in=ids).defer("body", "body_html", "words", "search")
        return page_response(self, rows_of_page, BY_ARTICLE, query, ArticleSerializer)


class OneArticle(ReaderView):
    @operation(
        _("Show an article"),
        name="show_article",
        group="knowledge",
        answers={200: ArticleTextSerializer},
        refused=["invalid"],
        parameters=[ArticlesQuery],
        description=_("In the language that is asked for, the caller's, the desk's, or any."),
    )
    def get(self, request: Request, article_id: int) -> Response:
        query = read_query(self, ArticlesQuery)
        edition = self.edition(article_id, query.get("language", ""))
        return Response(ArticleTextSerializer(edition, context=self.context()).data)


class Helped(ReaderView):
    @operation(
        _("Say whether an article helped"),
        name="give_article_feedback",
        group="knowledge",
        answers={200: FeedbackSerializer},
        refused=[*BODY, "wrong_state"],
        request=FeedbackInput,
        description=_("Once a person; saying it again replaces it."),
    )
    def post(self, request: Request, article_id: int) -> Response:
        edition = self.edition(article_id)
        values: dict[str, Any] = read_input(self, FeedbackInput)
        edition = self.edition(article_id, values["language"])
        given = give_feedback(
            edition=edition,
            voter=voter_of(self.membership, address="", agent=""),
            membership=self.membership,
            helped=values["helped"],
            comment=values.get("comment", ""),
            at=timezone.now(),
        )
        return Response(FeedbackSerializer(given).data)
