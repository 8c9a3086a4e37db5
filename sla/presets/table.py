"""A table of a preset's TOML file: values are taken out of it and checked, complaints name file and key."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from sla.models import TargetUnit
from sla.services.plans import TargetTerms

_RANGE = re.compile(
    r"(\d+)(?:-(\d+))? (business minute|business hour|business day|minute|hour)s?( around the clock)?"
)
_SECONDS = {"minute": 60, "hour": 3600}
_INTERVAL = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_A_MONTH = re.compile(r"([1-9]\d?) a month")
_WITHOUT_LIMIT = "without limit"


class PresetError(Exception):
    """A preset cannot be used; the text names the file, the key and the reason."""


class Table:
    """One table of a preset's file: takes values out by key and complains with file and key."""

    def __init__(self, file: str, path: str, data: object) -> None:
        self.file = file
        self.path = path
        if not isinstance(data, dict):
            raise self.error("", "has to be a table")
        self.data: dict[str, Any] = dict(data)

    def error(self, key: str, reason: str) -> PresetError:
        where = ".".join(part for part in (self.path, key) if part) or "the file"
        return PresetError(f"{self.file}: {where}: {reason}.")

    def has(self, key: str) -> bool:
        return key in self.data

    def refuse_rest(self) -> None:
        """Every key has been taken, or somebody has misspelt one."""
        for key in self.data:
            raise self.error(key, "is not known here")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.data.pop(key, default)
        if value is None:
            raise self.error(key, "is missing")
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.error(key, "has to be a text that is not empty")
        return value

    def choice(self, key: str, choices: list[str]) -> str:
        value = self.text(key)
        if value not in choices:
            raise self.error(key, f"“{value}” is not one of {', '.join(choices)}")
        return value

    def matching(self, key: str, pattern: re.Pattern[str], description: str) -> str:
        value = self.text(key)
        if pattern.fullmatch(value) is None:
            raise self.error(key, f"“{value}” has to be {description}")
        return value

    def zone(self, key: str) -> str:
        value = self.text(key)
        try:
            ZoneInfo(value)
        except (LookupError, ValueError, OSError):
            raise self.error(key, f"“{value}” is not a time zone") from None
        return value

    def table(self, key: str) -> Table:
        if key not in self.data:
            raise self.error(key, "is missing")
        return Table(self.file, self._below(key), self.data.pop(key))

    def tables(self, key: str, *, needed: bool = True) -> list[tuple[str, Table]]:
        """The tables inside a table that has to have some, unless it is not `needed`."""
        if not needed and key not in self.data:
            return []
        outer = self.table(key)
        if not outer.data:
            raise self.error(key, "is empty")
        return [(name, Table(self.file, outer._below(name), data)) for name, data in outer.data.items()]

    def rows(self, key: str, *, needed: bool = True) -> list[Table]:
        """The tables of an array of tables."""
        value = self.data.pop(key, [])
        if not isinstance(value, list) or (needed and not value):
            raise self.error(key, "has to be a list that is not empty")
        return [Table(self.file, f"{self._below(key)}[{number}]", row) for number, row in enumerate(value)]

    def count(self, key: str) -> int:
        """A whole number above zero."""
        value = self.data.pop(key, None)
        if not isinstance(value, int) or value < 1:
            raise self.error(key, "has to be a whole number above 0")
        return value

    def counts(self, key: str) -> list[int]:
        """A list of whole numbers above zero; none if the key is not there."""
        values = self.data.pop(key, [])
        if not isinstance(values, list) or any(type(value) is not int or value < 1 for value in values):
            raise self.error(key, "has to be a list of whole numbers above 0")
        return values

    def texts(self, key: str, choices: list[str]) -> list[str]:
        """A list of some of the choices."""
        values = self.data.pop(key, [])
        if not isinstance(values, list) or not values or any(value not in choices for value in values):
            raise self.error(key, f"has to be a list out of {', '.join(choices)}")
        return values

    def lines(self, key: str) -> list[str]:
        """A list of texts; none if the key is not there."""
        values = self.data.pop(key, [])
        if not isinstance(values, list) or any(not isinstance(value, str) for value in values):
            raise self.error(key, "has to be a list of texts")
        return values

    def flag(self, key: str) -> bool:
        """true or false; false if the key is not there."""
        value = self.data.pop(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "has to be true or false")
        return value

    def emergencies(self) -> int | None:
        """ "2 a month", "without limit", or not there: how many emergencies customers may declare."""
        value = self.text("emergencies", default="")
        if not value:
            return None
        match = _A_MONTH.fullmatch(value)
        if match is None and value != _WITHOUT_LIMIT:
            raise self.error("emergencies", f"“{value}” has to read like 2 a month, or {_WITHOUT_LIMIT}")
        return int(match[1]) if match else 0

    def intervals(self, key: str) -> list[list[str]]:
        """["09:00-13:00", "14:00-18:00"] as [open, close] pairs; none if the key is not there."""
        pairs: list[list[str]] = []
        for value in self.data.pop(key, []):
            match = _INTERVAL.fullmatch(str(value))
            if match is None:
                raise self.error(key, f"“{value}” has to read like 09:00-18:00")
            pairs.append([match[1], match[2]])
        return pairs

    def target(self, metric: str, priority: str) -> TargetTerms:
        """ "2-4 business hours" and the like, of this priority."""
        value = self.text(priority)
        match = _RANGE.fullmatch(value)
        if match is None or match[3].startswith("business") == bool(match[4]):
            hint = "2-4 business hours, 1 business day, 1-2 hours around the clock"
            raise self.error(priority, f"“{value}” has to read like {hint}")
        aim, limit = int(match[1]), int(match[2] or match[1])
        if not 0 < aim <= limit:
            raise self.error(
                priority, f"“{value}”: the first figure has to be above 0 and not above the second"
            )
        if match[3] == "business day":
            return TargetTerms(metric, priority, TargetUnit.BUSINESS_DAYS, aim, limit)
        unit = TargetUnit.ELAPSED_TIME if match[4] else TargetUnit.BUSINESS_TIME
        seconds = _SECONDS[match[3].removeprefix("business ")]
        return TargetTerms(metric, priority, unit, aim * seconds, limit * seconds)

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
