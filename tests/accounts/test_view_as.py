"""A customer's admin sees the portal as one of its own people: what both may see, and nothing can be done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.models import AuditEntry, ViewAs
from accounts.services import add_owner, change_role, change_sees, deactivate_person
from accounts.tasks import end_views
from accounts.tenancy import tenant_scope
from accounts.view_as import PAGES
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.tenancy_walk import addresses
from tickets.models import FilingDraft, Ticket
from tickets.services import add_person, change_privacy, reply_to_ticket

Login = Callable[[Any], DeskClient]
BANNER = "You see the portal as Carla Contact"


def view(boss: DeskClient, person: Any) -> Any:
    return boss.post(f"/company/people/{person.pk}/view-as/")


def refused(answer: Any) -> bool:
    return answer.status_code == 403 and "Not while you see as somebody else" in answer.content.decode()


def test_the_portal_is_seen_with_the_eyes_of_both(desk: Desk, login: Login) -> None:
    mine = new_ticket(desk, subject="Carla's own")
    private = new_ticket(desk, subject="Carla's secret")
    change_privacy(ticket=private, private=True, by=desk.contact, at=MONDAY)
    shared = new_ticket(desk, subject="Carla's secret that Cora is in")
    change_privacy(ticket=shared, private=True, by=desk.contact, at=MONDAY)
    add_person(ticket=shared, person=desk.customer_admin, by=desk.contact, at=MONDAY)
    new_ticket(desk, by=desk.contact2, subject="By Chris")
    change_sees(membership=desk.contact, sees="own", by=desk.customer_admin, at=MONDAY)
    boss = login(desk.customer_admin)
    assert "By Chris" in boss.get("/tickets/").content.decode()
    assert "View the portal as Carla Contact" in boss.get("/company/people/").content.decode()
    assert view(boss, desk.contact).headers["Location"] == "/t/acme/"
    for path in ("/", "/tickets/", f"/tickets/{mine.number}/", "/tickets/new/"):
        page = boss.get(path).content.decode()
        assert BANNER in page, path
        assert "/company/view-as/end/" in page
    listed = boss.get("/tickets/").content.decode()
    assert "Carla&#39;s own" in listed
    assert "that Cora is in" in listed
    assert "By Chris" not in listed
    assert boss.get(f"/tickets/{private.number}/").status_code == 404
    assert "secret<" not in listed
    assert boss.get(f"/tickets/{private.number}/live/").status_code == 404
    assert boss.get("/tickets/?q=secret&show=all").content.decode().count("Carla&#39;s secret") == 1
    boss.post("/company/view-as/end/")
    page = boss.get("/company/people/").content.decode()
    assert BANNER not in page
    assert "You see the portal as yourself again" in page


def test_nothing_can_be_done_and_nothing_of_ones_own_is_shown(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Which till?", at=MONDAY)
    login(desk.contact).post("/tickets/new/draft/", {"subject": "Half a thought"})
    assert FilingDraft.objects.filter(person=desk.contact).exists()
    boss = login(desk.customer_admin)
    view(boss, desk.contact)
    assert "Half a thought" not in boss.get("/tickets/new/").content.decode()
    before = Ticket.objects.count(), ticket.messages.count()
    for path, values in {
        f"/tickets/{ticket.number}/reply/": {"body": "As Carla"},
        "/tickets/new/": {"subject": "x", "body": "x", "category": desk.category.pk, "priority": "low"},
        f"/tickets/{ticket.number}/resolve/": {},
        "/profile/": {"name": "Nobody", "language": "es", "time_zone": "UTC"},
        "/i18n/setlang/": {"language": "es"},
        f"/company/people/{desk.contact2.pk}/view-as/": {},
    }.items():
        assert refused(boss.post(path, values)), path
    assert (Ticket.objects.count(), ticket.messages.count()) == before
    for path in (
        "/profile/", "/profile/sessions/", "/profile/tokens/", "/notifications/", "/company/people/",
        "/accounts/password/change/", "/accounts/email/", "/accounts/second-factor/", "/feeds/",
    ):  # fmt: skip
        assert refused(boss.get(path)) or boss.get(path).status_code == 404, path
    assert boss.get("/api/v1/tickets/").status_code == 403
    outside = DeskClient(desk.tenant)
    outside.cookies = boss.cookies
    assert refused(outside.get("http://testserver/accounts/password/change/"))
    boss.post("/company/view-as/end/")
    assert boss.get("/profile/").status_code == 200
    assert boss.get("/api/v1/tickets/").status_code == 200


def test_only_own_people_with_less_to_see_are_looked_through(
    desk: Desk, other_desk: Desk, login: Login
) -> None:
    boss = login(desk.customer_admin)
    for person in (desk.other_contact, desk.agent, desk.owner, other_desk.contact):
        assert view(boss, person).status_code == 404
    view(boss, desk.customer_admin)
    change_role(membership=desk.contact2, role="customer_admin", by=desk.customer_admin, at=MONDAY)
    view(boss, desk.contact2)
    deactivate_person(membership=desk.contact, by=desk.customer_admin, at=MONDAY)
    view(boss, desk.contact)
    assert not ViewAs.objects.exists()
    for person in (desk.agent, desk.owner, desk.contact2):
        assert view(login(person), desk.contact).status_code in {302, 403}
    assert view(login(desk.other_contact), desk.contact).status_code == 403
    assert not ViewAs.objects.exists()


def test_it_ends_with_the_rights_the_time_and_the_session(desk: Desk, login: Login) -> None:
    boss = login(desk.customer_admin)
    view(boss, desk.contact)
    ViewAs.objects.update(until=MONDAY, began_at=MONDAY - timedelta(minutes=30))
    late = boss.post("/tickets/new/", {"subject": "x"})
    assert refused(late), "what was begun as somebody else is not sent as oneself"
    assert BANNER not in boss.get("/tickets/").content.decode()
    assert ViewAs.objects.get().ended_at == MONDAY
    view(boss, desk.contact)
    deactivate_person(membership=desk.contact, by=desk.admin, at=MONDAY)
    page = boss.get("/tickets/").content.decode()
    assert BANNER not in page
    assert "as yourself again" in page
    view(boss, desk.contact2)
    boss.post("/accounts/logout/")
    assert not ViewAs.objects.filter(ended_at=None).exists()
    view(login(desk.customer_admin), desk.contact2)
    ViewAs.objects.filter(ended_at=None).update(until=MONDAY)
    assert end_views() == 1
    assert end_views() == 0
    log = AuditEntry.objects.filter(kind="accounts.viewas").order_by("id")
    assert [(entry.act, entry.by_name) for entry in log] == [
        ("created", "Cora Chief"), ("changed", "Cora Chief"), ("created", "Cora Chief"),
        ("changed", "Cora Chief"), ("created", "Cora Chief"), ("changed", "Cora Chief"),
        ("created", "Cora Chief"), ("changed", "the desk itself"),
    ]  # fmt: skip
    assert "person: Carla Contact" in log[0].after
    said = login(desk.admin).get("/console/audit/").content.decode()
    assert "The desk itself" in said


def test_in_another_desk_one_stays_oneself(desk: Desk, other_desk: Desk, login: Login) -> None:
    with tenant_scope(other_desk.tenant.pk):
        add_owner(tenant=other_desk.tenant, email=desk.customer_admin.user.email, name="Cora", at=MONDAY)
        other_desk.tenant.refresh_from_db()
        mine = desk.customer_admin.user.memberships.get(tenant=other_desk.tenant)
        mine.accepted_at = MONDAY
        mine.save()
    boss = login(desk.customer_admin)
    view(boss, desk.contact)
    elsewhere = DeskClient(other_desk.tenant)
    elsewhere.cookies = boss.cookies
    page = elsewhere.get("/queue/")
    assert page.status_code == 200
    assert BANNER not in page.content.decode()
    assert refused(elsewhere.get("/accounts/password/change/"))
    elsewhere.post("/accounts/logout/")
    assert not ViewAs.objects.filter(ended_at=None).exists()


def test_every_page_that_stays_open_is_one_of_the_desk() -> None:
    known = {address.name for address in addresses("supportdesk.tenant_urls")}
    assert PAGES - {"status", "status_history"} <= known
