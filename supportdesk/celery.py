"""The Celery application and the whole schedule of the house on one page."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")

app = Celery("supportdesk")
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
    "deliver what waits in the outbox": {
        "task": "notifications.tasks.deliver",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "close what has been resolved for seven days": {
        "task": "tickets.tasks.close_resolved",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
