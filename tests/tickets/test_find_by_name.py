"""The queue's filters that are found by name: a customer among thousands, an assignee among many."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import services as accounts
from accounts.models import Customer, Membership, Role
from accounts.tenancy import tenant_scope
from tests.factories import FOUNDED, MONDAY, Desk, DeskClient, add_person, new_ticket
from tickets.services import assign_ticket
from tickets.views.finders import MOST_IN_LIST

Login = Callable[[Any], DeskClient]


def add_customers(desk: Desk, *names: str) -> list[Customer]:
    tenant = desk.tenant.pk
    return [accounts.create_customer(tenant_id=tenant, name=name, at=FOUNDED) for name in names]


def hits(client: DeskClient, words: str, name: str = "customer", **filters: Any) -> list[tuple[str, str]]:
    """What htmx shows for words: pairs (address, text)."""
    query = {f"{name}_name": words} | filters
    answer = client.get("/queue/", query, headers={"HX-Request": "true", "HX-Target": f"{name}-hits"})
    assert answer.status_code == 200
    assert "HX-Target" in answer["Vary"]
    return links(answer.content.decode())


def links(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'class="finder-hit" href="([^"]*)">([^<]*)<', page)
    return [(unescape(address), unescape(text)) for address, text in found]


def names(found: list[tuple[str, str]]) -> list[str]:
    return [name for _address, name in found]


def test_hits_hold_the_words_and_the_best_stands_first(desk: Desk, login: Login) -> None:
    add_customers(desk, "Old Bright Lamps", "Brightwater Clinic", "Bright", "Harbour Foods")
    found = names(hits(login(desk.agent), "bright"))
    assert found[0] == "Bright"
    assert found[1:3] in (["Bright Bakery", "Brightwater Clinic"], ["Brightwater Clinic", "Bright Bakery"])
    assert found[3:] == ["Old Bright Lamps"]


def test_without_words_the_first_ten_are_offered_and_that_there_are_more_is_said(
    desk: Desk, login: Login
) -> None:
    client = login(desk.agent)
    assert names(hits(client, "")) == ["Bright Bakery", "Calm Carpets"]
    add_customers(desk, *(f"Dental practice {number:02}" for number in range(12)))
    assert len(hits(client, "")) == 10
    page = client.get("/queue/?customer_name=dental").content.decode()
    assert len(links(page)) == 10
    assert "These are the first 10." in page


def test_a_hit_keeps_the_other_filters_and_the_view(desk: Desk, login: Login) -> None:
    ((address, _name),) = hits(login(desk.agent), "calm", view="unassigned", priority="low", cursor="a.1.1")
    assert address == f"/t/acme/queue/?view=unassigned&priority=low&customer={desk.other_customer.pk}"


def test_an_accent_left_out_and_a_letter_missed_are_forgiven(desk: Desk, login: Login) -> None:
    add_customers(desk, "Panadería La Esperanza")
    client = login(desk.agent)
    assert names(hits(client, "panaderia")) == ["Panadería La Esperanza"]
    assert names(hits(client, "calm carpts")) == ["Calm Carpets"]
    page = client.get("/queue/?customer_name=calm+carpts").content.decode()
    assert "Did you mean" in page, "what only resembles is not applied unasked"


def test_nobody_finds_another_desks_or_a_closed_customer(desk: Desk, other_desk: Desk, login: Login) -> None:
    with tenant_scope(other_desk.tenant.pk):
        add_customers(other_desk, "Foreign Bright")
    (closed,) = add_customers(desk, "Bright and gone")
    Customer.objects.filter(pk=closed.pk).update(is_active=False)
    assert names(hits(login(desk.agent), "bright")) == ["Bright Bakery"]
    headers = {"HX-Request": "true", "HX-Target": "customer-hits"}
    assert login(desk.contact).get("/queue/?customer_name=b", headers=headers).status_code == 403


def test_the_tickets_of_a_closed_customer_are_still_reached_by_link(desk: Desk, login: Login) -> None:
    new_ticket(desk, subject="Still open")
    Customer.objects.filter(pk=desk.customer.pk).update(is_active=False)
    page = login(desk.agent).get("/queue/", {"customer": desk.customer.pk}).content.decode()
    assert "Still open" in page
    assert "Remove filter: Bright Bakery" in page


def test_a_chosen_customer_is_shown_and_can_be_taken_back(desk: Desk, login: Login) -> None:
    new_ticket(desk)
    query: dict[str, str | int] = {"customer": desk.customer.pk, "priority": "medium"}
    page = login(desk.agent).get("/queue/", query).content.decode()
    assert f'<input type="hidden" name="customer" value="{desk.customer.pk}">' in page
    assert 'name="customer_name"' not in page
    removal = re.search(r'class="chip-remove" href="([^"]*)"', page)
    assert removal is not None
    assert removal[1] == "/t/acme/queue/?priority=medium"


def test_a_typed_name_that_means_one_is_applied(desk: Desk, login: Login) -> None:
    add_customers(desk, "Bright Bakery North")
    client = login(desk.agent)
    for words, customer in (("calm", desk.other_customer), (" bright bakery ", desk.customer)):
        query: dict[str, Any] = {"customer_name": words, "status": "", "priority": "low"}
        answer = client.get("/queue/", query)
        address = f"/t/acme/queue/?priority=low&customer={customer.pk}"
        assert (answer.status_code, answer["Location"]) == (302, address)
        htmx = client.get("/queue/", query, headers={"HX-Request": "true", "HX-Target": "queue-list"})
        assert htmx["HX-Redirect"] == address


def test_a_name_that_means_several_or_none_is_answered_beside_the_field(desk: Desk, login: Login) -> None:
    add_customers(desk, "Bright Lamps")
    new_ticket(desk, subject="Not narrowed")
    client = login(desk.agent)
    several = client.get("/queue/?customer_name=bright").content.decode()
    assert names(links(several)) == ["Bright Bakery", "Bright Lamps"]
    assert "Several match “bright”. Choose one." in several
    none = client.get("/queue/?customer_name=zzz").content.decode()
    assert "Nothing matches “zzz”." in none
    field = re.search(r'<input[^>]*name="customer_name"[^>]*>', none)
    assert field is not None
    assert 'value="zzz" aria-invalid="true" aria-describedby="customer-note"' in field[0]
    assert "Not narrowed" in several
    assert "Not narrowed" in none


def test_htmx_is_led_to_the_page_that_asks_which_one_is_meant(desk: Desk, login: Login) -> None:
    headers = {"HX-Request": "true", "HX-Target": "queue-list"}
    answer = login(desk.agent).get("/queue/?customer_name=zzz&status=", headers=headers)
    assert answer["HX-Redirect"] == "/t/acme/queue/?customer_name=zzz"


@pytest.mark.parametrize("words", ["\x00", "%", "_", "'; --", "a" * 300, "<b>", "\\"])
def test_any_words_are_only_words(desk: Desk, login: Login, words: str) -> None:
    client = login(desk.agent)
    assert client.get("/queue/", {"customer_name": words}).status_code == 200
    if words != "\x00":  # which is nothing, and nothing offers all
        assert hits(client, words) == []


def test_the_number_of_queries_does_not_grow_with_the_customers(desk: Desk, login: Login) -> None:
    client, counts = login(desk.agent), []
    for more in (3, 60):
        add_customers(desk, *(f"Bright branch {more} {number}" for number in range(more)))
        for act in (lambda: hits(client, "bright"), lambda: client.get("/queue/")):
            act()
            with CaptureQueriesContext(connection) as queries:
                act()
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert counts[0] <= 8


def test_few_colleagues_are_a_list_and_many_are_found_by_name(desk: Desk, login: Login) -> None:
    client = login(desk.agent)
    assert '<select class="input select" name="assignee"' in client.get("/queue/").content.decode()
    for number in range(MOST_IN_LIST):
        add_person(desk.owner, f"more{number}@acme.example", f"Dana Agent {number:02}", Role.AGENT)
    dana = Membership.objects.get(name="Dana Agent 17")
    taken, _free = new_ticket(desk, subject="Taken"), new_ticket(desk, subject="Free")
    assign_ticket(ticket=taken, assignee=dana, by=desk.agent, at=MONDAY)
    assert 'name="assignee_name"' in client.get("/queue/").content.decode()
    assert names(hits(client, "", "assignee"))[0] == "Nobody"
    assert names(hits(client, "agent 17", "assignee")) == ["Dana Agent 17"]
    for words, value, expected in (("nob", "none", "Free"), ("agent 17", str(dana.pk), "Taken")):
        answer = client.get("/queue/", {"assignee_name": words})
        assert answer["Location"] == f"/t/acme/queue/?assignee={value}"
        page = client.get("/queue/", {"assignee": value}).content.decode()
        assert re.findall(r'class="row-link"[^>]*>([^<]*)<', page) == [expected]
    assert "This choice does not exist" in client.get(f"/queue/?assignee={desk.contact.pk}").content.decode()
