"""The Celery application and the whole schedule of the house on one page."""

import logging.config
import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import setup_logging, task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")


class DeskTask(Task[Any, Any]):
    """A task; what it changes in settings stands in the audit log as done by the desk itself."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from accounts.audit import audited_as_desk  # noqa: PLC0415  not before the apps are ready

        with audited_as_desk():
            return super().__call__(*args, **kwargs)


app = Celery("supportdesk", task_cls=DeskTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A sweep that could not start before the next one is due is dropped, not queued behind it: sweeps read
# the whole state each time, so a backlog of them would only repeat the same work.
app.conf.beat_schedule = {
    "sweep the clocks of all tenants": {
        "task": "sla.tasks.sweep",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "go on with edits of promises that are being applied": {
        "task": "sla.tasks.apply_edits",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "call the next person about emergencies": {
        "task": "sla.tasks.call",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "check services and find heartbeats that are late": {
        "task": "maintenance.tasks.check_monitors",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "start, end and tell of maintenance windows": {
        "task": "maintenance.tasks.sweep_windows",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "tell newcomers of announced maintenance": {
        "task": "maintenance.tasks.tell_newcomers",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "make the next windows of recurring maintenance": {
        "task": "maintenance.tasks.extend_series",
        "schedule": 10800.0,
        "options": {"expires": 10800},
    },
    "forget addresses that never confirmed to follow the status page": {
        "task": "maintenance.tasks.forget_subscribers",
        "schedule": 21600.0,
        "options": {"expires": 21600},
    },
    "look for backups that are late": {
        "task": "maintenance.tasks.sweep_backups",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "let prepaid hours expire whose last day is over": {
        "task": "hours.tasks.expire",
        "schedule": 1800.0,
        "options": {"expires": 1800},
    },
    "write down the end of views as somebody else that ran out": {
        "task": "accounts.tasks.end_views",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "tell of standings that are to be looked at": {
        "task": "accounts.tasks.review_standings",
        "schedule": 1800.0,
        "options": {"expires": 1800},
    },
    "put downloads of own data together": {
        "task": "reports.tasks.make_downloads",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "delete downloads of own data that have expired": {
        "task": "reports.tasks.expire",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "reckon open clocks again after a change of time zones' rules": {
        "task": "sla.tasks.follow_rules",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "try clocks again that were set aside": {
        "task": "sla.tasks.retry",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    # A day or two would do; a machine that is switched off at night shall not miss it.
    "extend the public holidays of calendars": {
        "task": "sla.tasks.extend_holidays",
        "schedule": 21600.0,
        "options": {"expires": 21600},
    },
    "reckon the clocks again from the record": {
        "task": "sla.tasks.audit",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 6 * 3600},
    },
    "look where desks' own host names point": {
        "task": "accounts.tasks.look_at_hosts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "deliver what waits in the outbox": {
        "task": "notifications.tasks.deliver",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "ask requesters how it was": {
        "task": "tickets.tasks.ask_for_ratings",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "go on with handing tickets over": {
        "task": "tickets.tasks.go_on_handing_over",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "close what has been resolved for seven days": {
        "task": "tickets.tasks.close_resolved",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}


@setup_logging.connect
def _log_as_the_web_does(**_: Any) -> None:
    from django.conf import settings  # noqa: PLC0415  not before the settings' module is named

    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
def _name_the_task_in_logs(task_id: str, **_: Any) -> None:
    from supportdesk.logs import request_id  # noqa: PLC0415

    request_id.set(task_id)


@task_postrun.connect
def _forget_the_task(**_: Any) -> None:
    from supportdesk.logs import request_id  # noqa: PLC0415

    request_id.set("")
