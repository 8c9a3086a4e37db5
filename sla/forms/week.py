"""A week of hours in a form: seven lines, each with as many pairs of times as the page has asked for."""

from __future__ import annotations

from django.utils.dates import WEEKDAYS

from sla.forms.hours import SLOTS, HoursForm, count_in
from sla.forms.own_days import Row
from sla.own_days import Intervals


class WeekForm(HoursForm):
    """A form that has the lines of a week; `add_week` makes them."""

    slot_count: int

    def add_week(self, most: int) -> None:
        """Fields for seven days, each with so many pairs as were sent or are there, at most `most`."""
        given = self.data if self.is_bound else self.initial
        self.slot_count = count_in(given.get("week_slots"), SLOTS, most)
        for day in range(7):
            self.add_slots(f"week_{day}", _name_of(day), self.slot_count)

    @property
    def week_rows(self) -> list[Row]:
        """The seven lines of the week."""
        return [self._week_row(day) for day in range(7)]

    def _week_row(self, day: int) -> Row:
        slots = self.slots(f"week_{day}", self.slot_count)
        errors = [str(error) for pair in slots for bound in pair for error in bound.errors]
        return Row(day, _name_of(day), slots, errors)

    def read_week(self) -> dict[str, Intervals]:
        """The hours by day, 0 is Monday; what is wrong is said at the first field concerned of its line."""
        return {str(day): self.read_hours(f"week_{day}", self.slot_count) for day in range(7)}


def _name_of(day: int) -> str:
    return str(WEEKDAYS[day]).capitalize()
