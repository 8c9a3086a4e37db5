"""allauth's forms about second factors in our words; no placeholders, which vanish as soon as one types."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.core.cache import cache
from django.forms import Form
from django.utils.translation import gettext_lazy as _

from accounts.sealing import SealBroken

CODES_COUNT_FOR = 120
"""Seconds: a code, the one before and the one after."""


def _plain_code(form: Form, help_text: Any) -> None:
    code = form.fields["code"]
    code.label, code.help_text = _("Code"), help_text
    code.widget.attrs.pop("placeholder", None)
    # Digits alone, though they may be typed in groups; phones show their number pad.
    code.widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")


def _only_once(user_id: int, check: Callable[[], str]) -> str:
    """Refuse a code that was taken already: it counts for longer than allauth remembers it.

    A key that was sealed by another `SECRET_KEY` accepts nothing.
    """
    try:
        code = check()
    except SealBroken as error:
        raise get_adapter().validation_error("incorrect_code") from error
    if not cache.add(f"code-taken-{user_id}-{''.join(code.split())}", value=True, timeout=CODES_COUNT_FOR):
        raise get_adapter().validation_error("incorrect_code")
    return code


class CodeForm(base.AuthenticateForm):  # type: ignore[misc]
    """The code after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_code(self, _("Six digits from your app, or eight of a recovery code."))
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        return _only_once(self.user.pk, super().clean_code)


class CodeAgainForm(base.ReauthenticateForm):  # type: ignore[misc]
    """The code before something important."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_code(self, _("Six digits from your app, or eight of a recovery code."))

    def clean_code(self) -> str:
        return _only_once(self.user.pk, super().clean_code)


class SetUpAppForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app, which shows that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_code(self, _("The six digits that the app shows now."))


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, which the browser makes when the form is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label, name.help_text, name.max_length = _("Name"), _("To tell your passkeys apart."), 60
        alone.label = _("Log in with it alone, without a password")
        alone.help_text = _(
            "The device then asks for your finger, face or PIN. Old security keys cannot do that."
        )


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label, self.fields["name"].max_length = _("Name"), 60
