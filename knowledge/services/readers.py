"""What readers do: say whether an article helped, and search for what is not there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts.models import Membership
from accounts.oneline import one_line
from knowledge.models import Edition, Feedback, MissedSearch
from knowledge.permissions import can_write
from knowledge.services.errors import NotAllowed, WrongState

MOST_MISSED = 500
LONGEST_SEARCH = 100


def voter_of(membership: Membership | None, *, address: str, agent: str) -> str:
    """Who votes: a member, or a reader told apart from others by a hash that nobody can turn back."""
    if membership is not None:
        return f"m{membership.pk}"
    return salted_hmac("knowledge.voter", f"{address}\0{agent}", algorithm="sha256").hexdigest()[:40]


@transaction.atomic
def give_feedback(
    *,
    edition: Edition,
    voter: str,
    membership: Membership | None,
    helped: bool,
    comment: str = "",
    at: datetime,
) -> Feedback:
    """Say whether the published version helped. Who says it again says it anew.

    Raises WrongState if nothing is published.
    """
    if edition.published is None:
        raise WrongState
    feedback, _made = Feedback.objects.update_or_create(
        tenant_id=edition.tenant_id,
        edition=edition,
        voter=voter,
        defaults={
            "number": edition.published,
            "membership": membership,
            "helped": helped,
            "comment": comment.strip()[:1000],
            "at": at,
        },
    )
    return feedback


def note_missed_search(*, tenant_id: int, words: str, language: str, at: datetime) -> None:
    """Count a search that found nothing, for authors; of many only the newest are kept."""
    words = one_line(words).casefold()[:LONGEST_SEARCH]
    if len(words) < 3:
        return
    with transaction.atomic():
        missed, made = MissedSearch.objects.get_or_create(
            tenant_id=tenant_id,
            language=language,
            words=words,
            defaults={"first_at": at, "last_at": at},
        )
        if not made:
            MissedSearch.objects.filter(pk=missed.pk).update(times=F("times") + 1, last_at=at)
            return
        newest = MissedSearch.objects.filter(tenant_id=tenant_id).order_by("-last_at", "-id")
        too_many = list(newest.values_list("pk", flat=True)[MOST_MISSED : MOST_MISSED + 100])
        if too_many:
            MissedSearch.objects.filter(pk__in=too_many).delete()


@transaction.atomic
def settle_missed_search(*, missed: MissedSearch, by: Membership, at: datetime) -> None:
    """Take it off the list: an article answers it now, or none is wanted. Raises NotAllowed."""
    if not can_write(by, missed.tenant_id):
        raise NotAllowed
    MissedSearch.objects.filter(pk=missed.pk).delete()
