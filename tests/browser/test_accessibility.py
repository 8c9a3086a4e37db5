"""axe finds nothing to complain about: every page, both roles, both themes, desktop and phone.

Every rule looks at every page, and at all of it, but for one saving: colours of what all pages with the same
frame draw alike (`FRAME`) are looked at once a walk, on the first of these pages, in both themes.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from tests.browser.conftest import Browse
from tests.browser.world import World, build_world, page_paths
from tests.factories import DeskClient, browser_of
from tests.kept import Kept

# Without `preload` axe does not fetch the style sheets again, which only an experimental rule wants. And what
# passes needs no selectors: to find them would take longer than the rules.
RULES: dict[str, Any] = {"preload": False, "resultTypes": ["violations"]}
ALL_BUT_COLOURS = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
# Only colours differ between the themes. Two thirds of axe's time go into this one rule.
COLOURS = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
# What every page with the same frame draws alike, so that its colours are looked at on the first such page of
# each walk only. The entry that a page marks as its own is not among it, nor is any notice above a page.
FRAME = [
    *(".rail-head", ".rail-search", ".rail-foot", ".rail a:not([aria-current])", ".nav-title", ".phone-bar"),
    *(".topbar-end", ".topbar a:not([aria-current])", ".page-foot"),
]
# All rules but colours, then colours in the theme that is there and in the other one.
CHECK = """async ([rules, colours, frame]) => {
    const look = document.documentElement.dataset
    const context = frame.length ? { exclude: frame.map((part) => [part]) } : document
    const found = [["", await axe.run(document, rules)], [look.theme, await axe.run(context, colours)]]
    look.theme = look.theme === "dark" ? "light" : "dark"
    found.push([look.theme, await axe.run(context, colours)])
    return found.map(([theme, result]) => [theme, result.violations])
}"""
# The reference of the API repeats one form some fifty times: three of each group stand for all.
SHORTEN = """() => document.querySelectorAll("section").forEach(
    (group) => [...group.querySelectorAll(".api-operation")].slice(3).forEach((form) => form.remove()))"""
STAFF_ON_PHONES = ("queue/", "tickets/{ticket}/", "tickets/new/", "console/", "console/team/", "profile/")
CONTACTS_ON_PHONES = ("tickets/", "tickets/{ticket}/", "tickets/new/", "notifications/", "company/people/")


@pytest.fixture(scope="module")
def kept_world(django_db_setup: None, django_db_blocker: Any) -> Kept[World]:
    with django_db_blocker.unblock():
        return Kept(build_world, lambda world: [world.desk.tenant])


@pytest.fixture
def world(transactional_db: None, kept_world: Kept[World]) -> Iterator[World]:
    """The world in its first state, for each test anew; the test runs in its tenant scope."""
    built = kept_world.put_back()
    with tenant_scope(built.desk.tenant.pk):
        yield built


class Walk:
    """One person's way through pages, in one browser; `found` has what axe says, a line for each rule."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self._frames: set[str | None] = set()
        page.context.add_init_script(AXE_SCRIPT)

    def to(self, paths: list[str]) -> "Walk":
        """Look at these pages; addresses that answer with something else are an error."""
        for path in paths:
            assert self.page.goto(path), path
            self.look()
        return self

    def look(self) -> None:
        """Look at the page as it stands."""
        frame = self.page.get_attribute("body", "class")
        known = FRAME if frame in self._frames else []
        self._frames.add(frame)
        self.page.evaluate(SHORTEN)
        for theme, faults in self.page.evaluate(CHECK, [ALL_BUT_COLOURS, COLOURS, known]):
            self.found += [_told(self.page.url, theme, fault) for fault in faults]


def check(page: Page) -> list[str]:
    """What axe says of one page as it stands, in both themes, a line for each rule; its theme is put back."""
    page.evaluate(AXE_SCRIPT)
    theme = page.get_attribute("html", "data-theme")
    results = page.evaluate(CHECK, [ALL_BUT_COLOURS, COLOURS, []])
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    return [_told(page.url, seen_in, fault) for seen_in, faults in results for fault in faults]


def _told(url: str, theme: str, fault: dict[str, Any]) -> str:
    nodes = "\n    ".join(_where(node) for node in fault["nodes"][:3])
    return f"{url} [{theme}] {fault['id']} ({fault['impact']}): {fault['help']}\n    {nodes}"


