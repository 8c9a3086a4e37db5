"""Runs of backups are reported; a late or failed one files a ticket once, and a good one closes it."""

from datetime import datetime, timedelta

import pytest
from rest_framework.test import APIClient

from accounts.models import Membership
from accounts.services import deactivate_person
from maintenance.backup_sweep import sweep_backups
from maintenance.models import BackupJob, BackupRun
from maintenance.services.backup_errors import NobodyToFileFor, RunInFuture, WrongRequester, WrongService
from maintenance.services.backup_runs import Report, RunReport, report_run
from maintenance.services.backups import archive_job, renew_token, restore_job
from notifications.models import Notification
from tests.api.callers import ApiCaller
from tests.factories import MONDAY, Desk, new_service
from tests.maintenance.backups import new_job, promise_backups, report
from tickets.models import Ticket
from tickets.services import resolve_ticket
from tickets.services.categories import create_category


def h(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def state_of(job: BackupJob) -> tuple[str, datetime | None]:
    job.refresh_from_db()
    return job.state, job.next_due_at


def test_the_plan_says_how_often_and_a_good_run_sets_the_next_one(desk: Desk) -> None:
    promise_backups(desk)
    job, _secret = new_job(desk)
    assert state_of(job) == ("waiting", h(25))
    report(job, "started", "r1", h(1))
    assert state_of(job) == ("waiting", h(25))
    report(job, "succeeded", "r1", h(2), size=700, checksum="sha256:ab")
    assert state_of(job) == ("good", h(27))
    assert job.last_good_at == h(2)
    run = BackupRun.objects.get()
    assert (run.started_at, run.finished_at, run.succeeded, run.size) == (h(1), h(2), True, 700)


def test_what_the_job_says_itself_goes_before_the_plan(desk: Desk) -> None:
    promise_backups(desk)
    job, _secret = new_job(desk, every_hours=6, grace_minutes=0)
    assert state_of(job) == ("waiting", h(6))


def test_without_a_rhythm_nothing_is_late_until_the_plan_gets_one(desk: Desk) -> None:
    job, _secret = new_job(desk)
    assert state_of(job) == ("waiting", None)
    assert sweep_backups(now=h(1000)) == 0
    promise_backups(desk)
    assert sweep_backups(now=h(1000)) == 1
    assert state_of(job) == ("late", h(25))


@pytest.mark.parametrize("hosting", ["dedicated", "on_premises"])
def test_another_hosting_model_is_promised_something_else(desk: Desk, hosting: str) -> None:
    promise_backups(desk)
    promise_backups(desk, hosting_model="dedicated", every_hours=12, parts=["files"])
    desk.customer.hosting_model = hosting
    desk.customer.save()
    files, _secret = new_job(desk, name="Files", part="files")
    database, _secret = new_job(desk)
    assert state_of(files)[1] == (h(13) if hosting == "dedicated" else None)
    assert state_of(database)[1] is None


def test_a_late_backup_files_one_ticket_and_a_good_run_closes_it(desk: Desk) -> None:
    promise_backups(desk)
    create_category(tenant_id=desk.tenant.pk, name="Restore and outage", is_outage=True)
    job, _secret = new_job(desk, service=new_service(desk), priority="critical")
    report(job, "succeeded", "r1", h(1))
    assert sweep_backups(now=h(26)) == 0
    assert not Ticket.objects.exists()
    assert sweep_backups(now=h(26.1)) == 1
    assert sweep_backups(now=h(27)) == 0
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.priority) == ("Backup “ERP database” is late", "critical")
    assert (ticket.category, ticket.requester) == (desk.category, desk.contact), "nothing is down"
    assert ticket.service == job.service
    report(job, "succeeded", "r2", h(28))
    ticket.refresh_from_db()
    job.refresh_from_db()
    assert (ticket.status, job.ticket, job.state) == ("resolved", None, "good")
    said = ticket.messages.latest("id")
    assert "A good run has arrived" in said.body
    assert (said.author, said.is_automatic) == (None, True), "nobody at the customer wrote that"
    assert sweep_backups(now=h(60)) == 1
    assert Ticket.objects.count() == 2, "the next trouble is another ticket"


def test_a_failed_run_files_one_ticket_however_often_it_fails(desk: Desk) -> None:
    job, _secret = new_job(desk)
    report(job, "failed", "r1", h(1), message="The disk is full.")
    report(job, "failed", "r1", h(1))
    report(job, "failed", "r2", h(2))
    ticket = Ticket.objects.get()
    assert ticket.subject == "Backup “ERP database” failed"
    assert "The disk is full." in ticket.messages.get().body
    assert state_of(job)[0] == "failed"
    assert sweep_backups(now=h(3)) == 0
    resolve_ticket(ticket=ticket, by=desk.agent, at=h(3))
    report(job, "failed", "r3", h(4))
    assert Ticket.objects.count() == 1
    report(job, "succeeded", "r4", h(5))
    assert state_of(job)[0] == "good"


