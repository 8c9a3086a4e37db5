"""The audit log: every change of a setting is there, can be found, and stays."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.audit import audited
from accounts.models import AuditEntry, ContactGroup, Membership
from accounts.services import change_team, create_team
from supportdesk.celery import app as celery
from tests.api.callers import call_as
from tests.factories import MONDAY, Desk, DeskClient
from tests.hours.factories import billing

Login = Callable[[Membership], DeskClient]
CUSTOMER = {"name": "Bright Bakery", "notes": "", "hosting_model": "shared", "is_active": "on"}


def edit(login: Login, by: Membership, desk: Desk, seen: int = 1, **changes: str) -> None:
    address = f"/console/customers/{desk.customer.pk}/edit/"
    assert login(by).post(address, CUSTOMER | {"seen_version": seen} | changes).status_code == 302


def test_an_edit_says_who_from_where_what_and_from_what_to_what(desk: Desk, login: Login) -> None:
    assert not AuditEntry.objects.exists()
    edit(login, desk.admin, desk, hosting_model="dedicated", coordinator=str(desk.agent.pk))
    found = {entry.field: entry for entry in AuditEntry.objects.all()}
    assert set(found) == {"hosting_model", "coordinator"}
    entry = found["hosting_model"]
    assert (entry.kind, entry.object_id) == ("accounts.customer", str(desk.customer.pk))
    assert (entry.object_name, entry.act) == ("Bright Bakery", "changed")
    assert (entry.before, entry.after, entry.by, entry.by_name, entry.address) == (
        "shared", "dedicated", desk.admin, "Adam Admin", "127.0.0.1",
    )  # fmt: skip
    assert (found["coordinator"].before, found["coordinator"].after) == ("", "Ali Agent")
    page = login(desk.owner).get("/console/audit/").content.decode()
    for words in ("Bright Bakery", "Adam Admin", "127.0.0.1", "Shared cloud", "Dedicated"):
        assert words in page


def test_a_refused_change_leaves_no_row(desk: Desk, login: Login) -> None:
    address = f"/console/customers/{desk.customer.pk}/edit/"
    assert (
        login(desk.admin).post(address, CUSTOMER | {"name": "Calm Carpets", "seen_version": 1}).status_code
        == 422
    )
    assert login(desk.admin).post(address, CUSTOMER | {"notes": "x", "seen_version": 7}).status_code == 409
    assert not AuditEntry.objects.exists()


def test_what_comes_and_goes_stands_there_whole(desk: Desk, login: Login) -> None:
    admin = login(desk.admin)
    admin.post("/console/categories/new/", {"name": "Question", "position": "2"})
    made = AuditEntry.objects.get(kind="tickets.category")
    assert made.act == "created"
    assert "name: Question" in made.after
    admin.post("/console/services/groups/new/", {"name": "Core", "position": "0"})
    call_as(desk.admin).delete(
        f"service-groups/{AuditEntry.objects.get(kind='tickets.servicegroup').object_id}/"
    )
    gone = AuditEntry.objects.filter(kind="tickets.servicegroup").first()
    assert gone is not None
    assert (gone.act, gone.by) == ("removed", desk.admin)
    assert "name: Core" in gone.before


def test_roles_tokens_and_standings_are_settings_too(desk: Desk, login: Login) -> None:
    admin = login(desk.admin)
    admin.post(f"/console/people/{desk.agent.pk}/role/", {"role": "supervisor"})
    role = AuditEntry.objects.get(kind="accounts.membership")
    assert (role.object_name, role.before, role.after) == ("Ali Agent", "agent", "supervisor")
    admin.post("/profile/tokens/", {"name": "Reports", "lasts": "30"})
    token = AuditEntry.objects.get(kind="accounts.apitoken")
    assert "Reports" in token.object_name
    assert "token_hash: •••" in token.after
    sent = {"level": "suspended", "ground": "abuse", "reason": "Shouting", "seen": "0"}
    admin.post(f"/console/customers/{desk.customer.pk}/standing/", sent)
    standing = AuditEntry.objects.get(kind="accounts.standing")
    assert standing.object_name == "Bright Bakery"
    assert "reason: Shouting" in standing.after


def test_members_of_a_team_are_told_by_name(desk: Desk) -> None:
    team = create_team(name="Night", members=[desk.agent], by=desk.owner, at=MONDAY)
    assert not AuditEntry.objects.exists()
    with audited(by=desk.owner, address="203.0.113.7"):
        change_team(team=team, seen_version=1, name="Night", members=[desk.agent2], by=desk.owner, at=MONDAY)
    entry = AuditEntry.objects.get()
    assert (entry.field, entry.before, entry.after) == ("members", "Ali Agent", "Bea Agent")
    assert entry.address == "203.0.113.7"


def test_who_belongs_to_a_group_of_a_customer_stands_there_too(desk: Desk, login: Login) -> None:
    boss = login(desk.customer_admin)
    boss.post("/company/groups/", {"name": "Branch", "members": [desk.contact.pk]})
    group = ContactGroup.objects.get()
    changed = {"name": "Branch", "members": [desk.contact2.pk], "seen_version": "1"}
    boss.post(f"/company/groups/{group.pk}/", changed)
    boss.post(f"/company/groups/{group.pk}/remove/")
    said = [(row.act, row.field, row.before, row.after) for row in AuditEntry.objects.order_by("pk")]
    whole = "customer: Bright Bakery\nname: Branch"
    assert said == [
        ("created", "", "", whole),
        ("changed", "members", "", "Carla Contact"),
        ("changed", "members", "Carla Contact", "Chris Contact"),
        ("removed", "", whole, ""),
    ]
    assert {row.by for row in AuditEntry.objects.all()} == {desk.customer_admin}


def test_reading_leaves_no_row_and_costs_no_query_more(desk: Desk, login: Login) -> None:
    login(desk.admin).get("/console/customers/")
    login(desk.agent).get("/queue/")
    assert not AuditEntry.objects.exists()


def test_the_database_itself_keeps_what_was_written(desk: Desk, login: Login) -> None:
    edit(login, desk.admin, desk, notes="x")
    for act in (
        lambda: AuditEntry.objects.update(after="nothing"),
        lambda: AuditEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_auditentry")
    assert AuditEntry.objects.get().after == "x"


def test_filters_and_pages_find_what_was_asked_for(
    desk: Desk, login: Login, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(60):
        edit(login, desk.admin, desk, seen=number + 1, notes=f"turn {number:02}.")
    edit(login, desk.owner, desk, seen=61, notes="=1+1")
    admin = login(desk.admin)
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        first = admin.get("/console/audit/").content.decode()
    assert first.count('class="audit-after"') == 50
    assert "turn 59." in first
    words = admin.get("/console/audit/?q=turn+07").content.decode()
    assert words.count('class="audit-after"') == 2  # once as what came, once as what went
    assert "Olga Owner" in admin.get("/console/audit/?who=olga").content.decode()
    assert "No such change" in admin.get("/console/audit/?kind=accounts.team").content.decode()
    assert "No such change" in admin.get("/console/audit/?until=2020-01-01").content.decode()
    assert "turn 59." in admin.get("/console/audit/?since=nonsense&until=9999-12-31").content.decode()
    file = admin.get("/console/audit/export/?who=olga")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [(row["who"], row["field"], row["after"]) for row in rows] == [("Olga Owner", "notes", "'=1+1")]
    api = call_as(desk.admin).get("audit/?who=olga").json()["results"]
    assert [(row["by"]["name"], row["after"]) for row in api] == [("Olga Owner", "=1+1")]


def test_only_admins_read_it(desk: Desk, login: Login) -> None:
    for person in (desk.supervisor, desk.agent, desk.customer_admin):
        assert login(person).get("/console/audit/").status_code == 403
        assert login(person).get("/console/audit/export/").status_code == 403
        assert call_as(person).get("audit/").status_code == 403


def test_groups_and_what_plans_cover_are_settings_too(desk: Desk, login: Login) -> None:
    boss = login(desk.customer_admin)
    boss.post("/company/groups/", {"name": "Branch", "members": [desk.contact.pk]})
    made, members = AuditEntry.objects.filter(kind="accounts.contactgroup").order_by("id")
    assert (made.object_name, made.by_name) == ("Bright Bakery · Branch", "Cora Chief")
    assert (members.field, members.before, members.after) == ("members", "", "Carla Contact")
    with audited(by=desk.admin):
        billing(desk)
    covered = AuditEntry.objects.get(kind="sla.coverage")
    assert covered.object_name == "Gold · 2 · Technical issue"
    assert "kind: billable" in covered.after


def test_what_a_task_changes_was_done_by_the_desk_itself(desk: Desk, login: Login) -> None:
    class Rename(celery.Task):  # type: ignore[name-defined, misc]
        """Not registered: it is this test's alone."""

        def run(self) -> None:
            desk.customer.name = "Brighter Bakery"
            desk.customer.save()

    Rename.bind(celery)
    Rename()()
    entry = AuditEntry.objects.get()
    assert (entry.by, entry.by_name, entry.address) == (None, "the desk itself", None)
    page = login(desk.owner).get("/console/audit/?who=desk+itself").content.decode()
    assert "The desk itself" in page
    assert call_as(desk.owner).get("audit/").json()["results"][0]["by_name"] == "the desk itself"
    desk.customer.name = "Bright Bakery"
    desk.customer.save()
    assert AuditEntry.objects.count() == 1, "outside of tasks and requests nobody is named"


def test_behind_a_proxy_the_visitors_address_is_kept(desk: Desk, login: Login, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    address = f"/console/customers/{desk.customer.pk}/edit/"
    seen: Any = {"HTTP_X_FORWARDED_FOR": "10.9.9.9, 203.0.113.7", "REMOTE_ADDR": "10.0.0.1"}
    login(desk.admin).post(address, CUSTOMER | {"notes": "Pays late", "seen_version": 1}, **seen)
    assert AuditEntry.objects.get().address == "203.0.113.7", "not what a client claims"
