"""Forms of outages. Times are readings of the wall clock in the zone of whoever fills them in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from maintenance.models import OUTAGE_IMPACTS, Outage, Stage
from maintenance.refusing import RefusingForm
from maintenance.services.outages import RUNNING_STAGES
from sla.forms.rotas import WallClockField
from sla.rota_turns import instant_of
from tickets.forms import LimitedLine, TextField, body_field
from tickets.lifecycle import Status
from tickets.models import Service, Ticket

MOST_TEXT = 4000
STAGES = [(stage.value, stage.label) for stage in RUNNING_STAGES]
AFTER_ANSWER = [
    ("", gettext_lazy("Leave the status as it is")),
    (Status.PENDING.value, Status.PENDING.label),
    (Status.RESOLVED.value, Status.RESOLVED.label),
]


class MomentField(WallClockField):
    """A day with a time to the second, in the reader's zone; becomes an instant."""

    def __init__(self, *, label: Any, help_text: Any = "", required: bool = True) -> None:
        super().__init__(label=label, help_text=help_text)
        self.required = self.widget.is_required = required
        self.widget.format = "%Y-%m-%dT%H:%M:%S"
        self.widget.attrs["step"] = "1"

    def clean(self, value: Any) -> datetime | None:  # type: ignore[override]
        if not self.required and value in (None, ""):
            return None
        zone = timezone.get_current_timezone()
        label = super().clean(value)
        return instant_of(label, zone) if isinstance(zone, ZoneInfo) else label.replace(tzinfo=zone)


def shown_moment(at: datetime | None) -> datetime | None:
    """An instant as a `MomentField` shows it."""
    return None if at is None else timezone.localtime(at)


class ImpactForm(RefusingForm):
    """A form with one choice for each service: how the outage hits it, if at all."""

    def __init__(self, *args: Any, membership: Membership, kept: Iterable[int] = (), **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        offered = Service.objects.visible_to(membership)
        offered = offered.filter(Q(archived_at__isnull=True) | Q(pk__in=list(kept)))
        self.offered = list(offered.select_related("customer", "group"))
        for service in self.offered:
            self.fields[f"service_{service.pk}"] = forms.ChoiceField(
                label=f"{service.name} ({service.customer.name})" if service.customer else service.name,
                choices=[("", _("Not affected")), *OUTAGE_IMPACTS],
                required=False,
            )

    @property
    def impact_fields(self) -> list[forms.BoundField]:
        """One for each service."""
        return [self[f"service_{service.pk}"] for service in self.offered]

    @property
    def impacts(self) -> dict[Service, str]:
        """The services that were chosen, with their impact."""
        chosen = {service: self.cleaned_data.get(f"service_{service.pk}") for service in self.offered}
        return {service: impact for service, impact in chosen.items() if impact}


class NumbersField(forms.CharField):
    """Numbers of tickets, apart by commas or spaces, with or without the prefix."""

    def clean(self, value: Any) -> list[int]:
        found = []
        for word in str(super().clean(value)).replace(",", " ").split():
            digits = word.rpartition("-")[2].lstrip("#")
            if not digits.isdecimal() or len(digits) > 9:
                raise forms.ValidationError(_("“%(word)s” is not the number of a ticket.") % {"word": word})
            found.append(int(digits))
        return found


class TicketsForm(RefusingForm):
    """Tickets, by their numbers or out of a list of likely ones."""

    numbers = NumbersField(
        label=gettext_lazy("Numbers of tickets"),
        help_text=gettext_lazy("Apart by commas or spaces."),
        required=False,
        max_length=2500,
    )
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Open tickets of the last days"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, membership: Membership, likely: Sequence[Ticket] = (), **options: Any
    ) -> None:
        super().__init__(*args, membership=membership, **options)
        prefix = membership.tenant.ticket_prefix
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            (str(t.number), f"{prefix}-{t.number} · {t.subject} · {t.customer.name}") for t in likely
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        wanted = {*data.get("numbers", []), *(int(number) for number in data.get("chosen", []))}
        found = list(Ticket.objects.visible_to(self.membership).filter(number__in=wanted))
        missing = wanted - {ticket.number for ticket in found}
        if missing:
            words = _("There is no ticket with the number %(numbers)s.")
            said = ", ".join(str(number) for number in sorted(missing))
            self.add_error("numbers", words % {"numbers": said})
        data["tickets"] = found
        return data


class NewOutageForm(ImpactForm, TicketsForm):
    """An outage, with the first word that is told about it."""

    title = LimitedLine(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What customers notice, in one line."),
        most=120,
        error_messages={"required": gettext_lazy("Write a title.")},
    )
    started_at = MomentField(label=gettext_lazy("From"), help_text=gettext_lazy("In your time zone."))
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"), choices=STAGES, initial=Stage.INVESTIGATING, required=False
    )
    text = TextField(
        label=gettext_lazy("What to tell"),
        help_text=gettext_lazy("Customers who use these services read it."),
        most=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what you tell the customers.")},
    )


class OutageRecordForm(ImpactForm):
    """What is recorded of an outage, to be corrected; `seen` is the version that was shown."""

    title = LimitedLine(
        label=gettext_lazy("Title"), most=120, error_messages={"required": gettext_lazy("Write a title.")}
    )
    started_at = MomentField(label=gettext_lazy("From"), help_text=gettext_lazy("In your time zone."))
    ended_at = MomentField(label=gettext_lazy("To"), required=False)
    cause = TextField(
        label=gettext_lazy("Cause"),
        help_text=gettext_lazy("Customers who use these services read it."),
        most=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, membership: Membership, outage: Outage, **options: Any) -> None:
        hit = {row.service_id: row.impact for row in outage.outage_services.all()}
        now = {
            "title": outage.title,
            "cause": outage.cause,
            "started_at": shown_moment(outage.started_at),
            "ended_at": shown_moment(outage.ended_at),
            "seen": outage.version,
            **{f"service_{service_id}": impact for service_id, impact in hit.items()},
        }
        options["initial"] = now | (options.get("initial") or {})
        super().__init__(*args, membership=membership, kept=hit, **options)
        if outage.ended_at is None:
            del self.fields["ended_at"]


class UpdateForm(RefusingForm):
    """How far the work has come, and what is as it should be again."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=STAGES)
    text = TextField(
        label=gettext_lazy("Update"),
        most=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what you tell the customers.")},
    )
    recovered = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Working again"),
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, membership: Membership, outage: Outage, **options: Any) -> None:
        options.setdefault("initial", {"stage": outage.stage, "seen": outage.version})
        super().__init__(*args, membership=membership, **options)
        hit = Service.objects.visible_to(membership).filter(
            outage_services__outage=outage, outage_services__ended_at=None
        )
        self.fields["recovered"].queryset = hit  # type: ignore[attr-defined]
        if hit.count() < 2:
            del self.fields["recovered"]


class EndForm(RefusingForm):
    """That it is over, since when, and the last word about it."""

    text = TextField(
        label=gettext_lazy("Last update"),
        most=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what you tell the customers.")},
    )
    ended_at = MomentField(
        label=gettext_lazy("Since"), help_text=gettext_lazy("Empty: since now."), required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(RefusingForm):
    """A public reply to all linked tickets."""

    body = body_field(
        gettext_lazy("Reply to all linked tickets"), gettext_lazy("Write what you tell the requesters.")
    )
    then = forms.ChoiceField(label=gettext_lazy("Status"), choices=AFTER_ANSWER, required=False)
