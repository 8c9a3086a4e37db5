"""What the demo holds: every state in the queue, the past over, something to see on every page."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.absences import away_among
from accounts.models import ContactGroup, Customer, Membership, Role, Standing, Team, Tenant, User
from accounts.standing import stops
from accounts.tenancy import tenant_scope
from hours.models import EntryKind, HoursAccount, LedgerEntry, Pack
from maintenance.models import BackupJob, Monitor
from notifications.models import Notification, OutboxMessage
from sla.models import Clock, ClockStatus, Escalation, Metric, Place
from supportdesk.demo import logins
from supportdesk.demo.content import SLUGS, read_desk
from supportdesk.demo.load import add_operator
from tests.demo.demo import TUESDAY_MORNING, load, states_in_the_queue
from tests.factories import browser_of
from tickets.models import (
    Approval,
    Attachment,
    CategoryPurpose,
    HandOver,
    IntakeAnswers,
    Message,
    Purpose,
    Rating,
    Ticket,
    TicketEvent,
)

NOW = TUESDAY_MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """The demo of Tuesday morning, loaded once for all tests here: each only looks at it, or is undone."""
    media = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        load(NOW, tickets=24, days=32)
        yield
        transaction.set_rollback(True)


def each_desk() -> Iterator[Tenant]:
    """Both desks, each in its scope."""
    for tenant in Tenant.objects.order_by("slug"):
        with tenant_scope(tenant.pk):
            yield tenant


def test_the_past_is_over_and_its_promises_were_kept_or_missed() -> None:
    for _tenant in each_desk():
        states_in_the_queue(NOW)
        nothing_of_the_past_is_left_to_do()
        promises_were_kept_missed_and_escalated()
        texts_are_whole()


def nothing_of_the_past_is_left_to_do() -> None:
    hour, days = NOW - timedelta(hours=1), NOW - timedelta(days=2)
    assert not OutboxMessage.objects.filter(sent_at=None, created_at__lt=hour).exists()
    assert not OutboxMessage.objects.filter(is_secret=True).exclude(body_text="").exists()
    assert not Notification.objects.filter(read_at=None, created_at__lt=days).exists()
    assert not TicketEvent.objects.filter(at__gt=NOW).exists()
    assert not Clock.objects.filter(next_action_at__lt=NOW - timedelta(seconds=15)).exists()
    assert not Clock.objects.exclude(error="").exists()
    kinds = set(TicketEvent.objects.values_list("kind", flat=True))
    assert kinds >= {"filed", "replied", "noted", "assigned", "resolved", "closed", "escalated"}


def promises_were_kept_missed_and_escalated() -> None:
    answered = Clock.objects.filter(metric=Metric.FIRST_RESPONSE, ended_at__isnull=False)
    missed = answered.filter(breached_at__isnull=False).count()
    assert 0 < missed < answered.count() / 4
    assert Clock.objects.filter(metric=Metric.RESOLUTION, status=ClockStatus.PAUSED).exists()
    assert set(Escalation.objects.values_list("step__place", flat=True)) > {Place.AIM, Place.LIMIT}
    assert all(one.fired_at - one.due_at < timedelta(seconds=15) for one in Escalation.objects.all())
    assert Attachment.objects.exists()


def texts_are_whole() -> None:
    subjects = Ticket.objects.values_list("subject", flat=True)
    texts = [*Message.objects.values_list("body", flat=True), *subjects]
    assert not [text for text in texts if re.search(r"[{}]| (?:de|a) el |  |\s[,.]", text)]
    assert not [text for text in texts if text[0].islower()]


def test_what_watches_is_there_and_one_backup_is_late() -> None:
    for _tenant in each_desk():
        states = Counter(BackupJob.objects.values_list("state", flat=True))
        assert states == {"good": 3, "late": 1}
        late = BackupJob.objects.get(state="late")
        assert late.ticket is not None
        assert late.ticket.filed_at == NOW
        assert not BackupJob.objects.filter(is_verification_overdue=True).exists()
        assert {purpose.purpose for purpose in CategoryPurpose.objects.all()} == set(Purpose.values)
        kinds = Monitor.objects.values_list("kind", "state", "is_paused")
        assert set(kinds) == {("http", "up", True), ("heartbeat", "up", False)}


def test_every_page_about_dealings_with_customers_has_something_to_show() -> None:
    for _tenant in each_desk():
        assert set(LedgerEntry.objects.values_list("kind", flat=True)) == set(EntryKind.values)
        assert HoursAccount.objects.filter(low_told_at__isnull=False).count() == 1
        assert all(0 <= pack.balance <= pack.minutes + 60 for pack in Pack.objects.all())
        approvals = Counter(Approval.objects.exclude(clause_key="").values_list("state", flat=True))
        assert set(approvals) == {"waiting", "approved", "declined"}
        assert Approval.objects.filter(clause_key="", state="waiting").exists()
        bad = Customer.objects.get(open_standing="restricted")
        assert stops(bad, at=NOW, priority="low")
        assert not stops(bad, at=NOW, priority="high")
        assert Standing.objects.filter(lifted_at__lt=NOW).count() == 1
        assert {*Rating.objects.values_list("score", flat=True)} >= {1, 4, 5}
        assert not Rating.objects.filter(next_mail_at__lte=NOW).exists()
        conditional = IntakeAnswers.objects.filter(answers__has_any_keys=["pattern", "personas"])
        assert conditional.count() == 1
        assert (Team.objects.count(), ContactGroup.objects.count()) == (2, 3)
        assert Customer.objects.filter(coordinator__isnull=False).count() == 2


def test_somebody_is_away_whose_tickets_a_colleague_has_and_one_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for _tenant in each_desk():
        staff = Membership.objects.staff().select_related("user")
        (away,) = away_among(list(staff), NOW)
        person = staff.get(pk=away)
        hand_over = HandOver.objects.get(person=person)
        assert hand_over.ended_at is not None
        assert not TicketEvent.objects.filter(actor=person, at__gt=hand_over.asked_at).exists()
        page = browser_of(staff.get(role="supervisor")).get("/absences/").content.decode()
        for one in {each.person_id for each in person.absences.model.objects.filter(ends_at__gt=NOW)}:
            assert staff.get(pk=one).name in page
        assert f"/people/{person.pk}/hand-over/?due" in page


def test_people_of_every_role_log_in_with_the_printed_password() -> None:
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
    for tenant in each_desk():
        people = Membership.objects.select_related("user")
        assert {person.role for person in people} == set(Role.values)
        assert all(person.is_active for person in people)
        assert {person.user.language for person in people} == {tenant.language}


def test_a_desk_that_is_there_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_demo")
    assert "there already" in capsys.readouterr().out
    assert Tenant.objects.count() == 2


@pytest.mark.parametrize("slug", SLUGS)
def test_conversations_fit_their_preset_and_are_many(slug: str) -> None:
    desk = read_desk(slug)
    assert len([thread for thread in desk.threads if len(thread.lines) > 2]) >= 25
    assert len({thread.subjects[0] for thread in desk.threads}) == len(desk.threads)
    for thread in desk.threads:
        assert thread.lines[0].who == "customer"
        # A word of thanks after the end would open the ticket again.
        assert "resolved" not in [line.status for line in thread.lines[:-1]]
