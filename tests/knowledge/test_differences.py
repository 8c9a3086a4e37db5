"""Two versions beside each other: pure, no database."""

from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.diff import differences


def shown(before: str, after: str) -> list[tuple[str, str]]:
    return [(line.kind, "".join(text for text, _ in line.pieces)) for line in differences(before, after)]


def test_words_of_a_changed_line_are_marked() -> None:
    gone, come = differences("Open the page Profile now", "Open the page Account now")
    assert [text for text, differs in gone.pieces if differs] == ["Profile"]
    assert [text for text, differs in come.pieces if differs] == ["Account"]


def test_lines_that_share_nothing_went_and_came_as_a_whole() -> None:
    assert shown("Monday", "A quite different sentence.") == [
        ("gone", "Monday"),
        ("new", "A quite different sentence."),
    ]


def test_long_stretches_that_are_the_same_are_left_out_but_for_what_is_near_a_change() -> None:
    before = "\n".join(f"line {number}" for number in range(20))
    kinds = [line.kind for line in differences(before, f"{before}\nand more")]
    assert kinds == ["skipped", "same", "same", "same", "new"]
    kinds = [line.kind for line in differences(before, f"first\n{before}")]
    assert kinds == ["new", "same", "same", "same", "skipped"]
    assert differences(before, f"{before}\nand more")[0].count == 17


TEXTS = st.lists(st.text("ab ", max_size=6), max_size=12).map("\n".join)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_what_is_shown(before: str, after: str) -> None:
    assume(before.splitlines() != after.splitlines())
    lines = differences(before, after, around=100)
    old = ["".join(text for text, _ in line.pieces) for line in lines if line.kind in ("same", "gone")]
    new = ["".join(text for text, _ in line.pieces) for line in lines if line.kind in ("same", "new")]
    assert (old, new) == (before.splitlines(), after.splitlines())
