"""The named sets of articles. Everything that leads to a row starts at `visible_to` or `readable_by`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, IntegerField, Value, When

if TYPE_CHECKING:
    from accounts.models import Membership
    from knowledge.models import Article, Edition, Image


def audiences_of(membership: Membership | None) -> tuple[str, ...]:
    """Which articles somebody may read: nobody in particular the public ones, contacts, staff."""
    if membership is None:
        return ("public",)
    return ("public", "customers", "staff") if membership.is_staff_member else ("public", "customers")


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, for those who write them."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see every article of the desk, drafts too; contacts meet articles by `readable_by`."""
        if not membership.is_staff_member:
            return self.none()
        return self.filter(tenant_id=membership.tenant_id)

    def in_use(self) -> Self:
        """Not archived, and neither is its section."""
        return self.filter(archived_at__isnull=True, section__archived_at__isnull=True)


class EditionQuerySet(models.QuerySet["Edition"]):
    """Texts of articles."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see every edition of the desk; contacts read by `readable_by`."""
        if not membership.is_staff_member:
            return self.none()
        return self.filter(tenant_id=membership.tenant_id)

    def readable_by(self, membership: Membership | None, tenant_id: int) -> Self:
        """What is published for that reader in that desk; None is somebody whom the desk does not know."""
        return self.filter(
            tenant_id=tenant_id,
            published__isnull=False,
            article__archived_at__isnull=True,
            article__section__archived_at__isnull=True,
            article__audience__in=audiences_of(membership),
        ).select_related("article__section")

    def best_first(self, *languages: str) -> Self:
        """Those in the first of the languages before those in the second, and those before all others."""
        places = [When(language=code, then=Value(place)) for place, code in enumerate(languages)]
        place = Case(*places, default=Value(len(languages)), output_field=IntegerField())
        return self.annotate(language_place=place).order_by("article_id", "language_place", "id")

    def one_an_article(self, *languages: str) -> Self:
        """Of each article the edition in the language that comes first, whichever there is."""
        return self.best_first(*languages).distinct("article_id")

    def without_text(self) -> Self:
        """Lists need no bodies."""
        return self.defer("body", "body_html", "words", "search")


class ImageQuerySet(models.QuerySet["Image"]):
    """Pictures."""

    def readable_by(self, membership: Membership | None, tenant_id: int) -> Self:
        """Staff see those of drafts too; others those of articles that they may read."""
        images = self.filter(tenant_id=tenant_id)
        if membership is not None and membership.is_staff_member:
            return images
        return images.filter(
            article__archived_at__isnull=True,
            article__section__archived_at__isnull=True,
            article__audience__in=audiences_of(membership),
            article__editions__published__isnull=False,
        ).distinct()
