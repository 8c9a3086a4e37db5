"""Finding a customer in the queue: by typing, with the arrow keys, and without scripts."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.services import create_customer
from tests.browser.axe import check
from tests.browser.conftest import Browse
from tests.factories import FOUNDED, Desk, new_ticket


@pytest.fixture(autouse=True)
def tickets(desk: Desk) -> None:
    """One ticket of each customer, and a third customer whose name begins like the first one's."""
    create_customer(tenant_id=desk.tenant.pk, name="Bright Lamps", at=FOUNDED)
    new_ticket(desk, at=timezone.now(), subject="The oven is cold")
    new_ticket(desk, at=timezone.now(), subject="The carpet is wet", by=desk.other_contact)


def row(page: Page, subject: str) -> int:
    return page.locator(".row-link", has_text=subject).count()


def test_typing_shows_hits_and_the_arrow_keys_choose_one(browse: Browse, desk: Desk) -> None:
    page = browse(desk.agent)
    page.goto("queue/")
    field = page.get_by_label("Customer")
    field.press_sequentially("bright")
    hits = page.locator(".finder-hit")
    expect(hits).to_have_text(["Bright Bakery", "Bright Lamps"])
    expect(page.locator(".finder [role=status]")).to_contain_text("Bright Bakery, Bright Lamps")
    assert check(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(hits.last).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"customer={desk.customer.pk}$"))
    assert (row(page, "The oven is cold"), row(page, "The carpet is wet")) == (1, 0)
    expect(page.locator(".chip")).to_contain_text("Bright Bakery")
    assert check(page) == []


def test_escape_closes_and_keeps_the_place(browse: Browse, desk: Desk) -> None:
    page = browse(desk.agent)
    page.goto("queue/")
    field = page.get_by_label("Customer")
    field.focus()
    page.keyboard.press("ArrowDown")
    hits = page.locator(".finder-hit")
    expect(hits).to_have_count(3)
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(hits).to_have_count(0)
    expect(field).to_be_focused()
    field.click()
    expect(hits).to_have_count(3)
    page.locator("h1").click()
    expect(hits).to_have_count(0)


def test_taking_the_customer_back_keeps_a_filter_that_was_set_since(browse: Browse, desk: Desk) -> None:
    page = browse(desk.agent)
    page.goto(f"queue/?customer={desk.customer.pk}")
    page.get_by_label("Priority").select_option("medium")
    page.wait_for_url(re.compile("priority=medium"))
    assert row(page, "The carpet is wet") == 0, "the chip goes on to filter"
    page.get_by_role("link", name="Remove filter: Bright Bakery").click()
    expect(page.locator(".row-link")).to_have_count(2)
    assert "priority=medium" in page.url
    assert "customer=1" not in page.url


def test_a_name_is_sent_with_enter(browse: Browse, desk: Desk) -> None:
    page = browse(desk.agent)
    page.goto("queue/")
    page.get_by_label("Customer").fill("calm")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_contain_text("Calm Carpets")
    page.goto("queue/")
    page.get_by_label("Customer").fill("nobody at all")
    page.keyboard.press("Enter")
    expect(page.locator("#customer-note")).to_contain_text("Nothing matches “nobody at all”.")
    expect(page.get_by_label("Customer")).to_be_focused()
    expect(page.get_by_label("Customer")).to_have_attribute("aria-invalid", "true")
    assert check(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_it_works_without_scripts(browse: Browse, desk: Desk, width: int) -> None:
    page = browse(desk.agent, scripts=False, width=width)
    page.goto("queue/")
    page.get_by_label("Customer").fill("bright")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Several match “bright”. Choose one.")).to_be_visible()
    page.get_by_role("link", name="Bright Bakery", exact=True).click()
    expect(page.locator(".row-link")).to_have_count(1)
    page.get_by_role("link", name="Remove filter: Bright Bakery").click()
    expect(page.locator(".row-link")).to_have_count(2)


def test_the_requester_of_a_new_ticket_is_found_and_what_was_typed_stays(browse: Browse, desk: Desk) -> None:
    page = browse(desk.agent)
    page.goto("tickets/new/")
    page.get_by_label("Subject").fill("The till is dead")
    field = page.get_by_label("Requester")
    field.press_sequentially("bright")
    hits = page.locator(".finder-hit")
    expect(hits).to_have_count(3)
    assert check(page) == []
    page.keyboard.press("Enter")
    expect(hits.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_contain_text("Chris Contact · Bright Bakery")
    expect(page.locator("#id_priority")).to_contain_text("First reply by")
    expect(page.get_by_label("Subject")).to_have_value("The till is dead")
    assert check(page) == []
    page.get_by_role("button", name="Choose somebody else than Chris Contact").click()
    expect(page.get_by_label("Requester")).to_be_visible()

    plain = browse(desk.supervisor, scripts=False, width=390)
    plain.goto("tickets/new/")
    plain.get_by_label("Subject").fill("The till is dead")
    plain.get_by_label("Requester").fill("bright")
    plain.get_by_role("button", name="Find").click()
    plain.get_by_role("button", name="Carla Contact").click()
    expect(plain.locator(".chip")).to_contain_text("Carla Contact · Bright Bakery")
    expect(plain.get_by_label("Subject")).to_have_value("The till is dead")
