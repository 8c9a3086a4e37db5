"""Refused rules of calendars, plans and contracts. Each says in the reader's language what was refused.

`field` names the part of the form that the words belong beside, "" for the form as a whole: "name", "zone",
"week.0" (a weekday), "override.2026-12-24" (an exception), "target.first_response.high", "ends_on" and so on.
"""

from datetime import date, datetime

from django.utils import dates, formats
from django.utils.translation import gettext as _

from accounts import humantime


class PromiseRuleBroken(Exception):
    """A rule of calendars, plans and contracts refused an intention; `words()` says which, for people."""

    code = "refused"
    field = ""

    def words(self) -> str:
        return _("This cannot be done.")


class NotAllowed(PromiseRuleBroken):
    """The person may not, or the rows belong to different desks."""

    code = "not_allowed"

    def words(self) -> str:
        return _("You may not do this.")


class NameTaken(PromiseRuleBroken):
    """Something else of that kind has the name."""

    code = "name_taken"
    field = "name"

    def words(self) -> str:
        return _("This name is taken already. Choose another.")


class EditedMeanwhile(PromiseRuleBroken):
    """Somebody else saved a version after the one that was edited."""

    code = "edited_meanwhile"

    def __init__(self, who: str, when: datetime) -> None:
        super().__init__(who, when)
        self.who = who
        self.when = when

    def words(self) -> str:
        values = {"who": self.who or _("Somebody else"), "when": humantime.exact_moment(self.when)}
        return (
            _(
                "%(who)s has changed this meanwhile, on %(when)s. Nothing was overwritten and what you "
                "entered still stands here: look at the newer version, then save again if yours shall "
                "replace it."
            )
            % values
        )


class UnreadableHours(PromiseRuleBroken):
    """A calendar that cannot be read; reasons as in `InvalidCalendar`, plus `overlap`."""

    code = "unreadable_hours"

    def __init__(self, reason: str, day: str | None = None, value: object = None) -> None:
        super().__init__(reason, day, value)
        self.reason = reason
        self.value = value
        if reason == "unknown_zone":
            self.field = "zone"
        elif day is not None:
            self.field = f"week.{day}" if day.isdecimal() else f"override.{day}"

    def words(self) -> str:
        values = {"value": self.value, "day": self._day()}
        return {
            "unknown_zone": _("“%(value)s” is not a time zone. Example: America/Mexico_City."),
            "bad_time": _("“%(value)s” is not a time of day. Example: 09:00."),
            "bad_range": _("%(day)s: a range ends on or after its first day, and within a year."),
            "bad_date": _("“%(value)s” is not a date. Example: 2026-12-24."),
            "overlap": _("%(day)s: %(value)s overlap. Write them as one, or change one of them."),
        }.get(self.reason, _("These hours cannot be read.")) % values

    def _day(self) -> str:
        key = self.field.rpartition(".")[2]
        if key.isdecimal():
            return str(dates.WEEKDAYS[int(key)])
        try:  # a day of every year is written without one
            day = date.fromisoformat(key if len(key) == 10 else f"2000-{key}")
        except ValueError:
            return key
        return formats.date_format(day, "DATE_FORMAT" if len(key) == 10 else "MONTH_DAY_FORMAT")


class NeverOpens(PromiseRuleBroken):
    """A calendar without any hours ahead: no promise could ever fall due."""

    code = "never_opens"
    field = "week"

    def words(self) -> str:
        return _(
            "These hours never open, so nothing promised could ever fall due. Enter at least one opening."
        )


class CalendarInUse(PromiseRuleBroken):
    """A plan or a contract in force still counts by the calendar."""

    code = "calendar_in_use"

    def words(self) -> str:
        return _("Plans or contracts in force still use this calendar. Give them another one first.")


class TargetRefused(PromiseRuleBroken):
    """A target that the database would refuse: `aim_above_limit`, `not_positive`, `twice`."""

    code = "target_refused"

    def __init__(self, reason: str, metric: str, priority: str) -> None:
        super().__init__(reason, metric, priority)
        self.reason = reason
        self.field = f"target.{metric}.{priority}"

    def words(self) -> str:
        return {
            "aim_above_limit": _("The aim must not be above the limit."),
            "not_positive": _("Aim and limit must be above zero."),
            "twice": _("There is another target for the same priority."),
        }[self.reason]


class MaintenanceRefused(PromiseRuleBroken):
    """Terms about maintenance or backups that cannot hold.

    `reason`: `hours`, `days`, `many`, `per_cent`, `parts`, `twice`. `place`: "notice", "reminders",
    "availability", or "backup." with a hosting model.
    """

    code = "maintenance_refused"

    def __init__(self, reason: str, place: str) -> None:
        super().__init__(reason, place)
        self.reason = reason
        self.field = f"maintenance.{place}"

    def words(self) -> str:
        return {
            "hours": _("Enter whole hours, at least 1 and at most 8784."),
            "days": _("Enter whole days, at least 1 and at most 3660."),
            "many": _("At most 6 reminders."),
            "per_cent": _("Enter a percentage above 0 and not above 100, as 99.99."),
            "parts": _("Choose at least one part that is backed up."),
            "twice": _("One line for each hosting model."),
        }[self.reason]


