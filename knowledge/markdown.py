"""The text of articles: Markdown in, clean HTML out.

As with messages, raw HTML stays text and what markdown-it makes is cleaned once more by nh3. Images are the
article's own, written as `![words](image:<id>)`; from anywhere else they would tell a stranger who reads. An
article's title is the heading of its page, so those of its text begin one step below.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

_IMAGE = re.compile(
    r'<img src="image:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"', re.IGNORECASE
)
_OTHER_IMAGE = re.compile(r'<img src="image:[^>]*>')
_WORD = re.compile(r"[^\W\d_]{4,40}")
_DEEPEST = 4

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "img": {"src", "alt", "title"}}


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, _DEEPEST)}"


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Images only from the article itself, links only to where links lead."""
    if tag == "img" and name == "src":
        return value if value.startswith("image:") else None
    return None if value.startswith("image:") else value


_markdown = MarkdownIt("js-default", {"html": False, "linkify": True, "breaks": True})
_markdown.core.ruler.push("lower_headings", _lower_headings)


def render(text: str) -> str:
    """HTML that may stand in a page once `with_images` has said where its images are."""
    cleaned = nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel", "image"},
        link_rel="noopener noreferrer",
    )
    return re.sub(r"<img(?![^>]*\ssrc=)[^>]*>", "", cleaned)


def with_images(html: str, address: Callable[[str], str]) -> Markup:
    """The HTML with the addresses of its images; `address` gives one for an id."""
    shown = _IMAGE.sub(lambda found: f'<img loading="lazy" src="{address(found[1].lower())}"', html)
    return Markup(_OTHER_IMAGE.sub("", shown))  # noqa: S704 - cleaned above


def words_of(*texts: str) -> list[str]:
    """The words of four letters and more, each once, as they are spelt in lower case, in order."""
    return sorted({word for text in texts for word in _WORD.findall(text.lower())})
