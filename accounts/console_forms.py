"""Forms of the settings about customers, people and the desk itself."""

import zoneinfo
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import (
    CONTACT_ROLES,
    STAFF_ROLES,
    Customer,
    HostingModel,
    Membership,
    Role,
    Team,
    Tenant,
)
from accounts.oneline import LineField
from accounts.querysets import MembershipQuerySet
from accounts.services import may_give_role
from accounts.zones import zone_choices

ROLE_WORDS = {
    Role.OWNER: gettext_lazy("Everything, also who else is owner."),
    Role.ADMIN: gettext_lazy("Works tickets and changes every setting here."),
    Role.SUPERVISOR: gettext_lazy("Works tickets and is told when a limit passes."),
    Role.AGENT: gettext_lazy("Works tickets."),
    Role.CUSTOMER_ADMIN: gettext_lazy("Files tickets and invites people of the company."),
    Role.MEMBER: gettext_lazy("Files tickets and sees those of the company."),
}


class CustomerForm(forms.Form):
    """A company."""

    name = LineField(label=gettext_lazy("Name"), max_length=120)
    notes = forms.CharField(
        label=gettext_lazy("Notes for staff"),
        help_text=gettext_lazy("Never shown to the customer."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    hosting_model = forms.ChoiceField(
        label=gettext_lazy("Hosting"),
        help_text=gettext_lazy("Where its systems run; plans may promise different backups for each."),
        choices=HostingModel.choices,
        initial=HostingModel.SHARED,
    )
    coordinator = forms.ModelChoiceField(
        label=gettext_lazy("Account coordinator"),
        help_text=gettext_lazy("Who of the staff looks after this company; told where a plan says so."),
        queryset=Membership.objects.none(),
        empty_label=gettext_lazy("Nobody"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose somebody of the staff from the list.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        customer: Customer | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["coordinator"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = staff_to_choose(by, kept=[customer.coordinator_id] if customer else [])
            field.widget.attrs["data-searchable"] = ""


def staff_to_choose(by: Membership, *, kept: Iterable[int | None] = ()) -> MembershipQuerySet:
    """Staff who may enter the desk, and whoever is chosen already although they no longer may."""
    staff = Membership.objects.visible_to(by).staff()
    may_enter = Q(accepted_at__isnull=False, deactivated_at__isnull=True)
    return staff.filter(may_enter | Q(pk__in=[pk for pk in kept if pk]))


class EditCustomerForm(CustomerForm):
    """A company that is there already may also be closed."""

    is_active = forms.BooleanField(
        label=gettext_lazy("Active"),
        help_text=gettext_lazy(
            "Without it its people read and send nothing new, and staff file no tickets for them."
        ),
        required=False,
    )


class TeamForm(forms.Form):
    """Staff who are told together."""

    name = LineField(label=gettext_lazy("Name"), max_length=80)
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"),
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one person: a team without members tells nobody."),
            "invalid_choice": gettext_lazy("Choose people of the staff from the list."),
            "invalid_pk_value": gettext_lazy("Choose people of the staff from the list."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        team: Team | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        kept = team.members.values_list("pk", flat=True) if team else []
        field = self.fields["members"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = staff_to_choose(by, kept=kept)


class InviteForm(forms.Form):
    """Somebody new: of the staff, or of a customer."""

    name = LineField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        help_text=gettext_lazy("The invitation goes there. Its link works for 14 days."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: Membership,
        for_customer: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        start = {"role": Role.MEMBER if for_customer else Role.AGENT, **(initial or {})}
        super().__init__(data, initial=start)
        offer_roles(self, by, for_customer=for_customer)
        for name in ("name", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class RoleForm(forms.Form):
    """Another role of the same side."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: Membership, person: Membership) -> None:
        super().__init__(data, initial={"role": person.role})
        offer_roles(self, by, for_customer=person.is_contact)


def offer_roles(form: forms.Form, by: Membership, *, for_customer: bool) -> None:
    """The roles of that side which the person may give."""
    field = form.fields["role"]
    roles = CONTACT_ROLES[::-1] if for_customer else STAFF_ROLES[::-1]
    if isinstance(field, forms.ChoiceField):
        field.choices = [(role.value, role.label) for role in roles if may_give_role(by, role)]
        field.error_messages["invalid_choice"] = _("You cannot give this role. Choose one from the list.")


class DeskForm(forms.ModelForm):  # type: ignore[type-arg] # generic only in the stubs
    """Name, clock and numbers of the desk."""

    class Meta:
        model = Tenant
        fields = (
            "name",
            "time_zone",
            "ticket_prefix",
            "quiet_period_minutes",
        )
        field_classes = {"name": LineField}
        labels = {"quiet_period_minutes": gettext_lazy("Quiet period, in minutes")}
        widgets = {
            "quiet_period_minutes": forms.TextInput(attrs={"inputmode": "numeric"}),
        }
        help_texts = {
            "name": gettext_lazy("Customers read it on every page and in every email."),
            "time_zone": gettext_lazy("For people who join from now on, and for the days of contracts."),
            "ticket_prefix": gettext_lazy(
                "Stands before every ticket number, older tickets included: ACME-1042."
            ),
            "quiet_period_minutes": gettext_lazy(
                "So long after a ticket was resolved a customer's reply, such as a word of thanks, leaves it "
                "resolved. With 0 every reply opens it again."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = forms.ChoiceField(
            label=_("Time zone"),
            help_text=self.fields["time_zone"].help_text,
            choices=zone_choices(self.instance.time_zone),
            widget=forms.Select(attrs={"data-searchable": ""}),
            error_messages={
                "invalid_choice": _("“%(value)s” is not a time zone. Example: America/Mexico_City.")
            },
        )
        self.fields["time_zone"] = zone

    def clean_time_zone(self) -> str:
        """A zone that this machine knows."""
        zone = str(self.cleaned_data["time_zone"])
        if zone not in zoneinfo.available_timezones():
            raise forms.ValidationError(_("This is not a time zone."))
        return zone

    def clean_ticket_prefix(self) -> str:
        """Capital letters, whatever was typed."""
        return str(self.cleaned_data["ticket_prefix"]).upper()
