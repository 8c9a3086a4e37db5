"""The form of a plan: its calendar, what it promises for each priority, what it does not include."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from sla.amounts import DAYS, BadAmount, read_amount, write_amount
from sla.forms.ladder import LadderRows, offered_to, rows_of
from sla.forms.plan_emergencies import EmergencyTermsForm, initial_emergencies
from sla.forms.plan_maintenance import MaintenanceTermsForm, initial_maintenance
from sla.maintenance_terms import MaintenanceTerms, terms_said_by
from sla.models import Metric, Plan, PlanVersion, SupportCalendar, TargetUnit
from sla.services.errors import LadderRefused, PromiseRuleBroken
from sla.services.ladders import ladder_of
from sla.services.plans import TargetTerms, terms_of
from tickets.lifecycle import Priority


@dataclass(frozen=True)
class TargetRow:
    """One line of a metric's table: a priority with its fields."""

    priority: Priority
    unit: BoundField
    aim: BoundField
    limit: BoundField

    @property
    def errors(self) -> list[str]:
        """What is wrong with the line."""
        return [str(error) for bound in (self.unit, self.aim, self.limit) for error in bound.errors]


class PlanForm(EmergencyTermsForm, MaintenanceTermsForm):
    """Everything that a version of a plan holds."""

    # As the page shows them, so that the summary of errors reads from top to bottom.
    field_order = ("name", "description", "calendar", "position")

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        help_text=gettext_lazy("What customers read about it, in a sentence or two."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place in lists"),
        help_text=gettext_lazy("Lower numbers stand first."),
        min_value=0,
        max_value=999,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Calendar"),
        help_text=gettext_lazy("Business hours and business days are counted by it."),
        queryset=SupportCalendar.objects.none(),
        empty_label=gettext_lazy("Choose a calendar"),
        error_messages={
            "invalid_choice": gettext_lazy("This calendar does not exist (any more). Choose another.")
        },
    )
    exclusions = forms.CharField(
        label=gettext_lazy("Not included"),
        help_text=gettext_lazy("One line for each: what support under this plan does not cover."),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    terms = forms.CharField(
        label=gettext_lazy("Written limits"),
        help_text=gettext_lazy("Shown to agents beside every ticket of this plan."),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        membership: Membership,
        version: PlanVersion | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self._set_up_ladder(membership, version)
        offered = Q(archived_at__isnull=True) | Q(pk=version.calendar_id if version else None)
        calendars = self.fields["calendar"]
        if isinstance(calendars, forms.ModelChoiceField):
            calendars.queryset = SupportCalendar.objects.visible_to(membership).filter(offered)
        self.offer_rotas(membership, version)
        self.exclusions_before = list(version.exclusions) if version else []
        for metric in Metric:
            for priority in Priority:
                self._add_target(metric, priority)
        for priority in Priority:
            self.fields[f"definition_{priority}"] = forms.CharField(
                label=priority.label, required=False, max_length=500
            )

    def _set_up_ladder(self, membership: Membership, version: PlanVersion | None) -> None:
        """Rows as typed; where nothing says which, those of the version, or the usual ones."""
        standing = ladder_of(version) if version else []
        if not self.is_bound and "steps" not in self.initial:
            promised = {target.metric for target in version.targets.all()} if version else set()
            self.initial = {**self.initial, **rows_of(standing, promised)}
        given = self.data if self.is_bound else self.initial
        self.ladder = LadderRows(given, offered_to(membership, standing), is_bound=self.is_bound)

    def _add_target(self, metric: Metric, priority: Priority) -> None:
        names = {"metric": metric.label, "priority": priority.label}
        place = f"{metric}_{priority}"
        self.fields[f"{place}_unit"] = forms.ChoiceField(
            label=_("%(metric)s, %(priority)s, counted in") % names,
            choices=TargetUnit.choices,
            initial=TargetUnit.BUSINESS_TIME,
            required=False,
        )
        for part, label in (
            ("aim", _("%(metric)s, %(priority)s, aim")),
            ("limit", _("%(metric)s, %(priority)s, limit")),
        ):
            widget = forms.TextInput(attrs={"class": "amount-input", "autocomplete": "off"})
            self.fields[f"{place}_{part}"] = forms.CharField(
                label=label % names, required=False, max_length=12, widget=widget
            )

    @property
    def metrics(self) -> list[tuple[Metric, list[TargetRow]]]:
        """The tables of targets, a line for each priority."""
        return [(metric, [self._row(metric, priority) for priority in Priority]) for metric in Metric]

    def _row(self, metric: Metric, priority: Priority) -> TargetRow:
        place = f"{metric}_{priority}"
        return TargetRow(priority, self[f"{place}_unit"], self[f"{place}_aim"], self[f"{place}_limit"])

    @property
    def definition_fields(self) -> list[BoundField]:
        """What each priority means under this plan."""
        return [self[f"definition_{priority}"] for priority in Priority]

    def is_valid(self) -> bool:
        """The plan's own fields, and every step of its ladder."""
        return all([super().is_valid(), self.ladder.is_valid()])

    def clean(self) -> dict[str, Any]:
        """Read the targets; what is wrong stands at the field concerned."""
        values = super().clean() or self.cleaned_data
        read = [self._read(metric, priority) for metric in Metric for priority in Priority]
        self.targets = [target for target in read if target is not None]
        return values

    def _read(self, metric: Metric, priority: Priority) -> TargetTerms | None:
        place = f"{metric}_{priority}"
        unit = self.cleaned_data.get(f"{place}_unit") or TargetUnit.BUSINESS_TIME
        texts = {part: self.cleaned_data.get(f"{place}_{part}", "") for part in ("aim", "limit")}
        if not any(texts.values()):
            return None
        amounts = {}
        for part, text in texts.items():
            try:
                amounts[part] = read_amount(text, unit)
            except BadAmount:
                self.add_error(f"{place}_{part}", self._amount_words(text, unit))
        if len(amounts) < 2:
            return None
        if amounts["aim"] <= 0:
            self.add_error(f"{place}_aim", _("The aim must be above zero."))
        elif amounts["aim"] > amounts["limit"]:
            self.add_error(f"{place}_aim", _("The aim must not be above the limit."))
        return TargetTerms(metric, priority, unit, amounts["aim"], amounts["limit"])

    def _amount_words(self, text: str, unit: str) -> str:
        if not text:
            return _("Enter both aim and limit, or leave both empty for no commitment.")
        if unit in DAYS:
            return _("“%(value)s” is not a number of days. Example: 2.") % {"value": text}
        return _("“%(value)s” is not a number of hours. Examples: 4, 1.5, 1:30.") % {"value": text}

    def values(self) -> dict[str, Any]:
        """What the services take."""
        cleaned = self.cleaned_data
        plain = ("name", "description", "position", "calendar", "terms")
        definitions = {str(p): cleaned[f"definition_{p}"] for p in Priority if cleaned[f"definition_{p}"]}
        return {
            **{name: cleaned[name] for name in plain},
            "targets": self.targets,
            "definitions": definitions,
            "exclusions": self._exclusion_lines(),
            **self.emergency_values(),
            **self.maintenance_values(),
            **({"ladder": self.ladder.steps(self._promised())} if self.ladder.is_given else {}),
        }

    def _promised(self) -> set[str]:
        return {target.metric for target in self.targets}

    def _exclusion_lines(self) -> list[dict[str, Any]]:
        """A line that was there before keeps its key, so that what refers to it still finds it."""
        keys = {line.get("text", ""): line for line in self.exclusions_before}
        lines = [" ".join(line.split()) for line in self.cleaned_data["exclusions"].splitlines()]
        return [keys.get(line) or {"text": line} for line in lines if line]

    def refuse(self, error: PromiseRuleBroken) -> None:
        """Say beside the right field what a service refused."""
        kind, _dot, place = error.field.partition(".")
        if isinstance(error, LadderRefused):
            row = self.ladder.row_of(error.number, self._promised())
            if row is not None and error.reason != "too_many":
                row.refuse(error)
                return
        field = "name" if kind == "name" else None
        if kind == "target":
            field = place.replace(".", "_") + "_aim"
        elif kind == "maintenance":
            field = self.field_of_maintenance(place)
        self.add_error(field, error.words())


def initial_of(plan: Plan, version: PlanVersion) -> dict[str, Any]:
    """What the form shows of a version."""
    return initial_of_values(
        {
            "name": plan.name,
            "description": plan.description,
            "position": plan.position,
            "calendar": version.calendar,
            "exclusions": version.exclusions,
            "terms": version.terms,
            "definitions": version.definitions,
            "targets": terms_of(version),
            "emergencies_a_month": version.emergencies_a_month,
            "emergency_rota": version.emergency_rota,
            "maintenance": terms_said_by(version),
            "ladder": ladder_of(version),
        }
    )


def initial_of_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of what it once gave (`PlanForm.values`)."""
    initial: dict[str, Any] = {
        **{name: values[name] for name in ("name", "description", "position", "terms")},
        "calendar": values["calendar"].pk,
        "exclusions": "\n".join(str(line.get("text", "")) for line in values["exclusions"]),
        **initial_emergencies(values.get("emergencies_a_month"), values.get("emergency_rota")),
        **initial_maintenance(values.get("maintenance") or MaintenanceTerms()),
    }
    for priority, words in values["definitions"].items():
        initial[f"definition_{priority}"] = words
    for target in values["targets"]:
        place = f"{target.metric}_{target.priority}"
        initial[f"{place}_unit"] = target.unit
        initial[f"{place}_aim"] = write_amount(target.aim, target.unit)
        initial[f"{place}_limit"] = write_amount(target.limit, target.unit)
    if "ladder" in values:
        initial |= rows_of(values["ladder"], {target.metric for target in values["targets"]})
    return initial
