"""What pages of company and desk settings do, by API: groups, statement, customers, categories, sign-in."""

from typing import Any

from django.utils import timezone

from accounts.models import ContactGroup, Customer, SsoConnection
from accounts.services import change_sees
from sla.sweep import sweep_tenant
from tests.api.callers import call_as
from tests.factories import MONDAY, Desk, new_ticket
from tests.hours.factories import billing
from tests.identity_providers import metadata
from tickets.models import Category, CategoryPurpose
from tickets.services import change_privacy


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_customers_admin_groups_its_people_and_says_what_they_see(desk: Desk) -> None:
    boss = call_as(desk.customer_admin)
    people = {row["name"]: row for row in boss.get("company/people/").json()["results"]}
    assert people["Carla Contact"]["sees"] == "company"
    assert "Omar Other" not in people
    made = boss.post("contact-groups/", {"name": "Branch", "members": [desk.contact.pk]}).json()
    assert [one["name"] for one in made["members"]] == ["Carla Contact"]
    here = f"contact-groups/{made['id']}/"
    change = {"name": "Head office", "members": [desk.contact2.pk], "seen": 1}
    assert boss.put(here, change).json()["version"] == 2
    assert code(boss.put(here, change)) == (409, "edited_meanwhile")
    assert code(boss.post("contact-groups/", {"name": "head office"})) == (409, "name_taken")
    sees = boss.post(f"people/{desk.contact.pk}/sees/", {"sees": "own"})
    assert sees.json()["sees"] == "own"
    desk.contact.refresh_from_db()
    assert desk.contact.sees == "own"
    assert boss.post(f"people/{desk.other_contact.pk}/sees/", {"sees": "own"}).status_code == 404
    assert call_as(desk.agent).get(here).json()["name"] == "Head office"
    assert code(call_as(desk.agent).put(here, change)) == (403, "not_allowed")
    assert code(call_as(desk.contact).get("contact-groups/")) == (403, "not_allowed")
    assert call_as(desk.other_contact).get(here).status_code in {403, 404}
    assert boss.delete(here).status_code == 204
    assert not ContactGroup.objects.exists()


def test_a_month_of_the_company_hides_what_is_private(desk: Desk) -> None:
    new_ticket(desk, priority="high", subject="Never answered")
    private = new_ticket(desk, subject="Carla's secret")
    change_privacy(ticket=private, private=True, by=desk.contact, at=MONDAY)
    new_ticket(desk, by=desk.other_contact, subject="Of another")
    change_sees(membership=desk.contact2, sees="own", by=desk.customer_admin, at=MONDAY)
    sweep_tenant(now=timezone.now())
    boss = call_as(desk.customer_admin)
    said = boss.get("company/statement/?month=2026-03").json()
    assert (said["month"], said["filed"], said["solved"]) == ("2026-03-01", 2, 0)
    assert said["promises"] == {"kept": 0, "missed": 2}
    assert [(row["number"], row["subject"]) for row in said["tickets"]] == [
        (1001, "Never answered"),
        (1002, ""),
    ]
    assert boss.get("company/statement/").json()["filed"] == 0
    for month in ("2026-13", "2099-01", "March"):
        assert code(boss.get(f"company/statement/?month={month}")) == (400, "invalid")
    assert code(call_as(desk.contact2).get("company/statement/")) == (403, "not_allowed")


