"""What would be promised to a customer that files now: shown before the ticket is filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.humantime import in_zones
from accounts.models import Customer
from sla.clock import Kind, TimelineEntry, evaluate
from sla.models import Metric
from sla.services.agreements import terms_at
from sla.terms import Terms


@dataclass(frozen=True)
class Promise:
    """Aim and limit of the first response (and of the resolution, where the plan has one), as instants."""

    plan_name: str
    zone: ZoneInfo
    asked_at: datetime
    first_response_aim_at: datetime | None
    first_response_by: datetime | None
    resolution_by: datetime | None

    def __str__(self) -> str:
        """In the reader's language and zone, with the contract's zone where it differs."""
        words = []
        if self.first_response_by is not None:
            words.append(_("First reply by %(when)s") % {"when": self._when(self.first_response_by)})
        if self.resolution_by is not None:
            words.append(_("Solution by %(when)s") % {"when": self._when(self.resolution_by)})
        return " · ".join(words) or _("No commitment for this priority")

    def _when(self, at: datetime) -> str:
        return in_zones(at, timezone.get_current_timezone(), self.zone, now=self.asked_at)


def promise_for(*, customer: Customer, priority: str, at: datetime) -> Promise | None:
    """What a ticket of that priority, filed at that instant, would be promised; None without a contract."""
    terms = terms_at(customer.pk, at)
    return None if terms is None else promise_under(terms, priority, at)


def promises_for(*, customer: Customer, priorities: list[str], at: datetime) -> dict[str, Promise]:
    """The same for several priorities, with the terms loaded once; empty without a contract."""
    terms = terms_at(customer.pk, at)
    return {} if terms is None else {priority: promise_under(terms, priority, at) for priority in priorities}


def promise_under(terms: Terms, priority: str, at: datetime) -> Promise:
    """The promise of given terms; no query."""
    filed = [TimelineEntry(at=at, kind=Kind.FILED, status="new", priority=priority)]
    first, solved = (
        evaluate(metric, terms.targets_for(metric), terms.hours, filed, now=at)
        for metric in (Metric.FIRST_RESPONSE.value, Metric.RESOLUTION.value)
    )
    return Promise(
        plan_name=terms.contract.plan.name,
        zone=terms.zone,
        asked_at=at,
        first_response_aim_at=first.aim_at,
        first_response_by=first.limit_at,
        resolution_by=solved.limit_at,
    )
