"""Articles on a ticket: suggested to agents, linked in a reply, made of an answer."""

import re
from collections.abc import Callable

from accounts.models import Membership
from knowledge.models import Edition
from knowledge.services import Text
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.knowledge.factories import in_spanish, new_article, new_section
from tickets.services import add_note, reply_to_ticket

Login = Callable[[Membership], DeskClient]
PRINTER = Text(title="When the till [POS] does not print", body="Switch it off and on.")
FRAGMENT = {"HX-Request": "true"}


def test_agents_are_offered_what_fits_the_subject_and_link_to_it(desk: Desk, login: Login) -> None:
    edition = new_article(desk, PRINTER)
    secret = new_article(desk, Text(title="The till does not print: ask Olga", body="x"), audience="staff")
    ticket, agent = new_ticket(desk), login(desk.agent)
    page = agent.get(f"/tickets/{ticket.number}/").content.decode()
    assert f'hx-get="/t/acme/tickets/{ticket.number}/articles/"' in page
    fragment = agent.get(f"/tickets/{ticket.number}/articles/", headers=FRAGMENT).content.decode()
    assert "<html" not in fragment
    assert "[When the till (POS) does not print](http" in fragment
    assert "ask Olga" in fragment
    assert f"article={secret.article_id}" not in fragment, "the customer could not open it"
    composed = agent.get(f"/tickets/{ticket.number}/reply/?article={edition.article_id}").content.decode()
    link = re.escape(f"/t/acme/help/articles/{edition.article_id}/?lang=en)")
    start = r"<textarea[^>]*>\s*\[When the till \(POS\) does not print\]\(\S+"
    assert re.search(start + link, composed)
    for wrong in (secret.article_id, 10**9, "x"):
        composed = agent.get(f"/tickets/{ticket.number}/reply/?article={wrong}").content.decode()
        assert "/help/articles/" not in composed.partition("<textarea")[2].partition("</textarea>")[0]


def test_agents_search_articles_in_the_requesters_language(desk: Desk, login: Login) -> None:
    in_spanish(desk, new_article(desk).article)
    desk.contact.user.language = "es"
    desk.contact.user.save()
    ticket, agent = new_ticket(desk, subject="Ayuda"), login(desk.agent)
    page = agent.get(f"/tickets/{ticket.number}/articles/", {"q": "contraseña"}).content.decode()
    assert "Restablecer su contraseña" in page
    assert "?lang=es" in page
    assert (
        "No article has these words"
        in agent.get(f"/tickets/{ticket.number}/articles/", {"q": "zeppelin"}).content.decode()
    )
    assert login(desk.contact).get(f"/tickets/{ticket.number}/articles/").status_code == 403


def test_an_answer_becomes_an_article_in_one_step(desk: Desk, login: Login) -> None:
    section, ticket, agent = new_section(desk), new_ticket(desk), login(desk.agent)
    answer = reply_to_ticket(ticket=ticket, by=desk.agent, body="Switch **it** off and on.", at=MONDAY)
    note = add_note(ticket=ticket, by=desk.agent, body="Their cable is old.", at=MONDAY)
    address = f"/tickets/{ticket.number}/articles/new/{answer.pk}/"
    assert address in agent.get(f"/tickets/{ticket.number}/").content.decode()
    assert "articles/new" not in login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()
    form = agent.get(address).content.decode()
    assert "Switch **it** off and on." in form
    assert 'value="The till does not print"' in form
    assert "Take out what concerns that customer alone" in form
    values = {"title": "Till", "body": "Off and on.", "section": section.pk, "language": "en"}
    assert agent.post(address, values).status_code == 422, "who may read it is missing"
    assert agent.post(address, values | {"audience": "customers"}).status_code == 302
    edition = Edition.objects.get()
    assert (edition.state, edition.article.made_from) == ("draft", ticket.number)
    assert f"ACME-{ticket.number}" in agent.get(f"/knowledge/{edition.article_id}/").content.decode()
    of_note = agent.get(f"/tickets/{ticket.number}/articles/new/{note.pk}/").content.decode()
    assert re.search(r'value="staff"[^>]*checked', of_note), "what was a note is for staff first"
    other = new_ticket(desk)
    assert agent.get(f"/tickets/{other.number}/articles/new/{answer.pk}/").status_code == 404
