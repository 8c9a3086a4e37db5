"""What axe says of pages: every rule, on all of each page, in both themes."""

from collections import Counter
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Without `preload` axe does not fetch the style sheets again, which only an experimental rule wants. And what
# passes needs no selectors: to find them would take longer than the rules.
_ALL_BUT_COLOURS: dict[str, Any] = {
    "preload": False,
    "resultTypes": ["violations"],
    "rules": {"color-contrast": {"enabled": False}},
}
_COLOURS = {
    "preload": False,
    "resultTypes": ["violations", "incomplete"],
    "elementRef": True,
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
}
_LOOK = (Path(__file__).parent / "axe.js").read_text()
# The reference of the API repeats one form some fifty times: three of each group stand for all.
_SHORTEN = """() => document.querySelectorAll("section").forEach(
    (group) => [...group.querySelectorAll(".api-operation")].slice(3).forEach((form) => form.remove()))"""
# Looks of texts that passed in this process: the same tags, classes and colours up to the root (`axe.js`).
_passed: set[str] = set()
# Looks of which axe could not say, and how often it was asked: on another page it may be able to.
_undecided: Counter[str] = Counter()
_TRIES = 3


class Walk:
    """One person's way through pages, in one browser; `found` has what axe says, a line for each rule."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        page.context.add_init_script(AXE_SCRIPT)

    def to(self, paths: list[str]) -> "Walk":
        """Look at these pages; addresses that answer with something else are an error."""
        for path in paths:
            assert self.page.goto(path), path
            self.look()
        return self

    def look(self) -> None:
        """Look at the page as it stands."""
        self.page.evaluate(_SHORTEN)
        self.found += _look(self.page)


def check(page: Page) -> list[str]:
    """What axe says of one page as it stands, in both themes, a line for each rule."""
    page.evaluate(AXE_SCRIPT)
    return _look(page)


def report(found: list[str]) -> None:
    """Fail with what axe said."""
    assert not found, "axe complains:\n" + "\n".join(found)


def _look(page: Page) -> list[str]:
    told = []
    for seen in page.evaluate(_LOOK, {"rules": _ALL_BUT_COLOURS, "colours": _COLOURS, "known": _known()}):
        told += [_told(page.url, seen["theme"], fault) for fault in seen["faults"]]
        _passed.update(seen["passed"])
        _undecided.update(seen["undecided"])
    return told


def _known() -> list[str]:
    return [*_passed, *(look for look, tries in _undecided.items() if tries >= _TRIES)]


def _told(url: str, theme: str, fault: dict[str, Any]) -> str:
    nodes = "\n    ".join(_where(node) for node in fault["nodes"][:3])
    return f"{url} [{theme}] {fault['id']} ({fault['impact']}): {fault['help']}\n    {nodes}"


def _where(node: dict[str, Any]) -> str:
    why = [check["message"] for check in (*node["any"], *node["all"], *node["none"])][:1]
    return f"{' '.join(map(str, node['target']))}: {node['html'][:160]} {' '.join(why)}"
