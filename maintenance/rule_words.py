"""The usual ways to recur, as rules of RFC 5545 and in words. Values in, values out.

Each follows from the first day: "every month, same weekday" of Sunday, 6 December is the first Sunday of the
month. A fifth weekday means the last one.
"""

from __future__ import annotations

from datetime import date

from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEK, FORTNIGHT, MONTH_BY_WEEKDAY, MONTH_BY_DATE, QUARTER, OWN = (
    "week",
    "fortnight",
    "month_weekday",
    "month_date",
    "quarter",
    "own",
)
PATTERNS = [
    (WEEK, gettext_lazy("Every week")),
    (FORTNIGHT, gettext_lazy("Every two weeks")),
    (MONTH_BY_WEEKDAY, gettext_lazy("Every month, same weekday")),
    (MONTH_BY_DATE, gettext_lazy("Every month, same date")),
    (QUARTER, gettext_lazy("Every three months, same weekday")),
    (OWN, gettext_lazy("By a rule of its own")),
]


def rule_of(pattern: str, first: date) -> str:
    """The rule of a pattern other than OWN, beginning on that day."""
    weekday = CODES[first.weekday()]
    nth = f"{_nth(first)}{weekday}"
    return {
        WEEK: f"FREQ=WEEKLY;BYDAY={weekday}",
        FORTNIGHT: f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}",
        MONTH_BY_WEEKDAY: f"FREQ=MONTHLY;BYDAY={nth}",
        MONTH_BY_DATE: f"FREQ=MONTHLY;BYMONTHDAY={first.day}",
        QUARTER: f"FREQ=MONTHLY;INTERVAL=3;BYDAY={nth}",
    }[pattern]


def pattern_of(rule: str, first: date) -> str:
    """Which pattern a rule is, OWN if it is none."""
    return next((name for name, _label in PATTERNS if name != OWN and rule_of(name, first) == rule), OWN)


def rule_words(rule: str, first: date) -> str:
    """A rule in words; one of its own as it is written."""
    weekday = str(dates.WEEKDAYS[first.weekday()])
    values = {"weekday": weekday, "nth": _nth_words(first), "day": first.day, "rule": rule}
    said = {
        WEEK: _("Every %(weekday)s"),
        FORTNIGHT: _("Every second %(weekday)s"),
        MONTH_BY_WEEKDAY: _("The %(nth)s %(weekday)s of the month"),
        MONTH_BY_DATE: _("Day %(day)s of the month"),
        QUARTER: _("The %(nth)s %(weekday)s of every third month"),
        OWN: "%(rule)s",
    }
    return said[pattern_of(rule, first)] % values


def _nth(day: date) -> int:
    """Which weekday of its kind in the month; -1 for a fifth one."""
    number = (day.day - 1) // 7 + 1
    return -1 if number == 5 else number


def _nth_words(day: date) -> str:
    return {
        1: pgettext("weekday of the month", "first"),
        2: pgettext("weekday of the month", "second"),
        3: pgettext("weekday of the month", "third"),
        4: pgettext("weekday of the month", "fourth"),
        -1: pgettext("weekday of the month", "last"),
    }[_nth(day)]
