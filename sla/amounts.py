"""Amounts of targets as people write them: hours as "4", "1,5" or "1:30", business days as whole numbers."""

import re
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.humantime import duration
from sla.models import TargetUnit

HOUR, MINUTE = 3600, 60
MOST_HOURS, MOST_DAYS = 20_000, 1_000
DAYS = frozenset({TargetUnit.BUSINESS_DAYS, TargetUnit.BUSINESS_DAYS_END})
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d))?")
_DECIMAL = re.compile(r"\d{1,5}(?:[.,]\d{1,4})?")


class Promised(Protocol):
    """A target, be it a row or the value that clocks are reckoned with."""

    @property
    def unit(self) -> str: ...
    @property
    def aim(self) -> int: ...
    @property
    def limit(self) -> int: ...


class BadAmount(ValueError):
    """The text is no amount of the unit."""


def read_amount(text: str, unit: str) -> int:
    """Seconds, or days where the unit is business days, from what was typed. Raises BadAmount."""
    text = text.strip()
    if unit in DAYS:
        if not text.isdecimal() or not 0 <= int(text[:6]) <= MOST_DAYS:
            raise BadAmount(text)
        return int(text)
    seconds = _seconds(text)
    if seconds > MOST_HOURS * HOUR:
        raise BadAmount(text)
    return seconds


def write_amount(amount: int, unit: str) -> str:
    """The shortest writing that `read_amount` reads back: "4", "1:30", "0:00:45"; days as they are."""
    if unit in DAYS:
        return str(amount)
    hours, rest = divmod(amount, HOUR)
    minutes, seconds = divmod(rest, MINUTE)
    if seconds:
        return f"{hours}:{minutes:02}:{seconds:02}"
    return f"{hours}:{minutes:02}" if minutes else str(hours)


def target_words(target: Promised | None) -> str:
    """ "2 to 4 business hours", "1 business day", "4 h around the clock"; "" for no target."""
    if target is None:
        return ""
    if target.unit == TargetUnit.BUSINESS_TIME and (target.aim % HOUR or target.limit % HOUR):
        return _with_minutes(target)
    if target.aim == target.limit:
        amount = write_amount(target.limit, target.unit)
    else:
        ends = {
            "aim": write_amount(target.aim, target.unit),
            "limit": write_amount(target.limit, target.unit),
        }
        amount = _("%(aim)s to %(limit)s") % ends
    if target.unit == TargetUnit.BUSINESS_DAYS_END or getattr(target, "end_of_day", False):
        said = ngettext(
            "end of the day after %(amount)s business day",
            "end of the day after %(amount)s business days",
            target.limit,
        )
    elif target.unit == TargetUnit.BUSINESS_DAYS:
        said = ngettext("%(amount)s business day", "%(amount)s business days", target.limit)
    elif target.unit == TargetUnit.ELAPSED_TIME:
        said = _("%(amount)s h around the clock")
    else:
        said = ngettext("%(amount)s business hour", "%(amount)s business hours", -(-target.limit // 3600))
    return said % {"amount": amount}


def day_rule(*targets: Promised | None) -> str:
    """What a business day is, to stand beside targets that count in them; "" where none does.

    Of those that last to the end of a day `target_words` says so itself.
    """
    days = [one for one in targets if one is not None and one.unit == TargetUnit.BUSINESS_DAYS]
    if all(getattr(one, "end_of_day", False) for one in days):
        return ""
    return _("A business day ends at the same time of day on the next day with support hours.")


def _with_minutes(target: Promised) -> str:
    """ "30 business minutes to 1 business hour": hours alone would read like a time of day."""
    limit = duration(target.limit, business=True)
    if target.aim == target.limit:
        return limit
    return _("%(aim)s to %(limit)s") % {"aim": duration(target.aim, business=True), "limit": limit}


def _seconds(text: str) -> int:
    if match := _CLOCK.fullmatch(text):
        return int(match[1]) * HOUR + int(match[2]) * MINUTE + int(match[3] or 0)
    if _DECIMAL.fullmatch(text):
        return round(float(text.replace(",", ".")) * HOUR)
    raise BadAmount(text)