def test_a_report_that_comes_late_does_not_say_how_things_stand(desk: Desk) -> None:
    job, _secret = new_job(desk)
    report(job, "started", "r1", h(1))
    report(job, "started", "r2", h(2))
    report(job, "succeeded", "r2", h(3))
    report(job, "failed", "r1", h(4))
    assert state_of(job)[0] == "good"
    assert not Ticket.objects.exists()


def test_a_backup_that_cannot_be_read_back_has_failed(desk: Desk) -> None:
    job, _secret = new_job(desk)
    report(job, "succeeded", "r1", h(1))
    report(job, "verified", "r1", h(2))
    job.refresh_from_db()
    assert job.last_verified_at == h(2)
    report(job, "succeeded", "r2", h(3))
    report(job, "not_verified", "r2", h(4), message="Table 7 is torn.")
    assert state_of(job)[0] == "failed"
    assert (job.last_good_at, job.last_verified_at) == (h(1), h(2))
    ticket = Ticket.objects.get()
    assert ticket.subject == "Backup “ERP database” failed its verification"
    assert "Table 7 is torn." in ticket.messages.get().body


def test_a_verification_that_fails_counts_though_newer_runs_have_come_in(desk: Desk) -> None:
    job, _secret = new_job(desk)
    report(job, "succeeded", "last night", h(1))
    report(job, "succeeded", "tonight", h(25))
    report(job, "not_verified", "last night", h(26))
    assert state_of(job)[0] == "failed"
    ticket = Ticket.objects.get()
    assert "Run last night cannot be read back." in ticket.messages.get().body
    report(job, "succeeded", "tomorrow", h(49))
    assert state_of(job)[0] == "failed", "another copy that nobody has read proves nothing"
    report(job, "verified", "tonight", h(50))
    assert state_of(job)[0] == "good"
    ticket.refresh_from_db()
    assert (ticket.status, Ticket.objects.count()) == ("resolved", 1)


def test_a_verification_is_repeated_with_another_outcome_and_not_undone_by_an_old_report(desk: Desk) -> None:
    job, _secret = new_job(desk)
    report(job, "succeeded", "r1", h(1))
    report(job, "not_verified", "r1", h(2))
    report(job, "verified", "r1", h(3))
    assert (state_of(job)[0], job.last_verified_at) == ("good", h(3))
    report(job, "not_verified", "r1", h(2))
    report(job, "verified", "r1", h(9))
    assert (state_of(job)[0], job.last_verified_at) == ("good", h(3))


def test_staff_hear_of_trouble_and_of_its_end_though_no_ticket_is_wanted(desk: Desk) -> None:
    job, _secret = new_job(desk, files_ticket=False)
    report(job, "failed", "r1", h(1))
    report(job, "failed", "r2", h(2))
    report(job, "succeeded", "r3", h(3))
    assert not Ticket.objects.exists()
    told = Notification.objects.filter(kind="backup", recipient=desk.agent).order_by("created_at")
    assert [line.title for line in told] == [
        "Backup “ERP database” of Bright Bakery failed",
        "Backup “ERP database” of Bright Bakery is good again",
    ]
    assert told[0].path == f"/backups/{job.pk}/"
    assert not Notification.objects.filter(kind="backup", recipient__customer__isnull=False).exists()


def test_tickets_are_for_whoever_answers_for_the_customer_unless_somebody_is_named(desk: Desk) -> None:
    assert new_job(desk, requester=None)[0].requester == desk.customer_admin
    assert new_job(desk, requester=desk.contact2)[0].requester == desk.contact2
    for person in Membership.objects.filter(customer=desk.customer):
        deactivate_person(membership=person, by=desk.admin, at=MONDAY)
    with pytest.raises(NobodyToFileFor):
        new_job(desk, requester=None)


