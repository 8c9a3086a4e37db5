"""Satisfaction: the question, the answer by link and in the portal, low answers, figures."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core import mail
from django.utils import timezone

from accounts.models import Membership
from accounts.services import deactivate_person
from notifications.models import Notification, OutboxMessage
from notifications.services import deliver_waiting
from tests.factories import Desk, DeskClient, new_ticket
from tickets.models import EventKind, Rating, Ticket, TicketEvent
from tickets.satisfaction import figures_between
from tickets.services import follow_up_rating, reopen_ticket, reply_to_ticket, resolve_ticket
from tickets.services.ratings import mail_questions, rate_ticket

Login = Callable[[Any], DeskClient]
NOW = timezone.now()
HOURS = timedelta(hours=1)


def solved(desk: Desk, **changes: Any) -> Ticket:
    ticket = new_ticket(desk, at=NOW - 3 * HOURS, **changes)
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Done", then="resolved", at=NOW - 2 * HOURS)
    return ticket


def questions(desk: Desk) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind="rating").order_by("pk"))


def link_in(letter: OutboxMessage) -> str:
    found = re.search(r"/t/acme(/rate/\S+)", letter.body_text)
    assert found, letter.body_text
    return found[1]


def test_the_question_is_mailed_once_and_reminded_of_once(desk: Desk) -> None:
    ticket = solved(desk)
    assert mail_questions(now=NOW - 2 * HOURS) == 0, "it may be opened again at once"
    assert mail_questions(now=NOW) == 1
    assert mail_questions(now=NOW) == 0
    for days in (4, 5, 9):
        mail_questions(now=NOW + timedelta(days=days))
    first, reminder = questions(desk)
    assert first.to == ticket.requester.user.email
    assert "only reminder" not in first.body_text
    assert "only reminder" in reminder.body_text
    assert first.is_secret
    resolve = solved(desk, subject="Open again")
    reopen_ticket(ticket=resolve, by=desk.contact, at=NOW)
    assert mail_questions(now=NOW + timedelta(days=10)) == 0
    resolve_ticket(ticket=resolve, by=desk.contact, at=NOW + timedelta(days=10))
    assert mail_questions(now=NOW + timedelta(days=11)) == 1


def test_the_link_answers_without_a_log_in_and_looking_does_not(desk: Desk) -> None:
    ticket = solved(desk)
    mail_questions(now=NOW)
    path, stranger = link_in(questions(desk)[0]), DeskClient(desk.tenant)
    page = stranger.get(path, {"score": "2"}).content.decode()
    assert ticket.subject in page
    assert re.search(r'value="2"[^>]*checked', page)
    assert Rating.objects.get().score is None
    assert stranger.post(path, {"comment": "x"}).status_code == 422
    assert "Thank you" in stranger.post(path, {"score": "5", "comment": "Quick"}).content.decode()
    rating = Rating.objects.get()
    assert (rating.score, rating.comment, rating.rated_by) == (5, "Quick", ticket.requester)
    assert (rating.agent, rating.customer) == (desk.agent, desk.customer)
    mail_questions(now=NOW + timedelta(days=9))
    assert len(questions(desk)) == 1, "whoever answered is not reminded"
    assert stranger.get(path[:-3] + "xyz/").status_code == 410
    reopen_ticket(ticket=ticket, by=desk.contact, at=NOW)
    assert stranger.post(path, {"score": "1"}).status_code == 409


def test_the_link_speaks_the_requesters_language_and_ends_when_they_leave(desk: Desk) -> None:
    ticket = solved(desk)
    mail_questions(now=NOW)
    path, stranger = link_in(questions(desk)[0]), DeskClient(desk.tenant)
    user = ticket.requester.user
    user.language = "es"
    user.save()
    assert '<html lang="es"' in stranger.get(path).content.decode()
    boss = desk.customer_admin
    rate_ticket(ticket=ticket, score=2, comment="Between admins", by=boss, at=NOW)
    assert "Between admins" not in stranger.get(path).content.decode(), "a colleague wrote it"
    deactivate_person(membership=ticket.requester, by=desk.admin, at=NOW)
    assert stranger.get(path).status_code == 410
    assert stranger.post(path, {"score": "5"}).status_code == 410
    assert Rating.objects.get().score == 2


def test_the_portal_asks_the_same(desk: Desk, login: Login) -> None:
    ticket = solved(desk)
    address, client = f"/tickets/{ticket.number}/", login(desk.contact)
    assert "How was our support" in client.get(address).content.decode()
    assert "How was our support" not in login(desk.agent).get(address).content.decode()
    assert client.post(address + "rate/", {}).status_code == 422
    assert client.post(address + "rate/", {"score": "4"}).status_code == 302
    assert Rating.objects.get().score == 4
    assert "rated this 4 of 5" in login(desk.agent).get(address).content.decode()
    assert "rated this 4 of 5" not in login(desk.contact2).get(address).content.decode()
    assert login(desk.other_contact).post(address + "rate/", {"score": "1"}).status_code == 404
    unsolved = new_ticket(desk)
    assert client.post(f"/tickets/{unsolved.number}/rate/", {"score": "1"}).status_code == 409
    Rating.objects.update(asked_at=NOW - timedelta(days=31))
    assert "How was our support" not in client.get(address).content.decode()


def test_a_low_answer_is_put_before_supervisors_until_one_follows_it_up(desk: Desk, login: Login) -> None:
    ticket = solved(desk)
    quiet_days = sorted((NOW.weekday() + days) % 7 for days in (-1, 0, 1))
    Membership.objects.filter(pk=desk.supervisor.pk).update(quiet_days=quiet_days)
    for score in ("1", "2"):
        comment = "Slow & <b>rude</b>"
        login(desk.contact).post(f"/tickets/{ticket.number}/rate/", {"score": score, "comment": comment})
    bells = Notification.objects.filter(kind="rated")
    assert {bell.recipient.role for bell in bells} == {"owner", "admin", "supervisor"}, "each once"
    mails = {row.recipient: row for row in OutboxMessage.objects.filter(kind="rated")}
    assert set(mails) == {desk.owner, desk.admin, desk.supervisor}, "each once"
    held = mails[desk.supervisor].send_after
    assert held is not None, "she has quiet hours"
    assert held > timezone.now()
    other = solved(desk)
    for score in ("1", "5"):
        login(desk.contact).post(f"/tickets/{other.number}/rate/", {"score": score})
    key = f"rating:{other.ratings.get().pk}:low"
    letters = OutboxMessage.objects.filter(key__startswith=key, cancelled_at=None)
    assert not letters.exists(), "it is a good one now"
    login(desk.contact).post(f"/tickets/{other.number}/rate/", {"score": "2"})
    assert letters.count() == 3, "and now it is not"
    login(desk.contact).post(f"/tickets/{other.number}/rate/", {"score": "5"})
    OutboxMessage.objects.filter(recipient=desk.admin).update(cancelled_at=timezone.now())
    deliver_waiting(now=timezone.now())
    letter = next(sent for sent in mail.outbox if " rated " in sent.subject)
    assert letter.to == [desk.owner.user.email]
    assert letter.subject == f"Carla Contact rated ACME-{ticket.number} 1 of 5: {ticket.subject}"
    assert comment in letter.body
    client, rating = login(desk.supervisor), Rating.objects.get(ticket=ticket)
    page = client.get("/satisfaction/").content.decode()
    assert "Low answers to follow up" in page
    assert "Slow &amp; &lt;b&gt;rude" in page
    address = f"/satisfaction/{rating.pk}/follow-up/"
    assert client.post(address, {"note": ""}).status_code == 422
    assert client.post(address, {"note": "Called her"}).status_code == 302
    page = client.get("/satisfaction/").content.decode()
    mails[desk.supervisor].refresh_from_db()
    assert mails[desk.supervisor].cancelled_at, "nobody is asked again in the morning"
    assert "Low answers to follow up" not in page
    assert "Followed up by Sara Supervisor: Called her" in page
    client.post(address, {"note": "Again"})
    rating.refresh_from_db()
    assert rating.follow_up_note == "Called her"
    assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.RATING_FOLLOWED_UP).count() == 1
    assert login(desk.agent).get("/satisfaction/").status_code == 403
    assert login(desk.contact).post(address, {"note": "x"}).status_code == 403


def test_figures_are_by_agent_customer_category_and_month(desk: Desk, login: Login) -> None:
    assert "Nobody has been asked yet" in login(desk.owner).get("/satisfaction/").content.decode()
    for score in ("5", "4", "1"):
        ticket = solved(desk)
        login(desk.contact).post(f"/tickets/{ticket.number}/rate/", {"score": score})
    solved(desk, by=desk.other_contact)
    page = " ".join(login(desk.owner).get("/satisfaction/").content.decode().split())
    assert "of 4 asked" in page
    assert "67 %" in page
    for name in ("Ali Agent", "Bright Bakery", "Calm Carpets", "Technical issue"):
        assert name in page
    Membership.objects.filter(pk=desk.agent2.pk).update(name=desk.agent.name)
    other = new_ticket(desk, at=NOW - 3 * HOURS)
    reply_to_ticket(ticket=other, by=desk.agent2, body="Done", then="resolved", at=NOW - 2 * HOURS)
    by_agent = figures_between(Rating.objects.all(), NOW - 9 * HOURS, NOW)["agent"]
    assert [(row.name, row.asked) for row in by_agent] == [("Ali Agent", 4), ("Ali Agent", 1)]
    rating = Rating.objects.filter(score=1).get()
    follow_up_rating(rating=rating, note="Done", by=desk.owner, at=NOW)
