"""Work that overruns its end, and the window that was planned right behind it on the same service."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from maintenance.finding import find_time
from maintenance.models import Window
from maintenance.services.errors import StillWorkedOn
from maintenance.services.windows import complete_window, extend_window, move_window, start_window
from maintenance.sweep import sweep_tenant
from notifications.models import Notification, OutboxMessage
from tests.factories import Desk, browser_of
from tests.forms import FormPage
from tests.maintenance.test_window_pages import body, running_window
from tests.maintenance.windows import (
    HOUR,
    IN_A_WEEK,
    desk_service,
    new_window,
    promise_notice,
    scheduled_window,
)

END = IN_A_WEEK + 2 * HOUR


def statuses() -> dict[str, str]:
    return dict(Window.objects.values_list("title", "status"))


def test_the_next_window_waits_until_the_one_that_overruns_is_done(desk: Desk) -> None:
    first = scheduled_window(desk, title="First")
    second = scheduled_window(desk, title="Second", starts_at=END, responsible=desk.agent)
    sweep_tenant(now=IN_A_WEEK)
    sweep_tenant(now=END)
    assert statuses() == {"First": "in_progress", "Second": "scheduled"}
    with pytest.raises(StillWorkedOn):
        start_window(window=second, by=desk.agent, at=END)

    OutboxMessage.objects.all().delete()
    later = END + timedelta(minutes=6)
    sweep_tenant(now=later)
    sweep_tenant(now=later)
    bells = Notification.objects.filter(title="Maintenance has not been started: Second")
    assert bells.count() == 5
    letter = OutboxMessage.objects.get(kind="maintenance_overrun", recipient=desk.agent)
    assert '"held_up_by":"First"' in letter.data

    complete_window(window=first, by=desk.agent, at=later)
    sweep_tenant(now=END + timedelta(minutes=10))
    second.refresh_from_db()
    assert (second.status, second.started_at) == ("in_progress", END + timedelta(minutes=10))


def test_the_one_that_overruns_is_extended_once_the_next_has_moved(desk: Desk) -> None:
    first = scheduled_window(desk, title="First")
    second = scheduled_window(desk, title="Second", starts_at=END)
    sweep_tenant(now=IN_A_WEEK)
    sweep_tenant(now=END)
    move_window(
        window=second,
        starts_at=END + 24 * HOUR,
        ends_at=END + 26 * HOUR,
        by=desk.supervisor,
        at=END,
        emergency_reason="The work before it overruns.",
    )
    first = extend_window(window=first, ends_at=END + HOUR, by=desk.agent, at=END)
    assert first.ends_at == END + HOUR


def test_the_next_moves_in_the_same_step_or_nothing_happens(desk: Desk) -> None:
    promise_notice(desk, 1)
    now = timezone.now().replace(second=0, microsecond=0)
    start = now - timedelta(hours=2)
    first = scheduled_window(desk, title="First", at=now - 168 * HOUR, starts_at=start, ends_at=now)
    start_window(window=first, by=desk.agent, at=start)
    behind: dict[str, Any] = {"at": now - 168 * HOUR, "starts_at": now + HOUR, "ends_at": now + 2 * HOUR}
    second = scheduled_window(desk, title="Second", **behind)
    agent, path = browser_of(desk.agent), f"/maintenance/{first.pk}/extend/"
    typed = {"ends_at": shown(desk, now + 3 * HOUR)}
    page = FormPage(agent.post(path, typed))
    assert page.status == 409
    assert any("is taken by “Second”" in line for line in page.summary.values())
    assert page.value(f"starts_{second.pk}") == shown(desk, now + 3 * HOUR)
    both = typed | {f"move_{second.pk}": "on", f"starts_{second.pk}": page.value(f"starts_{second.pk}")}
    promise_notice(desk, 72)
    assert "promised 72 h" in body(agent.post(path, both), 409)
    first.refresh_from_db()
    assert first.ends_at == now, "both happen or neither"

    program: dict[str, Any] = {"ends_at": (now + 3 * HOUR).isoformat()}
    refused = agent.post(f"/api/v1/windows/{first.pk}/extend/", program, content_type="application/json")
    assert refused.json()["window"] == {"id": second.pk, "title": "Second"}
    boss = browser_of(desk.supervisor)
    assert boss.post(path, both | {"emergency_reason": "The disks are slower."}).status_code == 303
    for window, end in ((first, now + 3 * HOUR), (second, now + 4 * HOUR)):
        window.refresh_from_db()
        assert window.ends_at == end
    assert (second.is_emergency, second.sequence) == (True, 2)
    promise_notice(desk, None)
    moved = {"window": second.pk, "starts_at": (now + 5 * HOUR).isoformat()}
    program = {"ends_at": (now + 5 * HOUR).isoformat(), "moves": [moved]}
    told = agent.post(f"/api/v1/windows/{first.pk}/extend/", program, content_type="application/json")
    assert told.status_code == 200, told.json()
    second.refresh_from_db()
    assert (second.starts_at, second.is_emergency) == (now + 5 * HOUR, False)


def shown(desk: Desk, at: datetime) -> str:
    """An instant as the agent's clock reads it."""
    return at.astimezone(ZoneInfo(desk.agent.user.time_zone)).strftime("%Y-%m-%dT%H:%M")


def test_the_page_says_what_still_goes_on(desk: Desk) -> None:
    first = running_window(desk, title="First")
    past = timezone.now() - timedelta(minutes=20)
    Window.objects.filter(pk=first.pk).update(ends_at=past)
    first.window_services.update(period=(first.starts_at, past))
    second = new_window(desk, title="Second", starts_at=past, at=past - timedelta(days=7))
    Window.objects.filter(pk=second.pk).update(status="scheduled", sequence=1)
    agent = browser_of(desk.agent)
    text = body(agent.post(f"/maintenance/{second.pk}/start/"), 409)
    assert "“First” is still in progress on ERP production. Complete it first." in text
    assert agent.post(f"/maintenance/{first.pk}/complete/", {"result": ""}).status_code == 303
    assert agent.post(f"/maintenance/{second.pk}/start/").status_code == 303


def test_no_time_is_proposed_while_work_overruns(desk: Desk) -> None:
    scheduled_window(desk, title="First")
    sweep_tenant(now=IN_A_WEEK)
    now = END + timedelta(minutes=15)
    found = find_time(tenant=desk.tenant, services=[desk_service(desk)], minutes=60, days=1, at=now)
    assert found.found.slots
    assert min(slot.starts_at for slot in found.found.slots) >= now + 2 * HOUR
