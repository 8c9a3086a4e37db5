"""What follows from a log-in."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import company_sessions, view_as
from accounts import second_factor as second_factor  # noqa: PLC0414 - its receivers
from accounts.client_address import client_address
from accounts.models import User, Way
from accounts.services import note_log_in


@receiver(user_logged_in)
def _note(request: HttpRequest, user: User, **_more: Any) -> None:
    """Bind the session to the desk if a company opened it, and write the log-in down where it counts."""
    company_sessions.mark(request)
    note_log_in(
        user=user,
        way=_way(request, user),
        address=client_address(request),
        user_agent=request.headers.get("User-Agent", "")[:HTTP_USER_AGENT_MAX_LENGTH],
        at=timezone.now(),
        tenant_id=request.session.get(company_sessions.KEY),
    )


@receiver(user_logged_out)
def _be_oneself_again(request: HttpRequest | None, **_more: Any) -> None:
    """Nobody goes on to see as somebody else after the log-out."""
    if request is not None:
        view_as.leave(request)


def _way(request: HttpRequest, user: User) -> str:
    records = get_authentication_records(request, user)
    methods = {record.get("method") for record in records}
    if "socialaccount" in methods:
        return Way.COMPANY
    if any(record.get("passwordless") for record in records):
        return Way.PASSKEY
    return Way.SECOND_FACTOR if "mfa" in methods else Way.PASSWORD
