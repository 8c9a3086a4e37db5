"""Who is told that an aim or a limit has passed.

Aim: the assignee, or while nobody is, every supervisor: somebody can still keep the promise. Limit: every
supervisor, and the assignee.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop

from accounts.models import Membership
from sla.models import Clock, Metric, Place
from sla.steps import StepMark
from tickets.models import Ticket
from tickets.notices import tell

TITLES = {
    (Place.AIM, Metric.FIRST_RESPONSE): gettext_noop("First response at risk on %(ref)s: %(subject)s"),
    (Place.AIM, Metric.NEXT_RESPONSE): gettext_noop("Next response at risk on %(ref)s: %(subject)s"),
    (Place.AIM, Metric.RESOLUTION): gettext_noop("Resolution at risk on %(ref)s: %(subject)s"),
    (Place.LIMIT, Metric.FIRST_RESPONSE): gettext_noop("First response breached on %(ref)s: %(subject)s"),
    (Place.LIMIT, Metric.NEXT_RESPONSE): gettext_noop("Next response breached on %(ref)s: %(subject)s"),
    (Place.LIMIT, Metric.RESOLUTION): gettext_noop("Resolution breached on %(ref)s: %(subject)s"),
}


def tell_step(clock: Clock, ticket: Ticket, mark: StepMark, *, at: datetime) -> None:
    """Write the rows under bells and in the outbox; once per person, clock and step."""
    step = mark.step.place
    title = TITLES[Place(step), Metric(clock.metric)]
    for person in _concerned(ticket, step):
        tell(
            person,
            ticket,
            kind="escalation",
            key=f"clock:{clock.pk}:{mark.step.pk}:{mark.number}:{mark.at.timestamp():.0f}",
            title=title,
            at=at,
            values={"step": str(step), "due_at": clock.due_at, "aim_at": clock.at_risk_at},
        )


def _concerned(ticket: Ticket, step: str) -> list[Membership]:
    assignee = [ticket.assignee] if ticket.assignee is not None and _is_reached(ticket.assignee) else []
    if step == Place.AIM and assignee:
        return assignee
    supervisors = Membership.objects.active().supervisors()
    supervisors = supervisors.filter(tenant_id=ticket.tenant_id, user__is_active=True)
    return list({person.pk: person for person in [*assignee, *supervisors.select_related("user")]}.values())


def _is_reached(person: Membership) -> bool:
    """Whether telling that person tells anybody: neither the membership nor the identity is closed."""
    return person.is_active and person.user.is_active
