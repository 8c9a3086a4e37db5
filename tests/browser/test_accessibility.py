"""axe finds nothing to complain about: every page, both roles, both themes, desktop and phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from tests.browser.conftest import Browse
from tests.browser.world import World, build_world, page_paths
from tests.kept import Kept

OTHER = {"light": "dark", "dark": "light"}
# Without `preload` axe does not fetch the style sheets again, which only an experimental rule wants. And what
# passes needs no selectors: to find them would take longer than the rules.
ALL_RULES: dict[str, Any] = {"preload": False, "resultTypes": ["violations"]}
# Only colours differ between the themes.
COLOURS = {**ALL_RULES, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
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


def complaints(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe finds on the page as it stands, one line a rule."""
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{page.url} [{theme_of(page)}] {fault['id']} ({fault['impact']}): {fault['help']}\n    "
        + "\n    ".join(_where(node) for node in fault["nodes"][:3])
        for fault in found["violations"]
    ]


def _where(node: dict[str, Any]) -> str:
    why = [check["message"] for check in (*node["any"], *node["all"], *node["none"])][:1]
    return f"{' '.join(map(str, node['target']))}: {node['html'][:160]} {' '.join(why)}"


def theme_of(page: Page) -> str:
    return page.get_attribute("html", "data-theme") or "system"


def check(page: Page) -> list[str]:
    """All rules in the theme that is there, then the colours in the other one."""
    page.evaluate(SHORTEN)
    page.evaluate(AXE_SCRIPT)
    found = complaints(page, ALL_RULES)
    other = OTHER[theme_of(page)]
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", other)
    return found + complaints(page, COLOURS)


def walk(page: Page, paths: list[str]) -> list[str]:
    """What axe finds on these pages; addresses that answer with something else are an error."""
    found = []
    for path in paths:
        assert page.goto(path), path
        found += check(page)
    return found


def walk_desk(page: Page, world: World) -> tuple[list[str], list[str]]:
    """Every page of the desk that opens for this person: their addresses, and what axe finds."""
    seen, found = [], []
    for path in page_paths(world):
        answer = page.goto(path) if _opens(page, path) else None
        if answer and answer.status == 200 and answer.request.redirected_from is None:
            seen.append(path)
            found += check(page)
    return seen, found


def _opens(page: Page, path: str) -> bool:
    """Whether the address shows this person something; some only take what is sent to them."""
    answer = page.request.fetch(path, method="OPTIONS", max_redirects=0)
    return answer.status != 403 and "GET" in answer.headers.get("allow", "GET")


def report(found: list[str]) -> None:
    assert not found, "axe complains:\n" + "\n".join(found)


@pytest.mark.parametrize(("who", "at_least"), [("admin", 40), ("customer_admin", 8)])
def test_every_page_is_accessible(browse: Browse, world: World, who: str, at_least: int) -> None:
    """These two open all that agents and members open, and more."""
    seen, found = walk_desk(browse(person_called(world, who)), world)
    report(found)
    assert len(seen) >= at_least, seen


def person_called(world: World, who: str) -> Membership:
    person: Membership = getattr(world.desk, who)
    return person


def test_every_state_of_a_ticket_is_accessible(browse: Browse, world: World) -> None:
    found = []
    for person in (world.desk.agent, world.desk.contact):
        page = browse(person, theme="dark")
        paths = [f"tickets/{ticket.number}/" for ticket in world.tickets.values()]
        found += walk(page, paths)
    report(found)


def test_lists_are_accessible_full_filtered_and_empty(browse: Browse, world: World) -> None:
    staff = ["queue/?view=breached", "queue/?view=resolved", "queue/?q=nothing+at+all", "queue/?status=new"]
    found = walk(browse(world.desk.agent), staff)
    found += walk(browse(world.desk.contact), ["tickets/?show=resolved", "tickets/?q=nothing+at+all"])
    found += walk(browse(world.desk.other_contact), ["tickets/"])
    report(found)


@pytest.mark.parametrize(
    ("who", "paths"), [("admin", STAFF_ON_PHONES), ("customer_admin", CONTACTS_ON_PHONES)]
)
def test_main_pages_are_accessible_on_a_phone(
    browse: Browse, world: World, who: str, paths: tuple[str, ...]
) -> None:
    page = browse(person_called(world, who), width=390)
    report(walk(page, [path.format(**world.ids) for path in paths]))


def test_pages_before_the_log_in_are_accessible(browse: Browse, world: World) -> None:
    invitation = f"invitations/{world.ids['invitation']}/"
    inside = ["accounts/login/", "accounts/password/reset/", "accounts/password/reset/done/", invitation]
    page = browse(tenant=world.desk.tenant)
    found = walk(page, [*inside, "invitations/none/", "no/such/page/"])
    found += walk(browse(), ["", "accounts/login/", "no/such/page/"])
    report(found)


def test_forms_with_errors_are_accessible(browse: Browse, world: World) -> None:
    steps: list[tuple[Membership, str, Callable[[Page], None]]] = [
        (world.desk.contact, "tickets/new/", lambda page: _press(page, "File the ticket")),
        (world.desk.admin, "console/customers/new/", lambda page: _press(page, "")),
        (world.desk.admin, "profile/tokens/", lambda page: _press(page, "")),
    ]
    found = []
    for person, path, send in steps:
        page = browse(person)
        page.goto(path)
        send(page)
        page.wait_for_selector("[aria-invalid=true], .field-invalid")
        found += check(page)
    report(found)


def _press(page: Page, label: str) -> None:
    buttons = page.locator("main form button[type=submit]")
    (buttons.filter(has_text=label) if label else buttons).last.click()
