"""The saving of `axe.js` saves no fault: what looks the same is asked once, what differs is asked again."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import check
from tests.browser.conftest import Browse

PAGE = """<html lang="en" data-theme="light"><title>Words</title>
<style>p { color: #000; background: #fff } [data-theme=dark] .pale { color: #999 } %s</style>
<main><h1>Words</h1><p>Read me</p><p class=pale>And me</p></main></html>"""
EVERYWHERE = [(theme, what) for theme in ("light", "dark") for what in ("p:nth-child(2)", ".pale")]


@pytest.fixture
def page(browse: Browse) -> Page:
    page = browse()
    assert said_of(page) == [("dark", ".pale")]
    return page


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("", [("dark", ".pale")]),
        ("p { color: #aaa }", EVERYWHERE),
        ("main { background: #333; color: #fff } p { background: none }", EVERYWHERE),
        ("main { opacity: 0.5 }", EVERYWHERE),
    ],
)
def test_what_passed_before_is_looked_at_again_when_it_looks_different(
    page: Page, style: str, said: list[tuple[str, str]]
) -> None:
    assert said_of(page, style) == said
    assert said_of(page, style) == said


def said_of(page: Page, style: str = "") -> list[tuple[str, str]]:
    """In which theme axe complains, and of what."""
    page.set_content(PAGE % style)
    return [
        (line.split("[")[1].split("]")[0], node.strip().split(": ")[0])
        for line in check(page)
        for node in line.split("\n")[1:]
    ]
