"""Forms about standings. What tickets know (priorities, channels, numbers) is passed in: they stand above."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Ground, StandingLevel
from accounts.models.standing import REASON_LENGTH, WAY_OUT_LENGTH
from accounts.services.standing import RuleTerms, StandingTerms

Choices = Sequence[tuple[str, Any]]
WORSE_THAN_GOOD = [(level.value, level.label) for level in StandingLevel if level != StandingLevel.GOOD]
LEVEL_WORDS = {
    StandingLevel.RESTRICTED.value: gettext_lazy("Some of what the contract includes waits."),
    StandingLevel.SUSPENDED.value: gettext_lazy("Nothing new is taken, except what the rule lets through."),
}
MOST_EVIDENCE = 50
LARGEST_NUMBER = 2**31 - 1


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StandingForm(forms.Form):
    """How a customer stands from now on, or from a day on."""

    level = forms.ChoiceField(
        label=gettext_lazy("Standing"), choices=WORSE_THAN_GOOD, widget=forms.RadioSelect
    )
    ground = forms.ChoiceField(label=gettext_lazy("Ground"), choices=Ground.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("What happened, for staff. The customer does not read it."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("Numbers of tickets of this customer, such as 1042, 1057."),
        required=False,
        max_length=500,
    )
    way_out = forms.CharField(
        label=gettext_lazy("Way out"),
        help_text=gettext_lazy(
            "What the customer's people are told to do about it. Without it, the words of the rule are shown."
        ),
        required=False,
        max_length=WAY_OUT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("Without a day it counts at once."),
        required=False,
        widget=_day(),
    )
    review_on = forms.DateField(
        label=gettext_lazy("Review on"),
        help_text=gettext_lazy("From this day on the settings remind of it."),
        required=False,
        widget=_day(),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        zone: ZoneInfo,
        now: datetime,
        known_numbers: Callable[[Collection[int]], Collection[int]],
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`known_numbers` keeps those that are tickets of the customer."""
        super().__init__(data, initial=initial, label_suffix="")
        self.zone, self.now, self.known_numbers = zone, now, known_numbers

    def clean_evidence(self) -> list[int]:
        """The numbers, with or without the desk's prefix; each a ticket of the customer."""
        parts = re.split(r"[\s,;]+", self.cleaned_data["evidence"].strip())
        found = [re.fullmatch(r"(?:[A-Za-z][A-Za-z0-9]*-|#)?(\d{1,10})", part) for part in parts if part]
        if any(match is None for match in found):
            raise forms.ValidationError(_("Write the numbers of tickets, with commas between them."))
        numbers = {int(match[1]) for match in found if match is not None}
        if len(numbers) > MOST_EVIDENCE:
            raise forms.ValidationError(_("These are more than %(n)d tickets.") % {"n": MOST_EVIDENCE})
        known = set(self.known_numbers([number for number in numbers if number <= LARGEST_NUMBER]))
        if missing := sorted(numbers - known):
            said = ", ".join(map(str, missing))
            raise forms.ValidationError(_("This customer has no ticket %(numbers)s.") % {"numbers": said})
        return sorted(numbers)

    def clean_starts_on(self) -> date | None:
        """Today counts as at once."""
        day: date | None = self.cleaned_data["starts_on"]
        today = self.now.astimezone(self.zone).date()
        if day is not None and day < today:
            raise forms.ValidationError(_("A standing counts from now or later, never from the past."))
        return None if day == today else day

    def terms(self) -> StandingTerms:
        """What was said; days begin at midnight of the desk's zone. Call after `is_valid`."""
        values = dict(self.cleaned_data)
        day = values.pop("starts_on")
        start = datetime.combine(day, time(), self.zone) if day else None
        return StandingTerms(starts_at=start, **values)


class StandingRuleForm(forms.Form):
    """What a standing stops."""

    stops_tickets = forms.BooleanField(
        label=gettext_lazy("No new tickets at all"),
        help_text=gettext_lazy("Nobody files one for this customer; open tickets go on."),
        required=False,
    )
    priorities = forms.MultipleChoiceField(
        label=gettext_lazy("No new tickets of priority"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("No new tickets by"),
        help_text=gettext_lazy("If chat is ticked, nobody can ask for one on a ticket."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    stops_emergencies = forms.BooleanField(
        label=gettext_lazy("No emergencies"),
        help_text=gettext_lazy("The customer's people cannot declare one; staff still can."),
        required=False,
    )
    lets_critical_outages = forms.BooleanField(
        label=gettext_lazy("Critical outages still get through"),
        help_text=gettext_lazy("Critical tickets of a category about outages are taken whatever is stopped."),
        required=False,
    )
    way_out = forms.CharField(
        label=gettext_lazy("Way out"),
        help_text=gettext_lazy("What the customer's people are told to do about it; civil, and one thing."),
        required=False,
        max_length=WAY_OUT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        priorities: Choices,
        channels: Choices,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for name, choices in (("priorities", priorities), ("channels", channels)):
            field = self.fields[name]
            if isinstance(field, forms.MultipleChoiceField):
                field.choices = choices

    def terms(self) -> RuleTerms:
        """What was said; call after `is_valid`."""
        return RuleTerms(**self.cleaned_data)
