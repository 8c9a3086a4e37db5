"""Forms around the status page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.oneline import LineField
from maintenance.models import Visibility
from tickets.models import Service


class StatusPageForm(forms.Form):
    """Who may read the page, what stands on top, which services are on it."""

    visibility = forms.ChoiceField(
        label=_("Who may read it"), choices=Visibility.choices, widget=forms.RadioSelect
    )
    about = LineField(
        label=_("About this page"),
        help_text=_("A sentence or two below the heading. Everybody who may read the page reads it."),
        required=False,
        max_length=500,
    )
    services = forms.ModelMultipleChoiceField(
        label=_("Services on the page"),
        help_text=_("Only services that all customers share can be shown. Those of one customer never are."),
        queryset=Service.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={
            "invalid_choice": _("Choose services from the list."),
            "invalid_pk_value": _("Choose services from the list."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["services"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = Service.objects.visible_to(by).in_use().filter(customer=None)


class SubscribeForm(forms.Form):
    """The address that is to follow the page."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("We send a link there first. Mails come only once you have confirmed."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
