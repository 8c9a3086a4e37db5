"""Packs and statements: sold, changed and adjusted by admins, read by the customer's own admins."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from hours.balances import balance_of
from hours.models import HoursAccount, Pack
from tests.factories import Desk, DeskClient, new_ticket
from tests.hours.factories import billing, rows, sold_pack, worked_on
from tickets.services import add_person, change_privacy

Login = Callable[[Any], DeskClient]
PACK = {"name": "Success Pack 10", "minutes": "10", "price": "500 USD", "starts_on": "2026-01-01"}


def test_an_admin_sells_changes_and_adjusts_a_pack(desk: Desk, login: Login) -> None:
    admin, customer = login(desk.admin), desk.customer.pk
    new = f"/hours/{customer}/packs/new/"
    assert balance_of(customer, timezone.now()) is None
    refused = admin.post(new, PACK | {"ends_on": "2025-12-31"})
    assert (refused.status_code, Pack.objects.count()) == (422, 0)
    assert "The last day is not before the first one." in refused.content.decode()
    assert admin.post(new, PACK).status_code == 302
    pack = Pack.objects.get()
    assert (pack.minutes, pack.balance, pack.overdraft_minutes) == (600, 600, 0)
    edit = f"/hours/packs/{pack.pk}/edit/"
    terms = {name: PACK[name] for name in ("name", "price", "starts_on")}
    assert admin.post(edit, terms | {"overdraft_minutes": "1:00", "seen_version": "1"}).status_code == 302
    stale = admin.post(edit, terms | {"seen_version": "1"})
    assert stale.status_code == 409
    assert 'name="seen_version" value="2"' in stale.content.decode()
    adjust = f"/hours/packs/{pack.pk}/adjust/"
    assert admin.post(adjust, {"way": "less", "minutes": "2", "reason": ""}).status_code == 422
    too_much = admin.post(adjust, {"way": "less", "minutes": "12", "reason": "Agreed"})
    assert "has 11 h of prepaid hours left" in too_much.content.decode()
    assert admin.post(adjust, {"way": "less", "minutes": "2", "reason": "Agreed"}).status_code == 302
    assert rows(desk.customer) == [("bought", 600), ("adjusted", -120)]
    page = admin.get(f"/hours/{customer}/").content.decode()
    assert "8 h left today." in page
    assert "Agreed" in page
    assert "Bright Bakery" in admin.get("/hours/").content.decode()


def test_selling_and_adjusting_is_for_admins_alone(desk: Desk, login: Login) -> None:
    pack = sold_pack(desk)
    for person in (desk.supervisor, desk.agent, desk.customer_admin):
        for path in (f"/hours/{desk.customer.pk}/packs/new/", f"/hours/packs/{pack.pk}/adjust/"):
            assert login(person).get(path).status_code == 403


def test_the_customers_admin_reads_statement_and_file_and_nobody_else_outside(
    desk: Desk, login: Login, django_assert_max_num_queries: Any
) -> None:
    billing(desk)
    now = timezone.now()
    sold_pack(desk, hours=2, at=now - timedelta(days=70))
    ticket = new_ticket(desk, at=now - timedelta(hours=1))
    worked_on(ticket, desk.agent, minutes=30, note="=1+1")
    for _turn in range(5):
        worked_on(ticket, desk.agent, minutes=10)
    chief = login(desk.customer_admin)
    assert chief.get("/hours/").headers["Location"].endswith(f"/hours/{desk.customer.pk}/")
    chief.get(f"/hours/{desk.customer.pk}/")
    with django_assert_max_num_queries(16):
        page = chief.get(f"/hours/{desk.customer.pk}/").content.decode()
    assert "40 min left today." in page
    assert "Looked for the cause" in page
    text = chief.get(f"/hours/{desk.customer.pk}/statement.csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[1][-1] == "2:00", "brought forward"
    assert [line[-2:] for line in lines[2:4]] == [["-0:30", "1:30"], ["-0:10", "1:20"]]
    assert lines[2][6] == "'=1+1", "no spreadsheet takes it for a formula"
    before = chief.get(f"/hours/{desk.customer.pk}/?month={now - timedelta(days=70):%Y-%m}").content.decode()
    assert "Bought" in before
    assert "Looked for the cause" not in before
    assert login(desk.contact).get(f"/hours/{desk.customer.pk}/").status_code == 403
    assert login(desk.contact).get("/hours/").status_code == 403
    assert login(desk.other_contact).get(f"/hours/{desk.customer.pk}/").status_code == 404
    for strange in ("2051-01", "2026-13", "soon", "0001-01"):
        for place in ("", "statement.csv"):
            path = f"/hours/{desk.customer.pk}/{place}?month={strange}"
            assert chief.get(path).status_code == 404, "no month that is, and no other one in its place"


def test_of_work_on_a_private_ticket_a_statement_says_its_number_alone(desk: Desk, login: Login) -> None:
    billing(desk)
    sold_pack(desk)
    ticket = new_ticket(desk, by=desk.contact2, at=timezone.now())
    worked_on(ticket, desk.agent, note="Reset the till of Chris")
    chief, page = login(desk.customer_admin), f"/hours/{desk.customer.pk}/"
    places = (page, f"{page}statement.csv", f"/api/v1/customers/{desk.customer.pk}/hours/statement/")
    assert all("Reset the till" in chief.get(place).content.decode() for place in places)
    change_privacy(ticket=ticket, private=True, by=desk.contact2, at=timezone.now())
    for place in places:
        said = chief.get(place).content.decode()
        assert "Reset the till" not in said, place
        assert str(ticket.number) in said, place
    assert f"/tickets/{ticket.number}/" not in chief.get(page).content.decode(), "a link that leads nowhere"
    assert "Reset the till" in login(desk.agent).get(page).content.decode()
    add_person(ticket=ticket, person=desk.customer_admin, by=desk.contact2, at=timezone.now())
    assert "Reset the till" in chief.get(page).content.decode()


def test_an_admin_says_when_little_is_left(desk: Desk, login: Login) -> None:
    sold_pack(desk, hours=1)
    account, admin = HoursAccount.objects.get(), login(desk.admin)
    assert account.low_told_at is not None, "an hour is less than the usual two"
    where = f"/hours/{desk.customer.pk}/settings/"
    assert admin.post(where, {"low_at_minutes": "0:30", "seen_version": "1"}).status_code == 302
    account.refresh_from_db()
    told_at: Any = account.low_told_at
    assert (account.low_at_minutes, told_at) == (30, None)
    assert admin.post(where, {"low_at_minutes": "0", "seen_version": "1"}).status_code == 409


def test_the_same_through_the_api(desk: Desk, login: Login) -> None:
    admin, where, kind = login(desk.admin), f"/api/v1/customers/{desk.customer.pk}/", "application/json"
    sold = admin.post(f"{where}packs/", PACK | {"minutes": 600}, kind)
    assert (sold.status_code, sold.json()["balance"]) == (201, 600)
    pack = sold.json()["packs"][0]
    changed = admin.put(
        f"/api/v1/packs/{pack['id']}/", {"name": "Ten", "starts_on": "2026-01-01", "seen": 1}, kind
    )
    assert changed.json()["packs"][0]["name"] == "Ten"
    adjust = f"/api/v1/packs/{pack['id']}/adjust/"
    assert admin.post(adjust, {"minutes": -60, "reason": "Agreed"}, kind).json()["balance"] == 540
    assert admin.post(adjust, {"minutes": 0, "reason": "Agreed"}, kind).json()["code"] == "refused_adjustment"
    low = admin.post(f"{where}hours/settings/", {"low_at_minutes": 30, "seen": 1}, kind)
    assert low.json()["low_at_minutes"] == 30
    read = login(desk.customer_admin).get(f"{where}hours/statement/").json()
    assert [line["minutes"] for line in read["lines"]] == [600, -60]
    strange = login(desk.customer_admin).get(f"{where}hours/statement/?month=2026-13")
    assert (strange.status_code, strange.json()["errors"][0]["parameter"]) == (400, "month")
    assert login(desk.contact).get(f"{where}hours/").status_code == 403
    assert login(desk.agent).post(f"{where}packs/", PACK | {"minutes": 600}, kind).status_code == 403


def test_people_of_the_customer_see_on_their_start_page_what_is_left(desk: Desk, login: Login) -> None:
    assert "prepaid hours left" not in login(desk.contact).get("/").content.decode()
    sold_pack(desk, hours=2.5)
    for person in (desk.contact, desk.customer_admin):
        assert "2 h 30 min of prepaid hours left" in login(person).get("/").content.decode()
    assert "prepaid hours left" not in login(desk.other_contact).get("/").content.decode()


def test_a_form_that_is_sent_twice_sells_and_adjusts_once(desk: Desk, login: Login) -> None:
    admin, where = login(desk.admin), f"/hours/{desk.customer.pk}/"
    mark = {"submission": str(uuid4())}
    assert 'name="submission"' in admin.get(f"{where}packs/new/").content.decode()
    for _turn in range(2):
        assert admin.post(f"{where}packs/new/", PACK | mark).headers["Location"].endswith(where)
    pack = Pack.objects.get()
    adjust = f"/hours/packs/{pack.pk}/adjust/"
    assert 'name="submission"' in admin.get(adjust).content.decode()
    more = {"way": "more", "minutes": "1", "reason": "Agreed"}
    for typed in (more, more, more | {"minutes": "2"}):
        assert admin.post(adjust, typed | mark).status_code == 302
    assert rows(desk.customer) == [("bought", 600), ("adjusted", 60), ("adjusted", 120)]
