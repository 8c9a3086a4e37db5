"""The time zones that a person may choose from."""

import zoneinfo
from functools import lru_cache

REGIONS = {
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


def zone_choices(current: str = "") -> list[tuple[str, str]]:
    """IANA key and name of every zone named for a place, UTC first, and `current` if it is none of these."""
    choices = _named_for_places()
    if not current or any(key == current for key, _name in choices):
        return choices
    return [(current, current), *choices]


@lru_cache(maxsize=1)
def _named_for_places() -> list[tuple[str, str]]:
    keys = sorted(key for key in zoneinfo.available_timezones() if key.partition("/")[0] in REGIONS)
    return [("UTC", "UTC"), *((key, key.replace("_", " ")) for key in keys)]
