"""The link in a mail by which its reader answers without a log-in, bound to question and person."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from accounts.links import desk_path
from accounts.models import Membership, Tenant
from tickets.models import Approval

SALT = "tickets.approval"
LASTS = timedelta(days=60)


class LinkExpired(Exception):
    """The link was never ours, is too old, or its reader may not enter this desk any more."""


def approval_token(approval: Approval, person: Membership) -> str:
    """The secret of that person's link."""
    return signing.dumps([approval.tenant_id, approval.pk, person.pk], salt=SALT)


def approval_path(approval: Approval, person: Membership) -> str:
    """The path of that link inside the desk."""
    return desk_path("answer_approval", approval_token(approval, person))


def approval_of(token: str, *, tenant: Tenant) -> tuple[Approval, Membership]:
    """What is asked, and of whom. Raises LinkExpired."""
    try:
        tenant_id, approval_id, person_id = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise LinkExpired from error
    if tenant_id != tenant.pk:
        raise LinkExpired
    person = (
        Membership.objects.active()
        .select_related("user", "customer")
        .filter(tenant_id=tenant.pk, pk=person_id, user__is_active=True)
        .first()
    )
    approval = None
    if person is not None:
        seen = Approval.objects.visible_to(person).select_related(
            "ticket__requester", "ticket__merged_into", "asked_by"
        )
        approval = seen.filter(pk=approval_id).first()
    if person is None or approval is None:
        raise LinkExpired
    return approval, person
