"""The letters and bells about satisfaction: the question to the requester, low answers to supervisors."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.links import desk_path
from accounts.models import Membership
from notifications.services import in_language_of, notify_each, queue_email
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
    """A low answer, under the bells of all supervisors: they follow it up."""
    people = Membership.objects.active().supervisors().filter(tenant_id=ticket.tenant_id)
    words = {"ref": reference(ticket), "subject": ticket.subject, "name": by.name, "score": rating.score}
    notify_each(
        people.filter(user__is_active=True).select_related("user"),
        kind="rated",
        key=f"rating:{rating.pk}:low",
        title_for=lambda _person: _(LOW_RATING) % words,
        path=desk_path("satisfaction"),
        at=at,
    )


ASKED = gettext_noop("How was our support on %(ref)s? %(subject)s")
LOW_RATING = gettext_noop("%(name)s rated %(ref)s %(score)s of 5: %(subject)s")