def test_admins_make_and_change_customers(desk: Desk) -> None:
    admin = call_as(desk.admin)
    made = admin.post("customers/", {"name": "Delta Dairy", "coordinator": desk.agent.pk})
    assert made.status_code == 201
    here = f"customers/{made.json()['id']}/"
    assert admin.get(here).json()["coordinator"]["name"] == "Ali Agent"
    change = {"name": "Delta Dairies", "hosting_model": "dedicated", "is_active": False, "seen": 1}
    assert admin.put(here, change).json()["version"] == 2
    customer = Customer.objects.get(name="Delta Dairies")
    assert (customer.coordinator, customer.hosting_model, customer.is_active) == (None, "dedicated", False)
    renamed = admin.put(here, {"name": "Delta", "seen": 2})
    assert renamed.json()["is_active"] is False, "what does not speak of it opens nothing"
    assert code(admin.put(here, change)) == (409, "edited_meanwhile")
    assert code(admin.post("customers/", {"name": "calm carpets"})) == (409, "name_taken")
    assert code(admin.post("customers/", {"name": "x", "coordinator": desk.contact.pk})) == (400, "invalid")
    assert call_as(desk.agent).get(here).status_code == 200
    assert code(call_as(desk.agent).put(here, change)) == (403, "not_allowed")
    assert code(call_as(desk.customer_admin).get(here)) == (403, "not_allowed")


def test_admins_make_categories_and_say_what_they_are_for(desk: Desk) -> None:
    admin = call_as(desk.admin)
    made = admin.post("categories/", {"name": "Outage", "is_outage": True, "position": 3}).json()
    here = f"categories/{made['id']}/"
    assert admin.put(here, {"name": "Outages", "is_outage": True, "seen": 1}).json()["name"] == "Outages"
    assert code(admin.put(here, {"name": "Outages", "seen": 1})) == (409, "edited_meanwhile")
    assert code(admin.post("categories/", {"name": "outages"})) == (409, "name_taken")
    seen = admin.get("categories/purposes/").json()["seen"]
    wrong = {"alarm": None, "backup": made["id"], "restore": None, "seen": seen}
    assert code(admin.post("categories/purposes/", wrong)) == (422, "category_does_not_fit")
    right = {"alarm": made["id"], "backup": desk.category.pk, "restore": made["id"], "seen": seen}
    assert admin.post("categories/purposes/", right).json()["restore"] == made["id"]
    assert code(admin.post("categories/purposes/", right)) == (409, "edited_meanwhile")
    assert admin.get(here).json()["purposes"] == ["alarm", "restore"]
    assert CategoryPurpose.objects.count() == 3
    assert admin.post(f"{here}archive/", {}).json()["archived_at"]
    assert len(admin.get("categories/").json()["results"]) == 1
    assert len(admin.get("categories/?archived=true").json()["results"]) == 2
    assert len(call_as(desk.contact).get("categories/?archived=true").json()["results"]) == 1
    assert admin.post(f"{here}restore/", {}).json()["archived_at"] is None
    assert code(call_as(desk.agent).post("categories/", {"name": "x"})) == (403, "not_allowed")
    assert Category.objects.count() == 2


def test_admins_connect_providers_whose_secrets_are_never_shown(desk: Desk) -> None:
    admin = call_as(desk.admin)
    sent: dict[str, Any] = {
        "kind": "openid_connect", "name": "Bakery ID", "customer": desk.customer.pk,
        "domains": ["bakery.example"], "issuer": "https://login.bakery.example/", "client_id": "desk",
        "client_secret": "hush, hush",
    }  # fmt: skip
    made = admin.post("sign-in-connections/", sent)
    assert made.status_code == 201
    here = f"sign-in-connections/{made.json()['id']}/"
    change = {key: value for key, value in sent.items() if key not in ("kind", "customer", "client_secret")}
    changed = admin.put(here, change | {"name": "Bread ID", "adds_people": True, "seen": 1})
    assert (changed.json()["name"], changed.json()["version"]) == ("Bread ID", 2)
    assert SsoConnection.objects.get().client_secret == "hush, hush"
    for answer in (made, changed, admin.get(here), admin.get("sign-in-connections/")):
        assert "hush" not in answer.content.decode()
    assert code(admin.post("sign-in-connections/", sent)) == (409, "domain_taken")
    wrong = admin.post(
        "sign-in-connections/", sent | {"domains": ["x.example"], "issuer": "http://x.example"}
    )
    assert (code(wrong), wrong.json()["errors"][0]["pointer"]) == ((400, "invalid"), "/issuer")
    assert admin.post(f"{here}switch/", {"on": False}).json()["is_active"] is False
    saml = {"kind": "saml", "name": "SAML", "customer": desk.customer.pk, "domains": ["y.example"]}
    read = admin.post("sign-in-connections/", saml | {"idp_metadata": metadata()}).json()
    assert read["idp_entity_id"] == "https://id.bakery.example/saml"
    assert read["idp_certificate"].startswith("-----BEGIN CERTIFICATE-----")
    bad = admin.post("sign-in-connections/", saml | {"domains": ["z.example"], "idp_metadata": "<x/>"})
    assert bad.json()["errors"][0]["pointer"] == "/idp_metadata"
    staff = {key: value for key, value in sent.items() if key != "customer"} | {"domains": ["acme.example"]}
    assert admin.post("sign-in-connections/", staff).status_code == 400
    ours = call_as(desk.owner).post("sign-in-connections/", staff).json()
    assert admin.get(f"sign-in-connections/{ours['id']}/").status_code == 404
    assert code(call_as(desk.supervisor).get("sign-in-connections/")) == (403, "not_allowed")


