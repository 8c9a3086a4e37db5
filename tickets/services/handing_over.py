"""Giving the open tickets of one person to others: of somebody who leaves, or is away.

Up to AT_ONCE tickets move with the question itself; more go in the background, a batch a transaction, each
with its event. What remains is read from the tickets, so a worker that is killed has moved a ticket or has
not, and the next one goes on.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from accounts.absences import away_among
from accounts.models import Membership, Team
from accounts.services import deactivate_person
from tickets import permissions
from tickets.lifecycle import UNRESOLVED
from tickets.models import HandOver, Ticket
from tickets.notices import tell_handed_over
from tickets.querysets import TicketQuerySet
from tickets.services.errors import NobodyTakes, NotAllowed
from tickets.services.handling import assign_ticket

AT_ONCE = 200
BATCH = 100


@transaction.atomic
def hand_over_tickets(
    *,
    person: Membership,
    to: Membership | Team | None,
    by: Membership,
    at: datetime,
    due_before: datetime | None = None,
) -> HandOver:
    """Give the open tickets of somebody to a colleague, to the people of a team in turn, or to nobody.

    Of a team those take them who are not away, while there are any, whoever has least first. `due_before`:
    only what falls due earlier. More than AT_ONCE go in the background. Raises NotAllowed, NobodyTakes.
    """
    if not permissions.can_hand_over(by, person) or (to is not None and to.tenant_id != person.tenant_id):
        raise NotAllowed
    hand_over = HandOver(
        tenant_id=person.tenant_id,
        person=person,
        to_person=to if isinstance(to, Membership) else None,
        to_team=to if isinstance(to, Team) else None,
        due_before=due_before,
        asked_by=by,
        asked_at=at,
    )
    if to is not None and not takers(hand_over, at):
        raise NobodyTakes
    hand_over.total = tickets_of(hand_over).count()
    hand_over.save()
    if hand_over.total <= AT_ONCE:
        _move(hand_over, AT_ONCE, at)
        _end(hand_over, at)
    else:
        _in_background(hand_over)
    return hand_over


@transaction.atomic
def leave_with_hand_over(
    *, membership: Membership, to: Membership | Team | None, by: Membership, at: datetime
) -> HandOver:
    """Close the desk to somebody of the staff and give their open tickets to others, or neither.

    Raises what `hand_over_tickets` and `deactivate_person` raise.
    """
    hand_over = hand_over_tickets(person=membership, to=to, by=by, at=at)
    deactivate_person(membership=membership, by=by, at=at)
    return hand_over


def go_on(hand_over_id: int, now: datetime) -> bool:
    """One more batch of a hand-over that is under way; whether there may be more to do."""
    with transaction.atomic():
        rows = HandOver.objects.select_for_update(skip_locked=True, of=("self",))
        hand_over = rows.filter(pk=hand_over_id, ended_at=None).first()
        if hand_over is None:
            return False
        if _move(hand_over, BATCH, now):
            hand_over.save(update_fields=["done", "given", "stopped"])
            return True
        _end(hand_over, now)
        return False


def under_way() -> list[int]:
    """The hand-overs of the current desk that are not through."""
    return list(HandOver.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True))


def tickets_of(hand_over: HandOver) -> TicketQuerySet:
    """What is left to be given."""
    tickets: TicketQuerySet = Ticket.objects.filter(tenant_id=hand_over.tenant_id).unresolved()
    tickets = tickets.filter(assignee_id=hand_over.person_id)
    return tickets.filter(due_at__lt=hand_over.due_before) if hand_over.due_before else tickets


def takers(hand_over: HandOver, at: datetime) -> list[Membership]:
    """Who may take tickets now: of a team those who are there, or all if nobody is."""
    staff = Membership.objects.active().staff().filter(user__is_active=True).exclude(pk=hand_over.person_id)
    if hand_over.to_person_id is not None:
        return list(staff.filter(pk=hand_over.to_person_id))
    if hand_over.to_team_id is None:
        return []
    people = list(staff.filter(team_memberships__team=hand_over.to_team_id).order_by("name", "pk"))
    away = away_among(people, at)
    return [person for person in people if person.pk not in away] or people


def _move(hand_over: HandOver, most: int, at: datetime) -> int:
    """Give some of them, in the order of their ids as everywhere where several are locked; how many."""
    is_to_queue = hand_over.to_person_id is None and hand_over.to_team_id is None
    people = [] if is_to_queue else takers(hand_over, at)
    if not is_to_queue and not people:
        hand_over.stopped = True
        return 0
    load = _load_of(people)
    given = Counter(hand_over.given)
    # Locked before they are looked at: who was given away or closed meanwhile is left out.
    tickets = list(tickets_of(hand_over).select_for_update(of=("self",)).order_by("pk")[:most])
    for ticket in tickets:
        taker = min(people, key=lambda person: (load[person.pk], person.pk)) if people else None
        assign_ticket(
            ticket=ticket, assignee=taker, by=hand_over.asked_by, at=at, seen=hand_over.person_id, tells=False
        )
        if taker is not None:
            load[taker.pk] += 1
            given[str(taker.pk)] += 1
    hand_over.done += len(tickets)
    hand_over.given = dict(given)
    return len(tickets)


def _load_of(people: list[Membership]) -> Counter[int]:
    """How many open tickets each has."""
    open_ones = Count("assigned_tickets", filter=Q(assigned_tickets__status__in=UNRESOLVED))
    rows = Membership.objects.filter(pk__in=[person.pk for person in people]).annotate(n=open_ones)
    return Counter(dict(rows.order_by().values_list("pk", "n")))


def _end(hand_over: HandOver, at: datetime) -> None:
    hand_over.ended_at = at
    hand_over.save(update_fields=["done", "given", "stopped", "ended_at"])
    tell_handed_over(hand_over, at=at)


def _in_background(hand_over: HandOver) -> None:
    """Let a worker begin as soon as the transaction is through; the schedule finds it in any case."""
    from tickets.tasks import go_on_handing_over_in  # noqa: PLC0415  tasks call services

    tenant_id = hand_over.tenant_id
    transaction.on_commit(lambda: go_on_handing_over_in.delay(tenant_id), robust=True)
