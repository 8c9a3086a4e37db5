"""The page on which customers land."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maintenance.models import BackupJob
from maintenance.services.windows import WindowTerms, draft_window, schedule_window
from tests.factories import MONDAY, Desk, DeskClient, new_service, new_ticket
from tests.maintenance.factories import new_outage
from tickets.services import reply_to_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]


def test_home_says_what_is_open_and_whom_it_waits_for(desk: Desk, login: Login) -> None:
    now = timezone.now()
    client = login(desk.contact)
    page = client.get("/").content.decode()
    assert "Nothing is open." in page
    assert "No open tickets" in page
    assert "Gold" in page, "the plan"
    assert '<a href="/t/acme/plan/">What it covers' in page
    new_ticket(desk, subject="The till", at=now)
    asked = new_ticket(desk, subject="The scanner", by=desk.contact2)
    reply_to_ticket(ticket=asked, by=desk.agent, body="Which one?", then="pending", at=MONDAY)
    resolve_ticket(ticket=new_ticket(desk, subject="Long done"), by=desk.agent, at=MONDAY)
    new_ticket(desk, subject="Strange thing", by=desk.other_contact)
    page = client.get("/").content.decode()
    assert "2 open tickets. 1 waits for you. Our next promise falls due" in page
    assert page.index("The scanner") < page.index("The till"), "what waits for them stands first"
    assert "Waits for your answer." in page
    assert "First reply by" in page
    assert "Long done" not in page
    assert "Strange thing" not in page


def test_home_says_what_happens_to_services_and_backups_of_the_company_alone(
    desk: Desk, login: Login
) -> None:
    shared, theirs = new_service(desk), new_service(desk, "Their mail", customer=desk.other_customer)
    new_outage(desk, {shared: "down"}, title="The ERP is down")
    new_outage(desk, {theirs: "down"}, title="A mail problem")
    now = timezone.now()
    start = now + timedelta(days=2)
    terms = WindowTerms(
        title="New version",
        kind="update",
        impact="down",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        services=[shared],
    )
    window = draft_window(terms=terms, by=desk.agent, at=now)
    schedule_window(window=window, by=desk.agent, at=now)
    for customer, state, hours in ((desk.customer, "good", 2), (desk.other_customer, "failed", 30)):
        BackupJob.objects.create(
            tenant=desk.tenant,
            customer=customer,
            name="Nightly",
            part="files",
            start="bk_",
            token_hash=customer.name,
            state=state,
            last_good_at=now - timedelta(hours=hours),
        )
    page = login(desk.contact).get("/").content.decode()
    assert "The ERP is down" in page
    assert "A mail problem" not in page
    assert "New version" in page
    assert "All good" in page
    assert "1 is late or failed" in login(desk.other_contact).get("/").content.decode()


def test_a_company_without_a_contract_is_told_so(desk: Desk, login: Login) -> None:
    desk.contract.delete()
    assert "You have no plan at present" in login(desk.contact).get("/").content.decode()


def test_staff_start_at_the_queue(desk: Desk, login: Login) -> None:
    assert login(desk.agent).get("/")["Location"] == "/t/acme/queue/"


def test_home_asks_the_same_number_of_questions_for_few_and_many(desk: Desk, login: Login) -> None:
    client, counts = login(desk.contact), []
    for more in (1, 8):
        for turn in range(more):
            new_ticket(desk, by=(desk.contact, desk.contact2)[turn % 2])
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
    assert "All open tickets" in page
