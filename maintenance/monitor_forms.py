"""Forms of what watches: monitors and alert sources."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.oneline import LineField
from maintenance.models import OUTAGE_IMPACTS, AlertSource, Impact, Monitor, MonitorKind
from maintenance.refusing import RefusingForm
from maintenance.services.alert_sources import SourceTerms
from maintenance.services.monitors import MonitorTerms
from tickets.lifecycle import Priority
from tickets.models import Service
from tickets.querysets import ServiceQuerySet

DAY = 86_400
NUMBER = {"inputmode": "numeric"}
# The least and the most of each number, on the pages and in the API.
SECONDS = {
    "interval_seconds": (30, 31 * DAY),
    "timeout_seconds": (1, 30),
    "failures_to_open": (1, 20),
    "grace_seconds": (0, 7 * DAY),
}


def seconds_field(label: Any, least: int, most: int, usual: int, help_text: Any = "") -> forms.IntegerField:
    """A number of seconds."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=most,
        initial=usual,
        widget=forms.TextInput(attrs=NUMBER),
    )


class AlarmForm(RefusingForm):
    """What is done about trouble, beside the outage."""

    requester = forms.ModelChoiceField(
        label=gettext_lazy("File a ticket for"),
        help_text=gettext_lazy(
            "A contact in whose name a ticket is filed when a service they use is in trouble."
        ),
        queryset=Membership.objects.none(),
        empty_label=gettext_lazy("Nobody: no ticket"),
        required=False,
        widget=forms.Select(attrs={"data-searchable": ""}),
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority of the ticket"), choices=Priority.choices, initial=Priority.HIGH
    )

    def __init__(self, *args: Any, membership: Membership, kept: int | None, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        contacts = Membership.objects.filter(tenant_id=membership.tenant_id).contacts()
        contacts = contacts.filter(Q(deactivated_at=None) | Q(pk=kept)).select_related("customer")
        field = self.fields["requester"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = contacts.order_by("customer__name", "name")
            field.label_from_instance = _with_company  # type: ignore[method-assign, assignment]


def _with_company(person: Any) -> str:
    return f"{person.name} ({person.customer.name})"


def services_to_choose(by: Membership, kept: int | None) -> ServiceQuerySet:
    """Those in use, and the one that is chosen already."""
    services: ServiceQuerySet = Service.objects.visible_to(by)
    return services.filter(Q(archived_at=None) | Q(pk=kept)).select_related("customer")


class MonitorForm(AlarmForm):
    """A check or a heartbeat. The kind is chosen once."""

    name = LineField(label=gettext_lazy("Name"), max_length=80)
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"),
        queryset=Service.objects.none(),
        empty_label=gettext_lazy("Choose a service"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=MonitorKind.choices,
        initial=MonitorKind.HTTP,
        widget=forms.RadioSelect,
    )
    address = LineField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "HTTP: https://www.example.com/health. TCP: mail.example.com:25. A heartbeat has none: "
            "it gets an address of ours to call."
        ),
        max_length=500,
        required=False,
    )
    expected_status = forms.IntegerField(
        label=gettext_lazy("Expected HTTP status"),
        help_text=gettext_lazy("Empty: any from 200 to 299. Redirects are not followed."),
        min_value=100,
        max_value=599,
        required=False,
        widget=forms.TextInput(attrs=NUMBER),
    )
    expected_text = forms.CharField(
        label=gettext_lazy("Expected text in the answer"), max_length=120, required=False
    )
    interval_seconds = seconds_field(
        gettext_lazy("Every, seconds"),
        *SECONDS["interval_seconds"],
        60,
        gettext_lazy("How often it is checked, or reports in."),
    )
    timeout_seconds = seconds_field(gettext_lazy("Timeout, seconds"), *SECONDS["timeout_seconds"], 10)
    failures_to_open = seconds_field(
        gettext_lazy("Failures in a row"),
        *SECONDS["failures_to_open"],
        2,
        gettext_lazy("So many open an outage."),
    )
    grace_seconds = seconds_field(
        gettext_lazy("Grace of a heartbeat, seconds"),
        *SECONDS["grace_seconds"],
        300,
        gettext_lazy("So much later it is late."),
    )
    impact = forms.ChoiceField(label=gettext_lazy("Impact"), choices=OUTAGE_IMPACTS, initial=Impact.DOWN)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, membership: Membership, monitor: Monitor | None = None, **options: Any
    ) -> None:
        names = [name for name in self.base_fields if name not in ("seen", "requester", "service")]
        if monitor is not None:
            now = {name: getattr(monitor, name) for name in names}
            now |= {"service": monitor.service_id, "requester": monitor.requester_id, "seen": monitor.version}
            options["initial"] = now | (options.get("initial") or {})
        kept = monitor.requester_id if monitor is not None else None
        super().__init__(*args, membership=membership, kept=kept, **options)
        offered = services_to_choose(membership, monitor.service_id if monitor is not None else None)
        self.fields["service"].queryset = offered  # type: ignore[attr-defined]
        if monitor is not None:
            self.fields["kind"].disabled = True
        self.order_fields(["name", "service", "kind", "address"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") != MonitorKind.HEARTBEAT and not data.get("address"):
            self.add_error("address", _("Write what is to be checked."))
        return data

    @property
    def terms(self) -> MonitorTerms:
        """What was filled in."""
        return MonitorTerms(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class SourceForm(AlarmForm):
    """Where alerts come from."""

    name = LineField(label=gettext_lazy("Name"), max_length=80)
    label = LineField(
        label=gettext_lazy("Label that names the service"),
        help_text=gettext_lazy("Its value is compared with the names of services."),
        max_length=80,
        initial="service",
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service of alerts without that label"),
        help_text=gettext_lazy("An alert with a name that no service has does nothing."),
        queryset=Service.objects.none(),
        empty_label=gettext_lazy("None: such alerts do nothing"),
        required=False,
    )

    def __init__(
        self, *args: Any, membership: Membership, source: AlertSource | None = None, **options: Any
    ) -> None:
        if source is not None:
            now = {name: getattr(source, name) for name in ("name", "label", "priority")}
            now |= {"service": source.service_id, "requester": source.requester_id}
            options["initial"] = now | (options.get("initial") or {})
        kept = source.requester_id if source is not None else None
        super().__init__(*args, membership=membership, kept=kept, **options)
        offered = services_to_choose(membership, source.service_id if source is not None else None)
        self.fields["service"].queryset = offered  # type: ignore[attr-defined]
        self.order_fields(["name", "label", "service"])

    @property
    def terms(self) -> SourceTerms:
        """What was filled in."""
        return SourceTerms(**self.cleaned_data)
