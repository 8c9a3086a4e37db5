"""`manage.py explain_ticket`: what the page says, for whoever has only a terminal."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.tenancy import tenant_scope
from tests.factories import MONDAY, Desk, new_ticket
from tickets.services import change_status, reply_to_ticket, set_due


def explained(reference: str) -> str:
    out = StringIO()
    with tenant_scope(None):
        call_command("explain_ticket", reference, stdout=out)
    return out.getvalue()


def test_every_clock_with_its_receipt_and_its_terms(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="critical")
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Look", at=MONDAY + timedelta(hours=1))
    change_status(ticket=ticket, status="pending", by=desk.agent, at=MONDAY + timedelta(hours=2))
    change_status(ticket=ticket, status="open", by=desk.agent, at=MONDAY + timedelta(hours=3))
    said = explained(f"acme-{ticket.number}")
    assert f"ACME-{ticket.number} The till does not print (Acme, Critical)" in said
    assert "First response 1: met (2 to 4 business hours)" in said
    assert "Plan Gold, version 1 · calendar Office hours, version 1 (Asia/Karachi)" in said
    assert "contract from Thu 1 Jan" in said
    assert "Time zone rules 20" in said
    assert "1 h counted: Mon 10:00\u201311:00" in said
    assert "1 h paused: Pending, by Ali Agent" in said
    assert "Because our promise is 4 business hours from Mon 2 Mar, 10:00" in said


def test_a_due_time_set_by_hand_stands_beside_the_reckoned_one(desk: Desk) -> None:
    ticket = new_ticket(desk, priority="critical")
    set_due(
        ticket=ticket,
        metric="first_response",
        due_at=MONDAY + timedelta(days=1),
        reason="Agreed by telephone",
        by=desk.supervisor,
        at=MONDAY,
    )
    said = explained(f"ACME-{ticket.number}")
    assert "Tue 3 Mar, 10:00 Karachi" in said
    assert "Reckoned: Mon 2 Mar, 14:00 Karachi" in said
    assert "Reckoned limit, replaced by a due time set by hand" in said
    assert "Because this time was agreed for this ticket." in said


def test_a_ticket_without_a_promise_says_so(desk: Desk) -> None:
    desk.plan.versions.get().targets.all().delete()
    assert "No commitment" in explained(f"ACME-{new_ticket(desk).number}")


@pytest.mark.parametrize("reference", ["ACME-999999", "NOBODY-1001", "ACME", f"ACME-{10**12}"])
def test_what_is_no_ticket_is_told(desk: Desk, reference: str) -> None:
    with pytest.raises(CommandError, match="no ticket"):
        explained(reference)
