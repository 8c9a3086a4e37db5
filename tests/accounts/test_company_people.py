"""A customer's admin looks after its own company's people, and sees nobody else's."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from accounts.models import Membership, Role
from accounts.services import invite_person
from accounts.tenancy import tenant_scope
from notifications.models import OutboxMessage
from tests.factories import Desk, DeskClient

Login = Callable[[Membership], DeskClient]
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
NEW = {"name": "Nora New", "email": "nora@bakery.example", "role": "member"}


def test_the_list_shows_the_own_company_only(desk: Desk, login: Login) -> None:
    page = login(desk.customer_admin).get("/company/people/").content.decode()
    assert "Carla Contact" in page
    assert "Cora Chief (you)" in page
    for other in ("Omar Other", "Ali Agent", "agent@acme.example"):
        assert other not in page


def test_an_invitation_goes_out(desk: Desk, login: Login) -> None:
    browser = login(desk.customer_admin)
    answer = browser.post("/company/people/", NEW)
    assert answer.headers["Location"] == "/t/acme/company/people/"
    person = Membership.objects.get(user__email="nora@bakery.example")
    assert (person.customer, person.role, person.accepted_at) == (desk.customer, Role.MEMBER, None)
    page = browser.get("/company/people/").content.decode()
    assert "Nora New gets an invitation by email" in page
    assert "Invited" in page
    letter = OutboxMessage.objects.get(to="nora@bakery.example")
    assert "as a person of Bright Bakery" in letter.body_text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": ""}, "email"),
        ({"name": ""}, "name"),
        ({"role": "agent"}, "role"),
        ({"role": "owner"}, "role"),
        ({"email": "contact2@acme.example"}, "already in this desk"),
        ({"email": "agent@acme.example"}, "already in this desk"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(
    desk: Desk, login: Login, wrong: dict[str, str], said: str
) -> None:
    before = Membership.objects.count()
    page = login(desk.customer_admin).post("/company/people/", NEW | wrong).content.decode()
    assert "There is a problem" in page
    assert said in page
    assert f'value="{(NEW | wrong)["email"]}"' in page or not (NEW | wrong)["email"]
    assert Membership.objects.count() == before


def test_a_forged_customer_in_the_form_changes_nothing(desk: Desk, login: Login) -> None:
    login(desk.customer_admin).post("/company/people/", NEW | {"customer": str(desk.other_customer.pk)})
    assert Membership.objects.get(user__email="nora@bakery.example").customer == desk.customer


def test_roles_change_within_the_company(desk: Desk, login: Login) -> None:
    browser = login(desk.customer_admin)
    browser.post(f"/company/people/{desk.contact.pk}/role/", {"role": "customer_admin"})
    desk.contact.refresh_from_db()
    assert desk.contact.role == Role.CUSTOMER_ADMIN
    assert "Carla Contact is now: Admin of the company" in browser.get("/company/people/").content.decode()
    for forged in ("owner", "agent", ""):
        browser.post(f"/company/people/{desk.contact.pk}/role/", {"role": forged})
    desk.contact.refresh_from_db()
    assert desk.contact.role == Role.CUSTOMER_ADMIN


def test_access_is_removed_after_asking_and_given_again(desk: Desk, login: Login) -> None:
    browser, contact = login(desk.customer_admin), login(desk.contact)
    page = f"/company/people/{desk.contact.pk}/deactivate/"
    assert "Remove the access of Carla Contact?" in browser.get(page).content.decode()
    desk.contact.refresh_from_db()
    assert desk.contact.is_active
    browser.post(page)
    assert contact.get("/profile/").status_code == 404
    assert "No access" in browser.get("/company/people/").content.decode()
    browser.post(f"/company/people/{desk.contact.pk}/reactivate/")
    assert contact.get("/profile/").status_code == 200


def test_whom_the_desk_shut_out_only_the_desk_lets_in_again(desk: Desk, login: Login) -> None:
    browser, contact, address = login(desk.customer_admin), login(desk.contact), desk.contact.pk
    login(desk.admin).post(f"/console/people/{address}/deactivate/")
    assert "Closed by the support provider" in browser.get("/company/people/").content.decode()
    for act in ("reactivate", "deactivate", "reactivate"):
        browser.post(f"/company/people/{address}/{act}/")
        assert contact.get("/profile/").status_code == 404, act
    login(desk.admin).post(f"/console/people/{address}/reactivate/")
    assert contact.get("/profile/").status_code == 200


def test_a_fresh_link_is_sent_to_who_has_not_accepted(desk: Desk, login: Login) -> None:
    person = invite_person(
        by=desk.owner,
        email="nora@bakery.example",
        name="Nora",
        role=Role.MEMBER,
        customer=desk.customer,
        at=NOW,
    )
    browser = login(desk.customer_admin)
    browser.post(f"/company/people/{person.pk}/invite/")
    assert OutboxMessage.objects.filter(to="nora@bakery.example").count() == 2
    browser.post(f"/company/people/{desk.contact.pk}/invite/")
    assert "You may not do this" in browser.get("/company/people/").content.decode()


def test_an_admin_cannot_lock_themselves_out(desk: Desk, login: Login) -> None:
    browser = login(desk.customer_admin)
    browser.post(f"/company/people/{desk.customer_admin.pk}/deactivate/")
    browser.post(f"/company/people/{desk.customer_admin.pk}/role/", {"role": "member"})
    desk.customer_admin.refresh_from_db()
    assert desk.customer_admin.is_active
    assert desk.customer_admin.role == Role.CUSTOMER_ADMIN


ACTS = ("role", "invite", "deactivate", "reactivate")


def test_people_of_others_do_not_exist(desk: Desk, other_desk: Desk, login: Login) -> None:
    browser = login(desk.customer_admin)
    for other in (desk.other_contact, desk.agent, other_desk.contact):
        for act in ACTS:
            assert browser.post(f"/company/people/{other.pk}/{act}/", {"role": "member"}).status_code == 404
        assert browser.get(f"/company/people/{other.pk}/deactivate/").status_code == 404
    with tenant_scope(other_desk.tenant.pk):
        assert not Membership.objects.exclude(deactivated_at=None).exists()


def test_only_the_companys_admin_comes_in(desk: Desk, login: Login) -> None:
    for one in (desk.contact, desk.agent, desk.owner):
        browser = login(one)
        assert browser.get("/company/people/").status_code == 403
        for act in ACTS:
            assert browser.post(f"/company/people/{desk.contact2.pk}/{act}/").status_code == 403


def test_the_list_costs_the_same_for_many(
    desk: Desk, login: Login, django_assert_max_num_queries: object
) -> None:
    for n in range(20):
        invite_person(
            by=desk.owner,
            email=f"p{n}@bakery.example",
            name=f"Person {n}",
            role=Role.MEMBER,
            customer=desk.customer,
            at=NOW,
        )
    browser = login(desk.customer_admin)
    browser.get("/company/people/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert "Person 19" in browser.get("/company/people/").content.decode()
