"""The part of a plan's form that says whether customers may declare emergencies, and who is called."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from sla.emergencies import WITHOUT_LIMIT
from sla.models import PlanVersion, Rota

NONE, LIMITED, ANY = "none", "limited", "any"
MOST = 99


class EmergencyTermsForm(forms.Form):
    """Emergency escalation in a version of a plan."""

    emergencies = forms.ChoiceField(
        label=gettext_lazy("Customers may declare emergencies"),
        choices=[
            (NONE, gettext_lazy("Not included")),
            (LIMITED, gettext_lazy("So many a month")),
            (ANY, gettext_lazy("Without limit")),
        ],
        initial=NONE,
        required=False,
        widget=forms.RadioSelect,
    )
    emergencies_a_month = forms.IntegerField(
        label=gettext_lazy("How many a month"),
        help_text=gettext_lazy("In a calendar month, by the clock of the contract."),
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    emergency_rota = forms.ModelChoiceField(
        label=gettext_lazy("On-call rota"),
        help_text=gettext_lazy("Whose people are called in an emergency. Without one supervisors are."),
        queryset=Rota.objects.none(),
        required=False,
        empty_label=gettext_lazy("None"),
        error_messages={
            "invalid_choice": gettext_lazy("This rota does not exist (any more). Choose another.")
        },
    )

    def offer_rotas(self, membership: Membership, version: PlanVersion | None) -> None:
        """The rotas in use, and the one that the version has."""
        field = self.fields["emergency_rota"]
        if isinstance(field, forms.ModelChoiceField):
            offered = Q(archived_at__isnull=True) | Q(pk=version.emergency_rota_id if version else None)
            field.queryset = Rota.objects.filter(offered, tenant_id=membership.tenant_id)

    def clean_emergencies_a_month(self) -> int | None:
        """Needed for a limit, and only then."""
        wanted: int | None = self.cleaned_data["emergencies_a_month"]
        if self.cleaned_data.get("emergencies") != LIMITED:
            return None
        if wanted is None:
            raise forms.ValidationError(_("Say how many a month, or choose another answer above."))
        return wanted

    def emergency_values(self) -> dict[str, Any]:
        """What the services take."""
        a_month = {LIMITED: self.cleaned_data.get("emergencies_a_month"), ANY: WITHOUT_LIMIT}
        return {
            "emergencies_a_month": a_month.get(self.cleaned_data["emergencies"]),
            "emergency_rota": self.cleaned_data["emergency_rota"],
        }


def initial_emergencies(a_month: int | None, rota: Rota | None) -> dict[str, Any]:
    """What the form shows of these terms."""
    chosen = NONE if a_month is None else (LIMITED if a_month else ANY)
    return {
        "emergencies": chosen,
        "emergencies_a_month": a_month or None,
        "emergency_rota": rota.pk if rota is not None else None,
    }
