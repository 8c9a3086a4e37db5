"""Hours that run out are said in words wherever somebody meets them, and change nothing."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from sla.models import CalendarVersion, Edit, EditState, Reach, SupportCalendar
from sla.services import create_calendar
from sla.services.edits import apply_edit, draft_edit
from sla.services.plans import terms_of
from tests.factories import FOUNDED, KARACHI, Desk, DeskClient, new_ticket
from tickets.models import Message, Ticket

Login = Callable[[Membership], DeskClient]
SAID = "With these hours some open promise would never fall due"


@pytest.fixture
def fair(desk: Desk) -> SupportCalendar:
    """Open on one day that has passed: nobody can save this today, but it may stand from before."""
    calendar = create_calendar(tenant_id=desk.tenant.pk, name="Fair", spec=KARACHI, at=FOUNDED)
    once = {"tz": "Asia/Karachi", "week": {}, "overrides": {"2026-01-02": [["09:00", "10:00"]]}}
    CalendarVersion.objects.filter(calendar=calendar).update(spec=once)
    return calendar


@pytest.fixture
def draft(desk: Desk, fair: SupportCalendar) -> Edit:
    """The desk's plan, reckoned on those hours."""
    targets = terms_of(desk.plan.versions.get())
    values = {"name": "Gold", "calendar": fair, "targets": targets}
    return draft_edit(plan=desk.plan, seen_number=1, by=desk.admin, at=timezone.now(), values=values)


@pytest.fixture
def ticket(desk: Desk) -> Ticket:
    return new_ticket(desk, priority="high", at=timezone.now() - timedelta(minutes=5))


def test_a_look_at_such_hours_says_so(desk: Desk, ticket: Ticket, draft: Edit, login: Login) -> None:
    client = login(desk.admin)
    assert SAID in client.get(f"/console/edits/{draft.pk}/").content.decode()
    page = client.get(f"/console/edits/{draft.pk}/effect/?reach=from_start")
    assert page.status_code == 409
    assert SAID in page.content.decode()


def test_what_meets_such_hours_is_not_done_and_says_why(desk: Desk, draft: Edit, login: Login) -> None:
    edit = apply_edit(draft, reach=Reach.NEW, by=desk.admin, at=timezone.now())
    assert edit.state == EditState.APPLIED
    form = {"subject": "No paper", "body": "The till.", "category": desk.category.pk, "priority": "high"}
    client = login(desk.contact)
    page = client.post("/tickets/new/", form)
    assert page.status_code == 409
    assert "“Fair” never opens again" in page.content.decode()
    page = client.post("/tickets/new/", form, headers={"HX-Request": "true"})
    assert (page.status_code, page["HX-Reswap"], page.content) == (409, "none", b"")
    assert "“Fair”" in json.loads(page["HX-Trigger"])["toast"]["text"]
    assert not Ticket.objects.exists()
    assert not Message.objects.exists()
