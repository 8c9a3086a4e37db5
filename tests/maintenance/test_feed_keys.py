"""The maintenance calendar of one person: a secret address, until it is revoked."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from icalendar import Calendar

from accounts.models import Membership
from accounts.services import deactivate_person
from maintenance.models import FeedKey, WindowCustomer
from tests.factories import Desk, DeskClient, new_service
from tests.maintenance.status import work_on

Login = Callable[[Membership], DeskClient]


def address_of(desk: Desk, client: DeskClient) -> str:
    found = re.search(r"(/calendar/[-\w]+\.ics)", client.post("/profile/calendar/").content.decode())
    assert found
    return found[1]


def titles(client: DeskClient, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert "private" in answer["Cache-Control"]
    return {str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_it_has_what_concerns_its_person_and_nothing_else(desk: Desk, login: Login) -> None:
    shared, ours = new_service(desk), new_service(desk, "Bakery till", customer=desk.customer)
    theirs = new_service(desk, "Carpet till", customer=desk.other_customer)
    for service, title, customers in (
        (shared, "For all", [desk.customer, desk.other_customer]),
        (ours, "For ours", [desk.customer]),
        (theirs, "For theirs", [desk.other_customer]),
    ):
        window = work_on(service, title=title)
        for customer in customers:
            WindowCustomer.objects.create(tenant=desk.tenant, window=window, customer=customer)
    nobody = DeskClient(desk.tenant)
    assert titles(nobody, address_of(desk, login(desk.contact))) == {"For all", "For ours"}
    assert titles(nobody, address_of(desk, login(desk.other_contact))) == {"For all", "For theirs"}
    assert titles(nobody, address_of(desk, login(desk.agent))) == {"For all", "For ours", "For theirs"}


def test_the_address_is_shown_once_and_ends_when_it_is_revoked(desk: Desk, login: Login) -> None:
    client, nobody = login(desk.contact), DeskClient(desk.tenant)
    address = address_of(desk, client)
    secret = address.split("/")[-1].removesuffix(".ics")
    page = client.get("/profile/calendar/").content.decode()
    assert secret not in page
    assert f"{secret[:6]}…" in page
    assert titles(nobody, address) == set()
    key = FeedKey.objects.get()
    assert key.last_used_at is not None
    assert secret not in key.token_hash
    assert login(desk.contact2).post(f"/profile/calendar/{key.pk}/revoke/").status_code == 404
    client.get(f"/profile/calendar/{key.pk}/revoke/")
    assert nobody.get(address).status_code == 200
    client.post(f"/profile/calendar/{key.pk}/revoke/")
    assert nobody.get(address).status_code == 404


def test_it_ends_with_its_person_and_is_nothing_in_another_desk(
    desk: Desk, other_desk: Desk, login: Login
) -> None:
    address = address_of(desk, login(desk.contact))
    assert DeskClient(other_desk.tenant).get(address).status_code == 404
    deactivate_person(membership=desk.contact, by=desk.admin, at=timezone.now())
    assert DeskClient(desk.tenant).get(address).status_code == 404


def test_nobody_has_more_than_ten(desk: Desk, login: Login) -> None:
    client = login(desk.contact)
    for _turn in range(10):
        address_of(desk, client)
    answer = client.post("/profile/calendar/")
    assert answer.status_code == 409
    assert "10 addresses" in answer.content.decode()
    assert FeedKey.objects.filter(created_at__gt=timezone.now() - timedelta(hours=1)).count() == 10
