"""Customers and people from a CSV file: looked at first, every bad row with its reason, never twice."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Customer, Membership
from notifications.models import OutboxMessage
from sla.models import Contract
from sla.services import create_plan
from tests.api.callers import call_as
from tests.factories import FOUNDED, Desk, DeskClient

Login = Callable[[Membership], DeskClient]
ADDRESS = "/console/customers/import/"
GOOD = """company,hosting,coordinator,notes,name,email,role
Delta Dairy,dedicated,AGENT@acme.example,Pays late,Dora Díaz,dora@dairy.example,customer_admin
Delta Dairy,,,,Dan Díaz,dan@dairy.example,
Bright Bakery,,,,Nora New,nora@bakery.example,Member
Echo Eggs,,,,,,
"""
BAD = """company;name;email;role;hosting;coordinator
;Nobody;nobody@x.example;;;
Good Grains;Gus;gus@grains.example;;;
Good Grains;Gus;GUS@grains.example;;;
Good Grains;;ana@grains.example;;;
Good Grains;Ana;not an address;owner;moon;contact@acme.example
Calm Carpets;Carla;contact@acme.example;;;
Calm Carpets;Omar;other_contact@acme.example;;;
"""
BAD += f"Good Grains;Long;{'a' * 250}@grains.example;;;\n"


def test_a_file_is_shown_first_and_done_only_when_confirmed(desk: Desk, login: Login) -> None:
    admin = login(desk.admin)
    file = SimpleUploadedFile("customers.csv", b"\xef\xbb\xbf" + GOOD.encode())
    page = admin.post(ADDRESS, {"file": file, "table": ""})
    assert page.status_code == 200
    assert "2 customers and 3 invitations" in page.content.decode()
    assert Customer.objects.count() == 2
    assert admin.post(ADDRESS, {"table": GOOD, "confirm": "1"}).status_code == 302
    dairy = Customer.objects.get(name="Delta Dairy")
    assert (dairy.hosting_model, dairy.coordinator, dairy.notes) == ("dedicated", desk.agent, "Pays late")
    people = {person.name: (person.role, person.accepted_at) for person in dairy.people.all()}
    assert people == {"Dora Díaz": ("customer_admin", None), "Dan Díaz": ("member", None)}
    assert OutboxMessage.objects.filter(to="nora@bakery.example", is_secret=True).count() == 1
    assert Customer.objects.get(name="Echo Eggs").people.count() == 0
    again = admin.post(ADDRESS, {"table": GOOD}).content.decode()
    assert again.count("Is there already") == 4
    assert 'name="confirm"' not in again
    admin.post(ADDRESS, {"table": GOOD, "confirm": "1"})
    assert Customer.objects.count() == 4
    assert OutboxMessage.objects.filter(to="nora@bakery.example").count() == 1


def test_each_bad_row_says_why_and_the_others_are_taken(desk: Desk, login: Login) -> None:
    admin = login(desk.admin)
    page = admin.post(ADDRESS, {"table": BAD}).content.decode()
    for words in (
        "The company is missing.",
        "The same address stands in line 3.",
        "name is missing.",
        "“not an address” is not an email address.",
        "“owner” is no role: customer_admin, member.",
        "“moon” is no hosting: shared, dedicated, on_premises.",
        "Nobody of the staff has the address “contact@acme.example”.",
        "This address belongs to somebody else in this desk.",
    ):
        assert words.replace("'", "&#39;") in page, words
    assert "6 rows have errors and are left out" in page
    assert "1 customer and 1 invitation" in page
    admin.post(ADDRESS, {"table": BAD, "confirm": "1"})
    assert [person.name for person in Customer.objects.get(name="Good Grains").people.all()] == ["Gus"]
    assert Customer.objects.count() == 3


def test_what_is_no_table_is_refused_with_what_was_sent(desk: Desk, login: Login) -> None:
    admin = login(desk.admin)
    for table, words in (
        ("", "has to name the columns"),
        ("name,email\nAna,ana@x.example", "has to name the columns"),
        ("company,company\nA,B", "Two columns have the same name."),
        ("company\n", "no row below the head"),
        ("company\n" + "A\n" * 501, "more than 500 rows"),
        ("company\nA\0B", "This is not a CSV file."),
    ):
        page = admin.post(ADDRESS, {"table": table})
        assert page.status_code == 422
        assert words in page.content.decode()
    binary = admin.post(ADDRESS, {"file": SimpleUploadedFile("x.csv", b"PK\0\0")})
    assert (binary.status_code, Customer.objects.count()) == (422, 2)
    assert "company,hosting" in admin.get(f"{ADDRESS}example/").content.decode("utf-8-sig")


def test_programs_import_as_pages_do(desk: Desk) -> None:
    admin = call_as(desk.admin)
    tried = admin.post("customers/import/", {"table": GOOD, "only_try": True}, format="json").json()
    assert [row["invites"] for row in tried] == [True, True, True, False]
    assert Customer.objects.count() == 2
    done = admin.post("customers/import/", {"table": BAD, "only_try": False}, format="json").json()
    assert [bool(row["errors"]) for row in done] == [True, False, True, True, True, True, False, True]
    refused = admin.post("customers/import/", {"table": "x\ny", "only_try": True}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_table")
    sent = {"table": GOOD, "only_try": False}
    assert call_as(desk.agent).post("customers/import/", sent, format="json").status_code == 403


CONTRACTS = """company,plan,first_day,last_day,name,email
Delta Dairy,gold,2026-04-01,2026-12-31,Dora,dora@dairy.example
Delta Dairy,Gold,2026-04-01,,Dan,dan@dairy.example
Bright Bakery,Gold,2026-05-01,,,
Echo Eggs,Tin,2026-04-01,,,
Echo Eggs,Gold,April,,,
Echo Eggs,Gold,,,,
Echo Eggs,,2026-04-01,,,
Echo Eggs,Gold,2026-04-02,2026-04-01,,
Delta Dairy,Silver,2026-12-31,,,
Delta Dairy,Silver,2027-01-01,,,
"""


def test_contracts_come_with_their_companies_and_what_is_there_stays(desk: Desk, login: Login) -> None:
    admin = login(desk.admin)
    create_plan(tenant_id=desk.tenant.pk, name="Silver", calendar=desk.calendar, targets=[], at=FOUNDED)
    page = admin.post(ADDRESS, {"table": CONTRACTS}).content.decode()
    assert "1 customer, 2 invitations and 2 contracts" in page
    for words in (
        "“Tin” is no plan that is in use.",
        "“April” is no day. Write it as 2026-03-02.",
        "The first day of the plan is missing.",
        "A day stands without a plan.",
        "The last day must not be before the first.",
        'datetime="2026-12-31"',
    ):
        assert words in page, words
    assert admin.post(ADDRESS, {"table": CONTRACTS, "confirm": "1"}).status_code == 302
    dairy = Customer.objects.get(name="Delta Dairy")
    given = Contract.objects.filter(customer=dairy).order_by("period").values_list("plan__name", "period")
    assert [(name, str(days.lower), days.upper and str(days.upper)) for name, days in given] == [
        ("Gold", "2026-04-01", "2027-01-01"),
        ("Silver", "2027-01-01", None),
    ]
    assert Contract.objects.filter(customer=desk.customer).count() == 1, "it had Gold on that day already"
    assert not Customer.objects.filter(name="Echo Eggs").exists()
    again = call_as(desk.admin).post("customers/import/", {"table": CONTRACTS, "only_try": True}).json()
    assert {row["gives_plan"] for row in again} == {None}
    fresh = {"table": "company,plan,from\nFine Fish,Gold,2026-04-01", "only_try": False}
    assert call_as(desk.admin).post("customers/import/", fresh).json()[0]["gives_plan"] == "Gold"
    assert Contract.objects.get(customer__name="Fine Fish").created_by == desk.admin
