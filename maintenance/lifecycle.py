"""The states of a maintenance window and the ways between them, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    IN_PROGRESS = "in_progress", pgettext_lazy("maintenance window", "In progress")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", pgettext_lazy("maintenance window", "Cancelled")


TRANSITIONS: dict[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.SCHEDULED, Status.CANCELLED}),
    Status.SCHEDULED: frozenset({Status.IN_PROGRESS, Status.CANCELLED}),
    Status.IN_PROGRESS: frozenset({Status.COMPLETED}),
    Status.COMPLETED: frozenset(),
    Status.CANCELLED: frozenset(),
}

# A service belongs to one of these at a time.
BLOCKING = (Status.SCHEDULED, Status.IN_PROGRESS)
ENDED = (Status.COMPLETED, Status.CANCELLED)
# What customers may know of: everything that was announced.
ANNOUNCED = (Status.SCHEDULED, Status.IN_PROGRESS, Status.COMPLETED, Status.CANCELLED)
