"""Services by API: the catalogue, and the service of a ticket."""

from typing import Any

from tests.api.callers import Callers
from tests.factories import Desk, new_service, new_ticket
from tickets.models import Service, ServiceGroup, Ticket


def test_everybody_reads_the_services_that_concern_them(desk: Desk, caller: Callers) -> None:
    shared = new_service(desk)
    own = new_service(desk, "Bakery shop", customer=desk.customer)
    others = new_service(desk, "Carpet shop", customer=desk.other_customer)

    def ids(answer: Any) -> set[int]:
        return {row["id"] for row in answer.json()["results"]}

    assert ids(caller(desk.contact).get("services/")) == {shared.pk, own.pk}
    assert ids(caller(desk.agent).get("services/")) == {shared.pk, own.pk, others.pk}
    used = caller(desk.agent).get(f"services/?customer={desk.other_customer.pk}")
    assert ids(used) == {shared.pk, others.pk}
    assert caller(desk.contact).get(f"services/{others.pk}/").status_code == 404
    assert caller(desk.contact).get(f"services/{own.pk}/").json()["customer"]["name"] == "Bright Bakery"


def test_an_admin_keeps_the_catalogue(desk: Desk, caller: Callers) -> None:
    admin = caller(desk.admin)
    group = admin.post("service-groups/", {"name": "Core"}, format="json").json()
    made = admin.post("services/", {"name": "ERP", "group": group["id"], "is_public": True}, format="json")
    assert made.status_code == 201
    assert made.json()["group"] == {"id": group["id"], "name": "Core"}
    again = admin.post("services/", {"name": "erp"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
    address = f"services/{made.json()['id']}/"
    changed = admin.put(address, {"name": "ERP two", "seen": 1}, format="json")
    assert (changed.json()["name"], changed.json()["group"]) == ("ERP two", None)
    late = admin.put(address, {"name": "ERP three", "seen": 1}, format="json")
    assert (late.status_code, late.json()["current"]) == (409, "ERP two")
    assert admin.post(f"{address}archive/", {}, format="json").json()["archived_at"]
    assert admin.get("services/").json()["results"] == []
    assert admin.post(f"{address}restore/", {}, format="json").json()["archived_at"] is None


def test_a_group_goes_when_it_is_empty(desk: Desk, caller: Callers) -> None:
    admin = caller(desk.admin)
    group = admin.post("service-groups/", {"name": "Core", "position": 3}, format="json").json()
    service = admin.post("services/", {"name": "ERP", "group": group["id"]}, format="json").json()
    address = f"service-groups/{group['id']}/"
    refused = admin.delete(address)
    assert (refused.status_code, refused.json()["code"]) == (409, "group_in_use")
    assert admin.put(address, {"name": "Core two", "seen": 1}, format="json").json()["version"] == 2
    Service.objects.filter(pk=service["id"]).delete()
    assert admin.delete(address).status_code == 204
    assert not ServiceGroup.objects.exists()


def test_a_private_service_is_not_published(desk: Desk, caller: Callers) -> None:
    values = {"name": "Shop", "customer": desk.customer.pk, "is_public": True}
    refused = caller(desk.admin).post("services/", values, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "private_service")


def test_others_do_not_change_the_catalogue(desk: Desk, caller: Callers) -> None:
    service = new_service(desk)
    for person in (desk.agent, desk.contact):
        client = caller(person)
        assert client.post("services/", {"name": "x"}, format="json").status_code == 403
        assert (
            client.put(f"services/{service.pk}/", {"name": "x", "seen": 1}, format="json").status_code == 403
        )
        assert client.post(f"services/{service.pk}/archive/", {}, format="json").status_code == 403


def test_a_ticket_is_filed_about_a_service_and_moved_to_another(desk: Desk, caller: Callers) -> None:
    service, others = new_service(desk), new_service(desk, "Carpets", customer=desk.other_customer)
    values = {"subject": "x", "body": "y", "category": desk.category.pk, "priority": "low"}
    filed = caller(desk.contact).post("tickets/", values | {"service": service.pk}, format="json")
    assert filed.json()["service"] == {"id": service.pk, "name": "ERP production"}
    number = filed.json()["number"]
    agent = caller(desk.agent)
    wrong = agent.post(
        "tickets/", values | {"service": others.pk, "requester": desk.contact.pk}, format="json"
    )
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["/service"]
    refused = agent.post(f"tickets/{number}/service/", {"service": others.pk}, format="json")
    assert refused.status_code == 403
    stale = agent.post(f"tickets/{number}/service/", {"service": None, "seen": None}, format="json")
    assert (stale.status_code, stale.json()["current"]) == (409, "ERP production")
    gone = agent.post(f"tickets/{number}/service/", {"service": None, "seen": service.pk}, format="json")
    assert gone.json()["service"] is None
    assert Ticket.objects.get(number=number).service is None


def test_the_list_is_filtered_by_service(desk: Desk, caller: Callers) -> None:
    service = new_service(desk)
    wanted = new_ticket(desk, service=service).number
    new_ticket(desk)
    found = caller(desk.agent).get(f"tickets/?service={service.pk}").json()["results"]
    assert [row["number"] for row in found] == [wanted]
