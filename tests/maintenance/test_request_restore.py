"""A restore is a ticket with the restore clock and steps; how backups stand is read by those concerned."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maintenance.models import BackupJob, RestoreRequest, RestoreStep
from sla.models import Clock, PlanVersion, Target
from tests.api.callers import ApiCaller, call_as
from tests.factories import HOUR, MONDAY, Desk, DeskClient, new_service, new_ticket
from tests.maintenance.backups import new_job, promise_backups, report
from tickets.models import Category, Ticket
from tickets.services.categories import create_category

Login = Callable[[Any], DeskClient]


@pytest.fixture
def job(desk: Desk) -> BackupJob:
    job, _secret = new_job(desk, service=new_service(desk))
    return job


@pytest.fixture
def outage(desk: Desk) -> Category:
    """Its tickets carry the restore clock, of two hours around the clock."""
    version = PlanVersion.objects.filter(plan=desk.plan).latest("number")
    Target.objects.create(
        tenant=desk.tenant,
        plan_version=version,
        metric="restore",
        priority="critical",
        unit="elapsed_time",
        aim=HOUR,
        limit=2 * HOUR,
    )
    return create_category(tenant_id=desk.tenant.pk, name="Outage and restore", is_outage=True)


SENT = {"what": "The ledger of March", "wanted_at": "", "priority": "critical"}


def test_a_contact_asks_for_a_restore_and_its_clock_runs(
    desk: Desk, job: BackupJob, outage: Category, login: Login
) -> None:
    client = login(desk.contact)
    answer = client.post(f"/backups/{job.pk}/restore/", SENT)
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/t/acme/restores/{ticket.number}/")
    assert (ticket.subject, ticket.category, ticket.service) == (
        "Restore “ERP database”",
        outage,
        job.service,
    )
    clock = Clock.objects.get(ticket=ticket, metric="restore")
    assert clock.due_at is not None
    assert (clock.due_at - ticket.filed_at).total_seconds() == 2 * HOUR
    page = client.get(f"/restores/{ticket.number}/").content.decode()
    assert "The ledger of March" in page
    assert "the last good backup" in page
    assert 'action="/t/acme/restores/steps/' not in page
    back = f'href="/t/acme/restores/{ticket.number}/"'
    assert back in client.get(f"/tickets/{ticket.number}/").content.decode()
    assert back in client.get(f"/backups/{job.pk}/").content.decode()
    plain = new_ticket(desk)
    assert "/restores/" not in client.get(f"/tickets/{plain.number}/").content.decode()
    assert RestoreStep.objects.count() == 6


def test_staff_work_off_the_steps(desk: Desk, job: BackupJob, outage: Category, login: Login) -> None:
    client = login(desk.agent)
    sent = SENT | {"requester": desk.contact2.pk, "wanted_at": "2026-02-01T10:00"}
    assert client.post(f"/backups/{job.pk}/restore/", sent).status_code == 303
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.channel) == (desk.contact2, "agent")
    step = RestoreStep.objects.first()
    assert step is not None
    client.post(f"/restores/steps/{step.pk}/tick/", {"done": "1"})
    step.refresh_from_db()
    assert step.done_by == desk.agent
    assert "Ali Agent" in client.get(f"/restores/{ticket.number}/").content.decode()
    client.post(f"/restores/steps/{step.pk}/tick/", {})
    step.refresh_from_db()
    assert (step.done_at, step.done_by) == (None, None)
    assert login(desk.contact).post(f"/restores/steps/{step.pk}/tick/", {"done": "1"}).status_code == 403
    assert f"/restores/{ticket.number}/" in client.get(f"/tickets/{ticket.number}/").content.decode()


def test_a_state_to_come_is_refused(desk: Desk, job: BackupJob, outage: Category, login: Login) -> None:
    answer = login(desk.contact).post(f"/backups/{job.pk}/restore/", SENT | {"wanted_at": "2999-01-01T10:00"})
    assert answer.status_code == 422
    assert "Choose a moment that has passed." in answer.content.decode()


def test_without_a_category_for_restores_it_is_said(desk: Desk, job: BackupJob, login: Login) -> None:
    answer = login(desk.contact).post(f"/backups/{job.pk}/restore/", SENT)
    assert answer.status_code == 409
    assert "no category for outages and restores" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_customers_read_their_last_good_backup_and_no_other(desk: Desk, job: BackupJob, login: Login) -> None:
    promise_backups(desk)
    report(job, "succeeded", "night-1", MONDAY, checksum="sha256:ab")
    own = login(desk.contact)
    page = own.get("/backups/").content.decode()
    assert "ERP database" in page
    assert "every 24 hours" in page
    assert "night-1" in own.get(f"/backups/{job.pk}/").content.decode()
    other = login(desk.other_contact)
    assert "ERP database" not in other.get("/backups/").content.decode()
    assert other.get(f"/backups/{job.pk}/").status_code == 404
    assert other.post(f"/backups/{job.pk}/restore/", SENT).status_code == 404
    assert "Bright Bakery" in login(desk.agent).get("/backups/").content.decode()


def test_an_admin_makes_a_backup_and_sees_its_token_once(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = {
        "customer": desk.customer.pk,
        "name": "Files",
        "part": "files",
        "every_hours": "24",
        "grace_minutes": "30",
        "files_ticket": "on",
        "requester": desk.contact.pk,
        "priority": "high",
    }
    page = client.post("/console/backups/new/", sent).content.decode()
    job = BackupJob.objects.get()
    assert "bk_" in page
    assert "/api/v1/backups/report/" in page
    assert (job.every_hours, job.requester) == (24, desk.contact)
    listed = client.get("/console/backups/").content.decode()
    assert job.start in listed
    wrong = client.post("/console/backups/new/", sent | {"requester": desk.other_contact.pk})
    assert wrong.status_code == 422
    assert "Choose somebody of the customer" in wrong.content.decode()
    edit = {name: value for name, value in sent.items() if name != "customer"} | {"seen_version": "1"}
    assert client.post(f"/console/backups/{job.pk}/edit/", edit | {"every_hours": ""}).status_code == 302
    assert client.post(f"/console/backups/{job.pk}/edit/", edit).status_code == 409
    before = BackupJob.objects.get().token_hash
    assert "bk_" in client.post(f"/console/backups/{job.pk}/token/").content.decode()
    assert BackupJob.objects.get().token_hash != before
    client.post(f"/console/backups/{job.pk}/archive/")
    assert BackupJob.objects.get().archived_at is not None


def test_programs_read_how_backups_stand_and_ask_for_restores(
    desk: Desk, job: BackupJob, outage: Category
) -> None:
    report(job, "failed", "night-1", MONDAY)
    contact = call_as(desk.contact)
    [found] = contact.get("backups/").json()["results"]
    assert (found["name"], found["state"], found["customer"]["id"]) == (
        "ERP database",
        "failed",
        desk.customer.pk,
    )
    assert contact.get("backups/?state=good").json()["results"] == []
    assert contact.get(f"backups/{job.pk}/runs/").json()["results"][0]["run"] == "night-1"
    assert call_as(desk.other_contact).get(f"backups/{job.pk}/runs/").status_code == 404
    asked = contact.post(f"backups/{job.pk}/restore/", {"what": "All of it"}, format="json")
    assert asked.status_code == 201, asked.content
    assert RestoreRequest.objects.get().ticket.number == asked.json()["ticket"]
    agent = call_as(desk.agent)
    sent = {"what": "The photos", "requester": desk.contact2.pk}
    for wrong, code in (
        ({"what": "All of it"}, "not_of_the_customer"),
        (sent | {"requester": desk.other_contact.pk}, "not_of_the_customer"),
        (sent | {"wanted_at": "2999-01-01T00:00:00Z"}, "state_to_come"),
    ):
        refused = agent.post(f"backups/{job.pk}/restore/", wrong, format="json")
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    made = agent.post(f"backups/{job.pk}/restore/", sent, format="json").json()
    address = f"restores/steps/{made['steps'][0]['id']}/"
    ticked = agent.post(address, {"is_done": True}, format="json").json()
    assert ticked["steps"][0]["done_by"]["name"] == "Ali Agent"
    assert agent.post(address, {"is_done": False}, format="json").json()["steps"][0]["done_at"] is None
    assert contact.post(address, {"is_done": True}, format="json").status_code == 403
    assert contact.get(f"restores/{made['ticket']}/").json()["what"] == "The photos"
    assert call_as(desk.other_contact).get(f"restores/{made['ticket']}/").status_code == 404
    assert contact.get(f"restores/{new_ticket(desk).number}/").status_code == 404


def test_programs_set_backups_up(desk: Desk) -> None:
    promise_backups(desk)
    admin, contact = call_as(desk.admin), call_as(desk.contact)
    sent = {"customer": desk.customer.pk, "name": "ERP", "part": "database"}
    made = admin.post("backups/", sent, format="json").json()
    backup, token = made["backup"], made["token"]
    assert token.startswith(backup["setup"]["token_start"])
    assert backup["setup"]["requester"]["name"] == "Cora Chief", "whoever answers for the customer"
    assert backup["terms"] == {"every_hours": 24, "verify_every_days": 30, "retention_days": 14}
    here = f"backups/{backup['id']}/"
    edit = {"name": "ERP", "part": "database", "every_hours": 6, "files_ticket": False, "seen": 1}
    changed = admin.put(here, edit, format="json").json()
    assert (changed["setup"]["requester"], changed["setup"]["every_hours"]) == (None, 6)
    assert admin.put(here, edit, format="json").json()["code"] == "edited_meanwhile"
    read = contact.get(here).json()
    assert (read["terms"]["every_hours"], read["setup"]) == (6, None)
    job = ApiCaller("acme", token)
    run = {"status": "succeeded", "run": "1"}
    assert job.post("backups/report/", run, format="json").status_code == 200
    renewed = admin.post(f"{here}token/").json()["token"]
    assert job.post("backups/report/", run, format="json").status_code == 401
    assert admin.post(f"{here}archive/").json()["archived_at"] is not None
    assert ApiCaller("acme", renewed).post("backups/report/", run, format="json").status_code == 401
    assert admin.get("backups/").json()["results"] == []
    assert len(admin.get("backups/?archived=true").json()["results"]) == 1
    assert admin.post(f"{here}watch/").json()["state"] == "waiting"
    other = sent | {"requester": desk.other_contact.pk}
    assert admin.post("backups/", other, format="json").json()["code"] == "not_of_the_customer"
    for caller in (contact, call_as(desk.agent)):
        assert caller.post("backups/", sent, format="json").status_code == 403
        assert caller.put(here, edit | {"seen": 2}, format="json").status_code == 403


def test_a_page_of_backups_takes_as_many_queries_for_many_as_for_one(desk: Desk) -> None:
    promise_backups(desk)
    agent, counts = call_as(desk.agent), []
    agent.get("backups/")  # the first call of a token is noted
    for more in (1, 4):
        for number in range(more):
            new_job(desk, name=f"Of {more}, {number}")
        with CaptureQueriesContext(connection) as queries:
            assert agent.get("backups/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
