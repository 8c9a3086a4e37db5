"""The clauses of the published policies about maintenance, availability, backups: enforced and evidenced.

That both presets configure them is `tests/sla/test_presets.py`. Here desks take the presets on, and the
product acts on them.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import HostingModel, Role
from maintenance.backup_sweep import sweep_backups
from maintenance.models import BackupJob, Kind, NoticeTold, Window, WindowCustomer, WindowEvent, WindowTicket
from maintenance.months import months_of_services, sold_to
from maintenance.services.errors import NoticeTooShort
from maintenance.services.outages import end_outage, open_outage
from maintenance.services.restores import request_restore, tick_step
from maintenance.services.status_page import change_status_page
from maintenance.services.windows import (
    complete_window,
    link_ticket,
    log_work,
    schedule_window,
    start_window,
    tell_tickets,
)
from maintenance.sweep import sweep_tenant
from sla.models import Clock
from sla.sweep import sweep_tenant as sweep_of_clocks
from tests.api.callers import call_as
from tests.factories import MONDAY, DeskClient, add_person, browser_of
from tests.maintenance.backups import report
from tests.maintenance.policies import BINARIO, HOUR, SALSABEEL, Provider, at_work
from tickets.models import Category, Message, Ticket
from tickets.services import file_ticket, resolve_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[SALSABEEL, BINARIO])
def preset(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def provider(preset: str) -> Iterator[Provider]:
    with at_work(preset) as provider:
        yield provider


def test_s5_each_kind_of_maintenance_has_its_window_with_service_customers_and_log(
    provider: Provider,
) -> None:
    for day, kind in enumerate(list(Kind)[:10]):
        starts_at = MONDAY + timedelta(days=7 + day)
        window = schedule_window(window=provider.window(starts_at, kind=kind), by=provider.agent, at=MONDAY)
        start_window(window=window, by=provider.agent, at=starts_at)
        log_work(window=window, text="Patched.", by=provider.agent, at=starts_at + HOUR)
        complete_window(window=window, by=provider.agent, at=starts_at + HOUR)
        assert WindowCustomer.objects.filter(window=window).count() == 2
        assert WindowEvent.objects.filter(window=window, kind="logged", text="Patched.").exists()
    assert Window.objects.filter(status="completed").values("kind").distinct().count() == 10


def test_s6_notice_is_kept_or_planning_is_stopped(preset: str, provider: Provider) -> None:
    hours = {SALSABEEL: 48, BINARIO: 72}[preset]
    late = provider.window(MONDAY + 71 * HOUR)
    with pytest.raises(NoticeTooShort) as stopped:
        schedule_window(window=late, by=provider.agent, at=MONDAY)
    broken = {breach.customer for breach in stopped.value.breaches}
    assert broken == ({provider.second} if hours == 48 else {provider.first, provider.second})
    in_time = schedule_window(window=provider.window(MONDAY + 73 * HOUR), by=provider.agent, at=MONDAY)
    kept = WindowCustomer.objects.get(window=in_time, customer=provider.first)
    assert (kept.promised_hours, kept.told_at) == (hours, MONDAY)
    sweep_tenant(now=MONDAY)
    sweep_tenant(now=in_time.starts_at - HOUR)
    told = NoticeTold.objects.filter(notice__window=in_time, customer=provider.first)
    assert set(told.values_list("notice__kind", flat=True)) == {"announced", "reminder"}


def test_s6_an_emergency_may_come_without_notice_and_keeps_its_reason(provider: Provider) -> None:
    window = schedule_window(
        window=provider.window(MONDAY + HOUR), by=provider.owner, at=MONDAY,
        emergency_reason="A hole in the database server is used by attackers.",
    )  # fmt: skip
    assert (window.is_emergency, window.emergency_by) == (True, provider.owner)
    assert "attackers" in window.emergency_reason


@pytest.mark.parametrize("preset", [SALSABEEL])
def test_s6_resolution_waits_where_the_dedicated_plan_says_so(provider: Provider) -> None:
    """Of Dedicated enterprise, around the clock: critical within 8 hours; Standard promises no resolution."""
    contact = add_person(provider.owner, "other@desk.example", "Omar", Role.MEMBER, provider.second)
    window = provider.window(MONDAY + 100 * HOUR)
    schedule_window(window=window, by=provider.agent, at=MONDAY)
    ticket = file_ticket(
        by=contact, subject="Down", body="Down.", priority="critical", at=window.starts_at - HOUR,
        category=Category.objects.get(name="Technical issue"), service=provider.service,
    )  # fmt: skip
    clock = Clock.objects.get(ticket=ticket, metric="resolution")
    assert clock.due_at == window.starts_at - HOUR + 10 * HOUR
    assert clock.left_out == [window.starts_at, window.ends_at]


@pytest.mark.parametrize("preset", [BINARIO])
def test_b2_availability_is_reckoned_against_four_nines(provider: Provider) -> None:
    outage = open_outage(
        tenant_id=provider.owner.tenant_id, title="Down", services={provider.service: "down"},
        text="We are on it.", started_at=MONDAY, by=provider.agent, at=MONDAY,
    )  # fmt: skip
    end_outage(outage=outage, text="Back.", by=provider.agent, at=MONDAY + HOUR / 6)
    now = MONDAY + timedelta(days=60)
    [sold] = sold_to(provider.first, MONDAY.date(), now=now)
    [month] = months_of_services([provider.service], sold, now=now)
    assert (month.promised, month.reckoning.down_seconds) == (Decimal("99.990"), 600)
    assert month.is_kept is False
    assert month.allowed_seconds == 267  # 0.01 % of the 31 days of March: 267.84 seconds


@pytest.mark.parametrize("preset", [BINARIO])
def test_b2_planned_work_counts_where_the_plan_makes_no_exception(provider: Provider) -> None:
    starts_at = MONDAY + timedelta(days=7)
    window = schedule_window(window=provider.window(starts_at), by=provider.agent, at=MONDAY)
    start_window(window=window, by=provider.agent, at=starts_at)
    complete_window(window=window, by=provider.agent, at=starts_at + HOUR)
    now = MONDAY + timedelta(days=60)
    down = [
        months_of_services([provider.service], sold_to(customer, MONDAY.date(), now=now)[0], now=now)[0]
        for customer in (provider.first, provider.second)
    ]
    assert [month.reckoning.down_seconds for month in down] == [3600, 0]


@pytest.mark.parametrize("preset", [BINARIO])
def test_b2_the_status_page_shows_what_was_down(provider: Provider) -> None:
    change_status_page(
        visibility="public", about="", public=frozenset({provider.service.pk}), seen_version=0,
        by=provider.owner,
    )  # fmt: skip
    started_at = timezone.now() - timedelta(days=3)
    outage = open_outage(
        tenant_id=provider.owner.tenant_id, title="Sin conexión", services={provider.service: "down"},
        text="Lo estamos revisando.", started_at=started_at, by=provider.agent, at=started_at,
    )  # fmt: skip
    end_outage(outage=outage, text="Ya funciona.", by=provider.agent, at=started_at + HOUR)
    anybody = DeskClient(provider.owner.tenant)
    told = anybody.get("/status/status.json").json()
    [service] = [each for each in told["services"] if each["name"] == "ERP production"]
    assert Decimal(str(service["availability_90_days"])) < Decimal("99.99")
    page = anybody.get("/status/").content.decode()
    assert "Sin conexión" in page
    assert "Ya funciona." in page


def test_s9_b3_a_backup_that_does_not_come_is_noticed_and_evidenced(preset: str, provider: Provider) -> None:
    """Both parts are promised every day: the database comes late, and files fail on the second night."""
    jobs = {part: provider.backup(part) for part in ("database", "files")}
    for job in jobs.values():
        report(job, "succeeded", "night 1", MONDAY + HOUR)
        assert job_of(job).next_due_at == MONDAY + 26 * HOUR  # 24 hours as the plan says, and 1 of grace
    report(jobs["files"], "failed", "night 2", MONDAY + 25 * HOUR, message="No space left.")
    assert sweep_backups(now=MONDAY + 27 * HOUR) == 1
    assert sweep_backups(now=MONDAY + 28 * HOUR) == 0
    filed = {ticket.subject: ticket for ticket in Ticket.objects.all()}
    assert len(filed) == 2
    assert all(("Files" in subject) != ("Database" in subject) for subject in filed)
    backups = {SALSABEEL: "Hosting and monitoring", BINARIO: "Respaldos"}[preset]
    for ticket in filed.values():
        assert (ticket.category.name, ticket.requester) == (backups, provider.contact)
        assert not Clock.objects.filter(ticket=ticket, metric="restore").exists(), "nothing is down"
    seen = browser_of(provider.contact).get("/backups/").content.decode()
    assert seen.count("means-at-risk") >= 1
    assert seen.count("means-breached") >= 1
    for part, job in jobs.items():
        report(job, "succeeded", f"night 2, {part}", MONDAY + 29 * HOUR)
    assert set(Ticket.objects.values_list("status", flat=True)) == {"resolved"}
    answer = call_as(provider.contact).get("backups/").json()["results"]
    assert [each["state"] for each in answer] == ["good", "good"]
    assert answer[0]["last_good_at"] == f"{MONDAY + 29 * HOUR:%Y-%m-%dT%H:%M:%SZ}"


def test_s9_b3_copies_are_verified_as_often_as_the_plan_says(preset: str, provider: Provider) -> None:
    days = {SALSABEEL: 90, BINARIO: 30}[preset]
    job, due = provider.backup("database"), MONDAY + timedelta(days=days)
    for night in (1, days - 1, days):
        report(job, "succeeded", f"night {night}", MONDAY + timedelta(days=night))
    assert not Ticket.objects.exists()
    assert sweep_backups(now=due + HOUR) == 1
    ticket = Ticket.objects.get()
    assert job_of(job).verification_ticket == ticket
    report(job, "verified", f"night {days}", due + 2 * HOUR)
    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    assert job_of(job).last_verified_at == due + 2 * HOUR


@pytest.mark.parametrize("preset", [SALSABEEL])
def test_s9_plan_and_hosting_model_say_how_often(provider: Provider) -> None:
    provider.second.hosting_model = HostingModel.DEDICATED
    provider.second.save()
    add_person(provider.owner, "other@desk.example", "Omar", Role.MEMBER, provider.second)
    job = provider.backup("database", provider.second)
    assert job.next_due_at == MONDAY + 7 * HOUR  # Dedicated enterprise on machines of its own: every 6


@pytest.mark.parametrize("preset", [BINARIO])
def test_b4_a_restore_that_is_asked_for_is_due_within_two_hours_at_any_hour(provider: Provider) -> None:
    job = provider.backup("database")
    saturday_night = MONDAY + timedelta(days=5, hours=16)
    wanted = request_restore(job=job, what="Las facturas de ayer", by=provider.contact, at=saturday_night)
    assert wanted.ticket.category.name == "Restablecimiento"
    assert_due_in_two_hours(wanted.ticket)
    for step in wanted.steps.all():
        tick_step(step=step, is_done=True, by=provider.agent, at=saturday_night + HOUR)
    read = browser_of(provider.contact).get(f"/restores/{wanted.ticket.number}/").content.decode()
    assert "Las facturas de ayer" in read
    assert read.count("means-calm") == wanted.steps.count()
    resolve_ticket(ticket=wanted.ticket, by=provider.agent, at=saturday_night + HOUR)
    assert Clock.objects.get(ticket=wanted.ticket, metric="restore").ended_at == saturday_night + HOUR


@pytest.mark.parametrize("preset", [BINARIO])
def test_b4_what_is_not_restored_in_time_is_a_breach(provider: Provider) -> None:
    saturday_night = MONDAY + timedelta(days=5, hours=16)
    job = provider.backup("files")
    asked = request_restore(job=job, what="Todo", by=provider.contact, at=saturday_night)
    disconnected = provider.ticket("Conectividad y disponibilidad", "critical", at=saturday_night)
    assert_due_in_two_hours(disconnected)
    sweep_of_clocks(now=saturday_night + 3 * HOUR)
    for ticket in (asked.ticket, disconnected):
        clock = Clock.objects.get(ticket=ticket, metric="restore")
        assert clock.breached_at == saturday_night + 2 * HOUR


def assert_due_in_two_hours(ticket: Ticket) -> None:
    """Around the clock, from its filing on."""
    assert Clock.objects.get(ticket=ticket, metric="restore").due_at == ticket.filed_at + 2 * HOUR


def job_of(job: BackupJob) -> BackupJob:
    """As it stands now."""
    return BackupJob.objects.select_related("verification_ticket").get(pk=job.pk)


@pytest.mark.parametrize("preset", [BINARIO])
def test_b6_an_upgrade_request_leads_to_a_window_and_hears_of_its_end(provider: Provider) -> None:
    request = provider.ticket("Actualización de la plataforma", "low")
    starts_at = MONDAY + timedelta(days=7)
    window = provider.window(starts_at, kind=Kind.UPDATE)
    link_ticket(window=window, ticket=request, by=provider.agent, at=MONDAY)
    window = schedule_window(window=window, by=provider.agent, at=MONDAY)
    start_window(window=window, by=provider.agent, at=starts_at)
    complete_window(window=window, by=provider.agent, at=starts_at + HOUR)
    told = tell_tickets(window=window, text="Listo.", by=provider.agent, at=starts_at + HOUR)
    assert told == WindowTicket.objects.filter(window=window, told_at__isnull=False).count() == 1
    assert Message.objects.filter(ticket=request, body="Listo.", from_staff=True).exists()
