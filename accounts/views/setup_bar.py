"""The way through a desk's set-up: its steps, their pages, and the bar that these wear meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.requests import DeskRequest

STEPS: dict[str, tuple[str | Promise, str]] = {
    "hours": (_("Hours"), "console_calendars"),
    "plans": (_("Plans"), "console_plans"),
    "categories": (_("Categories"), "console_categories"),
    "customers": (_("Customers"), "console_customers"),
    "people": (_("People"), "console_team"),
    "look": (_("Look"), "console_look"),
}
"""Label and first page of each step, in order."""
_OTHER_PAGES = {"console/people/": "people", "console/contracts/": "customers"}


@dataclass(frozen=True)
class SetupBar:
    """Where a page stands on the way; `next_label` is empty on the last step."""

    number: int
    count: int
    label: str | Promise
    next_label: str | Promise = ""
    next_url: str = ""


def setup_bar(request: DeskRequest) -> SetupBar | None:
    """The bar of the page that is asked for; None while the way is not under way, and on pages beside it."""
    if request.tenant.setup_since is None:
        return None
    keys = list(STEPS)
    key = next((key for key in keys if request.path.startswith(reverse(STEPS[key][1]))), None)
    inside = request.path_info.removeprefix("/")
    key = key or next((step for start, step in _OTHER_PAGES.items() if inside.startswith(start)), None)
    if key is None:
        return None
    place = keys.index(key)
    after = STEPS[keys[place + 1]] if place + 1 < len(keys) else None
    bar = (place + 1, len(keys), STEPS[key][0])
    return SetupBar(*bar, after[0], reverse(after[1])) if after else SetupBar(*bar)
