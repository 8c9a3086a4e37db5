"""What admins settle about the status page."""

from collections.abc import Callable

import pytest

from accounts.models import Membership
from accounts.services import EditedMeanwhile, NotAllowed
from maintenance.models import StatusPage
from maintenance.services.status_page import change_status_page
from tests.factories import Desk, DeskClient, new_service
from tickets.models import Service

Login = Callable[[Membership], DeskClient]


def public(desk: Desk) -> set[str]:
    return set(Service.objects.filter(tenant=desk.tenant, is_public=True).values_list("name", flat=True))


def test_it_settles_readers_words_and_services(desk: Desk, login: Login) -> None:
    erp, backups = new_service(desk), new_service(desk, "Backups")
    client = login(desk.admin)
    page = client.get("/console/status/").content.decode()
    assert 'value="customers"' in page
    values = {
        "visibility": "public",
        "about": " Tills\nand more",
        "services": [erp.pk],
        "seen_version": "0",
    }
    assert client.post("/console/status/", values).status_code == 302
    kept = StatusPage.objects.get()
    assert (kept.visibility, kept.about, public(desk)) == ("public", "Tills and more", {"ERP production"})
    values = {"visibility": "off", "services": [backups.pk], "seen_version": "1"}
    assert client.post("/console/status/", values).status_code == 302
    assert public(desk) == {"Backups"}


def test_a_service_of_one_customer_cannot_be_chosen(desk: Desk, login: Login) -> None:
    private = new_service(desk, "Bakery till", customer=desk.customer)
    client = login(desk.admin)
    assert "Bakery till" not in client.get("/console/status/").content.decode()
    values = {"visibility": "public", "services": [private.pk], "seen_version": "0"}
    assert client.post("/console/status/", values).status_code == 422
    assert public(desk) == set()


def test_two_admins_at_once_do_not_overwrite_each_other(desk: Desk, login: Login) -> None:
    new_service(desk)
    values = {"visibility": "public", "seen_version": "0"}
    assert login(desk.admin).post("/console/status/", values).status_code == 302
    answer = login(desk.owner).post("/console/status/", {**values, "visibility": "off"})
    assert answer.status_code == 409
    assert StatusPage.objects.get().visibility == "public"
    with pytest.raises(EditedMeanwhile):
        change_status_page(visibility="off", about="", public=frozenset(), seen_version=0, by=desk.admin)


def test_only_admins_settle_it(desk: Desk, login: Login) -> None:
    assert login(desk.agent).get("/console/status/").status_code == 403
    with pytest.raises(NotAllowed):
        change_status_page(visibility="off", about="", public=frozenset(), seen_version=0, by=desk.agent)
