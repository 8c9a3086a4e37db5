"""Forms of contracts. People say the last day; services take the first day without."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from sla.models import Plan, SupportCalendar
from sla.services.errors import PromiseRuleBroken

NO_END = "none"


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ContractForm(forms.Form):
    """Give a customer a plan."""

    plan = forms.ModelChoiceField(
        label=gettext_lazy("Plan"),
        queryset=Plan.objects.none(),
        empty_label=gettext_lazy("Choose a plan"),
        error_messages={
            "invalid_choice": gettext_lazy("This plan does not exist (any more). Choose another.")
        },
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=_day_input())
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Still covered. Empty: until somebody ends it."),
        required=False,
        widget=_day_input(),
    )
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Calendar"),
        help_text=gettext_lazy("Only if this customer has other hours than the plan."),
        queryset=SupportCalendar.objects.none(),
        empty_label=gettext_lazy("As in the plan"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("This calendar does not exist (any more). Choose another.")
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        membership: Membership,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        for name, found in (("plan", Plan.objects), ("calendar", SupportCalendar.objects)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = found.visible_to(membership).in_use()

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return values

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {**self.cleaned_data, "ends_on": day_after(self.cleaned_data["ends_on"])}

    def refuse(self, error: PromiseRuleBroken) -> None:
        """Say beside the right field what the service refused."""
        self.add_error(error.field if error.field in self.fields else None, error.words())


class ContractEndForm(forms.Form):
    """Set, move or take away the end of a contract."""

    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Still covered. Empty: no end."),
        required=False,
        widget=_day_input(),
    )
    seen_ends_on = forms.CharField(widget=forms.HiddenInput)

    def clean_seen_ends_on(self) -> date | None:
        """The end that was shown: the first day without the contract, None for no end."""
        text = self.cleaned_data["seen_ends_on"]
        try:
            return None if text == NO_END else date.fromisoformat(text)
        except ValueError:
            return date.min

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {
            "ends_on": day_after(self.cleaned_data["ends_on"]),
            "seen_ends_on": self.cleaned_data["seen_ends_on"],
        }

    def refuse(self, error: PromiseRuleBroken) -> None:
        """Say at the date what the service refused."""
        self.add_error("ends_on", error.words())


def day_after(day: date | None) -> date | None:
    """The first day that is no longer covered; None for no end, and for the last day that can be said."""
    return None if day is None or day == date.max else day + timedelta(days=1)
