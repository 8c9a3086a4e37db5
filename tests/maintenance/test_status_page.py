"""The status page: what it says to whom, and what it never says."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache

from accounts.models import Membership
from maintenance.services.outages import end_outage, update_outage
from tests.factories import Desk, DeskClient, new_service
from tests.maintenance.factories import new_outage
from tests.maintenance.status import (
    HOUR,
    ago,
    public_page,
    public_service,
    read,
    running_work_on,
    work_on,
)

Login = Callable[[Membership], DeskClient]


def headline(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page)
    assert found
    return found[1]


def test_it_says_in_one_sentence_how_things_are(desk: Desk) -> None:
    public_page(desk)
    erp, sync = public_service(desk), public_service(desk, "POS sync")
    assert headline(read(desk)) == "All services work"
    work = running_work_on(sync)
    assert headline(read(desk)) == "POS sync is under maintenance"
    first = new_outage(desk, {erp: "degraded"}, at=ago(hours=1))
    assert headline(read(desk)) == "ERP production is degraded"
    second = new_outage(desk, {erp: "down", sync: "down"}, at=ago(minutes=5))
    assert headline(read(desk)) == "2 services are down"
    for outage in (first, second):
        end_outage(outage=outage, text="It works again.", by=desk.agent, at=ago())
    assert headline(read(desk)) == "POS sync is under maintenance"
    work.status, work.ended_at = "completed", ago()
    work.save()
    assert headline(read(desk)) == "All services work"


def test_outages_tell_their_story_the_newest_first(desk: Desk) -> None:
    public_page(desk, about="We look after tills.")
    outage = new_outage(desk, {public_service(desk): "down"}, at=ago(hours=2))
    update_outage(outage=outage, text="A disk is <full>.", stage="identified", by=desk.agent, at=ago(hours=1))
    page = read(desk)
    assert "We look after tills." in page
    assert "A disk is &lt;full&gt;." in page
    assert page.index("A disk is") < page.index("We are looking into it.")
    assert "Identified" in page


def test_maintenance_that_is_coming_runs_overruns_or_was_cancelled(desk: Desk) -> None:
    public_page(desk)
    erp = public_service(desk)
    work_on(erp, title="New disks", summary="Faster ones.", advice="Save your work.")
    running_work_on(erp, title="New cables", starts_at=ago(hours=3), ends_at=ago(hours=1))
    work_on(erp, title="New roof", status="cancelled", cancelled_why="zzwhy")
    work_on(erp, title="zzdraft", status="draft", sequence=0)
    page = read(desk)
    for words in ("New disks", "Faster ones.", "Save your work.", "New cables", "takes longer", "Cancelled"):
        assert words in page, words
    assert "zz" not in page


def test_no_private_service_and_no_customer_is_ever_named(desk: Desk, other_desk: Desk) -> None:
    public_page(desk)
    erp = public_service(desk)
    ours = new_service(desk, "Bakery till", customer=desk.customer)
    new_service(desk, "Staff wiki")
    outage = new_outage(
        desk, {erp: "down", ours: "down"}, at=ago(hours=1), title="Bakery till and ERP production are down"
    )
    text = "Back for Bright Bakery; calm carpets waits. The Staff Wiki too."
    update_outage(outage=outage, text=text, stage="monitoring", by=desk.agent, at=ago())
    new_outage(desk, {ours: "down"}, title="Only theirs")
    work_on(erp, ours, title="Move Bright Bakery", summary="For Calm Carpets.", advice="Ask Bakery till.")
    work_on(ours, title="Only theirs as well")
    for path in ("/status/", "/status/history/", "/status/feed.atom", "/status/status.json"):
        page = read(desk, path)
        for name in ("Bright Bakery", "Calm Carpets", "Bakery till", "Staff wiki", "Only theirs"):
            assert name.casefold() not in page.casefold(), (path, name)
    calendar = read(desk, "/status/maintenance.ics").replace("\r\n ", "")
    assert "Bakery" not in calendar
    assert "Move a customer" in calendar
    assert "Back for a customer; a customer waits. The another service too." in read(desk)


def test_a_page_for_customers_is_read_by_members_alone(desk: Desk, other_desk: Desk, login: Login) -> None:
    page = public_page(desk, "customers")
    public_service(desk)
    client = DeskClient(desk.tenant)
    for path in ("", "history/", "feed.atom", "status.json", "maintenance.ics"):
        answer = client.get(f"/status/{path}")
        assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True)
        ours = login(desk.contact).get(f"/status/{path}")
        assert ours.status_code == 200
        assert "private" in ours["Cache-Control"]
    assert client.get("/status/").status_code == 302, "what a member read is not kept for others"
    stranger = login(other_desk.contact)
    stranger.prefix = f"/t/{desk.tenant.slug}"
    assert stranger.get("/status/").status_code == 404
    assert client.get("/status/follow/").status_code == 302
    assert login(desk.contact).get("/status/follow/").status_code == 200
    page.visibility = "off"
    page.save()
    cache.clear()
    assert login(desk.owner).get("/status/").status_code == 404


def test_before_anybody_settled_anything_it_is_for_customers(desk: Desk, login: Login) -> None:
    assert DeskClient(desk.tenant).get("/status/").status_code == 302
    page = login(desk.contact).get("/status/").content.decode()
    assert "No services yet" in page
    assert "Calendar addresses" in page  # its own feeds ask for a log-in, which no calendar program sends


def test_it_speaks_the_readers_language_in_the_zone_of_the_desk(desk: Desk, login: Login) -> None:
    public_page(desk)
    public_service(desk)
    spanish = read(desk, headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert '<html lang="es"' in spanish
    assert '<html lang="en"' in read(desk, headers={"Accept-Language": "de, en;q=0.5"})
    assert '<html lang="es"' in read(desk, "/status/?lang=es", headers={"Accept-Language": "en"})
    assert "(PKT)" in spanish
    desk.contact.user.time_zone = "America/Mexico_City"
    desk.contact.user.save()
    cache.clear()
    assert "(PKT)" in login(desk.contact).get("/status/").content.decode(), "the same for everybody"


def test_past_months_are_leafed_through(desk: Desk) -> None:
    public_page(desk)
    erp = public_service(desk)
    outage = new_outage(desk, {erp: "down"}, at=ago(days=40), title="The old one")
    end_outage(outage=outage, text="Over.", by=desk.agent, at=ago(days=40) + HOUR)
    month = f"{ago(days=40).astimezone():%Y-%m}"
    page = read(desk, f"/status/history/?month={month}")
    assert "The old one" in page
    assert "The old one" not in read(desk)
    client = DeskClient(desk.tenant)
    for month in ("2025-12", "2031-01", "2026-13"):
        assert client.get(f"/status/history/?month={month}").status_code == 404
    assert "January 2026" in read(desk, "/status/history/?month=2026-01")


@pytest.mark.parametrize("services", [1, 12])
def test_the_database_is_asked_as_often_however_much_there_is(
    desk: Desk, services: int, django_assert_num_queries: Callable[..., object]
) -> None:
    public_page(desk)
    for number in range(services):
        service = public_service(desk, f"Service {number}")
        new_outage(desk, {service: "down"}, at=ago(days=number))
        work_on(service)
    # The desk, its scope twice, the settings, five about services, outages and windows, two about names.
    with django_assert_num_queries(12):
        read(desk)
