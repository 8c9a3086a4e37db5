"""What the API says of articles, and what it takes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, PageQuery, id_field, page_schema
from accounts.models import Language, Membership
from knowledge.models import (
    BODY_LENGTH,
    KEYWORDS_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    Audience,
    Edition,
    Image,
    MissedSearch,
    Section,
    State,
    Version,
)
from tickets.api.inputs import AmongField


class ByLanguage(Input):
    """A text in each language that it is there in."""

    en = Line(required=False, allow_blank=True, max_length=250)
    es = Line(required=False, allow_blank=True, max_length=250)


class SectionSerializer(serializers.Serializer[Section]):
    """A section of the knowledge base."""

    id = serializers.IntegerField()
    names = ByLanguage()
    descriptions = ByLanguage()
    position = serializers.IntegerField(help_text=_("Lower ones stand first."))
    archived_at = Instant(allow_null=True, help_text=_("Null while readers see it."))
    version = serializers.IntegerField(help_text=_("What a change sends as “seen”."))


class ArticleSerializer(serializers.Serializer[Edition]):
    """A published article, in the language in which it was found."""

    id = serializers.IntegerField(source="article_id")
    language = serializers.ChoiceField(choices=Language.choices)
    title = serializers.CharField()
    summary = serializers.CharField()
    guide_url = serializers.CharField(help_text=_("The official guide that it leads to; may be empty."))
    audience = serializers.ChoiceField(source="article.audience", choices=Audience.choices)
    section = serializers.IntegerField(source="article.section_id")
    published_at = Instant()
    url = serializers.SerializerMethodField()

    def get_url(self, edition: Edition) -> str:
        """Its page."""
        path = f"{reverse('help_article', args=[edition.article_id])}?lang={edition.language}"
        return str(self.context["request"].build_absolute_uri(path))


class ArticleTextSerializer(ArticleSerializer):
    """A published article with its text."""

    body = serializers.CharField(help_text=_("The text in Markdown."))


class EditionSerializer(serializers.Serializer[Edition]):
    """An article in one language as authors see it; `latest` is the number of its newest version."""

    id = serializers.IntegerField()
    article = serializers.IntegerField(source="article_id")
    language = serializers.ChoiceField(choices=Language.choices)
    state = serializers.ChoiceField(choices=State.choices, help_text=_("Of the newest version."))
    title = serializers.CharField(source="working_title", help_text=_("Of the newest version."))
    latest = serializers.IntegerField(help_text=_("What a change sends as “seen”."))
    published = serializers.IntegerField(
        allow_null=True, help_text=_("The number of the version that readers see; null: none.")
    )
    changed_at = Instant()
    audience = serializers.ChoiceField(source="article.audience", choices=Audience.choices)
    section = serializers.IntegerField(source="article.section_id")
    article_version = serializers.IntegerField(
        source="article.version", help_text=_("What a change of the section or the readers sends as “seen”.")
    )
    archived_at = Instant(source="article.archived_at", allow_null=True)
    helped = serializers.IntegerField(source="yes", help_text=_("Readers whom it helped."))
    did_not_help = serializers.IntegerField(source="no")


class VersionSerializer(serializers.Serializer[Version]):
    """An edition as somebody saved it."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    summary = serializers.CharField()
    keywords = serializers.CharField()
    guide_url = serializers.CharField()
    body = serializers.CharField()
    at = Instant()


class ImageSerializer(serializers.Serializer[Image]):
    """A picture of an article."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    markdown = serializers.CharField(help_text=_("What stands in the text where the image is shown."))


class MissedSearchSerializer(serializers.Serializer[MissedSearch]):
    """Words that readers searched for in vain."""

    id = serializers.IntegerField()
    words = serializers.CharField()
    language = serializers.ChoiceField(choices=Language.choices)
    times = serializers.IntegerField()
    last_at = Instant()


class FeedbackSerializer(serializers.Serializer[Any]):
    """What was said."""

    helped = serializers.BooleanField()
    comment = serializers.CharField()


SectionPage = page_schema("SectionPage", SectionSerializer)
ArticlePage = page_schema("ArticlePage", ArticleSerializer)
EditionPage = page_schema("EditionPage", EditionSerializer)
VersionPage = page_schema("VersionPage", VersionSerializer)
MissedSearchPage = page_schema("MissedSearchPage", MissedSearchSerializer)


class ArticlesQuery(PageQuery):
    """Which articles."""

    q = serializers.CharField(
        required=False, max_length=200, help_text=_("Words to search; the best match first, on one page.")
    )
    language = serializers.ChoiceField(
        choices=Language.choices, required=False, help_text=_("Preferred where there are several.")
    )
    section = id_field(required=False)


class EditionsQuery(PageQuery):
    """Which editions."""

    state = serializers.ChoiceField(choices=State.choices, required=False)
    article = id_field(required=False)


def _sections(membership: Membership) -> QuerySet[Any]:
    return Section.objects.filter(tenant_id=membership.tenant_id, archived_at=None)


class TextInput(Input):
    """The text of an article in one language."""

    title = Line(max_length=TITLE_LENGTH)
    summary = Line(max_length=SUMMARY_LENGTH, required=False, allow_blank=True)
    keywords = Line(max_length=KEYWORDS_LENGTH, required=False, allow_blank=True)
    guide_url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    body = serializers.CharField(
        max_length=BODY_LENGTH, required=False, allow_blank=True, help_text=_("In Markdown.")
    )


class ArticleInput(TextInput):
    """A new article, as a draft."""

    section = AmongField(_sections, queryset=Section.objects.none(), help_text=_("The id of a section."))
    audience = serializers.ChoiceField(choices=Audience.choices)
    language = serializers.ChoiceField(choices=Language.choices)
    position = serializers.IntegerField(
        min_value=0, max_value=999, default=0, help_text=_("In its section; lower ones stand first.")
    )


class TranslationInput(TextInput):
    """An article in another language."""

    language = serializers.ChoiceField(choices=Language.choices)


class VersionInput(TextInput):
    """The next version of an edition; what is left out becomes empty."""

    seen = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text=_("The number you saw."))


class SeenVersionInput(Input):
    """The version that it is about."""

    seen = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text=_("The number you saw."))


class SendBackInput(SeenVersionInput):
    """Why a text goes back."""

    comment = serializers.CharField(max_length=2000, help_text=_("What the author should change."))


class PlaceInput(Input):
    """Where an article stands and who reads it."""

    section = AmongField(_sections, queryset=Section.objects.none(), help_text=_("The id of a section."))
    audience = serializers.ChoiceField(choices=Audience.choices)
    position = serializers.IntegerField(min_value=0, max_value=999)
    seen = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text=_("The version you saw."))


class SectionInput(Input):
    """A section, with its names by language."""

    names = ByLanguage()
    descriptions = ByLanguage(required=False)
    position = serializers.IntegerField(min_value=0, max_value=999, required=False)


class ChangeSectionInput(SectionInput):
    """A section as it shall be."""

    seen = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text=_("The version you saw."))


class FeedbackInput(Input):
    """Whether an article helped."""

    helped = serializers.BooleanField()
    language = serializers.ChoiceField(choices=Language.choices, help_text=_("The language it was read in."))
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class ImageInput(Input):
    """A picture, in multipart/form-data."""

    image = serializers.FileField(help_text=_("PNG, JPEG, GIF or WebP, at most 5 MB."))
