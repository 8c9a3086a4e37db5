"""The whole story on real parts: PostgreSQL, Valkey, a Celery worker, beat with the product's own schedule.

A customer files a ticket and sees what is promised; an agent finds it in the queue, answers, and the promise
is kept. Another ticket, promised within seconds, is left alone and escalates by itself.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.tenancy import tenant_scope
from notifications.models import OutboxMessage
from sla.models import Escalation
from sla.services import TargetTerms
from tests.browser.conftest import Browse
from tests.factories import PASSWORD, Desk, build_desk
from tests.processes.conftest import wait_until

HOUR = 3600
# Beat sweeps every 15 seconds, so aim and limit are met by two different sweeps.
AIM, LIMIT = 5, 25
AROUND_THE_CLOCK = {"tz": "UTC", "week": {str(day): [["00:00", "24:00"]] for day in range(7)}}
PROMISES = [
    TargetTerms("first_response", "critical", "business_time", AIM, LIMIT),
    TargetTerms("first_response", "medium", "business_time", 4 * HOUR, 8 * HOUR),
]


@pytest.fixture
def desk(transactional_db: None) -> Iterator[Desk]:
    """Support around the clock: critical tickets are answered within seconds, medium ones within hours."""
    built = build_desk("acme", spec=AROUND_THE_CLOCK, targets=PROMISES)
    with tenant_scope(built.tenant.pk):
        yield built


@pytest.fixture
def worker_and_beat(
    transactional_db: None, process_environment: dict[str, str], tmp_path: Path
) -> Iterator[None]:
    """As `make run` starts them, on this test's database and broker."""
    celery = [sys.executable, "-m", "celery", "-A", "supportdesk"]
    worker = [*celery, "worker", "--pool=solo", "--without-mingle", "--without-gossip"]
    beat = [*celery, "beat", "-s", str(tmp_path / "beat-schedule"), "--pidfile="]
    with (tmp_path / "log").open("wb") as log:
        started = [
            subprocess.Popen(command, env=process_environment, stdout=log, stderr=log)
            for command in (worker, beat)
        ]
    yield
    for process in started:
        process.kill()
        process.wait()


def log_in(page: Page, email: str) -> None:
    """Through the log-in page, as people do."""
    page.goto("")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def file_ticket(page: Page, subject: str, priority: str) -> str:
    """From the list to the new ticket's page; returns its reference."""
    page.get_by_role("link", name="New ticket").first.click()
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Description").fill("Since **this morning**.")
    page.get_by_label("Category").select_option(label="Technical issue")
    page.get_by_role("radio", name=priority).check()
    page.get_by_role("button", name="File the ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/"))
    reference = re.search(r"ACME-\d+", page.title())
    assert reference, page.title()
    return reference[0]


def test_from_a_ticket_filed_to_a_promise_kept_and_one_that_escalates(
    browse: Browse, desk: Desk, worker_and_beat: None
) -> None:
    customer = browse(tenant=desk.tenant)
    log_in(customer, desk.contact.user.email)
    neglected = file_ticket(customer, "Everything stands still", "Critical")
    customer.goto("tickets/")
    answered = file_ticket(customer, "The till does not print", "Medium")
    expect(customer.locator("main")).to_contain_text("First reply by")

    agent_answers(browse(desk.agent), answered)
    customer.reload()
    expect(customer.locator("main")).to_contain_text("We look into it at once.")
    expect(customer.locator(".page-head")).not_to_contain_text("First reply by")

    wait_until(lambda: Escalation.objects.count() == 2, what="aim and limit passed", seconds=90)
    supervisor_is_told(browse(desk.supervisor), neglected)
    supervisor_is_mailed_once(browse(desk.admin), desk, neglected)


def agent_answers(page: Page, reference: str) -> None:
    """Find it in the queue by its due time, open it, answer; the promise is kept."""
    page.goto("queue/")
    row = page.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text(re.compile(r"[37] h( \d+ min)?"))
    row.get_by_role("link", name="The till does not print").click()
    clocks = page.locator(".side-panel")
    expect(clocks).to_contain_text("First response")
    expect(clocks).not_to_contain_text(re.compile("met", re.IGNORECASE))
    page.locator("textarea[name=body]").fill("We look into it at once.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".conversation")).to_contain_text("We look into it at once.")
    expect(page.locator(".side-panel .due-met")).to_contain_text(re.compile("met", re.IGNORECASE))


def supervisor_is_told(page: Page, reference: str) -> None:
    """Under the bell a line each for tickets, aim and limit; both on the timeline; first in the queue."""
    steps = list(Escalation.objects.order_by("fired_at").values_list("step__place", flat=True))
    assert steps == ["aim", "limit"]
    page.goto("queue/?view=breached")
    expect(page.get_by_role("row").filter(has_text=reference)).to_contain_text(
        re.compile("breached", re.IGNORECASE)
    )
    page.goto("notifications/")
    told = page.locator("main").get_by_role("listitem")
    expect(told.filter(has_text=f"First response at risk on {reference}")).to_have_count(1)
    expect(told.filter(has_text=f"First response breached on {reference}")).to_have_count(1)
    expect(page.get_by_role("link", name="4 unread notifications")).to_be_visible()
    page.goto(f"tickets/{reference.removeprefix('ACME-')}/?all")
    timeline = page.locator(".conversation")
    expect(timeline.get_by_text("the aim for “First response” has passed")).to_have_count(1)
    expect(timeline.get_by_text("the limit for “First response” has passed")).to_have_count(1)


def supervisor_is_mailed_once(page: Page, desk: Desk, reference: str) -> None:
    """The outbox page: one mail a step to the supervisor, and all have left."""
    wait_until(lambda: not OutboxMessage.objects.filter(sent_at=None).exists(), what="all mails have left")
    page.goto("console/outbox/?state=sent")
    mails = page.get_by_role("row").filter(has_text=desk.supervisor.user.email)
    expect(mails.filter(has_text=f"First response at risk on {reference}")).to_have_count(1)
    expect(mails.filter(has_text=f"First response breached on {reference}")).to_have_count(1)
