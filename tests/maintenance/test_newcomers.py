"""Who comes after a window was announced: new customers, new people, those whom it concerns again."""

from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Customer, Membership
from accounts.tenancy import tenant_scope
from maintenance.models import Notice, NoticeTold, WindowCustomer
from maintenance.services.windows import move_window, start_window
from maintenance.sweep import sweep_tenant, welcome_newcomers
from maintenance.tasks import tell_newcomers
from notifications.models import Notification, OutboxMessage
from notifications.services import deliver_mails
from sla.services import give_contract
from tests.factories import MONDAY, Desk, add_person, browser_of, new_service
from tests.maintenance.test_notices import entry_of
from tests.maintenance.windows import HOUR, IN_A_WEEK, promise_notice, scheduled_window


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def letters(at: datetime) -> list[tuple[str, str]]:
    """Welcome, sweep and deliver; returns what arrived about maintenance as (address, first words)."""
    OutboxMessage.objects.exclude(kind="maintenance").delete()
    before = len(mail.outbox)
    welcome_newcomers(now=at)
    sweep_tenant(now=at)
    deliver_mails(now=at, most=1000)
    return sorted((letter.to[0], str(letter.subject).partition(":")[0]) for letter in mail.outbox[before:])


def new_customer(desk: Desk, at: datetime) -> tuple[Customer, Membership]:
    customer = accounts.create_customer(tenant_id=desk.tenant.pk, name="New Noodles", at=at)
    return customer, add_person(desk.owner, "noodle@acme.example", "Nina Noodle", "member", customer)


def test_a_customer_that_came_later_is_invited_shown_reminded_and_the_report_is_true(desk: Desk) -> None:
    promise_notice(desk, 72, (72, 24, 1))
    window = scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    at = MONDAY + 24 * HOUR
    customer, nina = new_customer(desk, at)
    give_contract(customer=customer, plan=desk.plan, starts_on=at.date(), at=at, by=desk.owner)
    mail.outbox.clear()
    deliver_mails(now=MONDAY, most=1000)
    mail.outbox.clear()
    assert letters(at) == [("noodle@acme.example", "Maintenance planned")]
    calendar, entry = entry_of(mail.outbox[0])
    assert (str(calendar["METHOD"]), entry["SEQUENCE"]) == ("REQUEST", 1)
    assert Notification.objects.filter(recipient=nina, kind="maintenance").count() == 1
    assert letters(at + HOUR) == []
    row = WindowCustomer.objects.get(window=window, customer=customer)
    assert (row.told_at, row.promised_hours) == (at, 72)
    for path in ("/maintenance/", f"/maintenance/{window.pk}/"):
        assert window.title in browser_of(nina).get(path).content.decode()
    reminded = [address for address, said in letters(IN_A_WEEK - 72 * HOUR) if said == "Maintenance soon"]
    assert "noodle@acme.example" in reminded
    later = IN_A_WEEK + 24 * HOUR
    move_window(window=window, starts_at=later, ends_at=later + HOUR, by=desk.agent, at=MONDAY + 25 * HOUR)
    assert ("noodle@acme.example", "Maintenance moved") in letters(MONDAY + 25 * HOUR)


def test_who_comes_inside_the_notice_was_promised_nothing_but_is_told(desk: Desk) -> None:
    promise_notice(desk, 72, (24,))
    window = scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    at = IN_A_WEEK - 30 * HOUR
    customer, _nina = new_customer(desk, at)
    give_contract(customer=customer, plan=desk.plan, starts_on=at.date(), at=at, by=desk.owner)
    assert ("noodle@acme.example", "Maintenance planned") in letters(at)
    row = WindowCustomer.objects.get(window=window, customer=customer)
    assert (row.told_at, row.promised_hours) == (at, None)


def test_a_reminder_that_comes_first_is_no_invitation(desk: Desk) -> None:
    promise_notice(desk, 72, (24,))
    window = scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    deliver_mails(now=MONDAY, most=1000)
    at = IN_A_WEEK - 24 * HOUR
    customer, _nina = new_customer(desk, at)
    give_contract(customer=customer, plan=desk.plan, starts_on=at.date(), at=at, by=desk.owner)
    sweep_tenant(now=at)
    assert WindowCustomer.objects.get(window=window, customer=customer).told_at is None
    theirs = [said for address, said in letters(at) if address == "noodle@acme.example"]
    assert theirs == ["Maintenance planned", "Maintenance soon"]
    assert WindowCustomer.objects.get(window=window, customer=customer).told_at == at
    assert letters(at + HOUR) == []


def test_no_reminder_leaves_after_the_start(desk: Desk) -> None:
    promise_notice(desk, 72, (1,))
    window = scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    sweep_tenant(now=IN_A_WEEK - HOUR)
    waiting = OutboxMessage.objects.waiting().filter(key__contains=":reminder:")
    assert waiting.count() == 4
    start_window(window=window, by=desk.agent, at=IN_A_WEEK)
    assert waiting.count() == 0


def test_a_person_that_comes_later_is_invited_once(desk: Desk) -> None:
    scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    deliver_mails(now=MONDAY, most=1000)
    add_person(desk.owner, "new@acme.example", "Nick New", "member", desk.customer)
    gone = add_person(desk.owner, "gone@acme.example", "Gus Gone", "member", desk.customer)
    accounts.deactivate_person(membership=gone, by=desk.owner, at=MONDAY)
    assert letters(MONDAY + HOUR) == [("new@acme.example", "Maintenance planned")]
    assert letters(MONDAY + 2 * HOUR) == []
    assert NoticeTold.objects.filter(notice__kind="announced").count() == 5


def test_nobody_is_invited_to_what_has_begun_and_pages_say_it_all_the_same(desk: Desk) -> None:
    window = scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    start_window(window=window, by=desk.agent, at=IN_A_WEEK)
    _customer, nina = new_customer(desk, IN_A_WEEK)
    sweep_tenant(now=IN_A_WEEK)
    assert ("noodle@acme.example", "Maintenance planned") not in letters(IN_A_WEEK + HOUR)
    assert browser_of(nina).get(f"/maintenance/{window.pk}/").status_code == 200


def test_what_is_about_to_be_told_and_what_concerns_others_is_left_alone(desk: Desk) -> None:
    scheduled_window(desk)
    private = new_service(desk, "Bakery ovens", customer=desk.customer)
    theirs = scheduled_window(desk, services=[private])
    assert welcome_newcomers(now=MONDAY) == 0
    assert Notice.objects.waiting().filter(kind="announced").count() == 2
    sweep_tenant(now=MONDAY)
    customer, nina = new_customer(desk, MONDAY)
    assert welcome_newcomers(now=MONDAY) == 1
    assert not WindowCustomer.objects.filter(window=theirs, customer=customer).exists()
    assert browser_of(nina).get(f"/maintenance/{theirs.pk}/").status_code == 404


def test_the_task_welcomes_in_every_desk(desk: Desk, other_desk: Desk) -> None:
    now: Any = timezone.now()
    for built in (desk, other_desk):
        with tenant_scope(built.tenant.pk):
            scheduled_window(built, starts_at=now + 99 * HOUR, at=now)
            sweep_tenant(now=now)
            email = f"new@{built.tenant.slug}.example"
            add_person(built.owner, email, "Nick New", "member", built.customer)
    assert tell_newcomers() == 2
    assert tell_newcomers() == 0
