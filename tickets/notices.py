"""Who is told about what happens to a ticket, besides the page itself.

Customers never get a word of a note. Nobody is told of what they did themselves. What asks for staff while
nobody has the ticket stands under the bells of all staff, and in no mail: whoever is there first takes it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from accounts.humantime import short_moment
from accounts.links import desk_path
from accounts.models import Membership, Tenant
from notifications.services import in_language_of, notify, notify_each, queue_email
from tickets.models import HandOver, Message, Ticket, TicketEvent


def reference(ticket: Ticket, tenant: Tenant | None = None) -> str:
    """The number as people write it: ACME-1042."""
    return f"{(tenant or ticket.tenant).ticket_prefix}-{ticket.number}"


def ticket_path(ticket: Ticket) -> str:
    """The path of the ticket's page inside its desk."""
    return desk_path("ticket", ticket.number)


def tell(
    person: Membership,
    ticket: Ticket,
    *,
    kind: str,
    key: str,
    title: str,
    at: datetime,
    values: dict[str, Any] | None = None,
    by_email: bool = True,
    mail_at: datetime | None = None,
) -> None:
    """One line under the bell, and an email from `tickets/email/<kind>`; once per person and key.

    The email leaves at once, or at `mail_at`.

    `title` is a gettext message id with %(ref)s, %(subject)s and what `values` adds, put into the reader's
    language here.
    """
    person.tenant = ticket.tenant  # known already: its letters ask for no query
    words = {"ref": reference(ticket), "subject": ticket.subject, **(values or {})}
    with in_language_of(person):
        text = _(title) % words
    path = ticket_path(ticket)
    notify(recipient=person, kind=kind, key=key, title=text, path=path, at=at)
    if by_email:
        context = {"ticket": ticket, "reference": words["ref"], "heading": text, **(values or {})}
        queue_email(
            recipient=person,
            kind=kind,
            key=key,
            template=f"tickets/email/{kind}",
            path=path,
            at=at,
            context=context,
            send_after=mail_at,
        )


def tell_all_staff(
    ticket: Ticket, *, by: Membership, kind: str, key: str, title: str, at: datetime, name: str
) -> None:
    """One line under the bell of everybody on the staff but `by`; once per person and key.

    `title` is a gettext message id with %(ref)s, %(subject)s and %(name)s.
    """
    staff = Membership.objects.active().staff().filter(tenant_id=ticket.tenant_id, user__is_active=True)
    words = {"ref": reference(ticket), "subject": ticket.subject, "name": name}
    told = list(staff.exclude(pk=by.pk).select_related("user"))
    for person in told:
        person.tenant = ticket.tenant
    notify_each(
        told,
        kind=kind,
        key=key,
        title_for=lambda _person: _(title) % words,
        path=ticket_path(ticket),
        at=at,
    )


def tell_filed(ticket: Ticket, *, by: Membership, at: datetime) -> None:
    """The requester gets a receipt, whoever filed; all staff learn that there is something new."""
    key, name = f"ticket:{ticket.pk}:filed", ticket.requester.name
    tell(ticket.requester, ticket, kind="filed", key=key, title=FILED, at=at)
    tell_all_staff(ticket, by=by, kind="filed", key=key, title=NEW, at=at, name=name)


def tell_replied(
    ticket: Ticket, message: Message, *, by: Membership, at: datetime, was_resolved: bool = False
) -> None:
    """Staff's answer goes to the requester, the requester's to the assignee or, without one, to all staff.

    Who is told of a requester's answer to a resolved ticket learns whether it is open again.
    """
    key = f"message:{message.pk}"
    values = {"name": by.name, "message": message}
    title = REPLIED
    if was_resolved and by.is_contact:
        title = REPLIED_STILL_RESOLVED if ticket.is_resolved else REPLIED_OPEN_AGAIN
    _tell_participants(ticket, kind="replied", key=key, title=title, by=by, at=at, values=values)
    if by.is_staff_member:
        tell(ticket.requester, ticket, kind="replied", key=key, title=title, at=at, values=values)
    elif ticket.assignee is not None and _is_reached(ticket.assignee):
        tell(ticket.assignee, ticket, kind="replied", key=key, title=title, at=at, values=values)
    else:
        tell_all_staff(ticket, by=by, kind="replied", key=key, title=title, at=at, name=by.name)
    if by.is_contact and by.pk != ticket.requester_id:
        tell(ticket.requester, ticket, kind="replied", key=key, title=title, at=at, values=values)


def tell_noted(ticket: Ticket, message: Message, *, by: Membership, at: datetime) -> None:
    """The assignee, under the bell only."""
    if ticket.assignee is not None and ticket.assignee_id != by.pk:
        key, values = f"message:{message.pk}", {"name": by.name}
        tell(
            ticket.assignee, ticket, kind="noted", key=key, title=NOTED, at=at, values=values, by_email=False
        )


