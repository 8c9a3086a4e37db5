"""Articles in a browser: an agent puts a link into a reply, a reader finds an article without scripts."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from knowledge.services import Text
from tests.browser.conftest import Browse
from tests.factories import Desk, new_ticket
from tests.knowledge.factories import new_article


def test_an_agent_puts_a_link_where_the_cursor_is(browse: Browse, desk: Desk) -> None:
    new_article(desk, Text(title="When the till does not print", body="Switch it off and on."))
    ticket = new_ticket(desk, at=timezone.now())
    page = browse(desk.agent)
    page.goto(f"tickets/{ticket.number}/")
    field = page.locator("#composer textarea")
    field.fill("Please see  for this.")
    field.evaluate("field => field.setSelectionRange(11, 11)")
    offer = page.get_by_role("link", name=re.compile("Insert a link to “When the till"))
    offer.scroll_into_view_if_needed()
    offer.click()
    expect(field).to_be_focused()
    link = r"\[When the till does not print\]\(http\S+/help/articles/\d+/\?lang=en\)"
    expect(field).to_have_value(re.compile(rf"^Please see {link} for this\.$"))


def test_a_reader_finds_reads_and_judges_without_scripts_and_without_a_log_in(
    browse: Browse, desk: Desk
) -> None:
    new_article(desk)
    page = browse(tenant=desk.tenant, scripts=False, width=390)
    page.goto("help/")
    page.get_by_label("What do you need help with?").fill("pasword")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Reset your password").click()
    expect(page.get_by_role("heading", name="Reset your password")).to_be_visible()
    page.get_by_role("button", name="No").click()
    page.get_by_role("textbox").fill("Where is Profile?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
