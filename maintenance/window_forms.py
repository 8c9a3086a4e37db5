"""Forms of maintenance windows. Times are readings of the wall clock in the zone of whoever fills them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.console_forms import staff_to_choose
from accounts.models import Membership
from maintenance.instant_fields import InstantField, behind
from maintenance.models import Impact, Kind
from maintenance.refusing import RefusingForm
from maintenance.services.windows import WindowTerms
from tickets.forms import LimitedLine, TextField
from tickets.models import Service

if TYPE_CHECKING:
    _SeveralServices = forms.ModelMultipleChoiceField[Service]
else:
    _SeveralServices = forms.ModelMultipleChoiceField

MOST_TEXT = 4000
MOST_STEPS = 40
STEP_LENGTH = 250
REASON_LENGTH = 500
IMPACT_WORDS = {
    Impact.NONE: gettext_lazy("Customers notice nothing."),
    Impact.DEGRADED: gettext_lazy("It works, but slower, or not all of it."),
    Impact.DOWN: gettext_lazy("It does not work while the window lasts."),
}


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def emergency_field() -> LimitedLine:
    """Why the notice that plans promise is skipped; empty: it is not."""
    return LimitedLine(
        label=gettext_lazy("Why it cannot wait"),
        help_text=gettext_lazy("Skips the notice. The reason is kept, and customers are told at once."),
        most=REASON_LENGTH,
        required=False,
    )


class ServicesField(_SeveralServices):
    """Services by name; those of one customer say whose they are."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Service.objects.none(),
            label=gettext_lazy("Services"),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": gettext_lazy("Choose at least one service.")},
            **options,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.customer.name})" if obj.customer_id else str(obj.name)


class WorkForm(RefusingForm):
    """What a window and a series have in common."""

    title = LimitedLine(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Customers read it: what is done, in one line."),
        most=120,
        error_messages={"required": gettext_lazy("Write a title.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    services = ServicesField()
    impact = forms.ChoiceField(
        label=gettext_lazy("Expected impact"), choices=Impact.choices, widget=forms.RadioSelect
    )
    summary = TextField(
        label=gettext_lazy("What is done"),
        help_text=gettext_lazy("Customers read it."),
        most=MOST_TEXT,
        required=False,
        widget=text_area(3),
    )
    advice = TextField(
        label=gettext_lazy("What customers should do"),
        help_text=gettext_lazy("Customers read it."),
        most=MOST_TEXT,
        required=False,
        widget=text_area(3),
    )
    responsible = forms.ModelChoiceField(
        label=gettext_lazy("Responsible"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    starts_by_itself = forms.BooleanField(
        label=gettext_lazy("Starts by itself"),
        help_text=gettext_lazy("At the planned time, without a hand."),
        required=False,
    )
    ends_by_itself = forms.BooleanField(
        label=gettext_lazy("Ends by itself"),
        help_text=gettext_lazy("Else it runs until somebody completes it."),
        required=False,
    )
    runbook = TextField(
        label=gettext_lazy("Runbook"),
        help_text=gettext_lazy("Only staff read it."),
        most=20_000,
        required=False,
        widget=text_area(5),
    )
    checklist = forms.CharField(
        label=gettext_lazy("Checklist"),
        help_text=gettext_lazy("One step a line. Only staff see it."),
        required=False,
        max_length=MOST_STEPS * STEP_LENGTH,
        widget=text_area(4),
    )

    def __init__(
        self,
        *args: Any,
        membership: Membership,
        kept_services: tuple[int, ...] = (),
        kept_person: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, membership=membership, **options)
        offered = Service.objects.visible_to(membership)
        offered = offered.filter(Q(archived_at__isnull=True) | Q(pk__in=kept_services))
        self.fields["services"].queryset = offered.select_related("customer")  # type: ignore[attr-defined]
        people = staff_to_choose(membership, kept=[kept_person])
        self.fields["responsible"].queryset = people  # type: ignore[attr-defined]
        self.impact_words = {key.value: words for key, words in IMPACT_WORDS.items()}

    def clean_checklist(self) -> list[str]:
        """The steps, without empty lines."""
        steps = [line.strip() for line in str(self.cleaned_data["checklist"]).splitlines() if line.strip()]
        if len(steps) > MOST_STEPS:
            raise forms.ValidationError(_("At most %(n)s steps.") % {"n": MOST_STEPS})
        if any(len(step) > STEP_LENGTH for step in steps):
            raise forms.ValidationError(_("A step has at most %(n)s characters.") % {"n": STEP_LENGTH})
        return steps


class WindowForm(WorkForm):
    """A window; one that was announced is moved and extended elsewhere, so its times are not asked for."""

    starts_at = InstantField(label=gettext_lazy("Starts"), help_text=gettext_lazy("In your time zone."))
    ends_at = InstantField(label=gettext_lazy("Ends"))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    emergency_reason = emergency_field()

    def __init__(
        self, *args: Any, membership: Membership, terms: WindowTerms | None = None, **options: Any
    ) -> None:
        self.terms_before = terms
        if terms is not None:
            options["kept_services"] = tuple(service.pk for service in terms.services)
            options["kept_person"] = terms.responsible.pk if terms.responsible else None
            options["initial"] = initial_of(terms) | (options.get("initial") or {})
        super().__init__(*args, membership=membership, **options)

    def settle_times(self) -> None:
        """Ask no more for the times."""
        del self.fields["starts_at"], self.fields["ends_at"]

    def clean(self) -> dict[str, Any]:
        """The end lies behind the start."""
        values = super().clean() or self.cleaned_data
        starts_at, ends_at = values.get("starts_at"), values.get("ends_at")
        if starts_at and ends_at:
            values["ends_at"] = behind(ends_at, starts_at)
            if values["ends_at"] <= starts_at:
                self.add_error("ends_at", _("Choose a later end."))
        return values

    def terms(self) -> WindowTerms:
        """What the service takes; customers adjusted by hand stay so."""
        beside = ("seen", "emergency_reason")
        values = {name: value for name, value in self.cleaned_data.items() if name not in beside}
        before = self.terms_before
        if before is not None:
            values = {"starts_at": before.starts_at, "ends_at": before.ends_at} | values
            values |= {"added": before.added, "left_out": before.left_out}
        return WindowTerms(**{**values, "services": list(values["services"])})


def initial_of(terms: WindowTerms) -> dict[str, Any]:
    """What the form shows of a window."""
    return {
        "title": terms.title,
        "kind": terms.kind,
        "impact": terms.impact,
        "summary": terms.summary,
        "advice": terms.advice,
        "runbook": terms.runbook,
        "responsible": terms.responsible.pk if terms.responsible else None,
        "starts_by_itself": terms.starts_by_itself,
        "ends_by_itself": terms.ends_by_itself,
        "services": [service.pk for service in terms.services],
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
        "checklist": "\n".join(terms.checklist),
    }
