"""Following the status page by email: nothing before the reader of the address has said yes."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Membership
from maintenance.models import Subscriber
from maintenance.services import subscribers
from maintenance.services.outages import update_outage
from maintenance.services.subscribers import LinkExpired, confirm_subscription, forget_unconfirmed, subscribe
from notifications.models import OutboxMessage
from notifications.services import deliver_waiting
from tests.factories import MONDAY, Desk, DeskClient, browser_of
from tests.forms import FormPage
from tests.maintenance.factories import new_outage
from tests.maintenance.status import public_page, public_service


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def asked(desk: Desk, email: str = "Ana@Example.com", **headers: str) -> DeskClient:
    client = DeskClient(desk.tenant)
    answer = client.post("/status/follow/", {"email": email}, headers=headers)
    assert answer.status_code == 200
    assert "on its way" in answer.content.decode() or headers
    return client


def link() -> str:
    """The path of the link in the one mail that left."""
    deliver_waiting(now=timezone.now())
    [letter] = mail.outbox
    found = re.search(r"(/status/follow/[0-9a-f]+/)", str(letter.body))
    assert found
    return found[1]


def test_an_address_follows_once_its_reader_pressed_the_button(desk: Desk) -> None:
    public_page(desk)
    client = asked(desk)
    path = link()
    assert mail.outbox[0].to == ["ana@example.com"]
    assert Subscriber.objects.get().confirmed_at is None
    assert "Get these mails?" in client.get(path).content.decode()
    assert Subscriber.objects.get().confirmed_at is None, "opening the link is not yet a yes"
    assert "You get these mails" in client.post(path).content.decode()
    assert Subscriber.objects.get().confirmed_at is not None
    client.get(f"{path}end/")
    assert Subscriber.objects.get().ended_at is None
    assert "No more mails" in client.post(f"{path}end/").content.decode()
    assert Subscriber.objects.get().ended_at is not None
    assert client.post(f"{path}end/").status_code == 200
    assert client.post(path).status_code == 410


def test_the_mail_speaks_the_language_in_which_it_was_asked_for(desk: Desk) -> None:
    public_page(desk)
    asked(desk, **{"Accept-Language": "es"})
    link()
    assert OutboxMessage.objects.get(kind="status_confirm").language == "es"
    DeskClient(desk.tenant).post("/status/follow/?lang=es", {"email": "luis@example.com"})
    assert Subscriber.objects.get(email="luis@example.com").language == "es"


def test_the_link_is_shown_to_nobody_else(desk: Desk) -> None:
    public_page(desk)
    asked(desk)
    assert OutboxMessage.objects.get(kind="status_confirm").is_secret
    secret = link().split("/")[-2]
    row = OutboxMessage.objects.get(kind="status_confirm")
    assert secret not in f"{row.body_text} {row.body_html} {row.path} {row.data}"
    assert secret not in Subscriber.objects.get().token_hash


def test_the_answer_is_the_same_for_who_follows_already(desk: Desk) -> None:
    public_page(desk)
    client = asked(desk)
    client.post(link())
    mail.outbox.clear()
    asked(desk, "ana@example.com")
    deliver_waiting(now=timezone.now())
    assert mail.outbox == []
    assert Subscriber.objects.count() == 1


def test_nobody_is_asked_more_than_once_an_hour(desk: Desk) -> None:
    public_page(desk)

    def ask(minutes: int) -> int:
        at = MONDAY + timedelta(minutes=minutes)
        subscribe(tenant=desk.tenant, email="ana@example.com", language="en", at=at)
        return OutboxMessage.objects.filter(kind="status_confirm").count()

    assert [ask(0), ask(59), ask(60), ask(90)] == [1, 1, 2, 2]
    assert Subscriber.objects.count() == 1


def test_a_link_works_for_three_days_and_only_the_newest(desk: Desk) -> None:
    public_page(desk)
    subscribe(tenant=desk.tenant, email="ana@example.com", language="en", at=MONDAY)
    old = subscribers.secret_of(Subscriber.objects.get())
    later = MONDAY + timedelta(hours=2)
    subscribe(tenant=desk.tenant, email="ana@example.com", language="en", at=later)
    new = subscribers.secret_of(Subscriber.objects.get())
    for secret, at in ((old, later), (new, later + timedelta(days=4)), ("", later)):
        with pytest.raises(LinkExpired):
            confirm_subscription(secret=secret, tenant=desk.tenant, at=at)
    assert forget_unconfirmed(at=later + timedelta(days=1)) == 0
    assert confirm_subscription(secret=new, tenant=desk.tenant, at=later).confirmed_at == later
    assert forget_unconfirmed(at=later + timedelta(days=9)) == 0


def test_a_link_of_one_desk_is_nothing_in_another(desk: Desk, other_desk: Desk) -> None:
    public_page(desk)
    asked(desk)
    path = link()
    assert DeskClient(other_desk.tenant).post(path).status_code == 410
    assert Subscriber.objects.get().confirmed_at is None


def test_only_so_many_addresses_come_from_one_place(desk: Desk) -> None:
    public_page(desk)
    client = DeskClient(desk.tenant)
    answers = [
        client.post("/status/follow/", {"email": f"ana{number}@example.com"}).status_code
        for number in range(22)
    ]
    assert answers == [200] * 20 + [429] * 2


def test_what_is_no_address_is_said_beside_the_field(desk: Desk) -> None:
    public_page(desk)
    answer = DeskClient(desk.tenant).post("/status/follow/", {"email": "ana"})
    assert answer.status_code == 422
    assert 'value="ana"' in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_members_follow_a_page_for_customers_without_confirming(desk: Desk) -> None:
    public_page(desk, "customers")
    erp, mail_service = public_service(desk), public_service(desk, "Mail")
    assert DeskClient(desk.tenant).get("/status/follow/").status_code == 302, "to the log-in"
    member = browser_of(desk.contact)
    assert "/status/follow/" in member.get("/status/").content.decode()
    assert "Get mails" in member.get("/status/follow/").content.decode()
    none = member.post("/status/follow/", {"what": "chosen"})
    assert none.status_code == 409
    assert "Choose at least one service." in none.content.decode()
    chosen = {"what": "chosen", "services": [mail_service.pk]}
    assert member.post("/status/follow/", chosen).status_code == 303
    page = FormPage(member.get("/status/follow/"))
    assert (page.value("what"), page.value("services")) == ("chosen", str(mail_service.pk))
    agent = browser_of(desk.agent)
    assert agent.post("/status/follow/", {"what": "all"}).status_code == 303
    OutboxMessage.objects.all().delete()

    outage = new_outage(desk, {erp: "down"}, title="ERP away")
    values: dict[str, Any] = {"stage": "identified", "by": desk.agent, "at": MONDAY + timedelta(hours=1)}
    update_outage(outage=outage, text="Mail too.", impacts={mail_service: "degraded"}, **values)
    update_outage(outage=outage, text="The disk.", **values)
    kinds = OutboxMessage.objects.filter(to=desk.contact.user.email).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["outage", "outage", "status"]
    assert OutboxMessage.objects.filter(to=desk.agent.user.email, kind="status").count() == 3
    deliver_waiting(now=timezone.now())
    mine = [letter for letter in mail.outbox if letter.to == [desk.contact.user.email]]
    bodies = [str(letter.body) for letter in mine]
    assert sum("Mail too." in body for body in bodies) == 1, "who has a mail of it gets no second one"
    end = next(letter.extra_headers["List-Unsubscribe"] for letter in mine if "The disk." in str(letter.body))
    path = urlsplit(end.strip("<>")).path.removeprefix("/t/acme")
    assert DeskClient(desk.tenant).post(path).status_code == 200
    assert not Subscriber.objects.filter(membership=desk.contact, ended_at=None).exists()
    assert agent.post("/status/follow/stop/").status_code == 303
    assert not Subscriber.objects.filter(ended_at=None).exists()


def test_a_member_takes_over_its_own_address_and_nobody_else_is_mailed_when_they_leave(desk: Desk) -> None:
    page = public_page(desk)
    erp = public_service(desk)
    client = asked(desk, desk.contact.user.email)
    client.post(link())
    member = browser_of(desk.contact)
    assert member.post("/status/follow/", {"what": "all"}).status_code == 303
    assert Subscriber.objects.get(ended_at=None).membership == desk.contact
    assert 'name="email"' in member.get("/status/follow/?address").content.decode()
    assert browser_of(desk.agent).post("/status/follow/", {"what": "all"}).status_code == 303
    Membership.objects.filter(pk=desk.agent.pk).update(deactivated_at=MONDAY)
    new_outage(desk, {erp: "down"})
    assert not OutboxMessage.objects.filter(kind="status").exists()
    page.visibility = "off"
    page.save()
    assert member.get("/status/follow/").status_code == 404
