"""People through the API: invited, given roles, shut out and let in, by the desk and by customers' admins."""

from typing import Any

from accounts.models import Membership
from tests.api.callers import Callers
from tests.factories import Desk

ZOE = {"name": "Zoe New", "email": "zoe@bakery.example"}


def test_admins_invite_and_give_roles(desk: Desk, caller: Callers) -> None:
    admin = caller(desk.admin)
    assert caller(desk.agent).post("people/", ZOE | {"role": "agent"}, format="json").status_code == 403
    for role, customer in (("agent", desk.customer.pk), ("member", None)):
        wrong = admin.post("people/", ZOE | {"role": role, "customer": customer}, format="json")
        assert [error["pointer"] for error in wrong.json()["errors"]] == ["/customer"]
    assert admin.post("people/", ZOE | {"role": "owner"}, format="json").status_code == 403
    made = admin.post("people/", ZOE | {"role": "agent"}, format="json")
    assert (made.status_code, made.json()["is_active"], made.json()["customer"]) == (201, False, None)
    again = admin.post("people/", ZOE | {"role": "agent"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "already_member")
    address = f"people/{made.json()['id']}/"
    assert admin.post(f"{address}invite/").status_code == 200
    raised = admin.post(f"{address}role/", {"role": "supervisor"}, format="json")
    assert raised.json()["role"] == "supervisor"
    assert admin.post(f"{address}role/", {"role": "member"}, format="json").status_code == 403
    assert caller(desk.agent).get(address).json()["role"] == "supervisor"
    owner = f"people/{desk.owner.pk}/"
    assert admin.post(f"{owner}role/", {"role": "agent"}, format="json").status_code == 403


def test_a_customers_admin_looks_after_its_company(desk: Desk, caller: Callers) -> None:
    boss, admin = caller(desk.customer_admin), caller(desk.admin)
    made = boss.post("company/people/", ZOE, format="json")
    assert (made.status_code, made.json()["role"]) == (201, "member")
    zoe = Membership.objects.get(pk=made.json()["id"])
    assert zoe.customer == desk.customer
    address = f"people/{zoe.pk}/"
    raised = boss.post(f"{address}role/", {"role": "customer_admin"}, format="json")
    assert raised.json()["role"] == "customer_admin"

    def states(*answers: Any) -> list[tuple[int, bool]]:
        return [(answer.status_code, answer.json().get("is_active")) for answer in answers]

    contact = f"people/{desk.contact.pk}/"
    both = boss.post(f"{contact}deactivate/"), boss.post(f"{contact}reactivate/")
    assert states(*both) == [(200, False), (200, True)]
    assert admin.post(f"{contact}deactivate/").status_code == 200
    assert boss.post(f"{contact}reactivate/").status_code == 403, "whom the desk shut out, the desk lets in"
    assert admin.post(f"{contact}reactivate/").status_code == 200
    for stranger in (desk.agent, desk.other_contact):
        for act in ("role", "invite", "deactivate", "reactivate"):
            assert boss.post(f"people/{stranger.pk}/{act}/", {}, format="json").status_code == 404
    assert caller(desk.contact2).post("company/people/", ZOE, format="json").status_code == 403
