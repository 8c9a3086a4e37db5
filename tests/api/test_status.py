"""The status page's settings and followers, and one's own calendar addresses, through the API."""

from collections.abc import Callable

from icalendar import Calendar

from accounts.models import Membership
from maintenance.models import FeedKey, Subscriber, WindowCustomer
from tests.api.callers import ApiCaller, Callers
from tests.factories import FOUNDED, MONDAY, Desk, DeskClient, new_service
from tests.maintenance.status import public_page, public_service, work_on

Login = Callable[[Membership], DeskClient]
SETTINGS = "status/settings/"


def test_admins_settle_the_status_page(desk: Desk, caller: Callers, anonymous: ApiCaller) -> None:
    erp, backups = new_service(desk), new_service(desk, "Backups")
    ours = new_service(desk, "Bakery till", customer=desk.customer)
    admin = caller(desk.admin)
    before = admin.get(SETTINGS).json()
    assert (before["visibility"], before["version"], before["services"]) == ("customers", 0, [])
    assert before["address"].endswith("/t/acme/status/")
    sent = {"visibility": "public", "about": "Tills.", "services": [erp.pk, backups.pk], "seen": 0}
    after = admin.post(f"{SETTINGS}edit/", sent, format="json").json()
    assert (after["visibility"], after["about"], after["version"]) == ("public", "Tills.", 1)
    assert {service["name"] for service in after["services"]} == {"ERP production", "Backups"}
    assert admin.get(SETTINGS).json() == after
    late = admin.post(f"{SETTINGS}edit/", sent, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "edited_meanwhile")
    private = admin.post(f"{SETTINGS}edit/", sent | {"services": [ours.pk], "seen": 1}, format="json")
    assert private.json()["errors"][0]["pointer"].startswith("/services")
    for path in (SETTINGS, "status/followers/"):
        assert caller(desk.supervisor).get(path).status_code == 403
        assert anonymous.get(path).status_code == 401
    assert caller(desk.contact).post(f"{SETTINGS}edit/", sent, format="json").status_code == 403


def test_admins_see_who_follows(desk: Desk, caller: Callers) -> None:
    for number, values in enumerate(({"confirmed_at": MONDAY}, {}, {"ended_at": MONDAY})):
        Subscriber.objects.create(
            tenant=desk.tenant,
            email=f"reader{number}@example.com",
            language="en",
            token_hash=f"{number}",
            asked_at=FOUNDED,
            **values,
        )
    admin = caller(desk.admin)
    found = admin.get("status/followers/").json()["results"]
    assert [(one["email"], one["confirmed_at"]) for one in found] == [
        ("reader1@example.com", None),
        ("reader0@example.com", "2026-03-02T05:00:00Z"),
    ]
    assert admin.get(SETTINGS).json()["followers"] == 1


def test_people_have_calendar_addresses_of_their_own(desk: Desk, caller: Callers, login: Login) -> None:
    window = work_on(public_service(desk))
    WindowCustomer.objects.create(tenant=desk.tenant, window=window, customer=desk.customer)
    program, browser = caller(desk.contact), login(desk.contact)
    assert program.post("calendar-addresses/", {}, format="json").status_code == 403, "not by a token"
    made = browser.post("/api/v1/calendar-addresses/", {}, content_type="application/json").json()
    calendar = Calendar.from_ical(ApiCaller(desk.tenant.slug).get(made["address"]).content)
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == ["New disks"]
    [listed] = program.get("calendar-addresses/").json()["results"]
    assert (listed["id"], listed["start"]) == (made["id"], made["address"].split("/")[-1][:6])
    assert "address" not in listed
    path = f"calendar-addresses/{made['id']}/"
    assert caller(desk.contact2).delete(path).status_code == 404
    assert program.delete(path).status_code == 204
    assert ApiCaller(desk.tenant.slug).get(made["address"]).status_code == 404
    for _turn in range(10):
        browser.post("/api/v1/calendar-addresses/", {}, content_type="application/json")
    full = browser.post("/api/v1/calendar-addresses/", {}, content_type="application/json")
    assert (full.status_code, full.json()["code"]) == (409, "too_many_addresses")
    assert FeedKey.objects.filter(revoked_at=None).count() == 10


def test_people_follow_the_status_page_by_program(desk: Desk, caller: Callers) -> None:
    public_page(desk, "customers")
    erp, path = public_service(desk), "status/following/"
    private = new_service(desk, "Looms", customer=desk.customer)
    contact = caller(desk.contact)
    assert contact.get(path).json() == {"is_following": False, "all_services": False, "services": []}
    assert contact.post(path, {}, format="json").json()["all_services"]
    chosen = contact.post(path, {"services": [erp.pk]}, format="json").json()
    assert (chosen["all_services"], [one["name"] for one in chosen["services"]]) == (
        False,
        ["ERP production"],
    )
    for services, code in (([], "not_enough_said"), ([private.pk], "invalid")):
        assert contact.post(path, {"services": services}, format="json").json()["code"] == code
    [listed] = caller(desk.admin).get("status/followers/").json()["results"]
    assert listed["email"] == desk.contact.user.email
    assert contact.delete(path).status_code == 204
    assert not contact.get(path).json()["is_following"]
