"""A customer's page: everything that the desk knows of it, in as many queries however much there is."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership
from sla.sweep import sweep_tenant
from tests.factories import MONDAY, Desk, DeskClient, new_service, new_ticket
from tests.hours.factories import sold_pack
from tickets.services import rate_ticket, reply_to_ticket, resolve_ticket

Login = Callable[[Membership], DeskClient]


def test_the_page_shows_promises_tickets_services_and_standing(
    desk: Desk, login: Login, django_assert_max_num_queries: Callable[..., object]
) -> None:
    kept = new_ticket(desk, priority="critical", subject="Answered in time")
    reply_to_ticket(ticket=kept, by=desk.agent, body="Yes", at=MONDAY + timedelta(minutes=5))
    new_ticket(desk, priority="high", subject="Never answered")
    new_ticket(desk, by=desk.other_contact, subject="Somebody else's")
    new_service(desk, "Bakery shop", customer=desk.customer)
    sweep_tenant(now=timezone.now())
    admin, address = login(desk.admin), f"/console/customers/{desk.customer.pk}/"
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        page = admin.get(address).content.decode()
    for words in ("1 kept, 1 missed", "Bakery shop", "Answered in time", "In good standing", "Gold"):
        assert words in page, words
    assert "Somebody else" not in page
    for words in ("No pack of hours was ever sold", "Nobody was asked"):
        assert words in page, words
    sold_pack(desk, at=timezone.now())
    for score in (5, 2):
        rated = new_ticket(desk, at=timezone.now())
        resolve_ticket(ticket=rated, by=desk.agent, at=timezone.now())
        rate_ticket(ticket=rated, score=score, comment="", by=desk.contact, at=timezone.now())
    for turn in range(8):
        new_ticket(desk, subject=f"Ticket {turn}")
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        page = admin.get(address).content.decode()
    for words in ("10 h", "2 of 2 answered", "3.5", "50 %"):
        assert words in page, words
    sent = {"level": "restricted", "ground": "misuse", "reason": "Again and again", "seen": "0"}
    admin.post(f"{address}standing/", sent)
    assert "Repeated misuse" in admin.get(address).content.decode()
    missed = admin.get(f"{address}clocks/?which=missed").content.decode()
    assert "Never answered" in missed
    tickets = admin.get(f"{address}tickets/").content.decode()
    assert "Ticket 7" in tickets
    assert "Somebody else" not in tickets


def test_all_promises_can_be_read_and_kept_ones_apart(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, priority="high", subject="Answered in time")
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Yes", at=MONDAY + timedelta(minutes=5))
    admin, address = login(desk.admin), f"/console/customers/{desk.customer.pk}/clocks/"
    assert "Answered in time" in admin.get(f"{address}?which=kept").content.decode()
    assert "No such promise" in admin.get(f"{address}?which=missed").content.decode()
    assert "Answered in time" in admin.get(f"{address}?which=nonsense").content.decode()
    assert login(desk.agent).get(address).status_code == 403
