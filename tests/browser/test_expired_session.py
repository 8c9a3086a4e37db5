"""A session that ends while somebody writes costs no word, and says so in the writer's language."""

from dataclasses import dataclass

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Membership
from tests.browser.conftest import Browse
from tests.factories import PASSWORD, Desk, new_ticket
from tests.forms import ENDED


@dataclass(frozen=True)
class Words:
    """What the pages of this story call their fields and buttons."""

    language: str
    email: str
    password: str
    log_in: str
    message: str
    send: str
    subject: str
    description: str
    file: str


# The browser itself asks for English throughout: the person's own choice counts.
LANGUAGES = [
    Words(
        language="en",
        email="Email",
        password="Password",
        log_in="Log in",
        message="Your message",
        send="Send reply",
        subject="Subject",
        description="Description",
        file="File the ticket",
    ),
    Words(
        language="es",
        email="Correo",
        password="Contraseña",
        log_in="Iniciar sesión",
        message="Su mensaje",
        send="Enviar respuesta",
        subject="Asunto",
        description="Descripción",
        file="Registrar el ticket",
    ),
]
in_both = pytest.mark.parametrize("words", LANGUAGES, ids=[words.language for words in LANGUAGES])


def reads(person: Membership, words: Words) -> Membership:
    """The same person, with that language chosen."""
    person.user.language = words.language
    person.user.save(update_fields=["language"])
    return person


def end_all_sessions() -> None:
    """As if two weeks had passed."""
    Session.objects.all().delete()
    cache.clear()


def log_in_again(page: Page, email: str, words: Words) -> None:
    expect(page.locator("html")).to_have_attribute("lang", words.language)
    expect(page.locator("main")).to_contain_text(ENDED[words.language])
    page.get_by_label(words.email).fill(email)
    page.get_by_label(words.password).fill(PASSWORD)
    page.get_by_role("button", name=words.log_in, exact=True).click()


@in_both
def test_a_reply_survives(browse: Browse, desk: Desk, words: Words) -> None:
    ticket = new_ticket(desk, at=timezone.now())
    page = browse(reads(desk.agent, words))
    page.goto(f"tickets/{ticket.number}/")
    page.get_by_label(words.message).fill("A long and careful answer.")
    end_all_sessions()
    page.get_by_role("button", name=words.send).click()
    log_in_again(page, desk.agent.user.email, words)
    expect(page.get_by_label(words.message)).to_have_value("A long and careful answer.")
    page.get_by_role("button", name=words.send).click()
    expect(page.locator(".conversation")).to_contain_text("A long and careful answer.")
    expect(page.get_by_label(words.message)).to_have_value("")


@in_both
def test_a_new_ticket_survives_without_scripts_too(browse: Browse, desk: Desk, words: Words) -> None:
    for scripts in (True, False):
        page = browse(reads(desk.contact, words), scripts=scripts)
        page.goto("tickets/new/")
        page.get_by_label(words.subject).fill("Nobody can log in")
        page.get_by_label(words.description).fill("All of us, since nine.")
        end_all_sessions()
        page.get_by_role("button", name=words.file).click()
        log_in_again(page, desk.contact.user.email, words)
        expect(page.get_by_label(words.subject)).to_have_value("Nobody can log in")
        expect(page.get_by_label(words.description)).to_have_value("All of us, since nine.")


def test_what_a_page_asks_for_by_itself_takes_nobody_away_from_it(browse: Browse, desk: Desk) -> None:
    page = browse(desk.contact)
    page.goto("tickets/new/")
    page.get_by_label("Description").fill("All of us, since nine.")
    end_all_sessions()
    page.get_by_label("Subject").press_sequentially("Nobody can log in")
    expect(page.locator("#toasts")).to_contain_text("Your session has ended")
    expect(page.get_by_label("Description")).to_have_value("All of us, since nine.")