def tell_assigned(
    ticket: Ticket,
    event: TicketEvent,
    *,
    by: Membership | None,
    at: datetime,
    mail_at: datetime | None = None,
) -> None:
    """The new assignee, unless they took it themselves; `by` None: an escalation ladder gave it to them."""
    if ticket.assignee is None or (by is not None and ticket.assignee_id == by.pk):
        return
    key, title = f"event:{event.pk}", ASSIGNED if by is not None else ASSIGNED_BY_LADDER
    values = {"name": by.name} if by is not None else {}
    tell(
        ticket.assignee, ticket, kind="assigned", key=key, title=title, at=at, values=values, mail_at=mail_at
    )


def tell_handed_over(hand_over: HandOver, *, at: datetime) -> None:
    """Whoever got tickets of somebody, once however many they are, unless they asked for it themselves."""
    people = Membership.objects.filter(pk__in=hand_over.given).exclude(pk=hand_over.asked_by_id)
    for person in people.select_related("user", "tenant").order_by("pk"):
        count = hand_over.given[str(person.pk)]
        key, path = f"hand_over:{hand_over.pk}", f"{desk_path('queue')}?view=mine"
        with in_language_of(person):
            text = ngettext(
                "%(name)s handed %(num)s ticket of %(person)s over to you",
                "%(name)s handed %(num)s tickets of %(person)s over to you",
                count,
            ) % {"name": hand_over.asked_by.name, "num": count, "person": hand_over.person.name}
        notify(recipient=person, kind="handed_over", key=key, title=text, path=path, at=at)
        queue_email(
            recipient=person, kind="handed_over", key=key, template="tickets/email/handed_over", path=path,
            at=at, context={"heading": text},
        )  # fmt: skip


def tell_resolved(ticket: Ticket, event: TicketEvent, *, by: Membership, at: datetime) -> None:
    """The requester and who follows it; when the customer resolved it, the assignee."""
    key, values = f"event:{event.pk}", {"name": by.name}
    if by.is_contact and ticket.assignee is not None:
        tell(ticket.assignee, ticket, kind="resolved", key=key, title=RESOLVED, at=at, values=values)
    if by.pk != ticket.requester_id:
        tell(ticket.requester, ticket, kind="resolved", key=key, title=RESOLVED, at=at, values=values)
    _tell_participants(ticket, kind="resolved", key=key, title=RESOLVED, by=by, at=at, values=values)


def tell_added(
    ticket: Ticket, person: Membership, event: TicketEvent, *, by: Membership, at: datetime
) -> None:
    """Whoever was added, unless they did it themselves."""
    if person.pk != by.pk:
        key, values = f"event:{event.pk}", {"name": by.name}
        tell(person, ticket, kind="added", key=key, title=ADDED, at=at, values=values)


def tell_withdrawn(ticket: Ticket, event: TicketEvent, *, by: Membership, at: datetime) -> None:
    """The assignee, under the bell; the requester by mail where a colleague did it, and who follows it."""
    key, values = f"event:{event.pk}", {"name": by.name}
    _tell_assignee(ticket, "withdrawn", key, WITHDRAWN, by=by, at=at, values=values)
    if by.pk != ticket.requester_id:
        tell(ticket.requester, ticket, kind="withdrawn", key=key, title=WITHDRAWN, at=at, values=values)
    _tell_participants(ticket, kind="withdrawn", key=key, title=WITHDRAWN, by=by, at=at, values=values)


def tell_chat(ticket: Ticket, event: TicketEvent, *, by: Membership, at: datetime) -> None:
    """All staff, under the bell: whoever is there first takes it."""
    tell_all_staff(ticket, by=by, kind="chat", key=f"event:{event.pk}", title=CHAT, at=at, name=by.name)


def _tell_participants(
    ticket: Ticket, *, kind: str, key: str, title: str, by: Membership, at: datetime, values: dict[str, Any]
) -> None:
    """Whoever was added to the ticket, less whoever did it."""
    people = Membership.objects.active().filter(participations__ticket=ticket).exclude(pk=by.pk)
    for person in people.select_related("user", "customer").order_by("pk"):
        tell(person, ticket, kind=kind, key=key, title=title, at=at, values=values)


