"""Forms about backups. Ids are looked up among what the person may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Membership
from accounts.oneline import LineField
from maintenance.models import BackupJob
from maintenance.services.backups import BackupTermsOfJob
from sla.models import BackupPart
from tickets.forms import DeskForm, TextField
from tickets.lifecycle import Priority
from tickets.models import Service
from tickets.rule_forms import MOMENT

MOST_HOURS, MOST_DAYS, MOST_MINUTES = 24 * 366, 3660, 7 * 24 * 60
MOST_WORDS = 5000


def _number(label: Any, most: int, help_text: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=options.pop("least", 1),
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        **options,
    )


class BackupJobForm(forms.Form):
    """A backup. Whose it is can be said when it is made, not later."""

    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        empty_label=_("Choose a customer"),
        widget=forms.Select(attrs={"data-searchable": ""}),
        error_messages={"required": _("Choose whose backup it is.")},
    )
    name = LineField(label=_("Name"), max_length=80)
    part = forms.ChoiceField(label=_("Part"), choices=BackupPart.choices)
    service = forms.ModelChoiceField(
        label=_("Service"),
        queryset=Service.objects.none(),
        empty_label=_("None in particular"),
        required=False,
    )
    every_hours = _number(
        _("Every, hours"),
        MOST_HOURS,
        _("Leave it empty to keep what the customer's plan says."),
        required=False,
    )
    verify_every_days = _number(
        _("Verified every, days"),
        MOST_DAYS,
        _("Leave it empty to keep what the customer's plan says."),
        required=False,
    )
    grace_minutes = _number(
        _("Grace, minutes"), MOST_MINUTES, _("So much later it counts as late."), least=0, initial=60
    )
    files_ticket = forms.BooleanField(
        label=_("File a ticket when it is late, has failed or was not verified in time"),
        help_text=_("Staff are told under their bells either way. The next good run resolves the ticket."),
        required=False,
        initial=True,
    )
    requester = forms.ModelChoiceField(
        label=_("Files a ticket for"),
        queryset=Membership.objects.none(),
        empty_label=_("Whoever answers for the customer"),
        required=False,
        widget=forms.Select(attrs={"data-searchable": ""}),
    )
    priority = forms.ChoiceField(
        label=_("Priority of the ticket"),
        help_text=_("A verification that is overdue is filed as medium at most."),
        choices=Priority.choices,
        initial=Priority.HIGH,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        job: BackupJob | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        services = Service.objects.visible_to(by).in_use()
        people = Membership.objects.visible_to(by).contacts().active().select_related("customer")
        if job is None:
            self._offer("customer", Customer.objects.visible_to(by).in_business())
        else:
            del self.fields["customer"]
            services = services.used_by(job.customer_id)
            people = people.filter(customer=job.customer_id)
        self._offer("service", services)
        self._offer("requester", people.order_by("customer__name", "name"))
        self.fields["requester"].label_from_instance = (  # type: ignore[attr-defined]
            lambda person: f"{person.name} · {person.customer.name}"
        )

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def terms(self) -> BackupTermsOfJob:
        """What was filled in; after `is_valid`."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "customer"}
        return BackupTermsOfJob(**values)


class RestoreForm(DeskForm):
    """What is to come back. Staff also name the contact for whom they ask."""

    requester = forms.ModelChoiceField(
        label=_("Requester"),
        queryset=Membership.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose the person who asks for help.")},
    )
    what = TextField(
        label=_("What is to come back"),
        help_text=_("Which data or files, and what happened to them."),
        most=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say what is to come back.")},
    )
    wanted_at = forms.DateTimeField(
        label=_("To the state of"),
        help_text=_("In your time zone. Leave it empty for the last good backup."),
        required=False,
        input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={"invalid": _("Write a day and a time, as in 2026-03-05 14:30.")},
    )
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, initial=Priority.CRITICAL)

    def __init__(self, *args: Any, membership: Membership, job: BackupJob, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        if membership.is_contact:
            del self.fields["requester"]
            return
        people = Membership.objects.visible_to(membership).contacts().active()
        self.fields["requester"].queryset = people.filter(customer=job.customer_id)  # type: ignore[attr-defined]

    def clean_wanted_at(self) -> datetime | None:
        """A state that there has been."""
        wanted: datetime | None = self.cleaned_data["wanted_at"]
        if wanted is not None and wanted > timezone.now():
            raise forms.ValidationError(gettext("Choose a moment that has passed."))
        return wanted
