"""Log-ins and the sessions that they open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.browsers import browser_words
from accounts.models import LogIn, Membership, User
from accounts.tenancy import tenant_scope

REMEMBERED = timedelta(days=180)


@dataclass(frozen=True)
class OpenSession:
    """Where somebody is logged in."""

    pk: int
    is_this_one: bool
    browser: str
    address: str
    began_at: datetime
    seen_at: datetime


def note_log_in(
    *, user: User, way: str, address: str | None, user_agent: str, at: datetime, tenant_id: int | None = None
) -> None:
    """Write a log-in down in every desk that it opens; `tenant_id`: it opens that one alone."""
    with tenant_scope(tenant_id, user.pk):
        opened = Membership.objects.filter(user=user).active()
        if tenant_id is not None:
            opened = opened.filter(tenant_id=tenant_id)
        desks = list(opened.values_list("tenant_id", "pk"))
    for desk_id, membership_id in desks:
        with tenant_scope(desk_id):
            LogIn.objects.filter(at__lt=at - REMEMBERED).delete()
            LogIn.objects.create(
                tenant_id=desk_id,
                person_id=membership_id,
                at=at,
                way=way,
                address=address,
                browser=browser_words(user_agent),
            )


def open_sessions(*, user: User, this_key: str | None, now: datetime) -> list[OpenSession]:
    """Where somebody is logged in at this moment, this session first, then the one that was used last.

    What has ended meanwhile (expired, another password since) is forgotten on the way.
    """
    tracked = list(UserSession.objects.filter(user=user).order_by("-last_seen_at"))
    alive = _alive([one.session_key for one in tracked], user, now)
    gone = [one.pk for one in tracked if one.session_key not in alive]
    if gone:
        UserSession.objects.filter(pk__in=gone).delete()
    found = [
        OpenSession(
            pk=one.pk,
            is_this_one=one.session_key == this_key,
            browser=browser_words(one.user_agent),
            address=one.ip,
            began_at=one.created_at,
            seen_at=one.last_seen_at,
        )
        for one in tracked
        if one.session_key in alive
    ]
    return sorted(found, key=lambda one: not one.is_this_one)


def _alive(keys: Iterable[str], user: User, now: datetime) -> set[str]:
    rows = Session.objects.filter(session_key__in=list(keys), expire_date__gt=now)
    current = user.get_session_auth_hash()
    return {
        row.session_key
        for row in rows
        if constant_time_compare(row.get_decoded().get(HASH_SESSION_KEY, ""), current)
    }


def end_session(*, user: User, pk: int) -> bool:
    """Log somebody out of one of their own sessions; says whether there was such a one."""
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        return False
    session.end()
    return True


@transaction.atomic
def take_second_factor_away(*, user: User) -> None:
    """An operator's act for somebody who has lost it: nothing is left of it, and all of their sessions end.

    They are told by mail, to the address that they log in with.
    """
    Authenticator.objects.filter(user=user).delete()
    end_other_sessions(user=user, this_key=None)
    with translation.override(user.language):
        send_mail(
            _("Your second factor was taken away"),
            _(
                "An operator of this installation took the second factor of your account away, as you asked. "
                "Log in with your password and set up another. If you did not ask for it, choose a new "
                "password at once and tell your support provider."
            ),
            None,
            [user.email],
        )


def end_other_sessions(*, user: User, this_key: str | None) -> int:
    """Log somebody out everywhere else; returns of how many sessions."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=this_key or ""))
    for session in others:
        session.end()
    return len(others)
