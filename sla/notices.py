"""Telling people what a step of the ladder tells: who they are, in which words, when they may be disturbed.

A line stands under everybody's bell at once. Mail to somebody in their quiet hours waits for the end of
these, unless the plan is around the clock or the step is an emergency. Whoever a step names and cannot be
reached is stood in for by every supervisor, and where all that it names are away these are told as well, so
that no promise is missed silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from accounts.absences import away_among
from accounts.models import Membership, TeamMember
from accounts.quiet import awake_at, quiet_hours_of
from notifications.services import (
    AddressMail,
    BellLine,
    LateMail,
    WebhookCall,
    Words,
    notify_many,
    queue_many,
)
from sla.models import Clock, Escalation, Metric, Place, RotaTurn, Who
from tickets.lifecycle import Priority
from tickets.models import Ticket
from tickets.notices import reference, ticket_path

KIND = "escalation"
METRICS = {
    Metric.FIRST_RESPONSE: gettext_noop("First response"),
    Metric.NEXT_RESPONSE: gettext_noop("Next response"),
    Metric.RESOLUTION: gettext_noop("Resolution"),
    Metric.RESTORE: gettext_noop("Restore"),
}
PRIORITIES = {
    Priority.CRITICAL: gettext_noop("Critical"),
    Priority.HIGH: gettext_noop("High"),
    Priority.MEDIUM: gettext_noop("Medium"),
    Priority.LOW: gettext_noop("Low"),
}
TITLES = {
    (Place.AIM, Metric.FIRST_RESPONSE): gettext_noop("First response at risk on %(ref)s: %(subject)s"),
    (Place.AIM, Metric.NEXT_RESPONSE): gettext_noop("Next response at risk on %(ref)s: %(subject)s"),
    (Place.AIM, Metric.RESOLUTION): gettext_noop("Resolution at risk on %(ref)s: %(subject)s"),
    (Place.AIM, Metric.RESTORE): gettext_noop("Restoring the service at risk on %(ref)s: %(subject)s"),
    (Place.LIMIT, Metric.FIRST_RESPONSE): gettext_noop("First response breached on %(ref)s: %(subject)s"),
    (Place.LIMIT, Metric.NEXT_RESPONSE): gettext_noop("Next response breached on %(ref)s: %(subject)s"),
    (Place.LIMIT, Metric.RESOLUTION): gettext_noop("Resolution breached on %(ref)s: %(subject)s"),
    (Place.LIMIT, Metric.RESTORE): gettext_noop("Restoring the service breached on %(ref)s: %(subject)s"),
}
SHARE_TITLE = gettext_noop("%(metric)s: %(share)s%% of the time has passed on %(ref)s: %(subject)s")
STILL_TITLE = gettext_noop("%(metric)s: still breached on %(ref)s: %(subject)s")


@dataclass
class Audience:
    """Whom one step tells: people, each with how they came to be told, bare addresses and webhooks."""

    people: dict[int, tuple[Membership, str]] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)


class Crowd:
    """Who is who at the current desk at one instant; each question goes to the database once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._staff: dict[int, Membership] | None = None
        self._teams: dict[int, list[Membership]] | None = None
        self._on_call: dict[int, list[Membership]] = {}
        self._awake: dict[int, datetime] = {}
        self._away: dict[int, datetime] | None = None

    def audience(
        self, tells: Iterable[dict[str, Any]], ticket: Ticket, *, reassigns_to: int | None = None
    ) -> Audience:
        """Whom these tell about a ticket (with `assignee` and its customer's `coordinator` loaded).

        `reassigns_to` is the id of who is given the ticket with it: supervisors hear of one who is away.
        """
        audience = Audience()
        for told in tells:
            who = Who(told["who"])
            if who == Who.ADDRESS:
                audience.addresses.append(told["address"])
            elif who == Who.WEBHOOK:
                audience.urls.append(told["url"])
            else:
                reached = [person for person in self._people(who, told, ticket) if _is_reached(person)]
                for person in reached or self.supervisors():
                    audience.people.setdefault(person.pk, (person, who.value))
                if reached and all(self.is_away(person.pk) for person in reached):
                    self._add_supervisors(audience)
        if reassigns_to is not None and self.is_away(reassigns_to):
            self._add_supervisors(audience)
        return audience

    def is_away(self, person_id: int) -> bool:
        """Whether somebody of the staff is away."""
        if self._away is None:
            self._away = away_among(self._all_staff().values(), self.now)
        return person_id in self._away

    def _add_supervisors(self, audience: Audience) -> None:
        for person in self.supervisors():
            audience.people.setdefault(person.pk, (person, Who.SUPERVISORS.value))

    def awake_at(self, person: Membership) -> datetime:
        """From when on that person may be disturbed."""
        if person.pk not in self._awake:
            self._awake[person.pk] = awake_at(quiet_hours_of(person), self.now)
        return self._awake[person.pk]

    def staff(self, person_id: int | None) -> Membership | None:
        """Somebody of the staff, with their identity."""
        return None if person_id is None else self._all_staff().get(person_id)

    def supervisors(self) -> list[Membership]:
        """Every supervisor and above."""
        return [
            person for person in self._all_staff().values() if person.is_supervisor and _is_reached(person)
        ]

    def _all_staff(self) -> dict[int, Membership]:
        if self._staff is None:
            people = Membership.objects.staff().select_related("user").order_by("name", "pk")
            self._staff = {person.pk: person for person in people}
        return self._staff

    def _people(self, who: Who, told: dict[str, Any], ticket: Ticket) -> Sequence[Membership]:
        people: dict[Who, Callable[[], Sequence[Membership]]] = {
            Who.ASSIGNEE: lambda: [ticket.assignee] if ticket.assignee else [],
            Who.COORDINATOR: lambda: [ticket.customer.coordinator] if ticket.customer.coordinator else [],
            Who.TEAM: lambda: self._team(told["team"]),
            Who.ON_CALL: lambda: self._line(told["rota"])[:1],
            Who.SUPERVISORS: self.supervisors,
        }
        return people[who]()

    def _team(self, team_id: int) -> list[Membership]:
        if self._teams is None:
            self._teams = {}
            members = TeamMember.objects.filter(team__archived_at=None).select_related("person__user")
            for member in members.order_by("person__name", "pk"):
                self._teams.setdefault(member.team_id, []).append(member.person)
        return self._teams.get(team_id, [])

    def _line(self, rota_id: int) -> list[Membership]:
        """Those on call now, in the order of calling."""
        if rota_id not in self._on_call:
            turns = RotaTurn.objects.filter(rota=rota_id, starts_at__lte=self.now, ends_at__gt=self.now)
            people = [turn.person for turn in turns.select_related("person__user").order_by("position", "pk")]
            self._on_call[rota_id] = [person for person in people if _is_reached(person)]
        return self._on_call[rota_id]