def test_a_verification_that_is_overdue_files_one_ticket_and_a_verified_run_closes_it(desk: Desk) -> None:
    promise_backups(desk, verify_every_days=2)
    job, _secret = new_job(desk, every_hours=1000, priority="critical")
    assert sweep_backups(now=h(49)) == 0, "without a copy there is nothing to verify"
    report(job, "succeeded", "r1", h(1))
    assert (sweep_backups(now=h(47)), sweep_backups(now=h(49)), sweep_backups(now=h(50))) == (0, 1, 0)
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.priority) == ("Backup “ERP database” was not verified in time", "medium")
    assert state_of(job)[0] == "good"
    report(job, "succeeded", "r2", h(51))
    assert (Ticket.objects.count(), job.verification_ticket) == (1, ticket)
    report(job, "verified", "r2", h(52))
    ticket.refresh_from_db()
    job.refresh_from_db()
    assert (ticket.status, job.verification_ticket, job.verify_due_at) == ("resolved", None, h(100))
    told = Notification.objects.filter(kind="backup", recipient=desk.agent).order_by("created_at")
    assert [line.title.rpartition("Bakery ")[2] for line in told] == [
        "was not verified in time",
        "no longer waits for its verification",
    ]
    report(job, "not_verified", "r2", h(99))
    assert sweep_backups(now=h(200)) == 1
    assert Ticket.objects.count() == 2, "a failed verification is the alarm, and not also one that is overdue"


def test_what_is_promised_anew_holds_from_the_next_sweep_on(desk: Desk) -> None:
    terms = promise_backups(desk)
    job, _secret = new_job(desk)
    report(job, "succeeded", "r1", h(1))
    assert sweep_backups(now=h(10)) == 0
    terms.every_hours = 6
    terms.save()
    assert sweep_backups(now=h(10)) == 1
    assert state_of(job) == ("late", h(8))
    terms.every_hours = 48
    terms.save()
    assert sweep_backups(now=h(11)) == 1
    assert state_of(job) == ("good", h(50))
    ticket = Ticket.objects.get()
    assert ticket.status == "resolved"
    assert "The next run is due by" in ticket.messages.latest("id").body, "no run has arrived"
    desk.customer.hosting_model = "on_premises"
    desk.customer.save()
    sweep_backups(now=h(100))
    assert state_of(job) == ("good", None)


def test_an_archived_backup_is_not_watched_and_starts_anew_when_restored(desk: Desk) -> None:
    job, _secret = new_job(desk, every_hours=1)
    archive_job(job=job, by=desk.admin, at=h(1))
    assert sweep_backups(now=h(100)) == 0
    restore_job(job=job, by=desk.admin, at=h(100))
    assert state_of(job) == ("waiting", h(102))


def test_requester_and_service_are_the_customers(desk: Desk) -> None:
    with pytest.raises(WrongRequester):
        new_job(desk, requester=desk.other_contact)
    with pytest.raises(WrongService):
        new_job(desk, service=new_service(desk, customer=desk.other_customer))


def test_the_future_is_not_reported(desk: Desk) -> None:
    job, _secret = new_job(desk)
    with pytest.raises(RunInFuture):
        report_run(job=job, report=RunReport(Report.SUCCEEDED, "r"), at=h(1), happened_at=h(2))


def test_a_job_reports_with_its_own_token(desk: Desk, other_desk: Desk) -> None:
    job, secret = new_job(desk)
    api = ApiCaller("acme", secret)
    sent = {"status": "succeeded", "run": "night", "size": 12}
    for _twice in range(2):
        answer = api.post("backups/report/", sent, format="json")
        assert answer.status_code == 200, answer.content
        assert (answer.json()["run"], answer.json()["succeeded"], answer.json()["size"]) == (
            "night",
            True,
            12,
        )
    assert BackupRun.objects.count() == 1
    assert api.get("backups/").status_code == 401, "the token opens nothing else"
    assert ApiCaller("umbra", secret).post("backups/report/", sent, format="json").status_code == 401
    assert ApiCaller("acme").post("backups/report/", sent, format="json").status_code == 401
    early = api.post("backups/report/", sent | {"run": "x", "at": "2999-01-01T00:00:00Z"}, format="json")
    assert (early.status_code, early.json()["code"]) == (422, "run_in_future")
    another = renew_token(job=job, by=desk.admin, at=MONDAY)
    assert api.post("backups/report/", sent, format="json").status_code == 401
    archive_job(job=job, by=desk.admin, at=MONDAY)
    assert ApiCaller("acme", another).post("backups/report/", sent, format="json").status_code == 401


def test_a_job_that_can_only_ask_for_an_address_beats(desk: Desk) -> None:
    job, secret = new_job(desk)
    client = APIClient(enforce_csrf_checks=True)
    assert client.get(f"/t/acme/backups/beat/{secret}/").status_code == 200
    assert client.post(f"/t/acme/backups/beat/{secret}/").status_code == 200
    assert client.get("/t/acme/backups/beat/bk_nothing/").status_code == 404
    assert state_of(job)[0] == "good"
