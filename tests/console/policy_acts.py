"""What people do under a policy that was typed in: file, ask, work; each through the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Membership
from tests.factories import browser_of
from tests.filling import Hand, words_of
from tests.forms import FormPage
from tickets.models import Category, Ticket
from tickets.services import file_ticket


def hand(person: Membership) -> Hand:
    """Somebody at a browser, logged in."""
    return Hand(browser_of(person))


def read(person: Membership, address: str) -> str:
    """What somebody reads there."""
    return words_of(hand(person).open(address))


def said(person: Membership, message: str) -> str:
    """Our own words in the person's language."""
    with translation.override(person.user.language):
        return gettext(message)


def chosen(person: Membership, category: str, **typed: Any) -> Hand:
    """The filing page with a category chosen and its questions shown; nothing is filed yet."""
    at = hand(person)
    at.open("/tickets/new/")
    at.send({"category": category} | typed, press="questions", stays=True)
    return at


def filed(
    person: Membership, category: str, *, priority: str = "medium", subject: str = "", **answers: Any
) -> Ticket:
    """A ticket that a contact files in the portal; `answers` by the first words of what is asked."""
    typed = {"subject": subject or f"About {category}", "body": "It is about this.", "priority": priority}
    at = chosen(person, category, **typed)
    at.send(by_question(at.page, answers), press=said(person, "File the ticket"))
    return Ticket.objects.get(number=int(at.address.rstrip("/").rpartition("/")[2]))


def by_question(page: FormPage, answers: dict[str, Any]) -> dict[str, Any]:
    """Answers by the names of their fields: `answers` has the questions as customers read them."""
    labels = {one.words: one.attributes.get("for", "") for one in page.elements if one.tag == "label"}
    typed = {}
    for question, answer in answers.items():
        found = [place for words, place in labels.items() if words.startswith(question)]
        assert found, f"{question!r} is not asked; there is {sorted(labels)}"
        typed[page.ids[found[0]].attributes["name"]] = answer
    return typed


def on(day: datetime, person: Membership, category: str, priority: str) -> Ticket:
    """A ticket that reached the desk on another day; its promises start then."""
    return file_ticket(
        by=person,
        subject=f"About {category}",
        body="It is about this.",
        category=Category.objects.get(name=category),
        priority=priority,
        at=day,
    )


def out_of_scope(agent: Membership, ticket: Ticket, clause: str, **offer: str) -> Hand:
    """An agent names an exclusion and offers the work; the desk's page of the ticket."""
    at = hand(agent)
    at.open(f"/tickets/{ticket.number}/")
    at.follow(to="/approval/")
    at.send({"clause": clause, "question": "May we do this for you?"} | offer)
    return at


def decided(person: Membership, clause: str, answer: str, comment: str = "") -> str:
    """The customer opens what waits for its approval and answers ("approve", "decline"); what it read."""
    at = hand(person)
    at.open("/approvals/")
    at.follow(clause)
    offer = words_of(at.page)
    at.send({"comment": comment}, press=answer)
    return offer


def time_on(agent: Membership, ticket: Ticket) -> Hand:
    """The page on which time is logged."""
    at = hand(agent)
    at.open(f"/tickets/{ticket.number}/time/")
    return at
