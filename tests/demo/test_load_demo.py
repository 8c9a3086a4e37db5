"""The demo: the same for the same instant, every state in the queue at any hour, the past over."""

import os
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import ContactGroup, Customer, Membership, Role, Standing, Team, Tenant, User
from accounts.services import create_tenant
from accounts.standing import stops
from accounts.tenancy import tenant_scope
from hours.models import EntryKind, HoursAccount, LedgerEntry, Pack
from maintenance.models import BackupJob, Monitor
from notifications.models import Notification, OutboxMessage
from sla.models import Clock, ClockStatus, Escalation, Metric, Place
from supportdesk.connections import lacks_demo
from supportdesk.demo import logins
from supportdesk.demo.content import SLUGS, read_desk
from supportdesk.demo.load import Wanted, add_operator, load_desk, missing_desks
from tests.kept import Kept
from tickets.lifecycle import UNRESOLVED
from tickets.models import (
    Approval,
    Attachment,
    CategoryPurpose,
    DueState,
    IntakeAnswers,
    Message,
    Purpose,
    Rating,
    Ticket,
    TicketEvent,
)

TUESDAY_MORNING = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # 10:30 in Mexico, 21:30 in Lahore
SUNDAY_NIGHT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # Sunday 07:00 in Lahore, Saturday night in Mexico
NEW_YEAR = datetime(2027, 1, 1, 5, 0, tzinfo=UTC)  # a holiday comes, and the years of the calendars change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def load(now: datetime, tickets: int = 0, days: int = 8) -> None:
    for slug in missing_desks():
        load_desk(Wanted(slug, now, days, tickets))


