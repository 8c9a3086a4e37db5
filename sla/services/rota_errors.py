"""Refused rules of on-call rotas and their turns; `field` names the part of the form, see `errors`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts import humantime
from accounts.services.errors import changed_meanwhile
from sla.services.errors import PromiseRuleBroken

if TYPE_CHECKING:
    from sla.models import RotaTurn


class RotaChanged(PromiseRuleBroken):
    """Somebody else changed the rota after it was shown."""

    code = "edited_meanwhile"

    def __init__(self, current: str) -> None:
        super().__init__(current)
        self.current = current

    def words(self) -> str:
        return changed_meanwhile(self.current)


class TurnChanged(PromiseRuleBroken):
    """Somebody else changed the turn, or took it out, after it was shown."""

    code = "edited_meanwhile"

    def words(self) -> str:
        return _("Somebody else has changed this turn meanwhile. Nothing was overwritten: look at it again.")


class TurnEmpty(PromiseRuleBroken):
    """A turn would end before it begins."""

    code = "turn_empty"
    field = "ends_at"

    def words(self) -> str:
        return _("A turn ends after it begins.")


class TurnsOverlap(PromiseRuleBroken):
    """Somebody is on call at the same place of the rota meanwhile."""

    code = "turns_overlap"
    field = "starts_at"

    def __init__(self, turn: RotaTurn) -> None:
        super().__init__(turn.pk)
        self.turn = turn

    def words(self) -> str:
        zone = ZoneInfo(self.turn.rota.time_zone)
        return _(
            "%(name)s has this place from %(start)s until %(end)s. Choose other times or another place."
        ) % {
            "name": self.turn.person.name,
            "start": humantime.exact_moment(self.turn.starts_at, zone),
            "end": humantime.exact_moment(self.turn.ends_at, zone),
        }
