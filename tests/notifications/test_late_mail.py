"""Mails that are written when they leave: in bulk, to people and to bare addresses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils.translation import gettext_noop

from accounts.models import Membership
from notifications.models import Notification, OutboxMessage
from notifications.rendering import pack, unpack
from notifications.services import (
    BellLine,
    LateMail,
    Words,
    deliver_waiting,
    notify_many,
    queue_address,
    queue_many,
)
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.services import reply_to_ticket

Login = Callable[[Membership], DeskClient]
pytestmark = pytest.mark.usefixtures("late_templates")
HEADING = gettext_noop("Resolution breached on %(ref)s: %(subject)s")
WORDS = Words(HEADING, {"ref": "ACME-1001", "subject": "Kasse <1>"})
CONTEXT = {
    "heading": WORDS,
    "due_at": datetime(2026, 3, 2, 15, tzinfo=UTC),
    "ticket": {"priority": "high"},
}


def late(person: Membership, key: str = "step:1", template: str = "late") -> LateMail:
    return LateMail(
        recipient=person,
        kind="escalation",
        key=key,
        template=template,
        path="/tickets/1001/",
        context=CONTEXT,
    )


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def test_it_speaks_the_language_that_its_reader_has_when_it_leaves(desk: Desk) -> None:
    queue_many([late(desk.agent)], at=MONDAY)
    row = OutboxMessage.objects.get()
    assert (row.state, row.subject, row.body_text) == ("waiting", "", "")
    user = desk.agent.user
    user.language, user.time_zone, user.email = "es", "America/Mexico_City", "ali@new.example"
    user.save()
    assert deliver_waiting(now=MONDAY) == 1
    [letter] = mail.outbox
    assert letter.to == ["ali@new.example"]
    assert "ACME-1001" in letter.subject
    assert "breached" not in letter.subject
    assert "09:00" in str(letter.body)
    assert "/t/acme/tickets/1001/" in str(letter.body)
    assert "Kasse &lt;1&gt;" in str(letter.alternatives[0][0])  # type: ignore[attr-defined]
    row.refresh_from_db()
    assert (row.state, row.language, row.to) == ("sent", "es", "ali@new.example")
    assert row.body_text == letter.body


def test_many_cost_one_statement_and_each_is_there_once(
    desk: Desk, django_assert_num_queries: Callable[[int], object]
) -> None:
    people = [desk.agent, desk.agent2, desk.supervisor]
    rows = [late(person, f"step:{number}") for person in people for number in range(100)]
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        queue_many(rows, at=MONDAY)
    queue_many(rows, at=MONDAY)
    assert OutboxMessage.objects.count() == 300
    lines = [
        BellLine(recipient=person, kind="escalation", key=f"step:{number}", title=WORDS, path="/")
        for person in people
        for number in range(100)
    ]
    desk.agent2.user.language = "es"
    before = Notification.objects.count()
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        notify_many(lines, at=MONDAY)
    notify_many(lines, at=MONDAY)
    assert Notification.objects.count() == before + 300
    titles = {
        line.recipient_id: line.title for line in Notification.objects.filter(key="step:1", kind="escalation")
    }
    assert titles[desk.agent.pk] == "Resolution breached on ACME-1001: Kasse <1>"
    assert titles[desk.agent2.pk] != titles[desk.agent.pk]


def test_one_that_cannot_be_written_is_set_aside_and_blocks_nobody(desk: Desk, login: Login) -> None:
    queue_many([late(desk.agent, "a", "broken"), late(desk.agent, "b", "missing")], at=MONDAY)
    nul = LateMail(
        recipient=desk.agent,
        kind="escalation",
        key="c",
        template="late",
        context={**CONTEXT, "heading": "\0"},
    )
    queue_many([nul, late(desk.agent2, "d")], at=MONDAY + timedelta(seconds=1))
    assert deliver_waiting(now=MONDAY + timedelta(minutes=1)) == 1
    states = dict(OutboxMessage.objects.values_list("key", "last_error"))
    assert "UndefinedError" in states["a"]
    assert "TemplateDoesNotExist" in states["b"]
    assert states["c"]
    assert states["d"] == ""
    assert OutboxMessage.objects.in_state("failed").count() == 3
    client = login(desk.admin)
    assert client.get("/console/outbox/").status_code == 200
    for row in OutboxMessage.objects.all():
        assert client.get(f"/console/outbox/{row.pk}/").status_code == 200
    failed = OutboxMessage.objects.get(key="a")
    assert "UndefinedError" in client.get(f"/console/outbox/{failed.pk}/").content.decode()


def test_the_outbox_page_shows_how_it_would_read_now(desk: Desk, login: Login) -> None:
    queue_many([late(desk.agent)], at=MONDAY)
    row, client = OutboxMessage.objects.get(), login(desk.admin)
    assert "Resolution breached on ACME-1001" in client.get("/console/outbox/").content.decode()
    page = client.get(f"/console/outbox/{row.pk}/").content.decode()
    assert "This is how it would be written now" in page
    assert "Ali Agent high" in page


def test_who_left_meanwhile_is_told_nothing(desk: Desk, login: Login) -> None:
    queue_many([late(desk.agent)], at=MONDAY)
    Membership.objects.filter(pk=desk.agent.pk).update(deactivated_at=MONDAY)
    desk.agent.refresh_from_db()
    queue_many([late(desk.agent, "step:2")], at=MONDAY)
    assert deliver_waiting(now=MONDAY) == 0
    row = OutboxMessage.objects.get()
    assert row.state == "cancelled"
    page = login(desk.admin).get(f"/console/outbox/{row.pk}/").content.decode()
    assert "no longer has access" in page
    reply_to_ticket(ticket=new_ticket(desk, at=MONDAY), by=desk.agent2, body="Done", at=MONDAY)
    assert OutboxMessage.objects.filter(recipient=desk.contact, cancelled_at=None).exists()
    Membership.objects.filter(pk=desk.contact.pk).update(deactivated_at=MONDAY)
    assert deliver_waiting(now=MONDAY) == 0, "one that is written already does not leave either"


def test_a_bare_address_is_told_in_the_language_of_the_desk(desk: Desk) -> None:
    desk.tenant.language = "es"
    desk.tenant.save()
    for _twice in range(2):
        queue_address(
            tenant_id=desk.tenant.pk,
            address="Duty@Example.com",
            template="late",
            context=CONTEXT,
            key="step:1",
            at=MONDAY,
        )
    assert deliver_waiting(now=MONDAY) == 1
    [letter] = mail.outbox
    assert letter.to == ["duty@example.com"]
    assert "breached" not in letter.subject
    assert "20:00" in str(letter.body), "in Lahore, where the desk is"
    assert "because you have access" not in str(letter.body)


def test_values_come_back_as_they_were_given() -> None:
    values = {"at": MONDAY, "on": MONDAY.date(), "n": 3, "list": [MONDAY], "none": None, "say": Words("Sent")}
    assert unpack(pack(values)) == values
    with pytest.raises(TypeError, match="cannot wait in the outbox"):
        pack({"thing": object()})
