"""From which packs minutes are drawn, whatever is in them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hours.drawing import Left, NotEnough, draw

PACKS = st.lists(st.tuples(st.integers(-120, 600), st.integers(0, 300)), max_size=6).map(
    lambda rows: [Left(number, max(balance, -over), over) for number, (balance, over) in enumerate(rows)]
)


@given(st.integers(1, 3000), PACKS)
def test_all_or_nothing_is_drawn_and_no_pack_goes_below_what_it_allows(
    minutes: int, packs: list[Left]
) -> None:
    available = sum(left.available for left in packs)
    if minutes > available:
        with pytest.raises(NotEnough) as refused:
            draw(minutes, packs)
        assert refused.value.available == available
        return
    drawn = dict(draw(minutes, packs))
    assert sum(drawn.values()) == minutes
    assert all(taken > 0 for taken in drawn.values())
    assert all(left.balance - drawn.get(left.pack, 0) >= -left.overdraft for left in packs)


@given(st.integers(1, 3000), PACKS)
def test_a_later_pack_is_touched_only_when_the_earlier_are_empty(minutes: int, packs: list[Left]) -> None:
    if minutes > sum(left.available for left in packs):
        return
    drawn = dict(draw(minutes, packs))
    for earlier, later in pairwise(packs):
        if drawn.get(later.pack):
            assert earlier.balance - drawn.get(earlier.pack, 0) <= 0
    if any(left.balance - drawn.get(left.pack, 0) > 0 for left in packs):
        assert all(drawn.get(left.pack, 0) <= max(0, left.balance) for left in packs), "no overdraft yet"
