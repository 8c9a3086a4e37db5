"""Forms of outages. Times are readings of the wall clock in the zone of whoever fills them in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from maintenance.instant_fields import MomentField, behind
from maintenance.models import OUTAGE_IMPACTS, Outage, OutageService, Stage
from maintenance.outage_stretches import StretchFields
from maintenance.refusing import RefusingForm
from maintenance.services.outage_periods import Stretch
from maintenance.services.outages import RUNNING_STAGES
from tickets.forms import LimitedLine, TextField, body_field
from tickets.lifecycle import Status
from tickets.models import Service, Ticket

MOST_TEXT = 4000
WORKS = "works"
STAGES = [(stage.value, stage.label) for stage in RUNNING_STAGES]
AFTER_ANSWER = [
    ("", gettext_lazy("Leave the status as it is")),
    (Status.PENDING.value, Status.PENDING.label),
    (Status.RESOLVED.value, Status.RESOLVED.label),
]


class ImpactForm(RefusingForm):
    """A form with one choice for each service: how the outage hits it, if at all."""

    def __init__(self, *args: Any, membership: Membership, kept: Iterable[int] = (), **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        offered = Service.objects.visible_to(membership)
        offered = offered.filter(Q(archived_at__isnull=True) | Q(pk__in=list(kept)))
        self.offered = list(offered.select_related("customer", "group"))
        for service in self.offered:
            self.fields[f"service_{service.pk}"] = forms.ChoiceField(
                label=name_for_staff(service),
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


def name_for_staff(service: Service) -> str:
    """The service, and whose it is if it is one customer's."""
    return f"{service.name} ({service.customer.name})" if service.customer else service.name


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
        hits: dict[int, list[OutageService]] = {}
        for row in outage.outage_services.order_by("started_at", "pk"):
            hits.setdefault(row.service_id, []).append(row)
        now = {
            "title": outage.title,
            "cause": outage.cause,
            "started_at": outage.started_at,
            "ended_at": outage.ended_at,
            "seen": outage.version,
            **{f"service_{service_id}": rows[0].impact for service_id, rows in hits.items()},
        }
        options["initial"] = now | (options.get("initial") or {})
        super().__init__(*args, membership=membership, kept=hits, **options)
        self.of_services = {
            service_id: StretchFields(self, service_id, rows, outage) for service_id, rows in hits.items()
        }
        if outage.ended_at is None:
            del self.fields["ended_at"]

    @property
    def hits(self) -> list[tuple[forms.BoundField, StretchFields | None]]:
        """One for each service, and its stretches where it was hit."""
        return [
            (bound, self.of_services.get(service.pk))
            for service, bound in zip(self.offered, self.impact_fields, strict=True)
        ]

    def clean(self) -> dict[str, Any]:
        """Of an end that its clock reads twice, the one behind the start; a stretch says from when."""
        data = super().clean() or {}
        if data.get("started_at") and data.get("ended_at"):
            data["ended_at"] = behind(data["ended_at"], data["started_at"])
        for name in (name for each in self.of_services.values() for name in each.without_start(data)):
            self.add_error(name, _("Say from when."))
        return data

    @property
    def recorded(self) -> dict[Service, str | list[Stretch]]:
        """The services that were chosen, those that were hit before with their stretches."""
        found: dict[Service, str | list[Stretch]] = dict(self.impacts)
        for service in self.offered:
            if (fields := self.of_services.get(service.pk)) is not None:
                found.pop(service, None)
                if stretches := fields.stretches(self.cleaned_data):
                    found[service] = stretches
        return found


class UpdateForm(RefusingForm):
    """How far the work has come, and how services are hit from an instant on."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=STAGES)
    text = TextField(
        label=gettext_lazy("Update"),
        most=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what you tell the customers.")},
    )
    since = MomentField(
        label=gettext_lazy("It has been so since"),
        help_text=gettext_lazy("For what you change here. Empty: since now."),
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, membership: Membership, outage: Outage, **options: Any) -> None:
        options.setdefault("initial", {"stage": outage.stage, "seen": outage.version})
        super().__init__(*args, membership=membership, **options)
        self.outage = outage
        hit = {row.service_id: row for row in outage.outage_services.filter(ended_at=None)}
        offered = Service.objects.visible_to(membership)
        offered = offered.filter(Q(archived_at__isnull=True) | Q(pk__in=hit)).select_related("customer")
        self.offered = sorted(offered, key=lambda service: service.pk not in hit)
        for service in self.offered:
            self.fields[f"now_{service.pk}"] = _now_field(service, hit.get(service.pk))
        self.hit = set(hit)

    @property
    def hit_fields(self) -> list[forms.BoundField]:
        """Those of the services that are hit."""
        return [self[f"now_{service.pk}"] for service in self.offered if service.pk in self.hit]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """Those of the services that are not."""
        return [self[f"now_{service.pk}"] for service in self.offered if service.pk not in self.hit]

    def clean(self) -> dict[str, Any]:
        """What `update_outage` takes; of a time that its clock reads twice, the one in the outage."""
        data = super().clean() or {}
        said = {service: data.pop(f"now_{service.pk}", "") for service in self.offered}
        data["impacts"] = {service: impact for service, impact in said.items() if impact not in ("", WORKS)}
        data["recovered"] = [service for service, impact in said.items() if impact == WORKS]
        if data.get("since"):
            data["since"] = behind(data["since"], self.outage.started_at)
        return data


def _now_field(service: Service, hit: OutageService | None) -> forms.ChoiceField:
    """How a service is hit from now on; `hit` is how it was so far, None: not at all."""
    same = (
        _("Not affected")
        if hit is None
        else _("As before: %(impact)s") % {"impact": hit.get_impact_display()}
    )
    choices = [("", same), *(pair for pair in OUTAGE_IMPACTS if hit is None or pair[0] != hit.impact)]
    if hit is not None:
        choices.append((WORKS, _("Works again")))
    return forms.ChoiceField(label=name_for_staff(service), choices=choices, required=False)


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

    def __init__(self, *args: Any, outage: Outage, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outage = outage

    def clean_ended_at(self) -> datetime | None:
        """Of a time that its clock reads twice, the one in the outage."""
        ended_at: datetime | None = self.cleaned_data["ended_at"]
        return None if ended_at is None else behind(ended_at, self.outage.started_at)


class AnswerForm(RefusingForm):
    """A public reply to all linked tickets."""

    body = body_field(
        gettext_lazy("Reply to all linked tickets"), gettext_lazy("Write what you tell the requesters.")
    )
    then = forms.ChoiceField(label=gettext_lazy("Status"), choices=AFTER_ANSWER, required=False)
