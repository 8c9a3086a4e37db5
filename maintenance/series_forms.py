"""The form of recurring maintenance. Days and times are readings of the wall clock in the series' zone."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.zones import zone_choices
from maintenance.refusing import RefusingForm
from maintenance.rule_words import OWN, PATTERNS, pattern_of, rule_of
from maintenance.services.series import SeriesTerms
from maintenance.window_forms import REASON_LENGTH, WorkForm
from tickets.forms import LimitedLine

MOST_MINUTES = 2880


def _day_field(**options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **options)


class SeriesForm(WorkForm):
    """Recurring maintenance."""

    first_date = _day_field(label=gettext_lazy("First day"))
    last_date = _day_field(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("Empty: no end."), required=False
    )
    starts_at_time = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), widget=forms.Select(attrs={"data-searchable": ""})
    )
    pattern = forms.ChoiceField(
        label=gettext_lazy("Recurs"),
        choices=PATTERNS,
        help_text=gettext_lazy("Counted from the first day: its weekday, its place in the month."),
    )
    rule = forms.CharField(
        label=gettext_lazy("Rule of its own"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("An RRULE (RFC 5545). Example: FREQ=MONTHLY;BYDAY=1SU,3SU"),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: str, terms: SeriesTerms | None = None, **options: Any) -> None:
        if terms is not None:
            options["kept_services"] = tuple(service.pk for service in terms.services)
            options["kept_person"] = terms.responsible.pk if terms.responsible else None
            options["initial"] = _initial(terms) | (options.get("initial") or {})
        super().__init__(*args, **options)
        self.fields["zone"].choices = zone_choices(zone)  # type: ignore[attr-defined]

    def clean_zone(self) -> str:
        """A zone that this machine knows."""
        zone = str(self.cleaned_data["zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("This is not a time zone."))
        return zone

    def clean(self) -> dict[str, Any]:
        """The rule, from the pattern and the first day unless it is one of its own."""
        values = super().clean() or self.cleaned_data
        pattern, first = values.get("pattern"), values.get("first_date")
        if pattern == OWN:
            values["rule"] = str(values.get("rule", "")).strip().upper().removeprefix("RRULE:")
            if not values["rule"]:
                self.add_error("rule", _("Write the rule."))
        elif pattern and first:
            values["rule"] = rule_of(pattern, first)
        last = values.get("last_date")
        if first and last and last < first:
            self.add_error("last_date", _("The last day must not be before the first."))
        return values

    def terms(self) -> SeriesTerms:
        """What the service takes."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "pattern")}
        return SeriesTerms(**{**values, "services": list(values["services"])})


class EndSeriesForm(RefusingForm):
    """Why it recurs no more."""

    why = LimitedLine(
        label=gettext_lazy("Why it ends"),
        help_text=gettext_lazy("Customers who were told of an occurrence read it."),
        most=REASON_LENGTH,
        required=False,
    )


def _initial(terms: SeriesTerms) -> dict[str, Any]:
    names = ("title", "kind", "impact", "summary", "advice", "runbook", "starts_by_itself", "ends_by_itself")
    times = ("first_date", "last_date", "starts_at_time", "minutes", "zone")
    pattern = pattern_of(terms.rule, terms.first_date)
    return {
        **{name: getattr(terms, name) for name in (*names, *times)},
        "responsible": terms.responsible.pk if terms.responsible else None,
        "services": [service.pk for service in terms.services],
        "checklist": "\n".join(terms.checklist),
        "pattern": pattern,
        "rule": terms.rule if pattern == OWN else "",
    }
