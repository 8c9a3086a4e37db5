"""Refused rules of maintenance. Each says in the reader's language what was refused.

`field` names the field of the form that the words belong beside, "" for the form as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.humantime import exact_moment
from accounts.models import Customer
from maintenance.models import Window
from tickets.models import Service
from tickets.services.errors import TicketRuleBroken


class MaintenanceRuleBroken(TicketRuleBroken):
    """A rule of maintenance refused an intention; `words()` says which, for people."""

    field = ""


class NotAllowed(MaintenanceRuleBroken):
    """The person may not do this."""

    code = "not_allowed"

    def words(self) -> str:
        return _("You may not do this.")


class Overtaken(MaintenanceRuleBroken):
    """Somebody else changed the same thing first."""

    code = "edited_meanwhile"

    def words(self) -> str:
        return _(
            "Somebody else has changed this meanwhile. Nothing was overwritten and what you entered still "
            "stands here: look at what has changed, then save again if yours shall replace it."
        )


class WrongStatus(MaintenanceRuleBroken):
    """The window's status has no way to what was asked for."""

    code = "wrong_status"

    def __init__(self, window: Window) -> None:
        super().__init__(window.pk, window.status)
        self.window = window

    def words(self) -> str:
        values = {"status": self.window.get_status_display()}
        return _("This cannot be done any more: the window is “%(status)s”.") % values


class NoServices(MaintenanceRuleBroken):
    """Maintenance works on at least one service."""

    code = "no_services"
    field = "services"

    def words(self) -> str:
        return _("Choose at least one service.")


class EndsBeforeStart(MaintenanceRuleBroken):
    """A window ends after it starts; an extension ends after the end that was planned, and later than now."""

    code = "ends_before_start"
    field = "ends_at"

    def words(self) -> str:
        return _("Choose a later end.")


class LastBeforeFirst(EndsBeforeStart):
    """What recurs does not end before its first day."""

    field = "last_date"

    def words(self) -> str:
        return _("The last day must not be before the first.")


class StartsInThePast(MaintenanceRuleBroken):
    """What is announced lies ahead."""

    code = "starts_in_the_past"
    field = "starts_at"

    def words(self) -> str:
        return _("The start has passed. Choose a later one.")


class StartsLater(MaintenanceRuleBroken):
    """Nobody starts before the time that customers were told."""

    code = "starts_later"

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(starts_at)
        self.starts_at = starts_at

    def words(self) -> str:
        values = {"when": exact_moment(self.starts_at)}
        return _("Customers were told %(when)s. Move the window to start earlier.") % values


class TimesAreMoved(MaintenanceRuleBroken):
    """The times of a window that was scheduled change by `move_window` and `extend_window` alone."""

    code = "times_are_moved"
    field = "starts_at"

    def words(self) -> str:
        return _("This window was announced. Move it to change its times.")


class AudienceSettled(MaintenanceRuleBroken):
    """Services and customers of a window in progress stay as they are."""

    code = "audience_settled"
    field = "services"

    def words(self) -> str:
        return _("Services and customers cannot change while the window is in progress.")


class EmergencyNeedsReason(MaintenanceRuleBroken):
    """Whoever skips the notice says why."""

    code = "emergency_needs_reason"
    field = "emergency_reason"

    def words(self) -> str:
        return _("Say why this cannot wait.")


class ReasonNeeded(MaintenanceRuleBroken):
    """What was announced is not cancelled without saying why."""

    code = "reason_needed"
    field = "why"

    def words(self) -> str:
        return _("Say why it is cancelled: customers read it.")


class ResultNeeded(MaintenanceRuleBroken):
    """A restore test ends with its result."""

    code = "result_needed"
    field = "result"

    def words(self) -> str:
        return _("Write down the result of the restore test.")


class TextNeeded(MaintenanceRuleBroken):
    """Nothing was written."""

    code = "text_needed"
    field = "text"

    def words(self) -> str:
        return _("Write something first.")


class BadRule(MaintenanceRuleBroken):
    """No rule of recurrence that is taken here, or one without a single day."""

    code = "bad_rule"
    field = "rule"

    def words(self) -> str:
        return _("This rule names no days. Example: FREQ=MONTHLY;BYDAY=1SU")


class TakesNoTime(MaintenanceRuleBroken):
    """A recurring window takes a minute at least."""

    code = "takes_no_time"
    field = "minutes"

    def words(self) -> str:
        return _("Say how long it takes.")


class SeriesEnded(MaintenanceRuleBroken):
    """Nothing of a series that has ended changes."""

    code = "series_ended"

    def words(self) -> str:
        return _("This recurring maintenance has ended.")


class ServiceTaken(MaintenanceRuleBroken):
    """Another window works on the service at that time."""

    code = "service_taken"
    field = "starts_at"

    def __init__(self, window: Window, service: Service) -> None:
        super().__init__(window.pk, service.pk)
        self.window, self.service = window, service

    def words(self) -> str:
        values = {
            "service": self.service.name,
            "window": self.window.title,
            "start": exact_moment(self.window.starts_at),
            "end": exact_moment(self.window.ends_at),
        }
        return _("%(service)s is taken by “%(window)s” from %(start)s to %(end)s.") % values


class StillWorkedOn(ServiceTaken):
    """Another window overruns on the service: two never work on it at a time, whatever was planned."""

    field = ""

    def words(self) -> str:
        values = {"service": self.service.name, "window": self.window.title}
        return _("“%(window)s” is still in progress on %(service)s. Complete it first.") % values


@dataclass(frozen=True)
class Breach:
    """A customer whose plan promises more notice than it would get; hours, rounded down."""

    customer: Customer
    promised_hours: int
    given_hours: int


class NoticeTooShort(MaintenanceRuleBroken):
    """The plans of some customers promise more notice; `breaches` lists them."""

    code = "notice_too_short"
    field = "starts_at"

    def __init__(self, breaches: Sequence[Breach]) -> None:
        super().__init__(len(breaches))
        self.breaches = list(breaches)

    def words(self) -> str:
        promised = max(breach.promised_hours for breach in self.breaches)
        words = ngettext(
            "Too soon: the plan of %(count)s customer promises up to %(hours)s hours of notice.",
            "Too soon: the plans of %(count)s customers promise up to %(hours)s hours of notice.",
            len(self.breaches),
        )
        return words % {"count": len(self.breaches), "hours": promised}