def test_the_second_factor_is_asked_by_who_has_one(desk: Desk) -> None:
    admin = call_as(desk.admin)
    assert admin.get("second-factor/").json() == {"required": False}
    assert code(admin.put("second-factor/", {"required": True})) == (409, "second_factor_first")
    assert admin.put("second-factor/", {"required": False}).json() == {"required": False}
    assert code(call_as(desk.agent).get("second-factor/")) == (403, "not_allowed")


def test_a_preview_says_whether_a_category_is_covered(desk: Desk) -> None:
    billing(desk)
    agent = call_as(desk.agent)
    asked = {"plan": desk.plan.pk, "priority": "critical", "arrives_at": "2026-11-02T05:00:00Z"}
    assert agent.post("sla/preview", asked).json()["coverage"] is None
    said = agent.post("sla/preview", asked | {"category": desk.category.pk}).json()
    assert said["coverage"] == "billable"
    assert "restore" not in {one["metric"] for one in said["promises"]}
    target = {"unit": "elapsed_time", "limit": 60}
    other = {"calendar": desk.calendar.pk, "target": target, "category": desk.category.pk}
    refused = agent.post("sla/preview", other | {"arrives_at": asked["arrives_at"]})
    assert refused.json()["errors"][0]["pointer"] == "/category"


def test_the_desk_and_ones_own_quiet_hours_are_changed(desk: Desk) -> None:
    admin, agent = call_as(desk.admin), call_as(desk.agent)
    now = admin.get("desk/").json()
    change = now | {"name": "Acme Two", "ticket_prefix": "TWO", "quiet_period_minutes": 0}
    assert admin.put("desk/", change).json()["name"] == "Acme Two"
    assert code(admin.put("desk/", change)) == (409, "edited_meanwhile")
    for wrong in ({"ticket_prefix": "two"}, {"time_zone": "Mars/Base"}, {"quiet_period_minutes": -1}):
        refused = admin.put("desk/", now | wrong).json()
        assert [error["pointer"] for error in refused["errors"]] == [f"/{next(iter(wrong))}"]
    assert code(agent.get("desk/")) == (403, "not_allowed")
    hours = {"quiet_from": "20:00", "quiet_until": "07:00", "quiet_days": [5, 6]}
    assert agent.put("me/quiet-hours/", hours).json() == hours
    assert agent.get("me/quiet-hours/").json() == hours
    never: tuple[dict[str, Any], ...] = (
        {"quiet_until": None}, {"quiet_until": "20:00"}, {"quiet_days": [0, 1, 2, 3, 4, 5, 6]},
    )  # fmt: skip
    for hour in never:
        assert code(agent.put("me/quiet-hours/", hours | hour)) == (400, "invalid")
    desk.agent.refresh_from_db()
    assert desk.agent.quiet_days == [5, 6]