class LadderRefused(PromiseRuleBroken):
    """A ladder that cannot stand; `number` is the step's place in what was given, from 0.

    Reasons: `too_many`, `share_percent`, `after_some`, `times_some`, `does_nothing`, `twice`,
    `unknown_team`, `unknown_rota`, `unknown_person`, `bad_address`, `bad_url` (with `detail`).
    """

    code = "ladder_refused"

    def __init__(self, reason: str, number: int, detail: str = "") -> None:
        super().__init__(reason, number, detail)
        self.reason = reason
        self.number = number
        self.detail = detail
        self.field = f"ladder.{number}"

    def words(self) -> str:
        return {
            "too_many": _("A ladder has at most 60 steps."),
            "share_percent": _("A share of the limit is from 1 to 99 per cent."),
            "after_some": _("Enter how long after the limit the step is taken: above zero, at most 90 days."),
            "times_some": _("A step repeats at least once and at most 30 times."),
            "does_nothing": _("This step tells nobody and changes nothing. Choose what it does."),
            "twice": _("Another step stands at the same place for the same priorities. Make them one."),
            "unknown_team": _("This team is not there any more. Choose another."),
            "unknown_rota": _("This on-call rota is not there any more. Choose another."),
            "unknown_person": _("This person cannot be given tickets any more. Choose another."),
            "bad_address": _("This is not an email address."),
            "bad_url": _(self.detail) if self.detail else _("This address cannot be called."),
        }[self.reason]


class PlanArchived(PromiseRuleBroken):
    """No new contract may name an archived plan."""

    code = "plan_archived"
    field = "plan"

    def words(self) -> str:
        return _("This plan is archived. Restore it first, or choose another.")


class EmptyPeriod(PromiseRuleBroken):
    """A contract would end before its first day."""

    code = "empty_period"
    field = "ends_on"

    def words(self) -> str:
        return _("The last day must not be before the first.")


class ContractsOverlap(PromiseRuleBroken):
    """The customer has another contract on some of these days."""

    code = "contracts_overlap"
    field = "starts_on"

    def __init__(self, plan: str, first_day: date, last_day: date | None) -> None:
        super().__init__(plan, first_day, last_day)
        self.plan = plan
        self.first_day = first_day
        self.last_day = last_day

    def words(self) -> str:
        values = {"plan": self.plan, "first": formats.date_format(self.first_day, "DATE_FORMAT")}
        if self.last_day is None:
            return (
                _("This customer already has “%(plan)s” from %(first)s without end. End that contract first.")
                % values
            )
        values["last"] = formats.date_format(self.last_day, "DATE_FORMAT")
        return (
            _(
                "This customer already has “%(plan)s” from %(first)s to %(last)s. "
                "Choose other days, or end that contract earlier."
            )
            % values
        )


class ContractChanged(PromiseRuleBroken):
    """Somebody else changed the end of the contract first."""

    code = "edited_meanwhile"
    field = "ends_on"

    def __init__(self, last_day: date | None) -> None:
        super().__init__(last_day)
        self.last_day = last_day

    def words(self) -> str:
        if self.last_day is None:
            return _("Somebody else has changed this meanwhile: the contract now has no end.")
        return _(
            "Somebody else has changed this meanwhile: the contract now ends on %(day)s. "
            "Nothing was overwritten."
        ) % {"day": formats.date_format(self.last_day, "DATE_FORMAT")}


class ContractUsed(PromiseRuleBroken):
    """Promises were made under the contract already, so it can only end."""

    code = "contract_used"

    def words(self) -> str:
        return _("Tickets have been promised something under this contract already. End it instead.")


class NothingChanged(PromiseRuleBroken):
    """What was proposed is what stands already."""

    code = "nothing_changed"

    def words(self) -> str:
        return _("Nothing was changed.")


class ReachRefused(PromiseRuleBroken):
    """A last day does not hold in that way."""

    code = "reach_refused"
    field = "reach"

    def words(self) -> str:
        return _(
            "What was promised is kept: another last day holds for new tickets, and a later one, as a "
            "correction, for open tickets that had no promise."
        )


class EditNotOpen(PromiseRuleBroken):
    """The edit is no longer (or not yet) what the intention needs: a draft, being applied, applied."""

    code = "edit_not_open"

    def words(self) -> str:
        return _("This edit has been applied, cancelled or discarded meanwhile.")


class EditOvertaken(PromiseRuleBroken):
    """Another edit stands on the one that was to be undone."""

    code = "edit_overtaken"

    def words(self) -> str:
        return _("A later edit stands on this one. Undo that one first, or make a new version.")
