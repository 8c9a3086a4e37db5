"""Refused rules of prepaid hours. Each says in the reader's language what was refused, and beside what."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.humantime import work_time
from tickets.services import SentBefore

__all__ = ["SentBefore"]


class HoursRuleBroken(Exception):
    """A rule of prepaid hours refused an intention; `field` is to blame, "" for none."""

    code = "hours_refused"
    field = ""

    def words(self) -> str:
        return _("This cannot be done.")


class NotAllowed(HoursRuleBroken):
    """The person may not do this."""

    code = "not_allowed"

    def words(self) -> str:
        return _("You may not do this.")


class EditedMeanwhile(HoursRuleBroken):
    """Somebody else changed it first; `version` is what it is now."""

    code = "edited_meanwhile"

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version

    def words(self) -> str:
        return _("Somebody else has changed this meanwhile. Nothing was overwritten: compare and save again.")


class _Explained(HoursRuleBroken):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message

    def words(self) -> str:
        return self.message


class RefusedPack(_Explained):
    """A pack cannot be like this."""

    code = "refused_pack"


class RefusedTime(_Explained):
    """Time cannot be logged like this."""

    code = "refused_time"


class AdjustsNothing(_Explained):
    """An adjustment needs minutes and a reason."""

    code = "refused_adjustment"


class VoidedBefore(HoursRuleBroken):
    """The time was taken back before."""

    code = "voided_before"

    def words(self) -> str:
        return _("This time was taken back before.")


class NeedsApproval(HoursRuleBroken):
    """The plan does not cover the ticket's category, and the customer approved nothing."""

    code = "needs_approval"
    field = "minutes"

    def words(self) -> str:
        return _(
            "The plan does not cover this category. Ask the customer for approval with an estimate first, or "
            "log the time as not charged."
        )


class TooLittleLeft(HoursRuleBroken):
    """More than there is; `left` minutes are."""

    field = "minutes"

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class EstimateUsedUp(TooLittleLeft):
    """More than the customer approved."""

    code = "estimate_used_up"

    def words(self) -> str:
        return _(
            "Of what the customer approved %(left)s are left. Ask for approval of more, or log what goes "
            "beyond as not charged."
        ) % {"left": work_time(self.left)}


class NotEnoughHours(TooLittleLeft):
    """The packs do not hold so much."""

    code = "not_enough_hours"

    def words(self) -> str:
        return _(
            "The customer has %(left)s of prepaid hours left. Sell a pack, or log what goes beyond as not "
            "charged."
        ) % {"left": work_time(self.left)}
