"""An iCalendar file for a calendar's form: what it would do to the own days, to be looked at and chosen.

Nothing is kept on the server in between: the page with the choices carries the form as it was typed and each
proposed entry as one field, and what comes back is put into the form's rows, where saving checks it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.drawn import days_words, hours_words
from sla.forms.hours import MOST_SLOTS, count_in
from sla.forms.own_days import MOST_DAYS, fill_row
from sla.ics import MOST_BYTES, MOST_EVENTS, LeftOut, Reason, UnreadableFile, read_ics
from sla.own_days import OwnDays


class CalendarFileForm(forms.Form):
    """The file alone. After a clean without errors, `found` and `left_out` say what is in it."""

    ics = forms.FileField(
        label=gettext_lazy("iCalendar file"),
        help_text=gettext_lazy(
            "Days of closing out of a file that ends in .ics, up to 256 KB. You see what it holds first."
        ),
        required=True,
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("This file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar", "data-max-bytes": MOST_BYTES}),
    )

    def __init__(self, files: Any = None, *, today: date) -> None:
        super().__init__({} if files is not None else None, files)
        self.today = today
        self.found: list[OwnDays] = []
        self.left_out: list[LeftOut] = []

    def clean_ics(self) -> Any:
        """Read the file."""
        upload = self.cleaned_data["ics"]
        try:
            self.found, self.left_out = read_ics(upload.read(MOST_BYTES + 1), self.today)
        except UnreadableFile as refused:
            raise forms.ValidationError(_refusal(refused.reason)) from refused
        return upload


def _refusal(reason: str) -> str:
    return {
        "too_large": _("This file is larger than 256 KB. Export only the days of closing."),
        "too_many": _("There are more than %(n)s events in this file. Export only the days of closing.")
        % {"n": MOST_EVENTS},
        "no_events": _("There is no event in this file."),
    }.get(reason, _("This is no iCalendar file. Export the calendar as .ics and choose that file."))


@dataclass(frozen=True)
class Line:
    """A line of the page with the choices. `value` is empty for what is not taken."""

    when: str
    name: str
    words: str
    value: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a file would add to the own days, what it would replace, and what stays out with the reason."""

    added: list[Line]
    changed: list[Line]
    ignored: list[Line]


def propose(
    found: Iterable[OwnDays],
    left_out: Iterable[LeftOut],
    own: Mapping[int, OwnDays],
    holidays: Mapping[date, str],
) -> Proposal:
    """Compare a file with the rows of a form and the public holidays beside them."""
    added: list[Line] = []
    changed: list[Line] = []
    ignored: list[Line] = []
    taken: list[OwnDays] = []
    room = MOST_DAYS - len(own)
    for days in found:
        same = next(((number, row) for number, row in own.items() if row.when == days.when), None)
        if reason := _why_not(days, same[1] if same else None, [*own.values()], taken, holidays):
            ignored.append(_line(days, reason))
        elif same is None and len(added) >= room:
            words = _("A calendar has room for %(n)s exceptions.") % {"n": MOST_DAYS}
            ignored.append(_line(days, words))
        else:
            taken.append(days)
            value = _value(days, same[0] if same else None)
            now = _("Now: %(what)s") % {"what": _said(same[1])} if same else _("Closed")
            (changed if same else added).append(_line(days, now, value))
    ignored += [_left_out_line(one) for one in left_out]
    return Proposal(added, changed, ignored)


def _why_not(
    days: OwnDays,
    same: OwnDays | None,
    own: list[OwnDays],
    taken: list[OwnDays],
    holidays: Mapping[date, str],
) -> str:
    """Why an entry of the file is not offered, "" if it is."""
    if same is not None and not same.hours and same.name == days.name:
        return _("Already there.")
    if any(days.clashes_with(other) for other in taken):
        return _("The file has another entry for these days.")
    if same is None and (other := next((row for row in own if days.clashes_with(row)), None)):
        return _("Overlaps with “%(name)s”.") % {"name": other.name or days_words(other)}
    if same is None and not days.yearly and (name := _holiday_all_along(days, holidays)):
        return _("A public holiday already: %(name)s.") % {"name": name}
    return ""


def _holiday_all_along(days: OwnDays, holidays: Mapping[date, str]) -> str:
    length = (days.last - days.first).days + 1
    each = [days.first + timedelta(days=number) for number in range(length)]
    return holidays[days.first] if all(day in holidays for day in each) else ""


def _line(days: OwnDays, words: str, value: str = "") -> Line:
    return Line(days_words(days), days.name or _("Without a name"), words, value)


def _left_out_line(one: LeftOut) -> Line:
    when = formats.date_format(one.day, "DATE_FORMAT") if one.day else "\u2013"
    return Line(when, one.name or _("Without a name"), _reason_words(one.reason))


def _reason_words(reason: Reason) -> str:
    return {
        Reason.TIMES: _("Has times of day; only whole days are taken. Enter it by hand."),
        Reason.OVER: _("Over already."),
        Reason.CANCELLED: _("Cancelled in the file."),
        Reason.OFTEN: _("Repeats in another way than once a year. Enter its days by hand."),
        Reason.UNREADABLE: _("Its date cannot be read."),
        Reason.TOO_LONG: _("Longer than a year."),
    }[reason]


def _said(own: OwnDays) -> str:
    return ", ".join(filter(None, [own.name, hours_words(own.hours)]))


def _value(days: OwnDays, row: int | None) -> str:
    return json.dumps([days.first.isoformat(), days.last.isoformat(), days.yearly, days.name, row])


def with_days_of_file(typed: Mapping[str, Any], chosen: Iterable[str]) -> dict[str, Any]:
    """What was typed, with the chosen entries in rows of their own, or in those that they replace.

    What cannot be read is passed over: the values come back from a page and may be anything.
    """
    values = {key: value for key, value in typed.items() if value != ""}
    count = count_in(values.get("exceptions"), 1, MOST_DAYS)
    free = [
        n for n in range(count) if not any(values.get(f"exception_{n}_{part}") for part in ("date", "name"))
    ]
    for text in chosen:
        entry = _read_value(text)
        if entry is None:
            continue
        days, row = entry
        if row is None or row >= count:
            if not free and count >= MOST_DAYS:
                break
            row = free.pop(0) if free else count
            count = max(count, row + 1)
        for slot in range(MOST_SLOTS):
            values.pop(f"exception_{row}_{slot}_opens", None)
            values.pop(f"exception_{row}_{slot}_closes", None)
        fill_row(values, row, days)
    values["exceptions"] = min(count + 1, MOST_DAYS) if not free else count
    return values


def _read_value(text: str) -> tuple[OwnDays, int | None] | None:
    try:
        first, last, yearly, name, row = json.loads(text)
        days = OwnDays(date.fromisoformat(first), date.fromisoformat(last), bool(yearly), str(name)[:80])
        return (days, int(row) if row is not None else None) if days.is_readable else None
    except (ValueError, TypeError, RecursionError):
        return None
