"""Pages of outages: staff open, tell, correct, end and answer; customers read what concerns them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from maintenance.models import Outage, OutageCorrection, OutageService, OutageTicket
from maintenance.services.outages import end_outage
from tests.factories import Desk, DeskClient, new_service, new_ticket
from tests.forms import FormPage
from tests.maintenance.factories import new_outage
from tickets.models import Message, TicketEvent

Login = Callable[[Any], DeskClient]
NOW = timezone.now().replace(microsecond=0)
HOUR = timedelta(hours=1)


def seen_in(response: Any) -> set[str]:
    """The versions that the page's forms send as seen."""
    return set(re.findall(r'name="seen" value="(\d+)"', response.content.decode()))


def test_an_agent_makes_one_outage_of_several_tickets(desk: Desk, login: Login) -> None:
    erp, pos = new_service(desk), new_service(desk, "POS sync")
    first = new_ticket(desk, at=NOW - HOUR)
    second = new_ticket(desk, by=desk.other_contact, subject="Nothing works", at=NOW - HOUR)
    client = login(desk.agent)
    page = FormPage(client.get(f"/outages/new/?ticket={first.number}"))
    assert page.value("title") == ""  # the subject is one customer's, the title is read by all
    assert page.value("numbers") == f"ACME-{first.number}"
    sent = {
        "title": "ERP is away",
        f"service_{erp.pk}": "down",
        f"service_{pos.pk}": "degraded",
        "started_at": page.value("started_at"),
        "stage": "investigating",
        "text": "We are looking into it.",
        "numbers": page.value("numbers"),
        "chosen": [str(second.number)],
    }
    opened = client.post("/outages/new/", sent)
    outage = Outage.objects.get()
    assert opened["Location"].endswith(f"/outages/{outage.pk}/")
    assert outage.started_at == NOW - HOUR
    assert dict(OutageService.objects.values_list("service__name", "impact")) == {
        "ERP production": "down",
        "POS sync": "degraded",
    }
    assert OutageTicket.objects.count() == 2
    shown = client.get(f"/outages/{outage.pk}/").content.decode()
    for words in ("ERP is away", "We are looking into it.", "Nothing works", "Answer 2 tickets"):
        assert words in shown
    ticket_page = client.get(f"/tickets/{first.number}/").content.decode()
    assert f'linked this to the outage <a href="/t/acme/outages/{outage.pk}/">ERP is away</a>' in ticket_page


def test_updates_end_and_one_answer_for_all(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk, at=NOW - HOUR)
    outage = new_outage(desk, {new_service(desk): "down"}, at=NOW - HOUR, tickets=[ticket])
    client, path = login(desk.agent), f"/outages/{outage.pk}/"
    told = {"stage": "identified", "text": "It is the disk.", "seen": "1"}
    assert client.post(f"{path}update/", told).status_code == 303
    again = client.post(f"{path}update/", told)  # sent twice, or by two people
    assert again.status_code == 409
    assert "Nothing was overwritten" in again.content.decode()
    assert FormPage(again).value("text") == "It is the disk."
    assert seen_in(again) == {"2"}
    assert client.post(f"{path}update/", told | {"seen": "2"}).status_code == 303
    assert client.post(f"{path}end/", {"text": "", "seen": "3"}).status_code == 422
    assert client.post(f"{path}end/", {"text": "Replaced.", "ended_at": "", "seen": "3"}).status_code == 303
    outage.refresh_from_db()
    assert outage.ended_at is not None
    key = re.search(r'name="submission" value="([^"]+)"', client.get(path).content.decode())
    assert key is not None
    answer = {"body": "It works again.", "then": "resolved", "submission": key[1]}
    assert client.post(f"{path}answer/", answer).status_code == 303
    client.post(f"{path}answer/", answer)
    assert Message.objects.filter(body="It works again.").count() == 1
    ticket.refresh_from_db()
    assert ticket.status == "resolved"


