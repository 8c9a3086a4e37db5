"""Forms of identity: allauth's own in our words, invitations, profile, tokens, people of a company."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, Membership, Role, User, validate_time_zone
from accounts.oneline import LineField
from accounts.zones import zone_choices

PASSWORD_RULE = _("At least 10 characters, not only digits, and not a common password.")


def _plain(form: forms.Form, labels: dict[str, Any], helps: dict[str, Any] | None = None) -> None:
    """Our labels and help; no placeholders, since they vanish as soon as one types."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.label = labels.get(name, field.label)
        field.help_text = (helps or {}).get(name, "")


class LogInForm(allauth.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"login": _("Email"), "password": _("Password")})
        self.fields["login"].widget.attrs.update(autocomplete="username", autofocus=True)


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"email": _("Email")})


_NEW_PASSWORDS = {"password1": _("New password"), "password2": _("New password again")}


class NewPasswordForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, _NEW_PASSWORDS, {"password1": PASSWORD_RULE})


class SetPasswordForm(allauth.SetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, _NEW_PASSWORDS, {"password1": PASSWORD_RULE})


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"oldpassword": _("Current password"), **_NEW_PASSWORDS}, {"password1": PASSWORD_RULE})


class ChangeEmailForm(allauth.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            {"email": _("New email")},
            {"email": _("We send a link there. It changes when you open it.")},
        )


class ReauthenticateForm(allauth.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"password": _("Password")})


class DeskAddressForm(forms.Form):
    """Where is your desk? Takes a whole address as well as its last part."""

    desk = forms.CharField(
        label=_("Your desk's address"),
        max_length=300,
        help_text=_("Its name, or the whole address from an email or your bookmarks."),
    )


class AcceptForm(forms.Form):
    """The first password of somebody who was invited."""

    name = LineField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=200,
        help_text=PASSWORD_RULE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if password := values.get("password"):
            try:
                # The name counts, so that nobody takes it for a password.
                self.user.name = values.get("name", self.user.name)
                validate_password(password, self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values


class ProfileForm(forms.Form):
    """Name, language, time zone of the person itself."""

    name = LineField(label=_("Name"), max_length=120, help_text=_("As others in the desk see it."))
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Of pages and of the emails to you.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Every time that you see is on this clock."),
        validators=[validate_time_zone],
    )

    def __init__(self, *args: Any, languages: Collection[str] = Language.values, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, spoken = self.fields["time_zone"], self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(spoken, forms.ChoiceField)  # noqa: S101 - for the type checker
        # One's own choice holds in other desks too: it stays there where this desk does not offer it.
        offered = {*languages, self.initial.get("language", "")}
        spoken.choices = [pair for pair in Language.choices if pair[0] in offered]
        if self.initial.get("language") not in languages:
            spoken.help_text = _("This desk does not offer yours: its pages and emails come in its own.")
        field.choices = zone_choices(self.initial.get("time_zone", "UTC"))
        field.widget.attrs["data-searchable"] = ""
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class QuietHoursForm(forms.Form):
    """When somebody is not to be disturbed."""

    quiet_from = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write a time such as 20:00.")},
    )
    quiet_until = forms.TimeField(
        label=_("Until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write a time such as 07:00.")},
    )
    quiet_days = forms.TypedMultipleChoiceField(
        label=_("Quiet all day"),
        coerce=int,
        choices=[(day, capfirst(name)) for day, name in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("quiet_from"), values.get("quiet_until")
        for name, given, other in (("quiet_from", first, last), ("quiet_until", last, first)):
            if given is None and other is not None and name not in self.errors:
                self.add_error(name, _("Give both times, or neither."))
        if first is not None and first == last:
            self.add_error("quiet_until", _("The two times are the same. Choose a whole day below instead."))
        if len(values.get("quiet_days", [])) == len(WEEKDAYS):
            self.add_error("quiet_days", _("Leave some time of the week in which you may be told."))
        return values


class TokenForm(forms.Form):
    """A new personal API token."""

    LASTS: ClassVar = {"30": 30, "90": 90, "365": 365, "always": None}

    name = LineField(
        label=_("What is it for?"), max_length=80, help_text=_("For example “Report script on my laptop”.")
    )
    lasts = forms.ChoiceField(
        label=_("Works for"),
        initial="90",
        choices=[
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("365", _("A year")),
            ("always", _("Until I revoke it")),
        ],
    )

    def expires_at(self, now: datetime) -> datetime | None:
        """The instant from which the token no longer works, None for never."""
        days = self.LASTS[self.cleaned_data["lasts"]]
        return now + timedelta(days=days) if days else None


COMPANY_ROLES = [(Role.MEMBER.value, _("Member")), (Role.CUSTOMER_ADMIN.value, _("Admin of the company"))]


class CompanyInviteForm(forms.Form):
    """Somebody of one's own company."""

    name = LineField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Email"), max_length=254)
    role = forms.ChoiceField(
        label=_("May do"),
        choices=COMPANY_ROLES,
        initial=Role.MEMBER.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("name", "email"):
            self.fields[field].widget.attrs["autocomplete"] = "off"


class CompanyRoleForm(forms.Form):
    """Another role for somebody of one's own company."""

    role = forms.ChoiceField(label=_("May do"), choices=COMPANY_ROLES)

    def __init__(self, data: Mapping[str, Any] | None = None, *, person: Membership) -> None:
        super().__init__(data, initial={"role": person.role}, auto_id=f"id_%s_{person.pk}")
