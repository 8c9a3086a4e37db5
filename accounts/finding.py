"""Finding one among many by name, where a list of all choices would outweigh the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

MOST_HITS = 10
LONGEST_NAME = 120
# PostgreSQL's own threshold of "similar words": a letter missed, an accent left out.
LIKE_ENOUGH = 0.6
_EXACT, _BEGINS, _HOLDS, _RESEMBLES = range(4)


@dataclass(frozen=True)
class Hits:
    """What typed words lead to: pairs (value, name), the best first.

    `only` is the value that the words mean without doubt, or empty: the one name that holds them, or the
    one that is spelt like them. A name that merely resembles them is never meant without doubt.
    """

    words: str
    rows: tuple[tuple[str, str], ...]
    is_more: bool = False
    only: str = ""
    are_guesses: bool = False

    @property
    def note(self) -> str:
        """The line above the hits; empty when they need no explanation."""
        if not self.rows:
            nothing = _("Nothing matches “%(words)s”. Try a part of the name.")
            return nothing % {"words": self.words} if self.words else _("Nothing matches")
        if self.are_guesses:
            return _("Nothing matches “%(words)s”. Did you mean one of these?") % {"words": self.words}
        if self.is_more:
            return _("These are the first %(num)d. Type more of the name to find others.") % {
                "num": len(self.rows)
            }
        if self.words and not self.only:
            return _("Several match “%(words)s”. Choose one.") % {"words": self.words}
        return ""

    def with_first(self, value: str, name: str) -> Hits:
        """The same after a choice that is no row; it too is meant when it is spelt like the words."""
        rows = ((value, name), *(() if self.are_guesses else self.rows))
        is_meant = bool(self.words) and (len(rows) == 1 or name.casefold() == self.words.casefold())
        return replace(self, rows=rows, only=value if is_meant else "", are_guesses=False)


def clean_words(words: str) -> str:
    """What somebody typed, without what no name holds."""
    return words.replace("\0", "").strip()[:LONGEST_NAME]


def find_by_name(rows: QuerySet[Any], words: str, *, name: str = "name") -> Hits:
    """Search `rows` by their field (or annotation) `name` in one query; without words the first ones by name.

    A name that is spelt like the words stands first, then those that begin with them, then those that hold
    them; names that only resemble them are given when there is nothing better.
    """
    words = clean_words(words)
    rank = Case(
        When(**{f"{name}__iexact": words}, then=Value(_EXACT)),
        When(**{f"{name}__istartswith": words}, then=Value(_BEGINS)),
        When(**{f"{name}__icontains": words}, then=Value(_HOLDS)),
        default=Value(_RESEMBLES),
        output_field=IntegerField(),
    )
    found = rows.annotate(rank=rank, likeness=TrigramWordSimilarity(words, name))
    found = found.filter(Q(**{f"{name}__icontains": words}) | Q(likeness__gte=LIKE_ENOUGH))
    order: list[Any] = ["rank", F("likeness").desc()] if words else []
    found = found.order_by(*order, Lower(name), "pk").values_list("rank", "pk", name)
    return _sorted_out(words, list(found[: MOST_HITS + 1]))


def _sorted_out(words: str, found: list[tuple[int, int, str]]) -> Hits:
    are_guesses = bool(found) and found[0][0] == _RESEMBLES
    if not are_guesses:
        found = [row for row in found if row[0] != _RESEMBLES]
    exact = [row for row in found if row[0] == _EXACT]
    meant = next((group[0] for group in (exact, found) if words and len(group) == 1), None)
    return Hits(
        words=words,
        rows=tuple((str(pk), name) for _rank, pk, name in found[:MOST_HITS]),
        is_more=len(found) > MOST_HITS,
        only=str(meant[1]) if meant and not are_guesses else "",
        are_guesses=are_guesses,
    )
