"""What a preset says in its knowledge base: sections with articles that a new desk begins with (B5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from accounts.models import Tenant
from knowledge.models import Audience
from knowledge.services import NothingSaid, Text, create_section, start_article
from sla.presets.table import PresetError, Table


@dataclass(frozen=True)
class ArticleTerms:
    """A published article in the preset's language."""

    text: Text
    audience: str


@dataclass(frozen=True)
class SectionTerms:
    """A section with its articles in order."""

    name: str
    description: str
    articles: tuple[ArticleTerms, ...]


def sections_in(table: Table) -> tuple[SectionTerms, ...]:
    """The tables `sections` of a preset with their `articles`; none need be there. Raises PresetError."""
    return tuple(_section(row) for row in table.rows("sections", needed=False))


def _section(table: Table) -> SectionTerms:
    terms = SectionTerms(
        name=table.text("name"),
        description=table.text("description", default=""),
        articles=tuple(_article(row) for row in table.rows("articles")),
    )
    table.refuse_rest()
    return terms


def _article(table: Table) -> ArticleTerms:
    text = Text(
        title=table.text("title"),
        summary=table.text("summary", default=""),
        keywords=table.text("keywords", default=""),
        guide_url=_address(table),
        body=table.text("body", default=""),
    )
    audience = table.choice("audience", Audience.values) if table.has("audience") else Audience.PUBLIC
    try:
        terms = ArticleTerms(text.cleaned(), audience)
    except NothingSaid:
        raise table.error("", "needs a body or a guide_url") from None
    table.refuse_rest()
    return terms


def _address(table: Table) -> str:
    text = table.text("guide_url", default="")
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).netloc):
        error: PresetError = table.error("guide_url", f"“{text}” is not an address of a page")
        raise error
    return text


def lay_sections(tenant: Tenant, sections: tuple[SectionTerms, ...], language: str, *, at: datetime) -> None:
    """Make the sections and publish their articles, inside the tenant's scope."""
    for place, terms in enumerate(sections):
        section = create_section(
            tenant_id=tenant.pk,
            names={language: terms.name},
            descriptions={language: terms.description},
            position=place,
            by=None,
            at=at,
        )
        for position, article in enumerate(terms.articles):
            start_article(
                section=section,
                texts={language: article.text},
                audience=article.audience,
                position=position,
                at=at,
            )