@dataclass
class Telling:
    """What is to be told of one step that is being taken, `escalation`, on the clock of a ticket."""

    escalation: Escalation
    clock: Clock
    ticket: Ticket
    audience: Audience
    held: dict[int, datetime] = field(default_factory=dict)

    def hold_until_awake(self, crowd: Crowd) -> None:
        """Let mail wait for the end of its reader's quiet hours."""
        for person, _who in self.audience.people.values():
            if (awake := crowd.awake_at(person)) > crowd.now:
                self.held[person.pk] = awake

    def note(self) -> None:
        """Write onto the escalation who is told, and until when mail is held."""
        told = [
            {"who": who, "name": person.name, **self._until(person)}
            for person, who in self.audience.people.values()
        ]
        told += [{"who": Who.ADDRESS.value, "name": address} for address in self.audience.addresses]
        told += [{"who": Who.WEBHOOK.value, "name": urlsplit(url).netloc} for url in self.audience.urls]
        self.escalation.told = told
        self.escalation.held_until = max(self.held.values(), default=None)

    def _until(self, person: Membership) -> dict[str, str]:
        until = self.held.get(person.pk)
        return {} if until is None else {"until": until.isoformat()}


def key_of(escalation: Escalation) -> str:
    """What makes the mails and bell lines of a step unique for each who gets one."""
    return f"escalation:{escalation.pk}"


