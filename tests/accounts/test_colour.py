"""A desk's own colour: contrast as WCAG 2.2 reckons it, and shades that everybody can read."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.colour import (
    DARK_SURFACES,
    EDGE_CONTRAST,
    LIGHT_SURFACES,
    TEXT_CONTRAST,
    WHITE,
    contrast,
    least_contrast,
    look_of,
    luminance,
    read_colour,
)

TOKENS = (Path(__file__).resolve().parents[2] / "static/css/tokens.css").read_text()


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#ffffff", "#000000", 21.0), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54),
     ("#ff0000", "#ffffff", 4.0), ("#0000ff", "#ffffff", 8.59), ("#1d4ed8", "#1d4ed8", 1.0)],
)  # fmt: skip
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_luminance_weighs_the_channels() -> None:
    reckoned = [luminance(colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    assert reckoned == pytest.approx([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize(
    ("typed", "read"),
    [("#1D4ED8", "#1d4ed8"), (" ffcc00 ", "#ffcc00"), ("#fc0", "#ffcc00"), ("red", None), ("#12345", None),
     ("#1d4ed8;}", None), ("", None)],
)  # fmt: skip
def test_a_colour_is_read_as_people_write_it(typed: str, read: str | None) -> None:
    assert read_colour(typed) == read


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_has_shades_that_are_read_in_every_place(number: int) -> None:
    look = look_of(f"#{number:06x}")
    for theme, surfaces in ((look.light, LIGHT_SURFACES), (look.dark, DARK_SURFACES)):
        assert least_contrast(theme.text, (*surfaces, theme.soft)) >= TEXT_CONTRAST
        assert contrast(WHITE, theme.solid) >= TEXT_CONTRAST
        assert contrast(WHITE, theme.strong) >= TEXT_CONTRAST
        assert contrast(theme.solid, surfaces[0]) >= EDGE_CONTRAST


def test_a_colour_that_is_read_stays_and_another_keeps_its_hue() -> None:
    blue = look_of("#1d4ed8")
    assert blue.light.solid == blue.light.text == "#1d4ed8"
    assert blue.dark_text.given < TEXT_CONTRAST <= blue.dark_text.reached
    yellow = look_of("#ffcc00")
    assert yellow.dark.text == "#ffcc00"
    red, green, below = (int(yellow.light.text[place : place + 2], 16) for place in (1, 3, 5))
    assert red > green > below, "a dark yellow, not another colour"
    # One step lighter would not have been enough: the shade is the nearest.
    assert yellow.light_text.reached < TEXT_CONTRAST + 0.1


def test_the_surfaces_are_those_of_the_stylesheet() -> None:
    said = dict(re.findall(r"--(\w+): (light-dark\([^)]*\))", TOKENS))
    pairs = [re.findall(r"#\w{6}", said[name]) for name in ("paper", "ground", "hover", "raised", "float")]
    assert {light for light, _dark in pairs} == set(LIGHT_SURFACES)
    assert {dark for _light, dark in pairs} == set(DARK_SURFACES)
