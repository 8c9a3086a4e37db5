"""Second factors: codes of an app, passkeys, recovery codes; and the desk that asks its staff for one.

They belong to the person, as the password does, and hold in every desk. Whether a *session* was opened with
one is written in the session itself, so the door asks no query. Who came through a company's own sign-in has
been asked there, and is not asked again for what the desk requires of its staff.
"""

from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.usersessions.models import UserSession
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import company_sessions
from accounts.models import User
from accounts.sealing import seal, unseal

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts; recovery codes only stand in for one of these."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's second factors with secrets sealed, and in the desk's words and name."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This was not accepted. Try again with the newest code or your passkey."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def _get_site_name(self) -> str:
        # What an app shows beside the code. The factor is the person's in all desks, so it names none.
        return "Support Desk"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's name
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1} if count else _("Passkey")


def has_set_up(user: User) -> bool:
    """Whether somebody has a second factor at all."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the desk asks its staff for a second factor, and this session of one of them has none."""
    tenant, membership = getattr(request, "tenant", None), getattr(request, "membership", None)
    if tenant is None or not tenant.requires_second_factor:
        return False
    if membership is None or not membership.is_staff_member:
        return False
    if company_sessions.is_one(request):
        return False
    records = get_authentication_records(request, request.user)
    return not any(record.get("method") == "mfa" for record in records)


@receiver(authenticator_added)
def _was_just_proved(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """Setting one up takes a code or a touch: this session has shown it."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


@receiver(authenticator_removed)
def _is_shown_no_longer(request: HttpRequest, user: User, **_more: Any) -> None:
    """Without any factor left no session may go on as if it had one: other sessions end."""
    if has_set_up(user):
        return
    kept = [one for one in get_authentication_records(request, user) if one.get("method") != "mfa"]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()
