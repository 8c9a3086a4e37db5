"""What somebody has begun to file: kept over a reload, a log-out, a change of device, for them alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from tickets.models import FilingDraft

MOST_CHARACTERS = 60_000
FIELDS = frozenset(
    {"requester", "category", "subject", "body", "service", "affected_service", "priority", "private"}
)
ANSWER = "q_"
WRITTEN = frozenset({"subject", "body", "affected_service"})


@transaction.atomic
def keep_draft(*, by: Membership, values: Mapping[str, str], at: datetime) -> FilingDraft | None:
    """Put down what stands in the form so far, instead of what was kept before.

    Choices alone are no draft: None, and what was kept is gone. So is a text that no form would take.
    """
    kept = {
        name: value.replace("\x00", "")
        for name, value in values.items()
        if (name in FIELDS or name.startswith(ANSWER)) and value.strip()
    }
    is_written = any(name in WRITTEN or name.startswith(ANSWER) for name in kept)
    if not is_written or sum(map(len, kept.values())) > MOST_CHARACTERS:
        drop_draft(by=by)
        return None
    draft, _created = FilingDraft.objects.update_or_create(
        tenant_id=by.tenant_id, person=by, defaults={"values": kept, "saved_at": at}
    )
    return draft


def draft_of(person: Membership) -> FilingDraft | None:
    """What that person has begun; nobody who sees the portal as they do reads it."""
    if person.seen_by is not None:
        return None
    found: FilingDraft | None = FilingDraft.objects.filter(person=person).first()
    return found


def drop_draft(*, by: Membership) -> None:
    """Forget what was begun: it was filed, or is not wanted."""
    FilingDraft.objects.filter(person=by).delete()
