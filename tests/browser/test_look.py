"""A desk in a colour of its own, with logos: read by everybody, chosen with the figures before one's eyes."""

from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.tenancy import tenant_scope
from tests.browser.axe import Walk, report
from tests.browser.conftest import Browse
from tests.factories import Desk, new_ticket
from tests.maintenance.status import public_page, public_service
from tests.pictures import dress


@pytest.fixture
def dressed(transactional_db: None, desk: Desk) -> Any:
    with tenant_scope(desk.tenant.pk):
        dress(desk)
        new_ticket(desk)
        public_page(desk)
        public_service(desk)
        yield desk


def test_customers_pages_wear_it_and_can_be_read(dressed: Desk, browse: Browse) -> None:
    for theme, mine, width in (("light", "logo-light", 1280), ("dark", "logo-dark", 390)):
        walk = Walk(browse(dressed.contact, width=width, theme=theme))
        for path in ("", "status/"):
            walk.page.goto(path)
            expect(walk.page.locator(f"img.{mine}")).to_be_visible()
            assert walk.page.locator("img.logo:visible").count() == 1
            assert walk.page.locator(f"img.{mine}").evaluate("image => image.naturalWidth") == 480
            walk.look()
        report(walk.found)


def test_figures_and_samples_follow_what_is_typed(dressed: Desk, browse: Browse) -> None:
    walk = Walk(browse(dressed.admin))
    page = walk.page
    page.goto("console/look/")
    page.get_by_label("Colour code").fill("#1d4e")
    expect(page.locator("#look-preview")).to_contain_text("Six digits, and it is shown here.")
    page.get_by_label("Colour code").fill("#1d4ed8")
    expect(page.locator("#look-preview")).to_contain_text("Text on light pages: 6.02 to 1, as it is.")
    button = page.locator(".look-sample .button-primary").first
    expect(button).to_have_css("background-color", "rgb(29, 78, 216)")
    expect(page.locator("[data-colour-of]")).to_have_value("#1d4ed8")
    page.locator("[data-colour-of]").fill("#00aa00")
    expect(page.get_by_label("Colour code")).to_have_value("#00aa00")
    expect(page.locator("#look-preview")).to_contain_text("is too little")
    walk.look()
    report(walk.found)
    page.get_by_role("button", name="Save colour").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")

    plain = browse(dressed.admin, scripts=False)
    plain.goto("console/look/")
    plain.get_by_label("Colour code").fill("#ffcc00")
    plain.get_by_role("button", name="Preview").click()
    expect(plain.locator("#look-preview")).to_contain_text("is too little")
