"""The form of a category."""

from django import forms
from django.utils.translation import gettext_lazy

from accounts.oneline import LineField


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
    position = forms.IntegerField(
        label=gettext_lazy("Place in lists"),
        help_text=gettext_lazy("Lower numbers stand first."),
        min_value=0,
        max_value=999,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
