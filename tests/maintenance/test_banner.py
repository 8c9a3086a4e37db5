"""The lines above every page of customers: what stands there, and what is left out is said."""

import re

from django.utils import timezone

from maintenance.services.outages import update_outage
from maintenance.services.windows import start_window
from tests.factories import Desk, browser_of, new_service
from tests.maintenance.factories import new_outage
from tests.maintenance.windows import HOUR, scheduled_window

LINE = re.compile(r'<p class="banner-line.*?href="([^"]*)">(.*?)</a></p>', re.DOTALL)


def lines(desk: Desk) -> list[tuple[str, str]]:
    """Where each line leads, and what it says."""
    text = browser_of(desk.contact).get("/tickets/").content.decode()
    return [(url, re.sub(r"<[^>]+>", "", words)) for url, words in LINE.findall(text)]


def test_a_service_that_works_again_is_no_longer_told_of(desk: Desk) -> None:
    pos, mail = new_service(desk, "POS sync", customer=desk.customer), new_service(desk, "Staff mail")
    theirs = new_service(desk, "Looms", customer=desk.other_customer)
    now = timezone.now()
    outage = new_outage(desk, {pos: "down", theirs: "down"}, title="The network is away", at=now - HOUR)
    assert len(lines(desk)) == 1
    update_outage(
        outage=outage, text="Tills work.", stage="monitoring", recovered=[pos], by=desk.agent, at=now
    )
    assert lines(desk) == []
    shared = new_outage(desk, {mail: "down"}, title="No mail", at=now - HOUR)
    assert [url for url, _words in lines(desk)] == [f"/t/acme/outages/{shared.pk}/"]


def test_what_has_no_line_of_its_own_is_counted_and_found(desk: Desk) -> None:
    now = timezone.now()
    for number in range(4):
        new_outage(desk, {new_service(desk, f"Service {number}"): "down"}, title=f"Outage {number}", at=now)
    assert lines(desk)[3:] == [("/t/acme/outages/", "And 1 more outage")]
    started = scheduled_window(desk, starts_at=now, at=now - 2 * HOUR, title="Running")
    start_window(window=started, by=desk.agent, at=now)
    scheduled_window(desk, services=[new_service(desk, "Mail")], starts_at=now + HOUR, at=now)
    assert lines(desk)[3:] == [
        ("/t/acme/outages/", "And 1 more outage"),
        ("/t/acme/maintenance/", "And 2 more periods of maintenance"),
    ]
    assert "Running" in browser_of(desk.contact).get("/maintenance/").content.decode()
