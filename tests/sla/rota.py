"""A rota of two for tests: Ali's week, then Bea's, from the Monday of the standing cast."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from sla.models import Emergency, PlanVersion, Rota
from sla.rota_turns import Turn
from sla.services.emergencies import declare_emergency
from sla.services.rotas import create_rota
from sla.services.turns import fill_turns
from tests.factories import FOUNDED, MONDAY, Desk
from tickets.models import Ticket

WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
REASON = "No till prints, the shop is full."


def rota_of_two(
    desk: Desk, *, start: datetime = MONDAY, weeks: int = 4, minutes: int = 10, name: str = "Night watch"
) -> Rota:
    """Ali from `start` for a week, then Bea, and so on."""
    rota = create_rota(
        tenant_id=desk.tenant.pk, name=name, time_zone="Asia/Karachi", minutes=minutes, at=FOUNDED
    )
    people = (desk.agent.pk, desk.agent2.pk)
    turns = [
        Turn(people[number % 2], start + number * WEEK, start + (number + 1) * WEEK)
        for number in range(weeks)
    ]
    fill_turns(rota=rota, turns=turns, by=desk.owner, at=FOUNDED)
    return rota


def include_emergencies(desk: Desk, a_month: int | None, rota: Rota | None = None) -> None:
    """Write it into the plan's one version, as if it had been sold so from the beginning."""
    PlanVersion.objects.filter(plan=desk.plan).update(emergencies_a_month=a_month, emergency_rota=rota)


def declared(ticket: Ticket, by: Any, at: datetime = MONDAY, **changes: Any) -> Emergency:
    """An emergency on the ticket."""
    return declare_emergency(**({"ticket": ticket, "reason": REASON, "by": by, "at": at} | changes))


def started_yesterday() -> datetime:
    """For tests through pages, which live now."""
    return timezone.now() - timedelta(days=1)


def first_of(year: int, month: int) -> date:
    """The first day of a month."""
    return date(year, month, 1)
