"""Forms around the status page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.oneline import LineField
from maintenance.models import Subscriber, Visibility
from maintenance.refusing import RefusingForm
from maintenance.services.member_follows import services_to_follow
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


class FollowForm(RefusingForm):
    """What a member of the desk follows: all that stands on the page, or chosen services."""

    ALL, CHOSEN = "all", "chosen"

    what = forms.ChoiceField(
        label=_("What to follow"),
        choices=[
            (ALL, _("Everything on the page, also what comes to it later")),
            (CHOSEN, _("Chosen services")),
        ],
        widget=forms.RadioSelect,
    )
    services = forms.ModelMultipleChoiceField(
        label=_("Services"),
        queryset=Service.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, *args: Any, membership: Membership, following: Subscriber | None = None, **options: Any
    ) -> None:
        chosen = [row.service_id for row in following.chosen.all()] if following else []
        what = self.CHOSEN if following and not following.all_services else self.ALL
        options["initial"] = {"what": what, "services": chosen} | (options.get("initial") or {})
        super().__init__(*args, membership=membership, **options)
        self.fields["services"].queryset = services_to_follow(membership)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Service] | None:
        """The services that were chosen; None: all."""
        is_all = self.cleaned_data["what"] == self.ALL
        return None if is_all else list(self.cleaned_data["services"])


class SubscribeForm(forms.Form):
    """The address that is to follow the page."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("We send a link there first. Mails come only once you have confirmed."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
