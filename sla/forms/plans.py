"""The form of a plan: whole for a new one, and section by section for one that stands."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BoundField
from django.utils.translation import gettext_lazy

from accounts.form_fields import PlaceField
from accounts.models import Membership
from sla.coverage_terms import CoverageTerms, coverage_said_by, exclusions_in
from sla.forms.ladder import LadderRows, offered_to, rows_of
from sla.forms.plan_coverage import CoverageTermsForm, initial_coverage
from sla.forms.plan_emergencies import EmergencyTermsForm, initial_emergencies
from sla.forms.plan_exclusions import ExclusionRows, initial_exclusions
from sla.forms.plan_maintenance import MaintenanceTermsForm, initial_maintenance
from sla.forms.plan_targets import TargetsForm, initial_targets
from sla.maintenance_terms import MaintenanceTerms
from sla.models import Metric, PlanVersion, SupportCalendar
from sla.services.coverage_errors import ExclusionRefused
from sla.services.errors import LadderRefused, PromiseRuleBroken
from sla.services.ladders import ladder_of
from tickets.lifecycle import Priority

_HEAD = ("name", "description", "calendar", "position")
_EMERGENCIES = ("emergencies", "emergencies_a_month", "emergency_rota")
_COVERAGE = ("channels", "has_coordinator", "included_hours")
_BEGINNINGS = {
    "targets": tuple(f"{metric}_" for metric in Metric),
    "definitions": ("definition_",),
    "coverage": ("coverage_",),
}
_NAMES = {"head": _HEAD, "emergencies": _EMERGENCIES, "coverage": _COVERAGE, "limits": ("terms",)}
SECTIONS = (
    "head",
    "targets",
    "ladder",
    "definitions",
    "coverage",
    "exclusions",
    "limits",
    "emergencies",
    "maintenance",
)


class PlanForm(CoverageTermsForm, EmergencyTermsForm, MaintenanceTermsForm, TargetsForm):
    """Everything that a version of a plan holds, or one section of it."""

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
    position = PlaceField()
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Calendar"),
        help_text=gettext_lazy("Business hours and business days are counted by it."),
        queryset=SupportCalendar.objects.none(),
        empty_label=gettext_lazy("Choose a calendar"),
        error_messages={
            "invalid_choice": gettext_lazy("This calendar does not exist (any more). Choose another.")
        },
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
        section: str = "",
        promised: Collection[str] = (),
    ) -> None:
        """`section` leaves only its fields; `promised` are the metrics with targets, for the ladder alone."""
        super().__init__(data, initial=initial)
        self.sections = (section,) if section else SECTIONS
        self._promised_before = set(promised)
        self._set_up_ladder(membership, version)
        offered = Q(archived_at__isnull=True) | Q(pk=version.calendar_id if version else None)
        calendars = self.fields["calendar"]
        if isinstance(calendars, forms.ModelChoiceField):
            calendars.queryset = SupportCalendar.objects.visible_to(membership).filter(offered)
        self.offer_rotas(membership, version)
        self.offer_categories(membership, coverage_said_by(version) if version else CoverageTerms())
        self.exclusions = ExclusionRows(self.data if self.is_bound else self.initial, is_bound=self.is_bound)
        for priority in Priority:
            self.fields[f"definition_{priority}"] = forms.CharField(
                label=priority.label, required=False, max_length=500
            )
        for name in [name for name in self.fields if section_of(name) not in self.sections]:
            del self.fields[name]

    def _set_up_ladder(self, membership: Membership, version: PlanVersion | None) -> None:
        """Rows as typed; where nothing says which, those of the version, or the usual ones."""
        standing = ladder_of(version) if version else []
        if not self.is_bound and "steps" not in self.initial:
            promised = {target.metric for target in version.targets.all()} if version else set()
            self.initial = {**self.initial, **rows_of(standing, promised)}
        given = self.data if self.is_bound else self.initial
        self.ladder = LadderRows(given, offered_to(membership, standing), is_bound=self.is_bound)

    @property
    def definition_fields(self) -> list[BoundField]:
        """What each priority means under this plan."""
        return [self[f"definition_{priority}"] for priority in Priority]

    @property
    def row_forms(self) -> list[forms.Form]:
        """The forms of its steps and of its lines, for the summary of errors."""
        return [*self.ladder.forms, *self.exclusions.forms]

    def is_valid(self) -> bool:
        """The plan's own fields, every step of its ladder, and every line of what it leaves out."""
        return all([super().is_valid(), self.ladder.is_valid(), self.exclusions.is_valid()])

    def values(self) -> dict[str, Any]:
        """What the services take, of its sections."""
        found: dict[str, Any] = {}
        for section in self.sections:
            found |= self._values_of(section)
        return found

    def _values_of(self, section: str) -> dict[str, Any]:
        ways: dict[str, Callable[[], dict[str, Any]]] = {
            "targets": lambda: {"targets": self.targets},
            "ladder": self._ladder_values,
            "definitions": self._definition_values,
            "coverage": self.coverage_values,
            "exclusions": lambda: {"exclusions": self.exclusions.values()},
            "emergencies": self.emergency_values,
            "maintenance": self.maintenance_values,
        }
        if section in ways:
            return ways[section]()
        return {name: self.cleaned_data[name] for name in _NAMES[section]}

    def _ladder_values(self) -> dict[str, Any]:
        return {"ladder": self.ladder.steps(self._promised())} if self.ladder.is_given else {}

    def _definition_values(self) -> dict[str, Any]:
        words = {str(priority): self.cleaned_data[f"definition_{priority}"] for priority in Priority}
        return {"definitions": {priority: said for priority, said in words.items() if said}}

    def _promised(self) -> set[str]:
        if "targets" not in self.sections:
            return self._promised_before
        return {target.metric for target in self.targets}

    def refuse(self, error: PromiseRuleBroken) -> None:
        """Say beside the right field what a service refused."""
        kind, _dot, place = error.field.partition(".")
        if isinstance(error, LadderRefused):
            row = self.ladder.row_of(error.number, self._promised())
            if row is not None and error.reason != "too_many":
                row.refuse(error)
                return
        if isinstance(error, ExclusionRefused) and self.exclusions.refuse(error):
            return
        field: str | None = "name" if kind == "name" else None
        if kind == "target":
            field = place.replace(".", "_") + "_aim"
        elif kind == "maintenance":
            field = self.field_of_maintenance(place)
        elif kind == "coverage":
            field = self.field_of_coverage(place)
        self.add_error(field if field in self.fields else None, error.words())


def section_of(name: str) -> str:
    """The section that a field belongs to."""
    for section, names in _NAMES.items():
        if name in names:
            return section
    for section, beginnings in _BEGINNINGS.items():
        if name.startswith(beginnings):
            return section
    return "maintenance"


def initial_of_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of what it once gave (`PlanForm.values`)."""
    initial: dict[str, Any] = {
        **{name: values[name] for name in ("name", "description", "position", "terms")},
        "calendar": values["calendar"].pk,
        **initial_exclusions(exclusions_in(values["exclusions"])),
        **initial_emergencies(values.get("emergencies_a_month"), values.get("emergency_rota")),
        **initial_maintenance(values.get("maintenance") or MaintenanceTerms()),
        **initial_coverage(values.get("coverage") or CoverageTerms()),
        **initial_targets(values["targets"]),
    }
    for priority, words in values["definitions"].items():
        initial[f"definition_{priority}"] = words
    if "ladder" in values:
        initial |= rows_of(values["ladder"], {target.metric for target in values["targets"]})
    return initial
