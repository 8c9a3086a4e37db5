"""Services and their groups in the settings."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Membership
from tests.factories import MONDAY, Desk, DeskClient, new_service, new_ticket
from tickets.models import Service, ServiceGroup
from tickets.services.catalogue import (
    PrivateService,
    ServiceTerms,
    change_service,
    create_group,
    create_service,
)
from tickets.services.errors import NotAllowed

Login = Callable[[Membership], DeskClient]


def sent(**changes: Any) -> dict[str, Any]:
    return {"name": "ERP  production", "description": "Books and stock", "position": "2"} | changes


def test_a_service_is_made_and_its_name_is_taken_once(desk: Desk, login: Login) -> None:
    group = create_group(name="Core", by=desk.admin, at=MONDAY)
    client = login(desk.admin)
    answer = client.post("/console/services/new/", sent(group=group.pk, is_public="on"))
    assert answer.status_code == 302
    service = Service.objects.get()
    assert (service.name, service.group, service.position) == ("ERP production", group, 2)
    assert (service.is_public, service.is_shared) == (True, True)
    refused = client.post("/console/services/new/", sent(name="erp PRODUCTION", description="keep me"))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "A service with this name exists already" in page
    assert "keep me" in page
    # Another customer's service may be called the same.
    own = client.post("/console/services/new/", sent(customer=desk.customer.pk))
    assert own.status_code == 302
    listed = client.get("/console/services/").content.decode()
    assert "Core" in listed
    assert "Bright Bakery" in listed


def test_a_service_of_one_customer_is_never_public(desk: Desk, login: Login) -> None:
    answer = login(desk.admin).post("/console/services/new/", sent(customer=desk.customer.pk, is_public="on"))
    assert answer.status_code == 422
    assert "Only a service that all customers share" in answer.content.decode()
    service = new_service(desk, customer=desk.customer)
    terms = ServiceTerms(name="Shop", is_public=True)
    with pytest.raises(PrivateService):
        change_service(service=service, terms=terms, seen_version=1, by=desk.admin, at=MONDAY)


def test_the_second_of_two_edits_is_told_and_the_customer_stays(desk: Desk, login: Login) -> None:
    service = new_service(desk, customer=desk.customer)
    client, address = login(desk.admin), f"/console/services/{service.pk}/edit/"
    data = {"name": "Shop", "position": "0", "seen_version": "1", "customer": desk.other_customer.pk}
    assert client.post(address, data).status_code == 302
    service.refresh_from_db()
    assert (service.name, service.customer) == ("Shop", desk.customer)
    late = client.post(address, data | {"name": "Web shop"})
    assert late.status_code == 409
    assert "it is now “Shop”" in late.content.decode()


def test_an_archived_service_is_offered_no_more_and_can_come_back(desk: Desk, login: Login) -> None:
    service = new_service(desk)
    client, address = login(desk.admin), f"/console/services/{service.pk}/archive/"
    client.post(address)
    service.refresh_from_db()
    assert service.archived_at is not None
    assert "Archived" in client.get("/console/services/").content.decode()
    assert service.name not in login(desk.contact).get("/tickets/new/").content.decode()
    client.post(address, {"restore": "1"})
    assert service.name in login(desk.contact).get("/tickets/new/").content.decode()


def test_groups_are_ordered_renamed_and_removed_when_empty(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    assert client.post("/console/services/groups/new/", {"name": "Core", "position": "1"}).status_code == 302
    again = client.post("/console/services/groups/new/", {"name": "CORE", "position": "1"})
    assert "A group with this name exists already" in again.content.decode()
    group = ServiceGroup.objects.get()
    edit = {"name": "Core systems", "position": "0", "seen_version": "1"}
    assert client.post(f"/console/services/groups/{group.pk}/edit/", edit).status_code == 302
    assert client.post(f"/console/services/groups/{group.pk}/edit/", edit).status_code == 409
    create_service(terms=ServiceTerms("ERP", group=group), by=desk.admin, at=MONDAY)
    answer = client.post(f"/console/services/groups/{group.pk}/remove/", follow=True)
    assert "Services stand in this group" in answer.content.decode()
    Service.objects.all().delete()
    client.post(f"/console/services/groups/{group.pk}/remove/")
    assert not ServiceGroup.objects.exists()


def test_the_list_is_searched_and_asks_few_questions(
    desk: Desk, login: Login, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(60):
        owner = desk.other_customer if number % 2 else None
        new_ticket(desk, service=new_service(desk, f"System {number}", customer=owner), by=desk.other_contact)
    client = login(desk.admin)
    with django_assert_max_num_queries(10):
        page = client.get("/console/services/").content.decode()
    assert page.count("data-row ") == 50
    found = client.get("/console/services/?q=carpets").content.decode()
    assert "System 59" in found
    assert "System 58" not in found


@pytest.mark.parametrize("who", ["agent", "supervisor", "contact"])
def test_only_admins_change_services(desk: Desk, login: Login, who: str) -> None:
    person = getattr(desk, who)
    assert login(person).get("/console/services/").status_code == 403
    with pytest.raises(NotAllowed):
        create_service(terms=ServiceTerms("ERP"), by=person, at=MONDAY)
