"""A session that ends while somebody writes costs no word."""

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.factories import PASSWORD, Desk, new_ticket


def end_all_sessions() -> None:
    """As if two weeks had passed."""
    Session.objects.all().delete()
    cache.clear()


def log_in_again(page: Page, email: str) -> None:
    expect(page.locator("main")).to_contain_text("What you wrote is kept")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_a_reply_survives(browse: Browse, desk: Desk) -> None:
    ticket = new_ticket(desk, at=timezone.now())
    page = browse(desk.agent)
    page.goto(f"tickets/{ticket.number}/")
    page.get_by_label("Your message").fill("A long and careful answer.")
    end_all_sessions()
    page.get_by_role("button", name="Send reply").click()
    log_in_again(page, desk.agent.user.email)
    expect(page.get_by_label("Your message")).to_have_value("A long and careful answer.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".conversation")).to_contain_text("A long and careful answer.")
    expect(page.get_by_label("Your message")).to_have_value("")


def test_a_new_ticket_survives_without_scripts_too(browse: Browse, desk: Desk) -> None:
    for scripts in (True, False):
        page = browse(desk.contact, scripts=scripts)
        page.goto("tickets/new/")
        page.get_by_label("Subject").fill("Nobody can log in")
        page.get_by_label("Description").fill("All of us, since nine.")
        end_all_sessions()
        page.get_by_role("button", name="File the ticket").click()
        log_in_again(page, desk.contact.user.email)
        expect(page.get_by_label("Subject")).to_have_value("Nobody can log in")
        expect(page.get_by_label("Description")).to_have_value("All of us, since nine.")
