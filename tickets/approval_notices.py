"""Who is told of a question that waits for a yes, and of its answer.

The mail that asks goes to each person who may answer, with a link of that person's own. Mails wait for the
end of their reader's quiet hours; clocks wait for the answer anyway.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Membership, Role
from accounts.quiet import awake_at, quiet_hours_of
from notifications.services import cancel_waiting, in_language_of, notify, queue_email
from tickets.approval_links import approval_path
from tickets.models import Approval, ApprovalState, Ticket
from tickets.notices import reference, tell, tell_all_staff, ticket_path


def deciders(ticket: Ticket) -> list[Membership]:
    """The people of the customer who may answer: the requester and the admins who may see the ticket."""
    people = Membership.objects.active().filter(
        Q(pk=ticket.requester_id) | Q(role=Role.CUSTOMER_ADMIN),
        tenant_id=ticket.tenant_id,
        customer_id=ticket.customer_id,
        user__is_active=True,
    )
    found = people.select_related("user", "tenant").order_by("pk")
    # A private ticket is no admin's to read, nor is what is asked on it.
    return [one for one in found if Ticket.objects.visible_to(one).filter(pk=ticket.pk).exists()]


def tell_asked(approval: Approval, ticket: Ticket, *, at: datetime) -> None:
    """Everybody who may answer, under the bell and by mail."""
    for person in deciders(ticket):
        with in_language_of(person):
            title = _(ASKED) % {"ref": reference(ticket), "subject": ticket.subject}
        key = _key(approval)
        notify(
            recipient=person,
            kind="approval_asked",
            key=key,
            title=title,
            path=ticket_path(ticket),
            at=at,
        )
        queue_email(
            recipient=person,
            kind="approval_asked",
            key=key,
            template="tickets/email/approval_asked",
            path=approval_path(approval, person),
            at=at,
            context={"heading": title, "approval": approval, "name": approval.asked_by.name},
            is_secret=True,
            send_after=awake_at(quiet_hours_of(person), at),
        )


def tell_decided(approval: Approval, ticket: Ticket, *, by: Membership, at: datetime) -> None:
    """Whoever has the ticket, or all staff; mails that still ask are taken back."""
    take_back(approval, at=at)
    title = APPROVED if approval.state == ApprovalState.APPROVED else DECLINED
    key, person = f"approval:{approval.pk}:decided", ticket.assignee
    if person is not None and person.is_active and person.user.is_active:
        values = {"name": by.name, "approval": approval}
        mail_at = awake_at(quiet_hours_of(person), at)
        tell(
            person,
            ticket,
            kind="approval_decided",
            key=key,
            title=title,
            at=at,
            values=values,
            mail_at=mail_at,
        )
    else:
        tell_all_staff(ticket, by=by, kind="approval_decided", key=key, title=title, at=at, name=by.name)


def tell_merged(approval: Approval, ticket: Ticket, *, at: datetime) -> None:
    """Whoever was asked: the ticket went on in another one, so nobody waits for their answer here.

    The requester reads it in the letter that says where it goes on.
    """
    take_back(approval, at=at)
    key = f"approval:{approval.pk}:merged"
    for person in deciders(ticket):
        if person.pk == ticket.requester_id:
            continue
        mail_at = awake_at(quiet_hours_of(person), at)
        tell(
            person, ticket, kind="approval_merged", key=key, title=NOT_NEEDED, at=at,
            values={"approval": approval}, mail_at=mail_at,
        )  # fmt: skip


def take_back(approval: Approval, *, at: datetime) -> None:
    """Mails that have not left ask for nothing any more."""
    cancel_waiting(at=at, why=NOT_ASKED, keys=[_key(approval)])


def _key(approval: Approval) -> str:
    return f"approval:{approval.pk}:asked"


ASKED = gettext_noop("Your approval is needed on %(ref)s: %(subject)s")
APPROVED = gettext_noop("%(name)s approved on %(ref)s: %(subject)s")
DECLINED = gettext_noop("%(name)s declined on %(ref)s: %(subject)s")
NOT_NEEDED = gettext_noop("Your approval on %(ref)s is no longer asked for: %(subject)s")
NOT_ASKED = gettext_noop("Somebody answered, or nobody asks any more.")
