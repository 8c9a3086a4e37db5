"""Two versions beside each other: which lines went, which came, and which words in a changed line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
# Lines that share less than this are two lines, not one that was changed.
_SAME_LINE = 0.5


@dataclass(frozen=True)
class Line:
    """A line: "same", "gone", "new" or "skipped"; `pieces` are texts and whether each is what differs."""

    kind: str
    pieces: list[tuple[str, bool]] = field(default_factory=list)
    count: int = 0


def differences(before: str, after: str, *, around: int = 3) -> list[Line]:
    """The lines of both texts in order; of long stretches that are the same only `around` at either end."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for step in steps:
        kind, a, b, c, d = step
        if kind == "equal":
            lines += _shortened(old[a:b], around, is_first=step == steps[0], is_last=step == steps[-1])
        else:
            lines += _changed(old[a:b], new[c:d])
    return lines


def _shortened(same: list[str], around: int, *, is_first: bool, is_last: bool) -> list[Line]:
    head = [] if is_first else same[:around]
    tail = [] if is_last else same[max(0, len(same) - around) :]
    hidden = len(same) - len(head) - len(tail)
    if hidden <= 1:
        return [Line("same", [(text, False)]) for text in same]
    shown_head = [Line("same", [(text, False)]) for text in head]
    shown_tail = [Line("same", [(text, False)]) for text in tail]
    return [*shown_head, Line("skipped", count=hidden), *shown_tail]


def _changed(old: list[str], new: list[str]) -> list[Line]:
    """Line beside line, as far as both have some; what is left went or came as a whole."""
    lines: list[Line] = []
    for place in range(max(len(old), len(new))):
        if place >= len(old):
            lines.append(Line("new", [(new[place], False)]))
        elif place >= len(new):
            lines.append(Line("gone", [(old[place], False)]))
        else:
            lines += _beside(old[place], new[place])
    return lines


def _beside(old: str, new: str) -> list[Line]:
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _SAME_LINE:
        return [Line("gone", [(old, False)]), Line("new", [(new, False)])]
    gone: list[tuple[str, bool]] = []
    come: list[tuple[str, bool]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if b > a:
            gone.append(("".join(before[a:b]), kind != "equal"))
        if d > c:
            come.append(("".join(after[c:d]), kind != "equal"))
    return [Line("gone", gone), Line("new", come)]
