"""An admin builds what a category asks for; customers answer, scripts or not; tickets keep theirs."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.factories import Desk


def build(page: Page, desk: Desk) -> None:
    """How often, and only for "Now and then" when not."""
    page.goto(f"console/categories/{desk.category.pk}/questions/")
    page.get_by_role("button", name="Add a question").click()
    first = page.locator("#question-0")
    first.get_by_label("Question", exact=True).fill("How often?")
    first.get_by_label("Answered with").select_option(label="One of several choices")
    page.get_by_role("button", name="Update the page").click()
    first.get_by_label("Choices").fill("Always\nNow and then")
    first.get_by_label("An answer is required").check()
    page.get_by_role("button", name="Add a question").click()
    second = page.locator("#question-1")
    second.get_by_label("Question", exact=True).fill("When not?")
    second.get_by_label("Asked", exact=True).select_option(label="How often?: Now and then")
    second.get_by_label("An answer is required").check()
    page.get_by_role("button", name="Save the questions").click()
    expect(page.get_by_text("They hold from now on.")).to_be_visible()


def begin(page: Page) -> None:
    page.goto("tickets/new/")
    page.get_by_label("Category").select_option(label="Technical issue")


def finish(page: Page) -> None:
    page.get_by_label("Subject").fill("The till does not print")
    page.get_by_label("Description").fill("Since this morning.")
    page.get_by_role("button", name="File the ticket").click()


def test_questions_are_built_asked_and_kept_with_the_ticket(browse: Browse, desk: Desk) -> None:
    admin = browse(desk.admin)
    build(admin, desk)

    customer = browse(desk.contact)
    begin(customer)
    expect(customer.get_by_label("When not?")).to_be_hidden()
    customer.get_by_label("How often?").select_option(label="Now and then")
    customer.get_by_label("When not?").fill("On Sundays")
    finish(customer)
    answers = customer.locator(".side-panel")
    expect(answers).to_contain_text("How often?")
    expect(answers).to_contain_text("On Sundays")
    ticket = customer.url

    plain = browse(desk.contact2, scripts=False)
    begin(plain)
    plain.get_by_role("button", name="Continue").click()
    expect(plain.get_by_label("When not?")).to_be_hidden()
    plain.get_by_label("How often?").select_option(label="Now and then")
    finish(plain)
    # Refused in plain words, and the question that this answer leads to is there now.
    expect(plain.get_by_role("alert")).to_contain_text("When not?")
    plain.get_by_label("When not?").fill("At night")
    plain.get_by_role("button", name="File the ticket").click()
    expect(plain.locator(".side-panel")).to_contain_text("At night")

    admin.goto(f"console/categories/{desk.category.pk}/questions/")
    admin.locator("#question-0").get_by_label("Question", exact=True).fill("How many times?")
    admin.get_by_role("button", name="Save the questions").click()
    expect(admin.get_by_text("(version 2)")).to_be_visible()
    begin(customer)
    expect(customer.get_by_label("How many times?")).to_be_visible()
    customer.goto(ticket)
    expect(customer.locator(".side-panel")).to_contain_text("How often?")
