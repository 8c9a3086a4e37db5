"""The task that has monitors looked at: on the schedule, and desk by desk."""

import pytest
from django.utils import timezone

from accounts.tenancy import tenant_scope
from maintenance import tasks
from maintenance.models import Monitor, Outage
from supportdesk.celery import app
from tests.factories import Desk
from tests.maintenance.test_monitors import BAD, new_monitor


def test_every_task_of_the_schedule_is_there() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_desks_with_something_due_are_looked_at(
    desk: Desk, other_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks.check_monitors_of, "delay", asked.append)
    monitor = new_monitor(desk, failures_to_open=1)
    assert tasks.check_monitors() == 1
    assert asked == [desk.tenant.pk]
    monkeypatch.setattr("maintenance.monitor_sweep.run_check", lambda check: BAD)
    assert tasks.check_monitors_of(desk.tenant.pk) == 1
    with tenant_scope(desk.tenant.pk):
        assert Outage.objects.get().title == "ERP production is down"
        monitor = Monitor.objects.get(pk=monitor.pk)
        assert monitor.next_check_at is not None
        assert monitor.next_check_at > timezone.now()
