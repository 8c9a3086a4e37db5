"""Forms of handing over the open tickets of somebody of the staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Team

PERSON, TEAM, QUEUE, LATER = "person", "team", "queue", "later"
HOW_WORDS = {
    PERSON: gettext_lazy("One colleague gets all of them."),
    TEAM: gettext_lazy("Its people who are there share them, whoever has least first."),
    QUEUE: gettext_lazy("Nobody has them until somebody takes them."),
    LATER: gettext_lazy("They stay with this person; the settings remind of it."),
}


class HandOverForm(forms.Form):
    """Who takes over the open tickets of somebody."""

    HOW: ClassVar[tuple[tuple[str, Any], ...]] = (
        (PERSON, gettext_lazy("To a person")),
        (TEAM, gettext_lazy("To a team")),
        (QUEUE, gettext_lazy("Back to the queue")),
    )

    which = forms.ChoiceField(label=gettext_lazy("Which tickets"), required=False, widget=forms.RadioSelect)
    how = forms.ChoiceField(
        label=gettext_lazy("Hand over"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what happens to the open tickets.")},
    )
    to = forms.ModelChoiceField(
        label=gettext_lazy("Person"),
        queryset=Membership.objects.none(),
        empty_label=gettext_lazy("Choose a colleague"),
        error_messages={
            "required": gettext_lazy("Choose who takes the tickets over."),
            "invalid_choice": gettext_lazy("This person cannot take tickets. Choose another."),
        },
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.none(),
        empty_label=gettext_lazy("Choose a team"),
        error_messages={
            "required": gettext_lazy("Choose which team takes the tickets over."),
            "invalid_choice": gettext_lazy("Choose a team from the list."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        person: Membership,
        until: list[tuple[str, str]] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`until` are instants (ISO, words) before which only what falls due may be handed over."""
        super().__init__(data, initial=initial)
        staff = Membership.objects.visible_to(by).staff().active().exclude(pk=person.pk)
        self._field("to").queryset = staff
        self._field("to").widget.attrs["data-searchable"] = ""
        self._field("team").queryset = Team.objects.visible_to(by).in_use()
        self._field("how").choices = self.HOW
        # Each is asked for by one choice alone; the page shows it with that one.
        for name, how in (("to", PERSON), ("team", TEAM)):
            self._field(name).required = not self.is_bound or self.data.get("how") == how
        if until:
            self._field("which").choices = [("", _("All open tickets")), *until]
        else:
            del self.fields["which"]

    def offer(self, away: Mapping[int, str]) -> None:
        """Say of those who are not there until when, by their ids."""
        self._field("to").label_from_instance = lambda person: (
            f"{person.name} · {away[person.pk]}" if person.pk in away else person.name
        )

    @property
    def taker(self) -> Membership | Team | None:
        """Whom the service takes. Only after a clean without errors."""
        return {PERSON: self.cleaned_data["to"], TEAM: self.cleaned_data["team"]}.get(
            self.cleaned_data["how"]
        )

    @property
    def due_before(self) -> datetime | None:
        """What the service takes. Only after a clean without errors."""
        return (
            parse_datetime(self.cleaned_data.get("which") or "") if self.cleaned_data.get("which") else None
        )

    def _field(self, name: str) -> Any:
        return self.fields[name]


class LeaveForm(HandOverForm):
    """What happens to the open tickets of somebody who leaves the desk."""

    HOW: ClassVar[tuple[tuple[str, Any], ...]] = (*HandOverForm.HOW, (LATER, gettext_lazy("Decide later")))

    @property
    def is_later(self) -> bool:
        """They stay where they are. Only after a clean without errors."""
        return bool(self.cleaned_data["how"] == LATER)
