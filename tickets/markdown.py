"""Message text: Markdown in, clean HTML out.

Raw HTML in a message stays text. What markdown-it makes is cleaned once more by nh3, so that a fault in
one of the two is no hole. Images from other hosts are left out: they would tell a stranger who reads.
"""

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("js-default", {"html": False, "linkify": True, "breaks": True}).disable("image")

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre",
    "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


def render(text: str) -> str:
    """HTML that may stand in a page as it is."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow ugc",
    )
