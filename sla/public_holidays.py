"""Public holidays of countries and their parts, from the `holidays` package, and the choices for a form."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays
from babel import Locale
from babel.core import UnknownLocaleError


def public_holidays(
    country: str, subdivision: str, years: Iterable[int], language: str = "en"
) -> dict[date, str]:
    """The public holidays of a country (ISO 3166 alpha-2) in those years, in order, named in the language.

    `subdivision` adds those of a state or province, "" none. Where the package lacks the language, the names
    are in English, else in the country's own. Empty for a country that it does not know, or none at all.
    """
    parts = subdivisions_by_country().get(country)
    if parts is None:
        return {}
    found = holidays.country_holidays(
        country,
        subdiv=subdivision if subdivision in parts else None,
        years=sorted(set(years)),
        language=_language_for(country, language),
    )
    return {day: found[day] for day in sorted(found)}


def known_until(holidays_written: Iterable[str]) -> date | None:
    """The end of the last year of which a calendar has the public holidays; None if it has none at all."""
    last = max(holidays_written, default="")
    return date(int(last[:4]), 12, 31) if last else None


@lru_cache(maxsize=1)
def subdivisions_by_country() -> dict[str, tuple[str, ...]]:
    """The countries known, each with the codes of its parts."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(parts) for code, parts in sorted(known.items())}


@lru_cache(maxsize=8)
def country_choices(language: str) -> list[tuple[str, str]]:
    """Code and name of every country known, by name in the language."""
    try:
        names = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        names = Locale("en").territories
    return sorted(((code, names.get(code, code)) for code in subdivisions_by_country()), key=lambda c: c[1])


@lru_cache(maxsize=64)
def subdivision_choices(country: str) -> list[tuple[str, str]]:
    """Code and name of the states or provinces of a country that have holidays of their own."""
    parts = subdivisions_by_country().get(country, ())
    if not parts:
        return []
    names: dict[str, str] = {}
    for name, code in getattr(holidays, country).subdivisions_aliases.items():
        names.setdefault(code, name)
    return sorted(((code, names.get(code, code)) for code in parts), key=lambda c: c[1])


def _language_for(country: str, language: str) -> str | None:
    """The language of the package's names that comes nearest; None leaves the country's own."""
    spoken = getattr(holidays, country).supported_languages
    wanted = [language, *(code for code in spoken if code.split("_")[0] == language), "en_US"]
    return next((code for code in wanted if code in spoken), None)