@pytest.fixture(scope="module")
def kept_demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Kept[None]:
    """The demo of Tuesday morning, loaded once for all tests that only look at it."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("demo")),
    ):
        return Kept(lambda: load(TUESDAY_MORNING, tickets=3), lambda _made: list(Tenant.objects.all()))


def everything() -> list[Any]:
    """What both desks hold, in words and instants; ids and secrets left out."""
    found: list[Any] = []
    for tenant in Tenant.objects.order_by("slug"):
        with tenant_scope(tenant.pk):
            tickets = Ticket.objects.order_by("number")
            found += tickets.values_list("number", "subject", "status", "priority", "filed_at", "due_at")
            events = TicketEvent.objects.order_by("ticket__number", "at", "pk")
            found += events.values_list("ticket__number", "kind", "at", "actor__name", "message__body")
            clocks = Clock.objects.order_by("ticket__number", "metric", "cycle")
            found += clocks.values_list("metric", "status", "due_at", "breached_at", "ended_at")
            found += Escalation.objects.order_by("due_at", "clock__ticket__number").values_list(
                "step__place", "fired_at"
            )
            found += OutboxMessage.objects.order_by("created_at", "to", "key").values_list(
                "to", "subject", "sent_at"
            )
    return found


def test_the_same_instant_gives_the_same_demo(kept_demo: Kept[None]) -> None:
    with transaction.atomic():
        kept_demo.put_back()
        first = everything()
        transaction.set_rollback(True)
    assert not Tenant.objects.exists()
    load(TUESDAY_MORNING, tickets=3)
    assert everything() == first


@pytest.mark.parametrize("now", [TUESDAY_MORNING, SUNDAY_NIGHT, NEW_YEAR])
def test_every_state_is_in_the_queue_at_any_hour(kept_demo: Kept[None], now: datetime) -> None:
    if now == TUESDAY_MORNING:
        kept_demo.put_back()
    else:
        load(now)
    for slug in SLUGS:
        with tenant_scope(Tenant.objects.get(slug=slug).pk):
            tickets = list(Ticket.objects.filter(status__in=UNRESOLVED))
            states = Counter(_state(ticket, now) for ticket in tickets)
            assert set(states) == {"breached", "at risk", "running", "paused", "no commitment"}
            assert any(ticket.assignee_id is None for ticket in tickets)
            assert {ticket.status for ticket in tickets} == set(UNRESOLVED)
            assert {ticket.priority for ticket in tickets} == {"critical", "high", "medium", "low"}
            assert not Clock.objects.exclude(error="").exists()


def _state(ticket: Ticket, now: datetime) -> str:
    if ticket.is_breached(now):
        return "breached"
    if ticket.is_at_risk(now):
        return "at risk"
    return {DueState.PAUSED: "paused", DueState.RUNNING: "running"}.get(
        DueState(ticket.due_state), "no commitment"
    )


def test_the_past_is_over_and_its_promises_were_kept_or_missed() -> None:
    now = TUESDAY_MORNING
    load(now, tickets=36, days=32)
    for tenant in Tenant.objects.all():
        with tenant_scope(tenant.pk):
            nothing_of_the_past_is_left_to_do(now)
            promises_were_kept_missed_and_escalated(now)
            texts_are_whole()


def nothing_of_the_past_is_left_to_do(now: datetime) -> None:
    hour, days = now - timedelta(hours=1), now - timedelta(days=2)
    assert not OutboxMessage.objects.filter(sent_at=None, created_at__lt=hour).exists()
    assert not OutboxMessage.objects.filter(is_secret=True).exclude(body_text="").exists()
    assert not Notification.objects.filter(read_at=None, created_at__lt=days).exists()
    assert not TicketEvent.objects.filter(at__gt=now).exists()
    assert not Clock.objects.filter(next_action_at__lt=now - timedelta(seconds=15)).exists()
    assert not Clock.objects.exclude(error="").exists()
    kinds = set(TicketEvent.objects.values_list("kind", flat=True))
    assert kinds >= {"filed", "replied", "noted", "assigned", "resolved", "closed", "escalated"}


def promises_were_kept_missed_and_escalated(now: datetime) -> None:
    answered = Clock.objects.filter(metric=Metric.FIRST_RESPONSE, ended_at__isnull=False)
    missed = answered.filter(breached_at__isnull=False).count()
    assert 0 < missed < answered.count() / 4
    assert Clock.objects.filter(metric=Metric.RESOLUTION, status=ClockStatus.PAUSED).exists()
    assert set(Escalation.objects.values_list("step__place", flat=True)) == {Place.AIM, Place.LIMIT}
    assert all(one.fired_at - one.due_at < timedelta(seconds=15) for one in Escalation.objects.all())
    assert Attachment.objects.exists()


def texts_are_whole() -> None:
    subjects = Ticket.objects.values_list("subject", flat=True)
    texts = [*Message.objects.values_list("body", flat=True), *subjects]
    assert not [text for text in texts if re.search(r"[{}]| (?:de|a) el |  |\s[,.]", text)]
    assert not [text for text in texts if text[0].islower()]


def test_what_watches_is_there_and_one_backup_is_late(kept_demo: Kept[None]) -> None:
    kept_demo.put_back()
    for tenant in Tenant.objects.all():
        with tenant_scope(tenant.pk):
            states = Counter(BackupJob.objects.values_list("state", flat=True))
            assert states == {"good": 3, "late": 1}
            late = BackupJob.objects.get(state="late")
            assert late.ticket is not None
            assert late.ticket.filed_at == TUESDAY_MORNING
            assert not BackupJob.objects.filter(is_verification_overdue=True).exists()
            assert {purpose.purpose for purpose in CategoryPurpose.objects.all()} == set(Purpose.values)
            kinds = Monitor.objects.values_list("kind", "state", "is_paused")
            assert set(kinds) == {("http", "up", True), ("heartbeat", "up", False)}


def test_every_page_about_dealings_with_customers_has_something_to_show(kept_demo: Kept[None]) -> None:
    kept_demo.put_back()
    now = TUESDAY_MORNING
    for tenant in Tenant.objects.all():
        with tenant_scope(tenant.pk):
            assert set(LedgerEntry.objects.values_list("kind", flat=True)) == set(EntryKind.values)
            assert HoursAccount.objects.filter(low_told_at__isnull=False).count() == 1
            assert all(0 <= pack.balance <= pack.minutes + 60 for pack in Pack.objects.all())
            approvals = Counter(Approval.objects.exclude(clause_key="").values_list("state", flat=True))
            assert set(approvals) == {"waiting", "approved", "declined"}
            assert Approval.objects.filter(clause_key="", state="waiting").exists()
            bad = Customer.objects.get(open_standing="restricted")
            assert stops(bad, at=now, priority="low")
            assert not stops(bad, at=now, priority="high")
            assert Standing.objects.filter(lifted_at__lt=now).count() == 1
            assert {*Rating.objects.values_list("score", flat=True)} >= {1, 4, 5}
            assert not Rating.objects.filter(next_mail_at__lte=now).exists()
            conditional = IntakeAnswers.objects.filter(answers__has_any_keys=["pattern", "personas"])
            assert conditional.count() == 1
            assert (Team.objects.count(), ContactGroup.objects.count()) == (2, 3)
            assert Customer.objects.filter(coordinator__isnull=False).count() == 2


def test_people_of_every_role_log_in_with_the_printed_password(kept_demo: Kept[None]) -> None:
    kept_demo.put_back()
    with override_settings(DEMO=True):
        add_operator()
    printed = "\n".join(logins.lines("http://localhost:8000/"))
    assert logins.PASSWORD in printed
    for slug in SLUGS:
        assert f"http://localhost:8000/t/{slug}/" in printed
    for email in set(re.findall(r"\S+@\S+\.example", printed)):
        assert User.objects.get(email=email).check_password(logins.PASSWORD)
        assert EmailAddress.objects.filter(email=email, verified=True, primary=True).exists()
    assert all(user.email.endswith(".example") for user in User.objects.all())
    assert User.objects.get(email=logins.OPERATOR).is_superuser
    for tenant in Tenant.objects.all():
        with tenant_scope(tenant.pk):
            people = Membership.objects.select_related("user")
            assert {person.role for person in people} == set(Role.values)
            assert all(person.is_active for person in people)
            assert {person.user.language for person in people} == {tenant.language}


def test_without_the_setting_nobody_gets_a_known_password_to_the_admin() -> None:
    add_operator()
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_desk_that_is_there_is_left_alone(kept_demo: Kept[None]) -> None:
    kept_demo.put_back()
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert "there already" in out.getvalue()
    assert Tenant.objects.count() == 2


def test_a_load_that_fails_half_way_leaves_nothing_and_the_next_one_begins_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = SLUGS
    load_desk(Wanted(first, TUESDAY_MORNING, 1, 0))
    files = sorted(tmp_path.rglob("*"))
    with monkeypatch.context() as patch:
        patch.setattr("supportdesk.demo.load.leave_the_past_behind", _fail)
        with pytest.raises(RuntimeError, match="half way"):
            load_desk(Wanted(second, TUESDAY_MORNING, 1, 0))
    assert [tenant.slug for tenant in Tenant.objects.all()] == [first]
    assert [path for path in sorted(tmp_path.rglob("*")) if path.is_file() and path not in files] == []
    assert missing_desks() == [second]
    load_desk(Wanted(second, TUESDAY_MORNING, 1, 0))
    assert missing_desks() == []


def _fail(now: datetime) -> None:
    raise RuntimeError("half way")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("there", "lacks"),
    [
        ((), True),
        (SLUGS[:1], True),
        (SLUGS[1:], True),
        (SLUGS, False),
        (("acme",), False),
        ((SLUGS[0], "acme"), False),
    ],
)
def test_a_start_loads_what_the_one_before_did_not_finish(there: tuple[str, ...], lacks: bool) -> None:
    for slug in there:
        create_tenant(
            slug=slug, name=slug, ticket_prefix="ABC", language="en", time_zone="UTC", at=TUESDAY_MORNING
        )
    assert lacks_demo(os.environ["DATABASE_OWNER_URL"], SLUGS) == lacks


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_command_loads_both_desks_side_by_side() -> None:
    out = StringIO()
    call_command("load_demo", now=TUESDAY_MORNING.isoformat(), tickets=0, days=1, stdout=out)
    assert re.search(r"Salsabeel ERP: \d+ tickets, \d+ of them unresolved", out.getvalue())
    assert Tenant.objects.count() == 2


@pytest.mark.parametrize("now", ["yesterday", "2026-11-24T10:00:00"])
def test_an_instant_that_is_none_is_refused_in_one_line(now: str) -> None:
    with pytest.raises(CommandError, match="--now: "):
        call_command("load_demo", now=now)


@pytest.mark.parametrize("slug", SLUGS)
def test_conversations_fit_their_preset_and_are_many(slug: str) -> None:
    desk = read_desk(slug)
    assert len([thread for thread in desk.threads if len(thread.lines) > 2]) >= 25
    assert len({thread.subjects[0] for thread in desk.threads}) == len(desk.threads)
    for thread in desk.threads:
        assert thread.lines[0].who == "customer"
        # A word of thanks after the end would open the ticket again.
        assert "resolved" not in [line.status for line in thread.lines[:-1]]
