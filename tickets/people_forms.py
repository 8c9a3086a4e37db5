"""Who follows a ticket, and who sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.querysets import MembershipQuerySet
from tickets.forms import DeskForm
from tickets.models import Ticket


def colleagues_of(ticket: Ticket, membership: Membership) -> MembershipQuerySet:
    """Whom one may add to a ticket: people of its company who may enter and do not follow it yet."""
    people: MembershipQuerySet = Membership.objects.visible_to(membership).active()
    people = people.filter(customer_id=ticket.customer_id).exclude(pk=ticket.requester_id)
    return people.exclude(participations__ticket=ticket)


class PersonForm(DeskForm):
    """One colleague more."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Colleague"),
        queryset=Membership.objects.none(),
        empty_label=gettext_lazy("Choose somebody"),
        error_messages={"required": gettext_lazy("Choose whom to add.")},
        widget=forms.Select(attrs={"data-searchable": ""}),
    )

    def __init__(self, *args: Any, membership: Membership, ticket: Ticket, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        self.colleagues = colleagues_of(ticket, membership)
        self.fields["person"].queryset = self.colleagues  # type: ignore[attr-defined]


class PrivacyForm(forms.Form):
    """Whether colleagues are kept out."""

    private = forms.BooleanField(required=False)
