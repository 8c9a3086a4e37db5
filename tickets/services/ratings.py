"""Satisfaction: one question after a ticket is resolved, its answer, and what supervisors do about a low one.

The question is mailed to the requester some time after the solution, so that a ticket that is opened again at
once asks nothing, and once more at most. The link needs no log-in; the page of the ticket asks the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Tenant
from tickets import permissions, rating_notices
from tickets.models import EventKind, Rating, Score, Ticket
from tickets.services.errors import NotAllowed, TicketRuleBroken, WrongStatus
from tickets.services.history import lock_ticket, record_event

ASK_AFTER = timedelta(hours=1)
REMIND_AFTER = timedelta(days=4)
RATED_WITHIN = timedelta(days=30)
SALT = "tickets.rating"
BATCH = 500


class RatingOver(TicketRuleBroken):
    """The link is not ours, or the time for an answer is over."""

    code = "rating_over"

    def words(self) -> str:
        return _("The time for an answer is over. Thank you all the same.")


def ask_for_rating(ticket: Ticket, *, at: datetime) -> None:
    """Have the question ready for a ticket that is resolved now; the caller holds its lock.

    An answer that was given before stays, and a ticket that was reminded of once is never again.
    """
    now = {"customer_id": ticket.customer_id, "category_id": ticket.category_id, "agent": ticket.assignee}
    rating, is_new = Rating.objects.get_or_create(
        ticket=ticket,
        defaults={"tenant_id": ticket.tenant_id, "asked_at": at, "next_mail_at": at + ASK_AFTER, **now},
    )
    if is_new or rating.score is not None:
        return
    rating.asked_at, rating.agent, rating.category_id = at, ticket.assignee, ticket.category_id
    rating.next_mail_at = at + ASK_AFTER if rating.mails_sent < 2 else None
    rating.save(update_fields=["asked_at", "agent", "category", "next_mail_at"])


def rating_token(rating: Rating) -> str:
    """The secret of the link in the mail; it works for 30 days."""
    return signing.dumps([rating.tenant_id, rating.pk], salt=SALT, compress=True)


def rating_of(token: str, *, tenant: Tenant) -> Rating:
    """The question that a link leads to, with its ticket. Raises RatingOver, also once the requester left."""
    try:
        tenant_id, rating_id = signing.loads(token, salt=SALT, max_age=RATED_WITHIN)
    except signing.BadSignature as error:
        raise RatingOver from error
    ratings = Rating.objects.select_related("ticket__requester__user").filter(tenant_id=tenant.pk)
    rating = ratings.filter(pk=rating_id).first()
    if rating is None or tenant_id != tenant.pk:
        raise RatingOver
    requester = rating.ticket.requester
    if not requester.is_active or not requester.user.is_active:
        raise RatingOver
    return rating


@transaction.atomic
def rate_ticket(*, ticket: Ticket, score: int, comment: str, by: Membership, at: datetime) -> Rating:
    """Answer the question, or answer it anew. `by` is the requester for an answer through the mailed link.

    A low answer is put before the supervisors, once. Raises NotAllowed, WrongStatus (it is open again, or was
    never resolved), RatingOver.
    """
    ticket = lock_ticket(ticket)
    if not permissions.can_rate(by, ticket):
        raise WrongStatus if permissions.can_reply(by, ticket) else NotAllowed
    rating: Rating | None = Rating.objects.select_for_update().filter(ticket=ticket).first()
    if rating is None or at - rating.asked_at > RATED_WITHIN:
        raise RatingOver
    was_low = rating.is_low
    rating.score, rating.comment = Score(score), comment.strip()
    rating.rated_at, rating.rated_by, rating.next_mail_at = at, by, None
    rating.save(update_fields=["score", "comment", "rated_at", "rated_by", "next_mail_at"])
    record_event(ticket, EventKind.RATED, at=at, actor=by, data={"score": int(rating.score)})
    if rating.waits_for_follow_up and not was_low:
        rating_notices.tell_low(ticket, rating, by=by, at=at)
    elif was_low and not rating.is_low:
        rating_notices.take_back(rating, at=at)
    return rating


@transaction.atomic
def follow_up_rating(*, rating: Rating, note: str, by: Membership, at: datetime) -> Rating:
    """Say what was done about a low answer. Raises NotAllowed, WrongStatus (done already, or not low)."""
    if not by.is_supervisor or by.tenant_id != rating.tenant_id:
        raise NotAllowed
    ticket = lock_ticket(rating.ticket)
    rating = Rating.objects.select_for_update().get(pk=rating.pk)
    if not rating.waits_for_follow_up:
        raise WrongStatus
    rating.followed_up_at, rating.followed_up_by, rating.follow_up_note = at, by, note.strip()
    rating.save(update_fields=["followed_up_at", "followed_up_by", "follow_up_note"])
    record_event(ticket, EventKind.RATING_FOLLOWED_UP, at=at, actor=by, data={"note": rating.follow_up_note})
    rating_notices.take_back(rating, at=at)
    return rating


def mail_questions(*, now: datetime) -> int:
    """Mail the questions of the current desk that are due; returns how many letters were written."""
    due = Rating.objects.filter(next_mail_at__lte=now).order_by("next_mail_at", "pk")
    return sum(_mail(pk, now) for pk in due.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _mail(pk: int, now: datetime) -> bool:
    """One letter, unless somebody else writes it or there is nothing left to ask."""
    found = Rating.objects.select_for_update(skip_locked=True, of=("self",)).filter(next_mail_at__lte=now)
    rating = found.select_related("ticket__tenant", "ticket__requester__user").filter(pk=pk).first()
    if rating is None:
        return False
    is_asked = rating.score is None and permissions.can_rate(rating.ticket.requester, rating.ticket)
    if is_asked:
        rating.mails_sent += 1
        rating_notices.ask(rating, token=rating_token(rating), at=now)
    rating.next_mail_at = now + REMIND_AFTER if is_asked and rating.mails_sent == 1 else None
    rating.save(update_fields=["mails_sent", "next_mail_at"])
    return is_asked
