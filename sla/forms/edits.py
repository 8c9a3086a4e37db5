"""How an edit is applied: to which tickets, and from when on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.forms.simulator import WallClockField
from sla.models import Edit, Reach
from sla.services.proposals import shortens
from sla.simulator import on_the_wall

_END_WORDS = {
    Reach.NEW: gettext_lazy("Open tickets stay as they are, with a promise or without one."),
    Reach.FROM_START: gettext_lazy(
        "A correction: open tickets of those days that have no promise get theirs, counted from when they "
        "were filed."
    ),
}
REACH_WORDS = {
    Reach.NEW: gettext_lazy("Open tickets keep what they were promised."),
    Reach.FROM_NOW: gettext_lazy(
        "What has counted so far stays as it is; from then on open tickets count by the new terms."
    ),
    Reach.FROM_START: gettext_lazy(
        "A correction: open promises are reckoned as if this had always held. "
        "What has ended is not judged again."
    ),
}


def reaches_of(edit: Edit) -> list[tuple[str, str, str]]:
    """The ways in which an edit can be applied: value, label, what it means. The first is the usual one."""
    if not edit.is_of_end:
        usual = (Reach.FROM_NOW, Reach.NEW, Reach.FROM_START)
        return [(reach.value, str(reach.label), str(REACH_WORDS[reach])) for reach in usual]
    ways = [Reach.NEW] if shortens(edit) else [Reach.NEW, Reach.FROM_START]
    return [(reach.value, str(reach.label), str(_END_WORDS[reach])) for reach in ways]


class ApplyForm(forms.Form):
    """Which tickets, and from when on; the instant is written in the zone of the terms."""

    reach = forms.ChoiceField(
        label=gettext_lazy("Which tickets"),
        choices=Reach.choices,
        initial=Reach.FROM_NOW,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of them.")},
    )
    valid_from = WallClockField(label=gettext_lazy("Valid from"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        zone: ZoneInfo,
        now: datetime,
        has_own_day: bool,
        reaches: Sequence[tuple[str, str, str]],
    ) -> None:
        """`has_own_day`: the edit itself says from which day on it holds, as a contract does. `reaches` are
        the ways that can be chosen (`reaches_of`)."""
        super().__init__({"reach": reaches[0][0], **(data or {})})
        self.zone, self.now = zone, now
        help_text = _("Empty: at once. Local time in %(zone)s. A correction holds from each ticket's start.")
        self.fields["valid_from"].help_text = help_text % {"zone": zone.key.replace("_", " ")}
        if has_own_day:
            del self.fields["valid_from"]
        reach = self.fields["reach"]
        if isinstance(reach, forms.ChoiceField):
            reach.choices = [(value, label) for value, label, _words in reaches]

    def clean_valid_from(self) -> datetime | None:
        """The instant; it lies ahead."""
        local = self.cleaned_data["valid_from"]
        if local is None:
            return None
        at, _wall = on_the_wall(local, self.zone)
        if at < self.now:
            raise forms.ValidationError(_("This has passed. Enter an instant ahead, or nothing for at once."))
        return at

    def values(self) -> dict[str, Any]:
        """What the services take; a correction holds from the start and has no instant of its own."""
        reach = self.cleaned_data["reach"]
        at = None if reach == Reach.FROM_START else self.cleaned_data.get("valid_from")
        return {"reach": reach, "valid_from": at}
