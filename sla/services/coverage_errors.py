"""Refused rules of what a plan covers and leaves out."""

from django.utils.translation import gettext as _

from sla.services.errors import PromiseRuleBroken


class CoverageRefused(PromiseRuleBroken):
    """Coverage that cannot hold.

    `reason`: `category` (not of this desk), `kind`, `channel`, `minutes`. `place`: "category." with an id,
    "channels", "included".
    """

    code = "coverage_refused"

    def __init__(self, reason: str, place: str) -> None:
        super().__init__(reason, place)
        self.reason = reason
        self.field = f"coverage.{place}"

    def words(self) -> str:
        return {
            "category": _("This category does not exist (any more)."),
            "kind": _("Choose one of the answers."),
            "channel": _("Choose channels from the list."),
            "minutes": _("Included hours are above zero, at most 1000 a month."),
        }[self.reason]


class ExclusionRefused(PromiseRuleBroken):
    """An exclusion that cannot stand; `number` is its place in what was given, from 0.

    `reason`: `empty`, `long`, `many`.
    """

    code = "exclusion_refused"

    def __init__(self, reason: str, number: int) -> None:
        super().__init__(reason, number)
        self.reason = reason
        self.number = number
        self.field = f"exclusions.{number}"

    def words(self) -> str:
        return {
            "empty": _("Enter the words that customers are shown."),
            "long": _("At most 120 characters for the title and 1000 for the words."),
            "many": _("At most 100 lines."),
        }[self.reason]
