"""What windows do by themselves: begin, end, overrun; one bad row holds up nothing."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import tenant_scope
from maintenance import sweep
from maintenance.models import Notice, NoticeTold
from maintenance.services.windows import extend_window, start_window
from maintenance.sweep import sweep_tenant
from maintenance.tasks import sweep_windows
from notifications.models import Heartbeat, Notification, OutboxMessage
from tests.factories import MONDAY, Desk, new_service
from tests.maintenance.windows import HOUR, IN_A_WEEK, plan_of_its_own, promise_notice, scheduled_window


def test_a_window_begins_and_ends_by_itself_where_chosen(desk: Desk) -> None:
    window = scheduled_window(desk, ends_by_itself=True)
    sweep_tenant(now=IN_A_WEEK - HOUR / 60)
    window.refresh_from_db()
    assert window.status == "scheduled"
    sweep_tenant(now=IN_A_WEEK)
    window.refresh_from_db()
    assert (window.status, window.started_at) == ("in_progress", IN_A_WEEK)
    sweep_tenant(now=IN_A_WEEK + 2 * HOUR)
    window.refresh_from_db()
    assert (window.status, window.ended_at) == ("completed", IN_A_WEEK + 2 * HOUR)
    assert [event.actor for event in window.events.all()] == [desk.agent, desk.agent, None, None]


def test_a_sweep_after_a_stand_still_does_all_at_once(desk: Desk) -> None:
    promise_notice(desk, 72, (72, 24, 1))
    window = scheduled_window(desk, ends_by_itself=True)
    sweep_tenant(now=IN_A_WEEK + 9 * HOUR)
    window.refresh_from_db()
    assert (window.status, window.ended_at) == ("completed", IN_A_WEEK + 2 * HOUR)
    kinds = set(Notice.objects.filter(done_at__isnull=False).values_list("kind", flat=True))
    assert kinds == {"announced", "started", "completed"}


def test_of_several_late_reminders_the_nearest_is_given(desk: Desk) -> None:
    promise_notice(desk, 72, (72, 24, 1))
    scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    sweep_tenant(now=IN_A_WEEK - 2 * HOUR)
    given = Notice.objects.filter(kind="reminder", done_at__isnull=False)
    assert [notice.hours for notice in given] == [24]
    assert Notice.objects.get(hours=72).cancelled_at == IN_A_WEEK - 2 * HOUR


def test_after_a_stand_still_nobody_is_left_without_a_reminder(desk: Desk) -> None:
    promise_notice(desk, 72, (1,))
    promise_notice(desk, 72, (24,), plan=plan_of_its_own(desk, desk.other_customer))
    scheduled_window(desk, responsible=desk.agent2)
    sweep_tenant(now=MONDAY)
    sweep_tenant(now=IN_A_WEEK - HOUR / 2)
    told = NoticeTold.objects.filter(notice__kind="reminder")
    assert dict(told.values_list("person__user__email", "notice__hours")) == {
        "contact@acme.example": 1,
        "contact2@acme.example": 1,
        "customer_admin@acme.example": 1,
        "agent2@acme.example": 1,
        "other_contact@acme.example": 24,
    }
    assert told.count() == 5


def test_staff_hear_once_of_an_overrun_and_again_after_an_extension(desk: Desk) -> None:
    window = start_window(window=scheduled_window(desk, responsible=desk.agent2), by=desk.agent, at=IN_A_WEEK)
    end = IN_A_WEEK + 2 * HOUR
    sweep_tenant(now=end)
    sweep_tenant(now=end + HOUR)
    bells = Notification.objects.filter(kind="maintenance_overrun")
    assert bells.count() == bells.values("recipient").distinct().count() == 5
    assert bells[0].title == "Maintenance overruns its end: New database version"
    mails = OutboxMessage.objects.filter(kind="maintenance_overrun")
    assert [row.recipient for row in mails] == [desk.agent2]
    assert window.events.filter(kind="overran").count() == 1
    extend_window(window=window, ends_at=end + 2 * HOUR, by=desk.agent, at=end + HOUR)
    sweep_tenant(now=end + 2 * HOUR)
    assert bells.count() == 10


def test_staff_hear_of_work_that_nobody_began(desk: Desk) -> None:
    window = scheduled_window(desk, starts_by_itself=False)
    sweep_tenant(now=IN_A_WEEK)
    assert not Notification.objects.filter(kind="maintenance_overrun").exists()
    sweep_tenant(now=IN_A_WEEK + HOUR)
    sweep_tenant(now=IN_A_WEEK + HOUR)
    bells = Notification.objects.filter(kind="maintenance_overrun")
    assert {bell.title for bell in bells} == {"Maintenance has not been started: New database version"}
    assert bells.count() == 5
    window.refresh_from_db()
    assert window.status == "scheduled"


def test_a_restore_test_waits_for_its_result(desk: Desk) -> None:
    window = scheduled_window(desk, kind="restore_test", ends_by_itself=True)
    sweep_tenant(now=IN_A_WEEK + 3 * HOUR)
    window.refresh_from_db()
    assert (window.status, window.overran_at) == ("in_progress", IN_A_WEEK + 3 * HOUR)


def test_one_window_that_cannot_be_told_holds_up_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = scheduled_window(desk, services=[new_service(desk, "Bad")])
    good = scheduled_window(desk, services=[new_service(desk, "Good")])
    right = sweep.give_notice

    def broken(notice: Any, window: Any, **values: Any) -> int:
        if window.pk == bad.pk:
            right(notice, window, **values)
            raise ValueError
        return right(notice, window, **values)

    monkeypatch.setattr(sweep, "give_notice", broken)
    sweep_tenant(now=MONDAY)
    assert set(NoticeTold.objects.values_list("notice__window", flat=True)) == {good.pk}
    monkeypatch.undo()
    sweep_tenant(now=MONDAY)
    assert set(NoticeTold.objects.values_list("notice__window", flat=True)) == {good.pk, bad.pk}


def test_the_task_sweeps_every_desk_and_says_that_it_did(desk: Desk, other_desk: Desk) -> None:
    now = timezone.now()
    for built in (desk, other_desk):
        with tenant_scope(built.tenant.pk):
            scheduled_window(built, starts_at=now + 99 * HOUR, at=now)
    sweep_windows()
    for built in (desk, other_desk):
        with tenant_scope(built.tenant.pk):
            assert set(NoticeTold.objects.values_list("person", flat=True)) >= {built.contact.pk}
    assert Heartbeat.objects.get(name="maintenance").at >= now
