"""What stands and what is missing in the set-up of a desk, in words, each gap with the way to close it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sla.setup import Missing, Step


@dataclass(frozen=True)
class Gap:
    """Something that is missing, and where it is put right."""

    words: str
    url: str


# What nothing stands of yet, and the page that makes the first.
_FIRST: dict[str, tuple[str | Promise, str]] = {
    "no_calendar": (gettext_lazy("No calendar yet: plans count by its hours."), "new_calendar"),
    "no_plan": (gettext_lazy("No plan yet: nothing is promised to anybody."), "console_plans"),
    "no_category": (gettext_lazy("No category yet: every ticket has one."), "new_category"),
    "no_customer": (gettext_lazy("No customer yet: tickets come from its people."), "new_customer"),
    "no_colleague": (gettext_lazy("No colleague yet: nobody but you answers."), "invite_colleague"),
    "look_not_confirmed": (gettext_lazy("Nobody has looked at name and colour yet."), "console_look"),
}
# What is missing of a thing that stands: words, the page about that thing, the page with all of them.
_OF_THINGS: dict[str, tuple[str | Promise, str, str]] = {
    "plan_without_target": (
        gettext_lazy("“%(name)s” has no target: it promises nothing."),
        "edit_plan",
        "console_plans",
    ),
    "plan_on_archived_calendar": (
        gettext_lazy("“%(name)s” counts by an archived calendar."),
        "edit_plan",
        "console_plans",
    ),
    "category_not_covered": (gettext_lazy("No plan covers “%(name)s”."), "", "compare_plans"),
    "customer_without_contract": (
        gettext_lazy("“%(name)s” has no contract today: its tickets get no deadline."),
        "new_contract",
        "console_customers",
    ),
    "customer_without_people": (
        gettext_lazy("“%(name)s” has no people: nobody there can file a ticket."),
        "invite_contact",
        "console_customers",
    ),
}


def gaps_of(step: Step) -> list[Gap]:
    """All that is missing in a step; things beyond the first few are counted."""
    return [gap for missing in step.missing for gap in _gaps(missing)]


def _gaps(missing: Missing) -> list[Gap]:
    if missing.code in _FIRST:
        words, page = _FIRST[missing.code]
        return [Gap(str(words), reverse(page))]
    words, page, all_of_them = _OF_THINGS[missing.code]
    gaps = [
        Gap(
            str(words) % {"name": thing.name},
            reverse(page, args=[thing.pk]) if page else reverse(all_of_them),
        )
        for thing in missing.things
    ]
    if missing.more:
        said = ngettext("The same holds for %(n)s more.", "The same holds for %(n)s more.", missing.more)
        gaps.append(Gap(said % {"n": missing.more}, reverse(all_of_them)))
    return gaps


def stands_words(step: Step) -> str:
    """What stands: the first names, and how many more there are; "" for nothing."""
    names = ", ".join(step.names)
    more = step.count - len(step.names)
    return _("%(names)s and %(n)s more") % {"names": names, "n": more} if more > 0 else names
