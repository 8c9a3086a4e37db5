"""What waits until quiet hours end, and what need not leave any more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connections, transaction
from django.utils.translation import gettext_noop

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from notifications.models import OutboxMessage
from notifications.services import LateMail, cancel_waiting, deliver_waiting, queue_email, queue_many
from notifications.waiting import tenants_with_waiting_mail
from tests.factories import MONDAY, Desk, DeskClient, build_desk

Login = Callable[[Membership], DeskClient]
pytestmark = pytest.mark.usefixtures("late_templates")
WHY = gettext_noop("Answered in time.")
MORNING = MONDAY + timedelta(hours=9)


def queue(desk: Desk, *keys: str, **changes: Any) -> None:
    OutboxMessage.objects.exclude(kind="escalation").delete()
    rows = []
    for key in keys:
        context = {"heading": key, "due_at": MONDAY}
        rows.append(
            LateMail(
                recipient=desk.agent, kind="escalation", key=key, template="late", context=context, **changes
            )
        )
    queue_many(rows, at=MONDAY)


def test_a_mail_is_held_until_its_instant(desk: Desk, login: Login) -> None:
    queue(desk, "clock:1:limit", send_after=MORNING)
    assert deliver_waiting(now=MORNING - timedelta(seconds=1)) == 0
    assert tenants_with_waiting_mail(MORNING - timedelta(seconds=1)) == []
    assert tenants_with_waiting_mail(MORNING) == [desk.tenant.pk]
    assert deliver_waiting(now=MORNING) == 1
    assert deliver_waiting(now=MORNING) == 0
    assert len(mail.outbox) == 1


def test_what_is_moot_is_cancelled_and_says_why(desk: Desk, login: Login) -> None:
    queue(desk, "clock:1:aim", "clock:1:limit", "clock:11:limit", "clock:2:aim")
    assert cancel_waiting(prefix="clock:1:", at=MONDAY, why=WHY) == 2
    assert cancel_waiting(keys=["clock:2:aim", "clock:3:aim"], at=MONDAY, why=WHY) == 1
    assert cancel_waiting(at=MONDAY, why=WHY) == 0
    assert deliver_waiting(now=MONDAY) == 1
    assert cancel_waiting(prefix="clock:", at=MONDAY, why=WHY) == 0, "what has left has left"
    assert [letter.subject for letter in mail.outbox] == ["clock:11:limit"]
    client = login(desk.admin)
    page = client.get("/console/outbox/?state=cancelled").content.decode()
    assert page.count("data-href=") == 3
    row = OutboxMessage.objects.get(key="clock:2:aim")
    assert "Answered in time." in client.get(f"/console/outbox/{row.pk}/").content.decode()
    assert tenants_with_waiting_mail(MONDAY) == []


def test_a_percent_sign_in_a_prefix_is_a_percent_sign(desk: Desk) -> None:
    queue(desk, "clock:1:aim")
    assert cancel_waiting(prefix="clock%", at=MONDAY, why=WHY) == 0


def test_a_cancelled_key_may_be_decided_on_again(desk: Desk) -> None:
    queue(desk, "clock:1:aim")
    cancel_waiting(prefix="clock:1:", at=MONDAY, why=WHY)
    queue(desk, "clock:1:aim")
    queue(desk, "clock:1:aim")
    context = {"heading": "clock:1:aim", "due_at": MONDAY}
    queue_email(
        recipient=desk.agent, kind="escalation", key="clock:1:aim", template="late", path="/", at=MONDAY,
        context=context,
    )  # fmt: skip
    assert OutboxMessage.objects.waiting().count() == 1


def test_what_is_leaving_at_this_moment_is_not_waited_for(transactional_db: None) -> None:
    desk = build_desk("acme")
    with tenant_scope(desk.tenant.pk):
        queue(desk, "clock:1:aim", "clock:1:limit")
        other = connections.create_connection("default")
        try:
            with transaction.atomic(), other.cursor() as cursor:
                cursor.execute("SELECT set_config('app.tenant_id', %s, false)", [str(desk.tenant.pk)])
                cursor.execute("BEGIN")
                cursor.execute(
                    "SELECT id FROM notifications_outboxmessage WHERE key = 'clock:1:aim' FOR UPDATE"
                )
                assert cancel_waiting(prefix="clock:1:", at=MONDAY, why=WHY) == 1
                cursor.execute("ROLLBACK")
        finally:
            other.close()
        assert deliver_waiting(now=MONDAY) == 1
