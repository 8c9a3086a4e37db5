"""Where nothing is promised it is said in words, and nothing is ever overdue."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sla.models import Clock
from sla.services import change_plan
from sla.sweep import sweep_tenant
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.counts import desk_counts
from tickets.models import Ticket

Login = Callable[[Any], DeskClient]
LATER = MONDAY + timedelta(days=400)


@pytest.fixture(params=["no contract", "no target"])
def ticket(desk: Desk, request: pytest.FixtureRequest) -> Ticket:
    """A ticket for which nothing is promised, for either reason."""
    if request.param == "no contract":
        desk.contract.delete()
    else:
        change_plan(
            plan=desk.plan,
            seen_number=1,
            at=MONDAY,
            by=desk.admin,
            name="Gold",
            calendar=desk.calendar,
            targets=[],
        )
    return new_ticket(desk, priority="critical", at=MONDAY + timedelta(hours=1))


def test_every_page_says_so(desk: Desk, ticket: Ticket, login: Login) -> None:
    address = f"/tickets/{ticket.number}/"
    assert "no commitment" in login(desk.agent).get("/queue/").content.decode()
    assert "Nothing is promised for this ticket" in login(desk.agent).get(address).content.decode()
    for page in (address, "/tickets/"):
        assert "No commitment on when" in login(desk.contact).get(page).content.decode()


def test_it_is_never_overdue(desk: Desk, ticket: Ticket, login: Login) -> None:
    assert sweep_tenant(now=LATER) == 0
    assert not Clock.objects.filter(ticket=ticket).exists()
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.due_state, ticket.is_breached(LATER)) == (None, "none", False)
    counts = desk_counts(desk.agent, now=LATER)
    assert (counts["all"], counts["at_risk"], counts["breached"]) == (1, 0, 0)
    assert "No promise is broken" in login(desk.agent).get("/queue/?view=breached").content.decode()