def test_tickets_are_linked_by_number_and_unlinked(desk: Desk, login: Login) -> None:
    first, second = new_ticket(desk, at=NOW - HOUR), new_ticket(desk, at=NOW - HOUR)
    outage = new_outage(desk, {new_service(desk): "down"}, at=NOW - HOUR)
    client, path = login(desk.agent), f"/outages/{outage.pk}/tickets/"
    refused = client.post(path, {"numbers": "ACME-77"})
    assert refused.status_code == 422
    assert "There is no ticket with the number 77." in refused.content.decode()
    client.post(path, {"numbers": f"ACME-{first.number}, #{second.number}"})
    assert OutageTicket.objects.count() == 2
    client.post(f"{path}{first.number}/unlink/")
    assert OutageTicket.objects.get().ticket == second
    assert TicketEvent.objects.filter(kind="outage_linked").count() == 2


def test_what_is_recorded_is_corrected(desk: Desk, login: Login) -> None:
    erp, pos = new_service(desk), new_service(desk, "POS sync")
    outage = new_outage(desk, {erp: "down"}, at=NOW - 2 * HOUR)
    end_outage(outage=outage, text="Over.", by=desk.agent, at=NOW - HOUR)
    client, path = login(desk.supervisor), f"/outages/{outage.pk}/edit/"
    page = FormPage(client.get(path))
    sent = {name: page.value(name) for name in ("title", "started_at", "ended_at")}
    sent |= {
        "seen": str(outage.version + 1),
        "cause": "A cable.",
        f"service_{erp.pk}": "",
        f"service_{pos.pk}": "down",
    }
    early = client.post(path, sent | {"ended_at": "2020-01-01T00:00:00"})
    assert early.status_code == 422
    assert "An outage ends after it begins" in early.content.decode()
    assert client.post(path, sent).status_code == 303
    again = client.post(path, sent | {"title": "The cable"})
    assert again.status_code == 409
    assert "What is recorded now" in again.content.decode()
    assert seen_in(again) == {"3"}
    assert client.post(path, sent | {"title": "The cable", "seen": "3"}).status_code == 303
    assert Outage.objects.get().title == "The cable"
    row = OutageService.objects.get()
    assert (row.service, row.started_at, row.ended_at) == (pos, NOW - 2 * HOUR, NOW - HOUR)
    assert client.post(path, sent | {f"service_{pos.pk}": "", "seen": "4"}).status_code == 422


def test_customers_read_what_concerns_them_and_no_more(desk: Desk, login: Login) -> None:
    theirs = new_service(desk, "Carpet shop", customer=desk.other_customer)
    ticket = new_ticket(desk, by=desk.other_contact, subject="Carpets are away", at=NOW - HOUR)
    both = new_outage(
        desk, {new_service(desk): "down", theirs: "down"}, title="Both", at=NOW - HOUR, tickets=[ticket]
    )
    hidden = new_outage(desk, {theirs: "down"}, title="Only carpets", at=NOW - HOUR)
    client = login(desk.contact)
    listed = client.get("/outages/").content.decode()
    assert "Both" in listed
    assert "Only carpets" not in listed
    assert "Carpet shop" not in listed
    page = client.get(f"/outages/{both.pk}/").content.decode()
    assert "ERP production" in page
    assert "We are looking into it." in page
    for words in ("Carpet", "Ali Agent", "Opened by", "Tell the update"):
        assert words not in page
    assert client.get(f"/outages/{hidden.pk}/").status_code == 404
    own = login(desk.other_contact).get(f"/outages/{both.pk}/").content.decode()
    assert "Carpets are away" in own


