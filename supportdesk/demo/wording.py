"""Filling the slots of a text, so that the result reads as written by one person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.utils import translation
from django.utils.dates import MONTHS

from supportdesk.demo.content import Company, Person

_SENTENCE_START = re.compile(r"(?:^|[.?!] )([^\W\d_])")
_CONTRACTIONS = ((" de el ", " del "), (" a el ", " al "))


@dataclass(frozen=True)
class Slots:
    """The words of one ticket: chosen once, the same in all its messages."""

    language: str
    values: dict[str, str]

    def fill(self, text: str, *, contact: Person, staff: Person | None) -> str:
        """The text with its slots filled."""
        names = {"contact": contact.first_name, "staff": staff.first_name if staff else ""}
        filled = text.format(**self.values, **names)
        if self.language == "es":
            for apart, joined in _CONTRACTIONS:
                filled = filled.replace(apart, joined)
        return _SENTENCE_START.sub(lambda match: match[0][:-1] + match[1].upper(), filled)


def choose_slots(rng: Random, company: Company, language: str, filed_local: datetime) -> Slots:
    """Words for a ticket of that company, filed at that local time."""
    site, other_site = rng.sample(company.sites, 2)
    noticed = filed_local - timedelta(minutes=rng.randrange(8, 55))
    with translation.override(language):
        month, last_month = (str(MONTHS[(filed_local.month - back - 1) % 12 + 1]) for back in (0, 1))
    return Slots(
        language,
        {
            "branch": site,
            "other_branch": other_site,
            "item": rng.choice(company.items),
            "person": rng.choice(company.employees),
            "n": str(rng.randrange(1040, 9890)),
            "n2": str(rng.randrange(1040, 9890)),
            "amount": f"{rng.randrange(180, 9400) * 100:,}",
            "minutes": str(rng.randrange(11, 48)),
            "time": f"{noticed:%H:%M}".lstrip("0") if noticed.hour else f"{noticed:%H:%M}",
            "month": month,
            "last_month": last_month,
        },
    )