def tell_all(tellings: Sequence[Telling], *, at: datetime) -> None:
    """Write the rows under bells and in the outbox: two statements, however many steps are told of."""
    notify_many((line for telling in tellings for line in _lines(telling)), at=at)
    queue_many((letter for telling in tellings for letter in _letters(telling)), at=at)


def title_of(telling: Telling) -> Words:
    """What a step says, in the language of whoever reads it."""
    step, metric = telling.escalation.step, Metric(telling.clock.metric)
    ticket = telling.ticket
    values = {"ref": reference(ticket), "subject": ticket.subject}
    known = TITLES.get((Place(step.place), metric))
    if known is not None:
        return Words(known, values)
    title = SHARE_TITLE if step.place == Place.SHARE else STILL_TITLE
    return Words(title, {**values, "metric": Words(METRICS[metric]), "share": step.amount})


def _lines(telling: Telling) -> Iterable[BellLine]:
    title, path, key = title_of(telling), ticket_path(telling.ticket), key_of(telling.escalation)
    for person, _who in telling.audience.people.values():
        person.tenant = telling.ticket.tenant
        yield BellLine(recipient=person, kind=KIND, key=key, title=title, path=path)


def _letters(telling: Telling) -> Iterable[LateMail | AddressMail | WebhookCall]:
    audience, ticket = telling.audience, telling.ticket
    key, path, context = key_of(telling.escalation), ticket_path(ticket), _context(telling)
    template = "tickets/email/escalation"
    for person, _who in audience.people.values():
        yield LateMail(
            recipient=person,
            kind=KIND,
            key=key,
            template=template,
            path=path,
            context=context,
            send_after=telling.held.get(person.pk),
        )
    for address in audience.addresses:
        yield AddressMail(
            tenant_id=ticket.tenant_id,
            address=address,
            kind=KIND,
            key=key,
            template=template,
            path=path,
            context=context,
        )
    for url in audience.urls:
        yield WebhookCall(tenant_id=ticket.tenant_id, url=url, payload=_payload(telling), key=key, kind=KIND)


def _context(telling: Telling) -> dict[str, Any]:
    ticket, clock, step = telling.ticket, telling.clock, telling.escalation.step
    return {
        "heading": title_of(telling),
        "place": step.place,
        "share": step.amount,
        "subject": ticket.subject,
        "customer": ticket.customer.name,
        "priority": Words(PRIORITIES[Priority(ticket.priority)]),
        "assignee": ticket.assignee.name if ticket.assignee else "",
        "due_at": clock.due_at,
    }


def _payload(telling: Telling) -> dict[str, Any]:
    escalation, ticket, clock = telling.escalation, telling.ticket, telling.clock
    return {
        "type": KIND,
        "timestamp": escalation.fired_at.isoformat(),
        "data": {
            "ticket": reference(ticket),
            "subject": ticket.subject,
            "customer": ticket.customer.name,
            "priority": ticket.priority,
            "status": ticket.status,
            "assignee": ticket.assignee.name if ticket.assignee else None,
            "metric": clock.metric,
            "cycle": clock.cycle,
            "step": escalation.step.place,
            "amount": escalation.step.amount,
            "number": escalation.number,
            "passed_at": escalation.due_at.isoformat(),
            "due_at": clock.due_at.isoformat() if clock.due_at else None,
        },
    }


def _is_reached(person: Membership) -> bool:
    """Whether telling that person tells anybody: neither the membership nor the identity is closed."""
    return person.is_active and person.user.is_active
