"""axe finds nothing to complain about: every page, both roles, both themes, desktop and phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from tests.browser.axe import Walk, report
from tests.browser.conftest import Browse
from tests.browser.world import World, build_world, page_paths
from tests.factories import DeskClient, browser_of
from tests.kept import Kept

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
