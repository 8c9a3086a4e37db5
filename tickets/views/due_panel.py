"""Forms for a due time by hand: one on each clock that goes on, one where no solution is promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Membership
from sla.models import Metric
from sla.presentation import ClockView
from tickets.forms import DeskForm
from tickets.manual_due import ManualDue, manual_dues
from tickets.models import Ticket, TicketEvent
from tickets.permissions import can_set_due
from tickets.rule_forms import DueForm


@dataclass(frozen=True)
class DuePanel:
    """One metric. `form` is None until somebody asks for it: a page that all read carries no forms for few.

    `manual` is what was set by hand, None where the reckoned time counts.
    """

    metric: str
    metric_label: str
    form: DueForm | None
    manual: ManualDue | None

    @property
    def seen(self) -> str:
        """What the page shows, for the service to compare."""
        return self.manual.due_at.isoformat() if self.manual else ""


def due_panels(
    ticket: Ticket,
    me: Membership,
    events: Sequence[TicketEvent],
    clocks: Sequence[ClockView],
    refused: DeskForm | None,
    *,
    asked_for: str,
    has_contract: bool,
) -> dict[str, DuePanel]:
    """By metric; empty for who may not set one. `refused` is a form that came back, `asked_for` a metric.

    Without a contract there is no clock, and nothing that could fall due.
    """
    if not has_contract or not can_set_due(me, ticket):
        return {}
    metrics = [view.clock.metric for view in clocks if view.clock.ended_at is None]
    if Metric.RESOLUTION not in metrics:
        metrics.append(Metric.RESOLUTION)
    manual, panels = manual_dues(events), {}
    for metric in map(str, metrics):
        form: DueForm | None = None
        if isinstance(refused, DueForm) and refused["metric"].value() == metric:
            form = refused
        elif asked_for == metric:
            form = DueForm(membership=me, initial=_initial(manual.get(metric)))
        panels[metric] = DuePanel(metric, str(Metric(metric).label), form, manual.get(metric))
    return panels


def _initial(manual: ManualDue | None) -> dict[str, datetime | str]:
    return {"due_at": timezone.localtime(manual.due_at), "reason": manual.reason} if manual else {}
