"""The form of a category, and that of what the desk files by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.form_fields import PlaceField
from accounts.models import Membership
from accounts.oneline import LineField
from tickets.models import Category, Purpose


class CategoryForm(forms.Form):
    """A kind of service that tickets are about."""

    name = LineField(label=gettext_lazy("Name"), max_length=80)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        help_text=gettext_lazy("Shown to customers while they choose."),
        required=False,
        max_length=250,
    )
    is_outage = forms.BooleanField(
        label=gettext_lazy("Outage or restore: the restore clock runs"),
        help_text=gettext_lazy("For tickets filed from now on, where the plan promises a restore."),
        required=False,
    )
    position = PlaceField()


def _choice(purpose: Purpose, help_text: Any) -> forms.ModelChoiceField[Category]:
    return forms.ModelChoiceField(
        label=purpose.label,
        help_text=help_text,
        queryset=Category.objects.none(),
        empty_label=gettext_lazy("The first that fits"),
        required=False,
    )


class PurposesForm(forms.Form):
    """Which category takes the tickets that the desk files by itself; fields are named as the purposes."""

    alarm = _choice(
        Purpose.ALARM, gettext_lazy("A service is down or degraded, or a report has not come in.")
    )
    backup = _choice(
        Purpose.BACKUP,
        gettext_lazy("Late, failed, or not verified in time. Nothing is down, so no restore clock may run."),
    )
    restore = _choice(
        Purpose.RESTORE,
        gettext_lazy("A category about outages and restores, so that the restore clock runs."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        offered = Category.objects.visible_to(by).in_use()
        self._offer(Purpose.ALARM, offered)
        self._offer(Purpose.BACKUP, offered.filter(is_outage=False))
        self._offer(Purpose.RESTORE, offered.filter(is_outage=True))

    def _offer(self, purpose: str, rows: Any) -> None:
        self.fields[purpose].queryset = rows  # type: ignore[attr-defined]
