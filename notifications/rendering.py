"""Letters that are written when they leave: their template, their values as JSON, and the writing itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.links import absolute_url, logo_url
from accounts.models import Membership, Tenant


@dataclass(frozen=True)
class Words:
    """A gettext message id and its values: said in the language that is active when it is written out."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        said = gettext(self.text)
        return said % self.values if self.values else said


class speaking:  # noqa: N801 - reads as a statement: `with speaking(language, zone):`
    """Render in a language and a time zone."""

    def __init__(self, language: str, time_zone: str) -> None:
        self.language = translation.override(language)
        self.zone = timezone.override(ZoneInfo(time_zone))

    def __enter__(self) -> None:
        self.language.__enter__()
        self.zone.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.zone.__exit__(*error)
        self.language.__exit__(*error)


class in_language_of(speaking):  # noqa: N801 - reads as a statement: `with in_language_of(person):`
    """Render in the language of a person, if their desk offers it, and in their time zone."""

    def __init__(self, membership: Membership) -> None:
        super().__init__(membership.language, membership.user.time_zone)


@dataclass(frozen=True)
class Letter:
    """A mail as it was written."""

    subject: str
    text: str
    html: str


def subject_of(template: str, values: Mapping[str, Any]) -> str:
    """The subject of a mail, one line."""
    return " ".join(render_to_string(f"{template}.subject.txt", dict(values)).split())[:250]


def write_letter(template: str, values: Mapping[str, Any]) -> Letter:
    """A mail from the three files of `template` (.subject.txt, .txt, .html), in the active language."""
    text = render_to_string(f"{template}.txt", dict(values)).strip() + "\n"
    return Letter(subject_of(template, values), text, render_to_string(f"{template}.html", dict(values)))


def letter_values(
    context: Mapping[str, Any], *, tenant: Tenant, recipient: Membership | None, path: str
) -> dict[str, Any]:
    """What every template gets besides its own values; a bare address has no recipient."""
    link = absolute_url(tenant, path or "/")
    about = {"tenant": tenant, "recipient": recipient, "is_bare_address": recipient is None, "link": link}
    return {**context, **about, "logo_url": logo_url(tenant)}


def pack(values: Mapping[str, Any]) -> str:
    """Values as JSON text. Texts, numbers, lists, dicts, instants, dates, `Words`; TypeError for all else."""
    return _encoder.encode(dict(values))


def unpack(text: str) -> dict[str, Any]:
    """What `pack` was given."""
    found: dict[str, Any] = json.loads(text, object_hook=_unpacked)
    return found


def _packed(value: Any) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    if isinstance(value, date):
        return {"$on": value.isoformat()}
    if isinstance(value, Words):
        return {"$say": value.text, "with": dict(value.values)}
    raise TypeError(f"{type(value).__name__} cannot wait in the outbox: give its texts and numbers")


def _unpacked(value: dict[str, Any]) -> Any:
    match value:
        case {"$at": moment}:
            return datetime.fromisoformat(moment)
        case {"$on": day}:
            return date.fromisoformat(day)
        case {"$say": text, "with": values}:
            return Words(text, values)
        case _:
            return value


# One for all: `json.dumps` makes an encoder at every call, and mails wait by the thousand.
_encoder = json.JSONEncoder(default=_packed, ensure_ascii=False, separators=(",", ":"))
