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


@lru_cache(maxsize=1)
def zone_choices() -> list[tuple[str, str]]:
    """IANA key and readable name of every zone named for a place, and UTC first."""
    keys = sorted(key for key in zoneinfo.available_timezones() if key.partition("/")[0] in REGIONS)
    return [("UTC", "UTC"), *((key, key.replace("_", " ")) for key in keys)]
