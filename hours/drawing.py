"""From which packs minutes are drawn. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Left:
    """What is left in a pack: `balance`, and how far below zero it may go."""

    pack: int
    balance: int
    overdraft: int = 0

    @property
    def available(self) -> int:
        """The most that may be drawn from it."""
        return max(0, self.balance + self.overdraft)


class NotEnough(Exception):
    """The packs together do not hold so much; `available` is what they hold."""

    def __init__(self, available: int) -> None:
        super().__init__(available)
        self.available = available


def draw(minutes: int, packs: Iterable[Left]) -> list[tuple[int, int]]:
    """How much from which pack: the first to the last as they stand, overdrafts only when all are empty.

    Pairs of pack and minutes, one a pack, none of nothing. Raises NotEnough, and then nothing is to be drawn.
    """
    packs = list(packs)
    available = sum(left.available for left in packs)
    if minutes > available:
        raise NotEnough(available)
    drawn = dict.fromkeys((left.pack for left in packs), 0)
    for left in packs:
        drawn[left.pack] = min(minutes, max(0, left.balance))
        minutes -= drawn[left.pack]
    for left in packs:
        more = min(minutes, left.available - drawn[left.pack])
        drawn[left.pack] += more
        minutes -= more
    return [(pack, taken) for pack, taken in drawn.items() if taken]
