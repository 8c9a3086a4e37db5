"""What readers are shown: sections with their articles, and one article in the best language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.models import Edition, Section

MOST_IN_A_SECTION = 6


@dataclass
class Shelf:
    """A section with its articles in order; `more` of them are left out."""

    section: Section
    name: str
    description: str
    editions: list[Edition] = field(default_factory=list)
    more: int = 0


def shelves_of(editions: Iterable[Edition], language: str, *, most: int = 0) -> list[Shelf]:
    """Sections in order, each with its articles in order, at most `most` of them (0: all)."""
    found: dict[int, Shelf] = {}
    for edition in editions:
        section = edition.article.section
        name, description = section.name_in(language), section.description_in(language)
        found.setdefault(section.pk, Shelf(section, name, description)).editions.append(edition)
    shelves = sorted(found.values(), key=lambda shelf: (shelf.section.position, shelf.section.pk))
    for shelf in shelves:
        shelf.editions.sort(key=lambda one: (one.article.position, one.title.casefold(), one.article_id))
        if most and len(shelf.editions) > most:
            shelf.more = len(shelf.editions) - most
            del shelf.editions[most:]
    return shelves


def best_of(editions: list[Edition], *languages: str) -> Edition | None:
    """The edition in the first of these languages that there is one in, else any; None of none."""
    by_language = {edition.language: edition for edition in editions}
    for language in languages:
        if language in by_language:
            return by_language[language]
    return editions[0] if editions else None
