"""A desk's own colour: how well it is read, and the nearest shades that are read well enough.

Contrast is that of WCAG 2.2 (relative luminance and contrast ratio, §"Terms"; success criterion 1.4.3 asks
4.5:1 of text, 1.4.11 asks 3:1 of the edge of a control). Shades keep hue and, as far as a screen can show it,
chroma of the colour and change its lightness alone, in OKLCH (Björn Ottosson, "A perceptual color space for
image processing", 2020), where equal steps look equal. Values in, values out; a colour is "#rrggbb".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

TEXT_CONTRAST = 4.5
EDGE_CONTRAST = 3.0
WHITE = "#ffffff"
# The surfaces of static/css/tokens.css on which text in the desk's colour may stand.
LIGHT_SURFACES = ("#ffffff", "#f8f9fc", "#f1f3f5")
DARK_SURFACES = ("#14171e", "#0d1117", "#1d2127", "#24282f")
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)
_STEP = 0.004
"""Of lightness, which goes from 0 to 1: too small to be seen."""

Linear = tuple[float, float, float]


def read_colour(text: str) -> str | None:
    """What somebody typed as "#rrggbb": three or six hexadecimal digits, with or without "#"; else None."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 to 1 (WCAG 2.2)."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def least_contrast(colour: str, surfaces: tuple[str, ...]) -> float:
    """The contrast of text in that colour where it is read worst."""
    return min(contrast(colour, surface) for surface in surfaces)


@dataclass(frozen=True)
class Theme:
    """The shades that stand for a colour on light, or on dark, pages.

    `solid` carries white text, `strong` is the same under the pointer; `text` stands on every surface, `soft`
    is one, `line` is the edge of such a one.
    """

    solid: str
    strong: str
    text: str
    soft: str
    line: str


@dataclass(frozen=True)
class Finding:
    """How a colour does in one use: its contrast as given, and the shade that is used."""

    given: float
    shade: str
    reached: float

    @property
    def given_shown(self) -> float:
        """To two places, never better than it is: 4.4999 is not shown as enough."""
        return math.floor(self.given * 100) / 100

    @property
    def reached_shown(self) -> float:
        """The same of the shade."""
        return math.floor(self.reached * 100) / 100

    @property
    def is_read(self) -> bool:
        """Whether the colour has contrast enough as given; a button may be lost on the page all the same."""
        return self.given >= TEXT_CONTRAST


@dataclass(frozen=True)
class Look:
    """All that follows from a desk's colour. Findings are of text and of white words on buttons."""

    colour: str
    light: Theme
    dark: Theme
    light_text: Finding
    light_button: Finding
    dark_text: Finding
    dark_button: Finding

    @property
    def stylesheet(self) -> str:
        """The tokens of static/css/accents.css in these shades, for one selector to hold."""
        pairs = ((token, getattr(self.light, name), getattr(self.dark, name)) for token, name in _TOKENS)
        return ";".join(f"{token}:light-dark({light},{dark})" for token, light, dark in pairs)


_TOKENS = (
    ("--accent", "solid"),
    ("--accent-strong", "strong"),
    ("--accent-text", "text"),
    ("--accent-soft", "soft"),
    ("--accent-line", "line"),
)


@lru_cache(maxsize=256)
def look_of(colour: str) -> Look:
    """The shades of a colour, each the nearest that is read well enough, and how the colour itself does."""
    light, dark = _light(colour), _dark(colour)
    light_surfaces, dark_surfaces = (*LIGHT_SURFACES, light.soft), (*DARK_SURFACES, dark.soft)
    on_button = contrast(WHITE, colour)
    return Look(
        colour=colour,
        light=light,
        dark=dark,
        light_text=_found(colour, light.text, light_surfaces),
        light_button=Finding(on_button, light.solid, contrast(WHITE, light.solid)),
        dark_text=_found(colour, dark.text, dark_surfaces),
        dark_button=Finding(on_button, dark.solid, contrast(WHITE, dark.solid)),
    )


def _found(colour: str, shade: str, surfaces: tuple[str, ...]) -> Finding:
    return Finding(least_contrast(colour, surfaces), shade, least_contrast(shade, surfaces))


def _light(colour: str) -> Theme:
    soft, line = _tint(colour, 0.965, 0.018), _tint(colour, 0.87, 0.06)
    solid = nearest(colour, lambda shade: contrast(WHITE, shade) >= TEXT_CONTRAST)
    text = nearest(colour, lambda shade: least_contrast(shade, (*LIGHT_SURFACES, soft)) >= TEXT_CONTRAST)
    return Theme(solid=solid, strong=_darker(solid), text=text, soft=soft, line=line)


def _dark(colour: str) -> Theme:
    soft, line = _tint(colour, 0.28, 0.05), _tint(colour, 0.42, 0.08)

    def carries_white_and_is_seen(shade: str) -> bool:
        seen = contrast(shade, DARK_SURFACES[0]) >= EDGE_CONTRAST
        return seen and contrast(WHITE, shade) >= TEXT_CONTRAST

    solid = nearest(colour, carries_white_and_is_seen)
    text = nearest(colour, lambda shade: least_contrast(shade, (*DARK_SURFACES, soft)) >= TEXT_CONTRAST)
    return Theme(solid=solid, strong=_darker(solid), text=text, soft=soft, line=line)


def nearest(colour: str, fits: Callable[[str], bool]) -> str:
    """The colour itself if it fits, else the one nearest in lightness that does; some lightness must fit."""
    if fits(colour):
        return colour
    lightness, chroma, hue = _oklch(colour)
    for step in count(1):
        for nearby in (lightness - step * _STEP, lightness + step * _STEP):
            if 0 <= nearby <= 1 and fits(shade := _shade(nearby, chroma, hue)):
                return shade
        if step * _STEP > 1:
            raise ValueError(f"no shade of {colour} fits")
    raise AssertionError


def _tint(colour: str, lightness: float, most_chroma: float) -> str:
    _lightness, chroma, hue = _oklch(colour)
    return _shade(lightness, min(chroma, most_chroma), hue)


def _darker(colour: str) -> str:
    lightness, chroma, hue = _oklch(colour)
    return _shade(max(0.0, lightness - 0.06), chroma, hue)


def _shade(lightness: float, chroma: float, hue: float) -> str:
    """The colour of these coordinates, with as much of the chroma as a screen can show."""
    inside, outside = 0.0, chroma
    if _is_shown(_from_oklch(lightness, chroma, hue)):
        inside = chroma
    else:
        for _turn in range(12):
            middle = (inside + outside) / 2
            if _is_shown(_from_oklch(lightness, middle, hue)):
                inside = middle
            else:
                outside = middle
    return "#" + "".join(f"{_encoded(value):02x}" for value in _from_oklch(lightness, inside, hue))


def _is_shown(linear: Linear) -> bool:
    return all(-0.0005 <= value <= 1.0005 for value in linear)


def _linear(colour: str) -> Linear:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(value: float) -> float:
    # WCAG 2.2 writes 0.04045 since its erratum; no colour of 8 bits a channel lies between that and 0.03928.
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _encoded(value: float) -> int:
    value = min(1.0, max(0.0, value))
    said = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(said * 255)


def _oklch(colour: str) -> tuple[float, float, float]:
    """Lightness from 0 to 1, chroma, and hue in radians."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _from_oklch(lightness: float, chroma: float, hue: float) -> Linear:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
