"""The letters and bells about satisfaction: the question to the requester, low answers to supervisors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.links import desk_path
from accounts.models import Membership
from accounts.quiet import awake_at, quiet_hours_of
from notifications.services import (
    LateMail,
    Words,
    cancel_waiting,
    in_language_of,
    notify_each,
    queue_email,
    queue_many,
)
from tickets.models import Rating, Score, Ticket
from tickets.notices import reference


def ask(rating: Rating, *, token: str, at: datetime) -> None:
    """The question, or its one reminder, to the requester. Whoever has the link can answer."""
    ticket = rating.ticket
    requester = ticket.requester
    requester.tenant = ticket.tenant
    with in_language_of(requester):
        heading = _(ASKED) % {"ref": reference(ticket), "subject": ticket.subject}
    queue_email(
        recipient=requester,
        kind="rating",
        key=f"rating:{rating.pk}:{rating.mails_sent}",
        template="tickets/email/rating",
        path=desk_path("rate_by_link", token),
        at=at,
        context={
            "ticket": ticket,
            "heading": heading,
            "scores": list(reversed(Score.choices)),
            "is_reminder": rating.mails_sent > 1,
        },
        is_secret=True,
    )


def tell_low(ticket: Ticket, rating: Rating, *, by: Membership, at: datetime) -> None:
    """A low answer, under the bells of all supervisors, and by mail after their quiet hours.

    The bell rings once for a question; letters go again where a better answer had taken the first ones back.
    """
    found = Membership.objects.active().supervisors().filter(tenant_id=ticket.tenant_id)
    people = list(found.filter(user__is_active=True).select_related("user"))
    words = {"ref": reference(ticket), "subject": ticket.subject, "name": by.name, "score": rating.score}
    about: dict[str, Any] = {"kind": "rated", "path": desk_path("satisfaction")}
    notify_each(people, title_for=lambda _person: _(LOW_RATING) % words, at=at, key=_low(rating), **about)
    context = {"heading": Words(LOW_RATING, words), "comment": rating.comment}
    letters = (
        LateMail(
            recipient=person,
            template="tickets/email/rated",
            context=context,
            key=f"{_low(rating)}:{at.timestamp()}",
            send_after=awake_at(quiet_hours_of(person), at),
            **about,
        )
        for person in people
    )
    queue_many(letters, at=at)


def take_back(rating: Rating, *, at: datetime) -> None:
    """Somebody has followed the low answer up, or it is a better one now: mails that still wait are stale."""
    why = FOLLOWED_UP if rating.is_low else BETTER_NOW
    cancel_waiting(at=at, why=why, prefix=_low(rating))


def _low(rating: Rating) -> str:
    return f"rating:{rating.pk}:low"


ASKED = gettext_noop("How was our support on %(ref)s? %(subject)s")
LOW_RATING = gettext_noop("%(name)s rated %(ref)s %(score)s of 5: %(subject)s")
BETTER_NOW = gettext_noop("The customer has given a better answer.")
FOLLOWED_UP = gettext_noop("Somebody has followed the low answer up.")
