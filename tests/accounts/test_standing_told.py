"""Who is told how a customer stands: set, changed, lifted, and on the day of its review."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import AuditEntry, Membership, Standing
from accounts.services import deactivate_person
from accounts.services.standing import StandingTerms, lift_standing, set_standing, tell_reviews
from accounts.tasks import review_standings
from notifications.models import Notification, OutboxMessage
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.services import ask_approval, decide_approval

Login = Callable[[Membership], DeskClient]
EVENING = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # 22:00 in Lahore


def restrict(desk: Desk, *, at: datetime = MONDAY, seen: int | None = None, **changes: Any) -> Standing:
    values = {"level": "restricted", "ground": "overdue_payment", "reason": "Three invoices"} | changes
    return set_standing(
        customer=desk.customer, terms=StandingTerms(**values), seen=seen, by=desk.admin, at=at
    )


def letters(act: str) -> dict[str, OutboxMessage]:
    return {one.to: one for one in OutboxMessage.objects.filter(kind="standing", key__endswith=f":{act}")}


def test_those_who_speak_for_it_and_the_coordinator_are_told_each_in_their_words(desk: Desk) -> None:
    desk.customer.coordinator = desk.agent
    desk.customer.save()
    desk.customer_admin.user.language = "es"
    desk.customer_admin.user.save()
    first = restrict(desk)
    told = letters("set")
    assert set(told) == {desk.customer_admin.user.email, desk.agent.user.email}
    boss, coordinator = told[desk.customer_admin.user.email], told[desk.agent.user.email]
    assert boss.language == "es"
    assert "Bright Bakery" in boss.subject
    assert coordinator.subject == "Support for Bright Bakery is restricted"
    assert "Overdue payment" in coordinator.body_text
    for letter in told.values():
        assert "Three invoices" not in letter.body_text, "the reason is the desk's own"
        assert letter.send_after is None
    assert Notification.objects.filter(kind="standing").count() == 2
    second = restrict(desk, level="suspended", way_out="Please call Sara.", seen=first.pk)
    desk.customer_admin.user.language = "en"
    assert "Sara" in letters("changed")[desk.customer_admin.user.email].body_text
    assert "suspended" in letters("changed")[desk.agent.user.email].subject
    lift_standing(customer=desk.customer, seen=second.pk, by=desk.admin, at=MONDAY + timedelta(hours=1))
    assert "open again as before" in letters("lifted")[desk.agent.user.email].subject
    assert not letters("lifted").keys() & {desk.contact.user.email, desk.other_contact.user.email}


def test_mails_wait_for_quiet_hours_and_are_taken_back_when_it_changed_meanwhile(desk: Desk) -> None:
    boss = desk.customer_admin
    boss.quiet_from, boss.quiet_until = time(20), time(7)
    boss.save()
    standing = restrict(desk, at=EVENING)
    held = letters("set")[boss.user.email]
    assert held.send_after == datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    lift_standing(customer=desk.customer, seen=standing.pk, by=desk.admin, at=EVENING + timedelta(hours=1))
    held.refresh_from_db()
    assert held.state == "cancelled"
    assert letters("lifted")[boss.user.email].state == "waiting"
    deactivate_person(membership=boss, by=desk.admin, at=MONDAY)
    restrict(desk, at=EVENING)
    told = {one.to for one in OutboxMessage.objects.filter(kind="standing", cancelled_at=None)}
    assert {desk.contact.user.email, desk.contact2.user.email} <= told, "without an admin all of its people"


def test_the_day_of_review_is_told_once(desk: Desk) -> None:
    today = timezone.localdate()
    restrict(desk, at=timezone.now(), review_on=today + timedelta(days=3))
    assert review_standings() == 0
    day = today + timedelta(days=3)
    assert tell_reviews(today=day, at=timezone.now() + timedelta(days=3)) == 1
    assert tell_reviews(today=day, at=timezone.now() + timedelta(days=3)) == 0
    said = letters("review")[desk.customer_admin.user.email]
    assert "look again" in said.subject
    assert "settle the overdue invoices" in said.body_text
    assert not AuditEntry.objects.filter(field="review_told_at").exists()


def test_mails_about_approvals_wait_too(desk: Desk) -> None:
    for person in (desk.contact, desk.agent):
        person.quiet_from, person.quiet_until = time(20), time(7)
        person.save()
    ticket = new_ticket(desk)
    ticket.assignee = desk.agent
    ticket.save()
    approval = ask_approval(ticket=ticket, question="Shall we?", by=desk.agent, at=EVENING)
    asked = OutboxMessage.objects.get(kind="approval_asked", to=desk.contact.user.email)
    assert asked.send_after == datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    assert (
        OutboxMessage.objects.get(kind="approval_asked", to=desk.customer_admin.user.email).send_after is None
    )
    decide_approval(approval=approval, approve=True, by=desk.customer_admin, at=EVENING)
    decided = OutboxMessage.objects.get(kind="approval_decided")
    assert decided.send_after == datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