def tell_reopened(ticket: Ticket, event: TicketEvent, *, by: Membership, at: datetime) -> None:
    """The assignee, unless they did it; all staff when a customer did and nobody has the ticket."""
    key, values = f"event:{event.pk}", {"name": by.name}
    if ticket.assignee is not None and _is_reached(ticket.assignee):
        if ticket.assignee_id != by.pk:
            tell(ticket.assignee, ticket, kind="reopened", key=key, title=REOPENED, at=at, values=values)
    elif by.is_contact:
        tell_all_staff(ticket, by=by, kind="reopened", key=key, title=REOPENED, at=at, name=by.name)


def tell_merged(
    ticket: Ticket, survivor: Ticket, event: TicketEvent, *, by: Membership, at: datetime, question: str = ""
) -> None:
    """The requester of the merged ticket, who goes on in the survivor; whoever has that, under the bell.

    `question` waited for approval on the merged ticket and is withdrawn.
    """
    key, values = f"event:{event.pk}", {"name": by.name, "merged": reference(ticket), "question": question}
    tell(ticket.requester, survivor, kind="merged", key=key, title=MERGED, at=at, values=values)
    _tell_assignee(survivor, "merged", key, MERGED, by=by, at=at, values=values)


def tell_split(ticket: Ticket, split: Ticket, *, by: Membership, at: datetime) -> None:
    """Whoever wrote the message; the assignee under the bell, or all staff where there is none."""
    key, values = f"ticket:{split.pk}:filed", {"name": by.name, "origin": reference(ticket)}
    tell(split.requester, split, kind="split", key=key, title=SPLIT, at=at, values=values)
    if split.assignee is not None and _is_reached(split.assignee):
        _tell_assignee(split, "split", key, SPLIT, by=by, at=at, values=values)
    else:
        tell_all_staff(split, by=by, kind="filed", key=key, title=NEW, at=at, name=split.requester.name)


def tell_due_set(
    ticket: Ticket, event: TicketEvent, due_at: datetime, *, by: Membership, at: datetime
) -> None:
    """The assignee, under the bell, unless they did it."""
    when = lazy(lambda: short_moment(due_at, now=at), str)()  # in the reader's zone, which is known later
    values = {"name": by.name, "when": when}
    _tell_assignee(ticket, "due_set", f"event:{event.pk}", DUE_SET, by=by, at=at, values=values)


def tell_due_cleared(ticket: Ticket, event: TicketEvent, *, by: Membership, at: datetime) -> None:
    """The assignee, under the bell, unless they did it."""
    key, values = f"event:{event.pk}", {"name": by.name}
    _tell_assignee(ticket, "due_cleared", key, DUE_CLEARED, by=by, at=at, values=values)


def _tell_assignee(
    ticket: Ticket,
    kind: str,
    key: str,
    title: str,
    *,
    by: Membership,
    at: datetime,
    values: dict[str, Any],
) -> None:
    if ticket.assignee is not None and ticket.assignee_id != by.pk:
        tell(ticket.assignee, ticket, kind=kind, key=key, title=title, at=at, values=values, by_email=False)


def _is_reached(person: Membership) -> bool:
    """Whether telling that person tells anybody: neither the membership nor the identity is closed."""
    return person.is_active and person.user.is_active


NEW = gettext_noop("%(name)s filed %(ref)s: %(subject)s")
FILED = gettext_noop("%(ref)s received: %(subject)s")
REPLIED = gettext_noop("%(name)s replied on %(ref)s: %(subject)s")
REPLIED_STILL_RESOLVED = gettext_noop("%(name)s replied on %(ref)s, which stays resolved: %(subject)s")
REPLIED_OPEN_AGAIN = gettext_noop("%(name)s replied on %(ref)s, which is open again: %(subject)s")
NOTED = gettext_noop("%(name)s left a note on %(ref)s: %(subject)s")
ASSIGNED = gettext_noop("%(name)s assigned %(ref)s to you: %(subject)s")
ASSIGNED_BY_LADDER = gettext_noop("The escalation ladder assigned %(ref)s to you: %(subject)s")
RESOLVED = gettext_noop("%(ref)s is resolved: %(subject)s")
REOPENED = gettext_noop("%(name)s reopened %(ref)s: %(subject)s")
CHAT = gettext_noop("%(name)s waits in a chat on %(ref)s: %(subject)s")
ADDED = gettext_noop("%(name)s added you to %(ref)s: %(subject)s")
WITHDRAWN = gettext_noop("%(name)s withdrew %(ref)s: %(subject)s")
MERGED = gettext_noop("%(merged)s was merged into %(ref)s: %(subject)s")
SPLIT = gettext_noop("Part of %(origin)s is now %(ref)s: %(subject)s")
DUE_SET = gettext_noop("%(name)s set %(ref)s to be due %(when)s: %(subject)s")
DUE_CLEARED = gettext_noop("%(name)s cleared the due time set by hand on %(ref)s: %(subject)s")
