"""How a customer stands: set, told, enforced, lifted (policy clause S11)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Standing
from accounts.services.standing import ReviewTooEarly, StandingTerms, set_standing
from tests.api.callers import call_as
from tests.factories import Desk, DeskClient, new_ticket
from tests.forms import CHANGED, FormPage, reader
from tests.sla.rota import include_emergencies, rota_of_two
from tickets.models import Category, Channel, Ticket

Login = Callable[[Membership], DeskClient]
OVERDUE = {
    "level": "restricted",
    "ground": "overdue_payment",
    "reason": "Three invoices unpaid since May",
    "way_out": "",
    "evidence": "",
    "starts_on": "",
    "review_on": "",
    "seen": "0",
}
FILED = {"subject": "Help", "body": "Please", "priority": "low"}


def restrict(desk: Desk, login: Login, **changes: Any) -> Standing:
    address = f"/console/customers/{desk.customer.pk}/standing/"
    response = login(desk.admin).post(address, OVERDUE | changes)
    assert response.status_code == 302, FormPage(response).summary
    return Standing.objects.not_lifted().get(customer=desk.customer)


def file(person: Membership, desk: Desk, login: Login, **changes: str) -> Any:
    return login(person).post("/tickets/new/", FILED | {"category": desk.category.pk} | changes)


def test_restricted_people_read_why_and_the_way_out_and_cannot_file_what_can_wait(
    desk: Desk, login: Login
) -> None:
    assert "restricted" not in login(desk.contact).get("/tickets/").content.decode()
    restrict(desk, login)
    for path in ("/tickets/", "/tickets/new/", "/maintenance/", "/profile/"):
        page = login(desk.contact).get(path).content.decode()
        assert "Support for Bright Bakery is restricted" in page, path
        assert "Please settle the overdue invoices" in page
        assert "Three invoices" not in page
    assert "restricted" not in login(desk.other_contact).get("/tickets/").content.decode()
    refused = file(desk.contact, desk, login)
    assert refused.status_code == 409
    form = FormPage(refused)
    refusal = "Tickets of this priority cannot be filed at the moment (Overdue payment)."
    assert refusal in form.summary["id_priority"], "said beside the priority: another one is taken"
    form.keeps({"subject": "Help", "body": "Please"})
    assert not Ticket.objects.exists()
    assert file(desk.contact, desk, login, priority="high").status_code == 303
    answer = call_as(desk.contact).post("tickets/", FILED | {"category": desk.category.pk}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "account_standing")
    assert "settle the overdue invoices" in answer.json()["detail"]


def test_suspension_stops_everybody_but_critical_outages_and_the_desk_itself(
    desk: Desk, login: Login
) -> None:
    before = new_ticket(desk, at=timezone.now())
    restrict(desk, login, level="suspended", ground="abuse", way_out="Please call Sara.")
    assert file(desk.contact, desk, login, priority="critical").status_code == 409
    refused = file(desk.agent, desk, login, requester=str(desk.contact.pk), priority="high")
    assert (
        "New tickets cannot be filed at the moment (Abuse). Please call Sara."
        in FormPage(refused).summary[""]
    )
    Category.objects.filter(pk=desk.category.pk).update(is_outage=True)
    assert file(desk.contact, desk, login, priority="high").status_code == 409
    assert file(desk.contact, desk, login, priority="critical").status_code == 303
    new_ticket(desk, at=timezone.now(), category=Category.objects.get(), is_automatic=True)
    assert Ticket.objects.count() == 3
    reply = login(desk.contact).post(f"/tickets/{before.number}/reply/", {"body": "It goes on."})
    assert reply.status_code == 303
    page = login(desk.agent).get(f"/tickets/{before.number}/").content.decode()
    assert "Suspended" in page


def test_the_desk_says_what_each_ground_stops(desk: Desk, login: Login) -> None:
    restrict(desk, login)
    admin = login(desk.admin)
    rule = "/console/standing/rule/?level=restricted&ground=overdue_payment"
    sent = {"channels": ["api"], "way_out": "Pay by Friday.", "seen_version": "0"}
    assert admin.post(rule, sent).status_code == 302
    assert "New tickets cannot be filed by: API." in admin.get("/console/standing/").content.decode()
    assert file(desk.contact, desk, login).status_code == 303
    answer = call_as(desk.contact).post("tickets/", FILED | {"category": desk.category.pk}, format="json")
    assert answer.json()["detail"].endswith("in this way at the moment (Overdue payment). Pay by Friday.")
    assert admin.post(rule, sent | {"way_out": "Late"}).status_code == 409
    assert Ticket.objects.get().channel == Channel.PORTAL


def test_no_emergency_is_declared_while_the_standing_stops_it(desk: Desk, login: Login) -> None:
    rota = rota_of_two(desk, name="Night")
    include_emergencies(desk, 0, rota)
    ticket = new_ticket(desk, at=timezone.now(), priority="high")
    restrict(desk, login)
    sent = {"reason": "All down", "sure": "on"}
    refused = login(desk.contact).post(f"/tickets/{ticket.number}/emergency/", sent)
    assert refused.status_code in {409, 422}
    assert (
        "Emergencies cannot be declared at the moment"
        in login(desk.contact).get(f"/tickets/{ticket.number}/emergency/").content.decode()
    )
    api = call_as(desk.contact).post(
        f"tickets/{ticket.number}/emergencies/", {"reason": "All down"}, format="json"
    )
    assert (api.status_code, api.json()["code"]) == (409, "account_standing")


def test_a_standing_that_begins_later_is_told_and_stops_nothing_yet(desk: Desk, login: Login) -> None:
    soon = (timezone.now() + timedelta(days=5)).date().isoformat()
    restrict(desk, login, starts_on=soon, review_on=soon)
    page = login(desk.contact).get("/tickets/").content.decode()
    assert "Support for Bright Bakery will be restricted" in page
    assert file(desk.contact, desk, login).status_code == 303


def test_lifting_restores_everything_and_deletes_nothing(desk: Desk, login: Login) -> None:
    standing = restrict(desk, login)
    admin, address = login(desk.admin), f"/console/customers/{desk.customer.pk}/standing/"
    assert admin.post(f"{address}lift/", {"seen": "999999"}).status_code == 302
    standing.refresh_from_db()
    assert standing.lifted_at is None
    admin.post(f"{address}lift/", {"seen": standing.pk})
    standing.refresh_from_db()
    assert standing.lifted_by == desk.admin
    assert "is restricted" not in login(desk.contact).get("/tickets/").content.decode()
    assert file(desk.contact, desk, login).status_code == 303
    page = admin.get(address).content.decode()
    assert "Three invoices unpaid" in page
    assert "always been in good standing" not in page


def test_evidence_names_tickets_of_that_customer_alone(desk: Desk, login: Login) -> None:
    mine = new_ticket(desk)
    theirs = new_ticket(desk, by=desk.other_contact)
    admin, address = login(desk.admin), f"/console/customers/{desk.customer.pk}/standing/"
    for evidence in (str(theirs.number), "999999999", "many"):
        page = FormPage(admin.post(address, OVERDUE | {"evidence": evidence}))
        assert page.status == 422
        assert page.error_of("evidence")
        page.keeps({"evidence": evidence, "reason": OVERDUE["reason"]})
    assert restrict(desk, login, evidence=f"ACME-{mine.number}").evidence == [mine.number]
    assert f'href="/t/acme/tickets/{mine.number}/"' in admin.get(address).content.decode()


def test_the_second_of_two_admins_is_told(desk: Desk, login: Login) -> None:
    restrict(desk, login)
    address = f"/console/customers/{desk.customer.pk}/standing/"
    page = FormPage(reader(desk.owner, "en").post(address, OVERDUE | {"reason": "mine"}))
    assert page.status == 409
    assert page.summary[""] == CHANGED["en"].format("Restricted: Overdue payment")
    page.keeps({"reason": "mine"})


def test_the_day_of_review_is_a_day_of_the_desk(desk: Desk) -> None:
    desk.tenant.time_zone = "America/Mexico_City"
    desk.tenant.save(update_fields=["time_zone"])
    evening = datetime(2026, 11, 23, 2, tzinfo=UTC)  # the 22nd there
    terms = StandingTerms(level="restricted", ground="misuse", reason="Again", review_on=date(2026, 11, 21))
    with pytest.raises(ReviewTooEarly):
        set_standing(customer=desk.customer, terms=terms, seen=None, by=desk.admin, at=evening)
    today = replace(terms, review_on=date(2026, 11, 22))
    assert set_standing(customer=desk.customer, terms=today, seen=None, by=desk.admin, at=evening).pk


def test_the_api_sets_lifts_and_lists(desk: Desk) -> None:
    admin, address = call_as(desk.admin), f"customers/{desk.customer.pk}/standings/"
    sent = {"level": "suspended", "ground": "misuse", "reason": "Again", "seen": None}
    made = admin.post(address, sent, format="json")
    assert made.status_code == 201, made.json()
    assert admin.post(address, sent, format="json").json()["code"] == "edited_meanwhile"
    past = sent | {"seen": made.json()["id"], "starts_at": "2020-01-01T00:00:00Z"}
    refused = admin.post(address, past, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/starts_at")
    assert call_as(desk.agent).post(address, sent, format="json").status_code == 403
    assert call_as(desk.contact).get(address).status_code == 403
    lifted = admin.post(f"{address}lift/", {"seen": made.json()["id"]}, format="json")
    assert lifted.json()["lifted_by"]["name"] == "Adam Admin"
    again = admin.post(f"{address}lift/", {"seen": None}, format="json")
    assert (again.status_code, again.json()["code"]) == (422, "refused_standing")
    assert len(call_as(desk.agent).get(address).json()["results"]) == 1
    rules = admin.get("standing-rules/").json()
    assert len(rules) == 10
    rule = rules[0] | {"seen": 0, "stops_tickets": True}
    rule.pop("version")
    assert admin.put("standing-rules/", rule, format="json").json()["version"] == 1