def _where(node: dict[str, Any]) -> str:
    why = [check["message"] for check in (*node["any"], *node["all"], *node["none"])][:1]
    return f"{' '.join(map(str, node['target']))}: {node['html'][:160]} {' '.join(why)}"


def walk_desk(page: Page, world: World, person: Membership) -> tuple[list[str], list[str]]:
    """Every page of the desk that opens for this person: their addresses, and what axe finds."""
    walk, seen, client = Walk(page), [], browser_of(person)
    for path in page_paths(world):
        answer = page.goto(path) if _opens(client, path) else None
        if answer and answer.status == 200 and answer.request.redirected_from is None:
            seen.append(path)
            walk.look()
    return seen, walk.found


def _opens(client: DeskClient, path: str) -> bool:
    """Whether the address shows this person something; some only take what is sent to them."""
    answer = client.options(f"/{path}")
    return answer.status_code != 403 and "GET" in answer.headers.get("allow", "GET")


def report(found: list[str]) -> None:
    assert not found, "axe complains:\n" + "\n".join(found)


@pytest.mark.parametrize(("who", "at_least"), [("admin", 40), ("customer_admin", 8)])
def test_every_page_is_accessible(browse: Browse, world: World, who: str, at_least: int) -> None:
    """These two open all that agents and members open, and more."""
    person = person_called(world, who)
    seen, found = walk_desk(browse(person), world, person)
    report(found)
    assert len(seen) >= at_least, seen


def person_called(world: World, who: str) -> Membership:
    person: Membership = getattr(world.desk, who)
    return person


def test_every_state_of_a_ticket_is_accessible(browse: Browse, world: World) -> None:
    found = []
    for person in (world.desk.agent, world.desk.contact):
        paths = [f"tickets/{ticket.number}/" for ticket in world.tickets.values()]
        found += Walk(browse(person, theme="dark")).to(paths).found
    report(found)


def test_lists_are_accessible_full_filtered_and_empty(browse: Browse, world: World) -> None:
    staff = ["queue/?view=breached", "queue/?view=resolved", "queue/?q=nothing+at+all", "queue/?status=new"]
    contact = ["tickets/?show=resolved", "tickets/?q=nothing+at+all"]
    found = Walk(browse(world.desk.agent)).to(staff).found
    found += Walk(browse(world.desk.contact)).to(contact).found
    found += Walk(browse(world.desk.other_contact)).to(["tickets/"]).found
    report(found)


@pytest.mark.parametrize(
    ("who", "paths"), [("admin", STAFF_ON_PHONES), ("customer_admin", CONTACTS_ON_PHONES)]
)
def test_main_pages_are_accessible_on_a_phone(
    browse: Browse, world: World, who: str, paths: tuple[str, ...]
) -> None:
    page = browse(person_called(world, who), width=390)
    report(Walk(page).to([path.format(**world.ids) for path in paths]).found)


def test_pages_before_the_log_in_are_accessible(browse: Browse, world: World) -> None:
    invitation = f"invitations/{world.ids['invitation']}/"
    inside = ["accounts/login/", "accounts/password/reset/", "accounts/password/reset/done/", invitation]
    page = browse(tenant=world.desk.tenant)
    found = Walk(page).to([*inside, "invitations/none/", "no/such/page/"]).found
    found += Walk(browse()).to(["", "accounts/login/", "no/such/page/"]).found
    report(found)


def test_forms_with_errors_are_accessible(browse: Browse, world: World) -> None:
    steps: list[tuple[Membership, str, Callable[[Page], None]]] = [
        (world.desk.contact, "tickets/new/", lambda page: _press(page, "File the ticket")),
        (world.desk.admin, "console/customers/new/", lambda page: _press(page, "")),
        (world.desk.admin, "profile/tokens/", lambda page: _press(page, "")),
    ]
    found = []
    for person, path, send in steps:
        walk = Walk(browse(person))
        walk.page.goto(path)
        send(walk.page)
        walk.page.wait_for_selector("[aria-invalid=true], .field-invalid")
        walk.look()
        found += walk.found
    report(found)


def _press(page: Page, label: str) -> None:
    buttons = page.locator("main form button[type=submit]")
    (buttons.filter(has_text=label) if label else buttons).last.click()
