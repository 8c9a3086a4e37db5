"""Names and subjects: texts of one line, that look in every list and every mail as they were meant.

Marks that turn the direction of writing are unseen, and turn what stands after them too: a number, a file's
ending, the rest of a mail's subject. Right-to-left scripts need none of them, each letter knows its own
direction. Joiners stay, Urdu and Persian are spelt with them.
"""

import unicodedata
from typing import Any

from django import forms

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def one_line(text: str) -> str:
    """The text without control characters and marks of direction, its spaces and line ends one space each.

    The null character stays: forms and API refuse it, since it is nobody's mistake in typing.
    """
    return " ".join("".join(c for c in text if not _is_dropped(c)).split())


def _is_dropped(c: str) -> bool:
    return c in _TURNING or (unicodedata.category(c) == "Cc" and c != "\0" and not c.isspace())


class LineField(forms.CharField):
    """A text of one line."""

    def to_python(self, value: Any) -> Any:
        return one_line(super().to_python(value) or "")
