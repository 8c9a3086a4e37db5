"""The API of what stands around a text: place and readers, archive, images, searches in vain."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from knowledge import services
from knowledge.api.forms import (
    EditionPage,
    ImageInput,
    ImageSerializer,
    MissedSearchPage,
    MissedSearchSerializer,
    PlaceInput,
)
from knowledge.api.writing import AuthorView
from knowledge.models import MissedSearch
from tickets.api.inputs import NothingInput

MOST = Order("times", [Key("times", descending=True), Key("id", descending=True)])


class Place(AuthorView):
    @operation(
        _("Change the section or the readers of an article"),
        name="change_article",
        group="knowledge",
        answers={200: EditionPage},
        refused=[*CHANGE, "edited_meanwhile", "article_not_accepted"],
        request=PlaceInput,
        description=_("In every language, at once. Answers with its editions. For supervisors and above."),
    )
    def post(self, request: Request, article_id: int) -> Response:
        article, values = self.article(article_id), read_input(self, PlaceInput)
        seen, me = values.pop("seen"), self.membership
        changed = services.change_article(
            article=article, seen_version=seen, by=me, at=timezone.now(), **values
        )
        return self.of_article(changed)


class ArchiveArticle(AuthorView):
    @operation(
        _("Archive an article"),
        name="archive_article",
        group="knowledge",
        answers={200: EditionPage},
        refused=CHANGE,
        request=NothingInput,
        description=_("Readers see it no more. For supervisors and above."),
    )
    def post(self, request: Request, article_id: int) -> Response:
        article = self.article(article_id)
        read_input(self, NothingInput)
        now = timezone.now()
        return self.of_article(services.archive_article(article=article, by=self.membership, at=now))


class RestoreArticle(AuthorView):
    @operation(
        _("Restore an article"),
        name="restore_article",
        group="knowledge",
        answers={200: EditionPage},
        refused=CHANGE,
        request=NothingInput,
        description=_("Readers see again what is published of it. For supervisors and above."),
    )
    def post(self, request: Request, article_id: int) -> Response:
        article = self.article(article_id)
        read_input(self, NothingInput)
        now = timezone.now()
        return self.of_article(services.restore_article(article=article, by=self.membership, at=now))


class Images(AuthorView):
    parser_classes = (MultiPartParser,)

    @operation(
        _("Add an image"),
        name="add_article_image",
        group="knowledge",
        answers={201: ImageSerializer},
        refused=[*CHANGE, "refused_image"],
        request={"multipart/form-data": ImageInput},
        description=_("For use in the texts of the article. For staff."),
    )
    def post(self, request: Request, article_id: int) -> Response:
        article, values = self.article(article_id), read_input(self, ImageInput)
        made = services.add_image(
            article=article, file=values["image"], by=self.membership, at=timezone.now()
        )
        return Response(ImageSerializer(made).data, status=status.HTTP_201_CREATED)


class MissedSearches(AuthorView):
    @operation(
        _("List searches in vain"),
        name="list_missed_searches",
        group="knowledge",
        answers={200: MissedSearchPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("What readers did not find, the most frequent first. For staff."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        rows = MissedSearch.objects.filter(tenant=self.tenant)
        return page_response(self, rows, MOST, query, MissedSearchSerializer)


class OneMissedSearch(AuthorView):
    @operation(
        _("Take a search in vain off the list"),
        name="settle_missed_search",
        group="knowledge",
        answers={204: OpenApiResponse(description=_("It is off the list."))},
        refused=["not_allowed"],
    )
    def delete(self, request: Request, missed_id: int) -> Response:
        missed = get_object_or_404(MissedSearch.objects.filter(tenant=self.tenant), pk=missed_id)
        services.settle_missed_search(missed=missed, by=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
