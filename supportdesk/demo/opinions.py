"""What customers of the demo thought of the answers: some of the tickets that are over were rated."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain, cycle
from typing import Any

from accounts.models import Membership
from tickets.models import LOW, Rating
from tickets.services import follow_up_rating, rate_ticket
from tickets.services.ratings import ASK_AFTER, REMIND_AFTER

_MOST = 16
_FRESH = timedelta(days=29)


def give_opinions(data: dict[str, Any], people: dict[str, Membership], *, now: datetime) -> None:
    """The latest of the tickets that were asked about get these scores, 0 for no answer; then the better ones
    come by turns, without their words.

    The question was mailed and reminded of in its time, so no sweep has a month of letters to write.
    """
    supervisor = next(person for person in people.values() if person.role == "supervisor")
    silent = [one | {"text": ""} for one in data["scores"] if one["score"] not in LOW]
    scores = chain(data["scores"], cycle(silent))
    asked = Rating.objects.select_related("ticket__requester").filter(score=None, asked_at__gt=now - _FRESH)
    for rating, opinion in zip(list(asked.order_by("-asked_at", "pk")[:_MOST]), scores, strict=False):
        ticket = rating.ticket
        at = max(rating.asked_at, ticket.updated_at) + ASK_AFTER + timedelta(minutes=17)
        if opinion["score"] == 0 or at >= now or ticket.requester is None:
            continue
        rated = rate_ticket(
            ticket=ticket, score=opinion["score"], comment=opinion["text"], by=ticket.requester, at=at
        )
        followed_at = at + timedelta(hours=3)
        if "follow_up" in opinion and followed_at < now:
            follow_up_rating(rating=rated, note=opinion["follow_up"], by=supervisor, at=followed_at)
    waiting = Rating.objects.filter(score=None)
    waiting.filter(asked_at__lt=now - ASK_AFTER - REMIND_AFTER).update(mails_sent=2, next_mail_at=None)
    for rating in waiting.filter(next_mail_at__lte=now):
        rating.mails_sent, rating.next_mail_at = 1, rating.asked_at + ASK_AFTER + REMIND_AFTER
        rating.save(update_fields=["mails_sent", "next_mail_at"])