def test_what_was_recorded_before_a_correction_is_kept(desk: Desk, login: Login) -> None:
    erp, looms = new_service(desk), new_service(desk, "Looms", customer=desk.other_customer)
    outage = new_outage(desk, {erp: "down", looms: "down"}, at=NOW - 2 * HOUR)
    end_outage(outage=outage, text="Over.", by=desk.agent, at=NOW - HOUR)
    client, path = login(desk.agent), f"/outages/{outage.pk}/"
    page = FormPage(client.get(f"{path}edit/"))
    names = ("title", "started_at", "ended_at", f"service_{erp.pk}", f"service_{looms.pk}")
    sent = {name: page.value(name) for name in names} | {"seen": "2"}
    assert client.post(f"{path}edit/", sent).status_code == 303
    assert not OutageCorrection.objects.exists()  # it was saved as it was
    less = sent | {"title": "ERP", f"service_{erp.pk}": "degraded", f"service_{looms.pk}": "", "seen": "3"}
    assert client.post(f"{path}edit/", less).status_code == 303
    kept = OutageCorrection.objects.get()
    assert (kept.author, kept.before["title"], kept.after["title"]) == (
        desk.agent,
        "The network is away",
        "ERP",
    )
    assert set(kept.after) == {"title", "services"}
    assert [hit["impact"] for hit in kept.before["services"].values()] == ["down", "down"]
    shown = client.get(path).content.decode()
    for words in (
        "Corrections",
        "<del>The network is away</del> → <ins>ERP</ins>",
        "<ins>Not affected</ins>",
    ):
        assert words in shown
    read = login(desk.contact).get(path).content.decode()
    assert "What is recorded here was corrected:" in read
    for words in ("The network is away", "Looms", "Ali Agent"):
        assert words not in read
    with pytest.raises(DatabaseError), transaction.atomic():
        OutageCorrection.objects.update(before={})


def test_nobody_reads_the_names_of_others_in_what_was_typed(desk: Desk, login: Login) -> None:
    erp, looms = new_service(desk), new_service(desk, "Looms", customer=desk.other_customer)
    ticket = new_ticket(desk, at=NOW - HOUR)
    outage = new_outage(
        desk,
        {erp: "down", looms: "down"},
        title="Looms and ERP",
        text="Calm Carpets called.",
        at=NOW - HOUR,
        tickets=[ticket],
    )
    Outage.objects.filter(pk=outage.pk).update(cause="A cable to Calm Carpets and Bright Bakery")
    paths = ("/outages/", f"/outages/{outage.pk}/", f"/tickets/{ticket.number}/", "/tickets/")
    pages = {path: login(desk.contact).get(path).content.decode() for path in paths}
    for page in pages.values():
        assert "another service and ERP" in page  # in the banner, too
        assert not re.search("Looms|Calm Carpets", page)
    assert "A cable to a customer and Bright Bakery" in pages[f"/outages/{outage.pk}/"]
    assert "a customer called." in pages[f"/outages/{outage.pk}/"]
    told = login(desk.other_contact).get(f"/outages/{outage.pk}/").content.decode()
    assert "Looms and ERP" in told
    assert "Calm Carpets called." in told
    assert "Looms and ERP" in login(desk.agent).get(f"/outages/{outage.pk}/").content.decode()
    filing = login(desk.contact).get(f"/tickets/new/?service={erp.pk}").content.decode()
    assert "Looms" not in filing


def test_a_contact_may_do_nothing_to_an_outage(desk: Desk, login: Login) -> None:
    outage = new_outage(desk, {new_service(desk): "down"}, at=NOW - HOUR)
    client = login(desk.contact)
    for name in ("edit", "update", "end", "tickets", "answer"):
        assert client.post(f"/outages/{outage.pk}/{name}/", {}).status_code == 403


@pytest.mark.parametrize("path", ["/outages/", "/outages/{}/"])
def test_pages_ask_as_much_for_many_as_for_few(
    desk: Desk, login: Login, django_assert_max_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    services = {new_service(desk, f"Service {n}"): "down" for n in range(6)}
    tickets = [new_ticket(desk, at=NOW - HOUR) for _n in range(4)]
    outages = [new_outage(desk, services, at=NOW - HOUR, tickets=tickets) for _n in range(5)]
    client = login(desk.agent)
    with django_assert_max_num_queries(18):
        client.get(path.format(outages[0].pk))
