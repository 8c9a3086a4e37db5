"""Forms about services: the catalogue in the settings, and the service that a ticket is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from accounts.form_fields import PlaceField
from accounts.models import Customer, Membership
from accounts.oneline import LineField
from tickets.forms import DeskForm
from tickets.models import Service, ServiceGroup, Ticket
from tickets.service_choices import NO_SERVICE
from tickets.services.catalogue import ServiceTerms


class ServiceForm(forms.Form):
    """A service. Whose it is can be said when it is created, not later."""

    name = LineField(label=gettext_lazy("Name"), max_length=80)
    description = LineField(
        label=gettext_lazy("Description"),
        help_text=gettext_lazy("One line for customers."),
        required=False,
        max_length=250,
    )
    customer = forms.ModelChoiceField(
        label=gettext_lazy("Used by"),
        help_text=gettext_lazy("This cannot be changed later."),
        queryset=Customer.objects.none(),
        empty_label=gettext_lazy("All customers"),
        required=False,
        widget=forms.Select(attrs={"data-searchable": ""}),
    )
    group = forms.ModelChoiceField(
        label=gettext_lazy("Group"),
        queryset=ServiceGroup.objects.none(),
        empty_label=gettext_lazy("No group"),
        required=False,
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("On the public status page"),
        help_text=gettext_lazy(
            "Anybody may read its name there. Only for services that all customers share."
        ),
        required=False,
    )
    position = PlaceField()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        service: Service | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        groups = ServiceGroup.objects.filter(tenant_id=by.tenant_id)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        if service is not None:
            del self.fields["customer"]
            if not service.is_shared:
                del self.fields["is_public"]
            return
        customers = Customer.objects.visible_to(by).in_business()
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]

    def terms(self) -> ServiceTerms:
        """What was filled in; after `is_valid`."""
        return ServiceTerms(**self.cleaned_data)


class ServiceGroupForm(forms.Form):
    """A group of services."""

    name = LineField(label=gettext_lazy("Name"), max_length=80)
    position = PlaceField()


class TicketServiceForm(DeskForm):
    """Which service a ticket is about (read `with_offered_services`); `seen` is the id that was shown."""

    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=NO_SERVICE,
    )
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, membership: Membership, ticket: Ticket, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        services = Service.objects.visible_to(membership).used_by(ticket.customer_id)
        offered = services.filter(Q(archived_at__isnull=True) | Q(pk=ticket.service_id))
        self.services = ticket.offered_services  # type: ignore[attr-defined]  # with_offered_services
        choices = [(str(row["id"]), row["name"]) for row in self.services]
        self.fields["service"].queryset = offered  # type: ignore[attr-defined]
        self.fields["service"].choices = [("", NO_SERVICE), *choices]  # type: ignore[attr-defined]

    def clean_seen(self) -> int | None:
        seen = str(self.cleaned_data["seen"])
        return int(seen) if seen.isdecimal() else None
