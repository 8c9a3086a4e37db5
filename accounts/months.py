"""Months: as an address names them (2026-03), and those before and after. Each is said by its first day."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest

EARLIEST = date(2000, 1, 1)


class NoSuchMonth(ValueError):
    """What an address names is no month, lies before anything was kept, or has not begun."""


def month_named(text: str, *, today: date, latest: date | None = None) -> date:
    """The month that an address names; the one of `today` if it names none.

    `latest`: the last day on which a month may begin, `today` if it is not said. Raises NoSuchMonth.
    """
    if not text:
        return today.replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise NoSuchMonth(text) from error
    if not EARLIEST <= month <= (latest or today):
        raise NoSuchMonth(text)
    return month


def month_or_404(request: HttpRequest, *, today: date, latest: date | None = None) -> date:
    """The month of a page's address. Raises Http404."""
    try:
        return month_named(request.GET.get("month", ""), today=today, latest=latest)
    except NoSuchMonth as error:
        raise Http404 from error


def month_after(day: date) -> date:
    """The month after the one of a day."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_before(day: date) -> date:
    """The month before the one of a day."""
    return date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def month_before_in_reach(month: date) -> date | None:
    """The month before for a link that leads there, None where `month_named` takes none."""
    return month_before(month) if month > EARLIEST else None
