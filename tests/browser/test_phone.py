"""On a phone nothing runs out of the page, and what one presses is large enough for a finger."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.tenancy import tenant_scope
from tests.browser.conftest import Browse
from tests.browser.world import World, build_world
from tests.kept import Kept

STAFF = (
    "queue/", "tickets/{ticket}/", "tickets/new/", "notifications/", "profile/", "profile/tokens/",
    "console/",
    "console/calendars/{calendar}/", "console/calendars/{calendar}/edit/", "console/plans/{plan}/",
    "console/plans/{plan}/edit/", "console/plans/compare/", "console/customers/",
    "console/customers/{customer}/", "console/team/",
    "console/outbox/", "console/outbox/{outbox message}/", "api/v1/docs/",
)  # fmt: skip
CONTACTS = (
    "tickets/", "tickets/{ticket}/", "tickets/new/", "notifications/", "company/people/", "profile/", "plan/",
    "plans/",
)  # fmt: skip
FINGER = 44
# What lies beyond the right edge, unless it stands in something that scrolls by itself.
OUTSIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll("*")]
        .filter((e) => e.getBoundingClientRect().right > width + 1)
        .slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
}"""
SMALL = """finger => [...document.querySelectorAll(
        ".button-primary, .button-danger, .composer [type=submit], .form .input, .bell, .phone-bar button"
    )]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }))
    .filter((e) => { const box = e.getBoundingClientRect(); return box.height > 0 && box.height < finger; })
    .map((e) => `${Math.round(e.getBoundingClientRect().height)} px: ${e.outerHTML.slice(0, 120)}`)"""


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


def faults(page: Page, paths: list[str]) -> list[str]:
    """What is too wide or too small, page by page."""
    found = []
    for path in paths:
        page.goto(path)
        found += [f"{path} too wide: {element}" for element in page.evaluate(OUTSIDE)]
        found += [f"{path} too small: {element}" for element in page.evaluate(SMALL, FINGER)]
    return found


def test_pages_of_staff_fit_a_phone(browse: Browse, world: World) -> None:
    page = browse(world.desk.admin, width=390)
    found = faults(page, [path.format(**world.ids) for path in STAFF])
    assert not found, "\n".join(found)


def test_pages_of_customers_fit_a_phone(browse: Browse, world: World) -> None:
    page = browse(world.desk.customer_admin, width=390)
    found = faults(page, [path.format(**world.ids) for path in CONTACTS])
    found += faults(
        browse(tenant=world.desk.tenant, width=390), ["accounts/login/", "accounts/password/reset/"]
    )
    assert not found, "\n".join(found)


def test_the_menu_of_the_desk_opens_as_a_drawer(browse: Browse, world: World) -> None:
    page = browse(world.desk.agent, width=390)
    page.goto("queue/")
    rail = page.locator("#rail")
    assert not rail.is_visible()
    page.get_by_role("button", name="Menu").tap()
    rail.wait_for(state="visible")
    rail.get_by_role("link", name="Breached").tap()
    page.wait_for_url("**/queue/?view=breached")
