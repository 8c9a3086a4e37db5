"""Figures of satisfaction: how many were asked, how many answered, what they said; by whom and by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Avg, Count, Q
from django.db.models.functions import TruncMonth

from tickets.models import SATISFIED
from tickets.querysets import RatingQuerySet


@dataclass(frozen=True)
class Figures:
    """Of one group: `average` from 1 to 5 and `satisfied` in percent, None while nobody has answered."""

    name: Any
    asked: int
    answered: int
    average: float | None
    satisfied: int | None


GROUPS = ("agent", "customer", "category")


def figures_between(ratings: RatingQuerySet, since: datetime, until: datetime) -> dict[str, list[Figures]]:
    """By month, agent, customer and category, of tickets whose question was asked in that time.

    Months are those of the active time zone. One query a group, whatever the number of ratings.
    """
    asked = ratings.filter(asked_at__gte=since, asked_at__lt=until)
    found = {"month": _grouped(asked.annotate(month=TruncMonth("asked_at")), "month")}
    found["month"].reverse()
    # By the row, not by its name: two people may be called the same.
    return found | {name: _grouped(asked, f"{name}__name", f"{name}_id") for name in GROUPS}


def total_between(ratings: RatingQuerySet, since: datetime, until: datetime) -> Figures:
    """All together."""
    row = ratings.filter(asked_at__gte=since, asked_at__lt=until).order_by().aggregate(**_measures())
    return _figures("", row)


def _grouped(ratings: RatingQuerySet, name: str, *key: str) -> list[Figures]:
    rows = ratings.order_by().values(name, *key).annotate(**_measures()).order_by(name, *key)
    return [_figures(row[name], row) for row in rows]


def _measures() -> dict[str, Any]:
    return {
        "asked": Count("pk"),
        "answered": Count("score"),
        "average": Avg("score"),
        "happy": Count("pk", filter=Q(score__in=SATISFIED)),
    }


def _figures(name: Any, row: dict[str, Any]) -> Figures:
    answered = row["answered"]
    share = round(100 * row["happy"] / answered) if answered else None
    average = None if row["average"] is None else round(float(row["average"]), 1)
    return Figures(
        name.date() if isinstance(name, datetime) else name, row["asked"], answered, average, share
    )


def waiting_for_follow_up(ratings: RatingQuerySet) -> RatingQuerySet:
    """Low answers that nobody has taken up, the oldest first."""
    waiting: RatingQuerySet = ratings.low().filter(followed_up_at__isnull=True).order_by("rated_at", "pk")
    return waiting


def year_before(day: date) -> date:
    """The first of the month eleven months before that day's month: with it, twelve months."""
    months = day.year * 12 + day.month - 1 - 11
    return date(months // 12, months % 12 + 1, 1)
