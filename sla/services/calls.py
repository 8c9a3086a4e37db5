"""Calling people about an emergency, one after the other and round after round.

In the first round those are called whose turn it is, then the person of the next turn; from the second round
on all supervisors together with the first. While it is nobody's turn, or whoever has it is away, supervisors
are called from the start.
After MOST_ROUNDS nobody is called any more, and the ticket says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.absences import away_among
from accounts.models import Membership
from sla.emergency_notices import tell_called
from sla.models import Emergency, EmergencyCall, Rota
from sla.services.rotas import duty_at, supervisors_of
from tickets.models import EventKind, Ticket
from tickets.services.history import record_event

MOST_ROUNDS = 10
MINUTES_WITHOUT_ROTA = 10


def call_somebody(emergency: Emergency, ticket: Ticket, at: datetime) -> int:
    """Call whoever comes next and say when the one after that is called; returns how many were called.

    In a transaction that holds the ticket's lock.
    """
    round_, people = next_to_call(emergency, at)
    for person in people:
        EmergencyCall.objects.create(
            tenant_id=emergency.tenant_id, emergency=emergency, person=person, round=round_, called_at=at
        )
        data = {"emergency": emergency.pk, "name": person.name, "round": round_}
        record_event(ticket, EventKind.EMERGENCY_CALLED, at=at, actor=None, data=data)
        tell_called(emergency, ticket, person, round_=round_, at=at)
    rota: Rota | None = emergency.rota
    minutes = rota.minutes if rota is not None else MINUTES_WITHOUT_ROTA
    emergency.next_call_at = at + timedelta(minutes=minutes) if people else None
    emergency.save(update_fields=["next_call_at"])
    return len(people)


def next_to_call(emergency: Emergency, at: datetime) -> tuple[int, list[Membership]]:
    """The round, and who is called together now; nobody once all rounds are over."""
    made = list(emergency.calls.values_list("round", "person_id"))
    current = max((number for number, _person in made), default=1)
    for round_ in range(current, min(current + 1, MOST_ROUNDS) + 1):
        called = {person for number, person in made if number == round_}
        for group in _groups(emergency, round_, at):
            if people := [person for person in group if person.pk not in called]:
                return round_, people
    return current, []


def _groups(emergency: Emergency, round_: int, at: datetime) -> list[list[Membership]]:
    """Who is called together in a round, group after group."""
    groups: list[list[Membership]] = []
    rota: Rota | None = emergency.rota
    if rota is not None:
        duty = duty_at(rota, at)
        groups = [[turn.person] for turn in [*duty.now, *([duty.next] if duty.next else [])]]
        on_call = [turn.person for turn in duty.now]
        if on_call and round_ == 1 and len(away_among(on_call, at)) < len(on_call):
            return groups
    first, *others = groups or [[]]
    together = {person.pk: person for person in [*first, *supervisors_of(emergency.tenant_id)]}
    return [list(together.values()), *others]
