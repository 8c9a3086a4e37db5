"""Articles: what they are about and for whom, their texts by language, and every version of those.

An *article* stands in a section and has an audience. Its text in one language is an *edition*. Each save
makes a *version*, which is never changed. The edition carries a copy of the version that readers see, so that
a page and a search read one table while an author goes on with the next version.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from knowledge.models.sections import Section
from knowledge.querysets import ArticleQuerySet, EditionQuerySet

TITLE_LENGTH = 150
SUMMARY_LENGTH = 300
KEYWORDS_LENGTH = 300
BODY_LENGTH = 50_000


class Audience(models.TextChoices):
    """Who may read an article once it is published."""

    PUBLIC = "public", _("Everybody")
    CUSTOMERS = "customers", _("Customers and staff")
    STAFF = "staff", _("Staff only")


class State(models.TextChoices):
    """Where the newest version of an edition stands."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")


class Article(TenantModel):
    """What is explained, in whichever languages; `made_from` is the number of the ticket it came from."""

    section = TenantForeignKey(Section, on_delete=models.PROTECT, related_name="articles")
    audience = models.CharField(
        _("who may read it"), max_length=10, choices=Audience.choices, default=Audience.CUSTOMERS
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    made_from = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    section_id: int
    objects: ClassVar = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [models.Index(fields=["tenant", "section"], name="article_of_section")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Edition(TenantModel):
    """An article in one language.

    `latest` and `published` are numbers of versions; `title` to `body_html` are those of the published one,
    empty before there is any. `words` are the words of that text, for putting misspelt searches right.
    """

    article = TenantForeignKey(Article, on_delete=models.CASCADE, related_name="editions")
    language = models.CharField(_("language"), max_length=5, choices=Language.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    latest = models.PositiveIntegerField(default=0)
    working_title = models.CharField(max_length=TITLE_LENGTH)
    changed_at = models.DateTimeField(default=timezone.now)
    published = models.PositiveIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    summary = models.CharField(max_length=SUMMARY_LENGTH, blank=True)
    keywords = models.CharField(max_length=KEYWORDS_LENGTH, blank=True)
    guide_url = models.URLField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    words = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    search = models.GeneratedField(
        expression=models.Func(
            F("language"), F("title"), F("keywords"), F("summary"), F("body"),
            function="article_words", output_field=SearchVectorField(),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )  # fmt: skip

    article_id: int
    objects: ClassVar = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering: ClassVar = ["language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "language"], name="edition_once_a_language"),
            models.CheckConstraint(
                condition=Q(published__isnull=True) | ~Q(title=""), name="edition_published_has_title"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published=F("latest")),
                name="edition_state_is_of_the_latest",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-changed_at", "-id"], name="edition_newest"),
        ]

    def __str__(self) -> str:
        return self.title or self.working_title

    @property
    def is_read(self) -> bool:
        """Readers see some version of it."""
        return self.published is not None

    @property
    def is_guide(self) -> bool:
        """It leads to a guide elsewhere."""
        return bool(self.guide_url)


class Version(TenantModel):
    """An edition as somebody saved it; rows are only ever added."""

    edition = TenantForeignKey(Edition, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    summary = models.CharField(max_length=SUMMARY_LENGTH, blank=True)
    keywords = models.CharField(max_length=KEYWORDS_LENGTH, blank=True)
    guide_url = models.URLField(max_length=500, blank=True)
    body = models.TextField(max_length=BODY_LENGTH, blank=True)
    by = TenantForeignKey(Membership, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "number"], name="article_version_once"),
            models.CheckConstraint(
                condition=~Q(body="") | ~Q(guide_url=""), name="article_version_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ArticleEventKind(models.TextChoices):
    """One word an intention."""

    WRITTEN = "written", _("Version saved")
    REVIEW_ASKED = "review_asked", _("Review asked for")
    SENT_BACK = "sent_back", _("Sent back to the author")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CHANGED = "changed", _("Section or readers changed")
    ARCHIVED = "archived", _("Archived")
    RESTORED = "restored", _("Restored")


class ArticleEvent(TenantModel):
    """What happened to an article: who, when, what. Rows are only ever added."""

    article = TenantForeignKey(Article, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=ArticleEventKind.choices)
    language = models.CharField(max_length=5, choices=Language.choices, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    comment = models.TextField(max_length=2000, blank=True)
    by = TenantForeignKey(Membership, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["article", "at", "id"], name="event_of_article")]

    def __str__(self) -> str:
        return self.kind
