"""Finding articles by words: stemmed in the language of each text, forgiving where nothing is spelt so.

Each edition is indexed by the stemmer of its language (`article_words`, a function of the database), with
and without accents, so that "configuracion" finds «configuración». Texts with more of the words stand first.
Words that no text has are put right by the words of what the reader may read, by trigrams: a draft or a text
for staff alone never shows through a correction. Row security keeps all these queries inside the desk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Case, F, FloatField, IntegerField, Q, Value, When
from django.urls import reverse

from accounts.models import Membership
from knowledge.models import Edition
from knowledge.querysets import EditionQuerySet

MOST_WORDS = 10
MOST_FOUND = 20
CONFIGURATIONS = {"en": "english", "es": "spanish"}
# Of the trigrams of two words: a letter missed, doubled or exchanged in a word of six letters or more.
LIKE_ENOUGH = 0.35
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = str.maketrans("áàâäéèêëíìîïóòôöúùûüñç", "aaaaeeeeiiiioooouuuunc")


@dataclass(frozen=True)
class Suggestion:
    """An article that may answer: `url` is its page inside the desk, `edition_id` the text that was found."""

    title: str
    summary: str
    url: str
    language: str
    article_id: int
    edition_id: int
    audience: str


@dataclass(frozen=True)
class Found:
    """What a search led to, the best first; `read_as` are the words as put right, "" if as typed."""

    editions: list[Edition] = field(default_factory=list)
    read_as: str = ""


def search(
    words: str, *, language: str, membership: Membership | None, tenant_id: int, most: int = MOST_FOUND
) -> Found:
    """Articles with these words that the reader may read, each once, if it can be in the reader's language.

    Words that no text has are put right first. No words: nothing is found.
    """
    typed = _words_in(words)
    readable = Edition.objects.readable_by(membership, tenant_id)
    rows = _matching(readable, typed)
    unknown = [place for place in range(len(typed)) if not any(_has(row, place) for row in rows)]
    better = _put_right(readable, [typed[place] for place in unknown])
    if not better:
        return Found(_best(rows, language, most))
    read_as = [better.get(word, word) for word in typed]
    return Found(_best(_matching(readable, read_as), language, most), " ".join(read_as))


def suggest(
    words: str, language: str, membership: Membership, *, most: int = 3, within: int | None = None
) -> list[Suggestion]:
    """Articles that may answer what somebody is typing; none unless a title or two words speak for it.

    The last word may be unfinished. One query; no correction and no record is made. `within` is a tenant's id
    where it is not the membership's.
    """
    typed = _words_in(words)
    if not typed:
        return []
    readable = Edition.objects.readable_by(membership, within or membership.tenant_id)
    rows = [row for row in _matching(readable, typed, is_typing=True) if _speaks(row, len(typed))]
    return [_suggestion(edition) for edition in _best(rows, language, most)]


def _suggestion(edition: Edition) -> Suggestion:
    return Suggestion(
        title=edition.title,
        summary=edition.summary,
        url=reverse("help_article", settings.TENANT_URLCONF, args=[edition.article_id]),
        language=edition.language,
        article_id=edition.article_id,
        edition_id=edition.pk,
        audience=edition.article.audience,
    )


def _words_in(text: str) -> list[str]:
    """The different words of a text in lower case, the first of them."""
    found = dict.fromkeys(word[:40] for word in _WORD.findall(text.lower()))
    return list(found)[:MOST_WORDS]


def _query(word: str, language: str, *, weights: str = "") -> SearchQuery:
    """One word, with and without its accents; "*" among the weights: words that begin with it."""
    spelt = dict.fromkeys((word, word.translate(_ACCENTS)))
    mark = f":{weights}" if weights else ""
    raw = " | ".join(f"'{one}'{mark}" for one in spelt)
    return SearchQuery(raw, config=CONFIGURATIONS[language], search_type="raw")


def _either(word: str, *, weights: str = "") -> Q:
    found = Q()
    for language in CONFIGURATIONS:
        found |= Q(language=language, search=_query(word, language, weights=weights))
    return found


def _matching(readable: EditionQuerySet, words: Sequence[str], *, is_typing: bool = False) -> list[Edition]:
    """Editions with any of the words: `has_0`, `has_1`, … are 1 for each that they have; the best first."""
    if not words:
        return []
    marks = ["*" if is_typing and word is words[-1] and len(word) > 2 else "" for word in words]
    queries = [_either(word, weights=mark) for word, mark in zip(words, marks, strict=True)]
    flags = {f"has_{place}": _flag(query) for place, query in enumerate(queries)}
    anything, in_title = Q(), Q()
    for word, mark, query in zip(words, marks, queries, strict=True):
        anything |= query
        in_title |= _either(word, weights=f"A{mark}")
    rows = readable.without_text().filter(anything).annotate(**flags, in_title=_flag(in_title))
    total = sum((F(name) for name in flags), Value(0))
    ranked = rows.annotate(hits=total, rank=_rank(words, marks))
    return list(ranked.order_by("-hits", "-in_title", "-rank", "pk")[: 4 * MOST_FOUND])


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _rank(words: Sequence[str], marks: Sequence[str]) -> Case:
    """By PostgreSQL's own rank, in which titles count most, then keywords and summary."""
    ranks = []
    for language in CONFIGURATIONS:
        query = _query(words[0], language, weights=marks[0])
        for word, mark in zip(words[1:], marks[1:], strict=True):
            query = query | _query(word, language, weights=mark)
        ranks.append(When(language=language, then=SearchRank(F("search"), query)))
    return Case(*ranks, default=Value(0.0), output_field=FloatField())


def _has(row: Edition, place: int) -> bool:
    return bool(getattr(row, f"has_{place}"))


def _hits(row: Edition) -> int:
    hits: int = row.hits  # type: ignore[attr-defined]  # annotated above
    return hits


def _speaks(row: Edition, words: int) -> bool:
    """One word of many, somewhere in a text, says nothing."""
    return bool(row.in_title) or _hits(row) >= min(2, words)  # type: ignore[attr-defined]  # annotated above


def _best(rows: list[Edition], language: str, most: int) -> list[Edition]:
    """Each article once, in the reader's language if found in that; without what has few of the words."""
    if not rows:
        return []
    enough = (_hits(rows[0]) + 1) // 2
    chosen: dict[int, Edition] = {}
    for row in rows:
        kept = chosen.setdefault(row.article_id, row)
        if kept.language != language and row.language == language:
            chosen[row.article_id] = row
    return [row for row in chosen.values() if _hits(row) >= enough][:most]


def _put_right(readable: EditionQuerySet, words: Sequence[str]) -> dict[str, str]:
    """For each word of four letters and more the one of the readable texts that is spelt most like it."""
    words = [word for word in words if len(word) > 3]
    if not words:
        return {}
    ids = list(readable.order_by().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (typed) typed, known FROM unnest(%s::text[]) AS typed,"
            " (SELECT DISTINCT unnest(words) AS known FROM knowledge_edition WHERE id = ANY(%s)) AS texts"
            " WHERE similarity(typed, known) >= %s AND typed <> known"
            # Words that a language's stemmer leaves out ("with", «para») are spelt rightly.
            " AND numnode(plainto_tsquery('english', typed)) > 0"
            " AND numnode(plainto_tsquery('spanish', typed)) > 0"
            " ORDER BY typed, similarity(typed, known) DESC, known",
            [words, ids, LIKE_ENOUGH],
        )
        return dict(cursor.fetchall())
