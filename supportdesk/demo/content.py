"""The written parts of the demo, read from data: desks with their people, and what is said in tickets.

Knows no Django, so that `make run` can print the log-ins without it.
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SLUGS = ("salsabeel", "codigo-binario")


@dataclass(frozen=True)
class Person:
    """Somebody with a role in a desk; the email address lies in a reserved domain."""

    name: str
    email: str
    role: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True)
class Leave:
    """That somebody of the staff is away for `days` whole days, from so many days ago on (below 0: ahead).

    It was entered `said` days ago; what falls due meanwhile goes to `hands_to`, where somebody is named.
    """

    person: str
    since: int
    days: int
    said: int
    kind: str
    note: str = ""
    hands_to: str = ""


@dataclass(frozen=True)
class Company:
    """A customer: its plan (a key of the preset), its weight among the tickets, and words for its texts."""

    name: str
    plan: str
    ended_days_ago: int | None
    share: int
    notes: str
    sites: tuple[str, ...]
    items: tuple[str, ...]
    employees: tuple[str, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Line:
    """Something said: by the customer, a colleague of theirs, staff, or staff in a note."""

    who: str
    text: str
    status: str = ""


@dataclass(frozen=True)
class Thread:
    """A conversation with empty slots; the first line is the description of the ticket."""

    category: str
    priority: str
    service: str
    subjects: tuple[str, ...]
    lines: tuple[Line, ...]
    file: str = ""


@dataclass(frozen=True)
class Phrases:
    """What is said besides: `again` pairs a complaint after the end with its answer."""

    again: tuple[tuple[str, str], ...]
    nudges: tuple[str, ...]
    reassignments: tuple[str, ...]
    raises: tuple[str, ...]
    lowers: tuple[str, ...]


@dataclass(frozen=True)
class DeskContent:
    """Everything written for one desk."""

    slug: str
    name: str
    preset: str
    staff: tuple[Person, ...]
    leaves: tuple[Leave, ...]
    companies: tuple[Company, ...]
    threads: tuple[Thread, ...]
    phrases: Phrases

    def staff_with(self, *roles: str) -> list[Person]:
        return [person for person in self.staff if person.role in roles]

    @cached_property
    def agents(self) -> list[Person]:
        return self.staff_with("agent")


def read_desk(slug: str) -> DeskContent:
    """The content of the desk with that slug."""
    desk = _read(FOLDER / "desks" / f"{slug}.toml")
    talk = _read(FOLDER / "conversations" / f"{slug}.toml")
    return DeskContent(
        slug=slug,
        name=desk["name"],
        preset=desk["preset"],
        staff=tuple(_person(one["name"], desk["domain"], one["role"]) for one in desk["staff"]),
        leaves=tuple(Leave(**one) for one in desk["leaves"]),
        companies=tuple(_company(one) for one in desk["companies"]),
        threads=tuple(_thread(one) for one in talk["thread"]),
        phrases=Phrases(
            again=tuple((first, second) for first, second in talk["again"]),
            nudges=tuple(talk["nudges"]),
            reassignments=tuple(talk["reassignments"]),
            raises=tuple(talk["raises"]),
            lowers=tuple(talk["lowers"]),
        ),
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _person(name: str, domain: str, role: str) -> Person:
    first = unicodedata.normalize("NFKD", name.split(maxsplit=1)[0])
    return Person(name, f"{first.encode('ascii', 'ignore').decode().lower()}@{domain}", role)


def _company(data: dict[str, Any]) -> Company:
    roles = ["customer_admin"] + ["member"] * (len(data["people"]) - 1)
    return Company(
        name=data["name"],
        plan=data["plan"],
        ended_days_ago=data.get("ended_days_ago"),
        share=data["share"],
        notes=data["notes"],
        sites=tuple(data["sites"]),
        items=tuple(data["items"]),
        employees=tuple(data["employees"]),
        people=tuple(
            _person(name, data["domain"], role) for name, role in zip(data["people"], roles, strict=True)
        ),
    )


def _thread(data: dict[str, Any]) -> Thread:
    return Thread(
        category=data["category"],
        priority=data["priority"],
        service=data["service"],
        subjects=tuple(data["subject"]),
        lines=tuple(Line(*line) for line in data["talk"]),
        file=data.get("file", ""),
    )
