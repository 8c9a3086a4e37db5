"""Groups of a customer's people, and which tickets somebody sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactGroup, Membership, Sees
from accounts.oneline import LineField


class GroupForm(forms.Form):
    """People of one's own company who work together."""

    name = LineField(label=_("Name"), max_length=80)
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={
            "invalid_choice": _("Choose people of your company from the list."),
            "invalid_pk_value": _("Choose people of your company from the list."),
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, by: Membership, group: ContactGroup | None = None
    ) -> None:
        kept = list(group.members.values_list("pk", flat=True)) if group else []
        initial = {"name": group.name, "members": kept} if group else {}
        super().__init__(data, initial=initial, label_suffix="")
        people = Membership.objects.visible_to(by).filter(deactivated_at__isnull=True)
        self.fields["members"].queryset = people  # type: ignore[attr-defined]


class SeesForm(forms.Form):
    """Which tickets of the company somebody sees."""

    sees = forms.ChoiceField(label=_("Sees"), choices=Sees.choices)

    def __init__(self, data: Mapping[str, Any] | None = None, *, person: Membership) -> None:
        super().__init__(data, initial={"sees": person.sees}, auto_id=f"id_%s_{person.pk}")
