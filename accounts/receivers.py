"""What follows from a log-in."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import company_sessions
from accounts import second_factor as second_factor  # noqa: PLC0414 - its receivers
from accounts.models import User, Way
from accounts.services import note_log_in


@receiver(user_logged_in)
def _note(request: HttpRequest, user: User, **_more: Any) -> None:
    """Bind the session to the desk if a company opened it, and write the log-in down where it counts."""
    from allauth.account.adapter import get_adapter  # noqa: PLC0415 - its module asks for models that are not ready

    company_sessions.mark(request)
    note_log_in(
        user=user,
        way=_way(request, user),
        address=get_adapter(request).get_client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:HTTP_USER_AGENT_MAX_LENGTH],
        at=timezone.now(),
        tenant_id=request.session.get(company_sessions.KEY),
    )


def _way(request: HttpRequest, user: User) -> str:
    records = get_authentication_records(request, user)
    methods = {record.get("method") for record in records}
    if "socialaccount" in methods:
        return Way.COMPANY
    if any(record.get("passwordless") for record in records):
        return Way.PASSKEY
    return Way.SECOND_FACTOR if "mfa" in methods else Way.PASSWORD
