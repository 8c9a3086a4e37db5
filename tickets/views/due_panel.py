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
    """The form of one metric; `manual` is what was set by hand, None where the reckoned time counts."""

    metric: str
    metric_label: str
    form: DueForm
    manual: ManualDue | None
    is_open: bool

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
    has_contract: bool,
) -> dict[str, DuePanel]:
    """By metric; empty for who may not set one. `refused` is a form that came back.

    Without a contract there is no clock, and nothing that could fall due.
    """
    if not has_contract or not can_set_due(me, ticket):
        return {}
    metrics = [view.clock.metric for view in clocks if view.clock.ended_at is None]
    if Metric.RESOLUTION not in metrics:
        metrics.append(Metric.RESOLUTION)
    manual = manual_dues(events)
    return {metric: _panel(str(metric), me, manual.get(metric), refused) for metric in metrics}


def _panel(metric: str, me: Membership, manual: ManualDue | None, refused: DeskForm | None) -> DuePanel:
    form, is_open = DueForm(membership=me, initial=_initial(manual)), False
    if isinstance(refused, DueForm) and refused["metric"].value() == metric:
        form, is_open = refused, True
    form.auto_id = f"due-{metric}-%s"
    return DuePanel(metric, str(Metric(metric).label), form, manual, is_open)


def _initial(manual: ManualDue | None) -> dict[str, datetime | str]:
    return {"due_at": timezone.localtime(manual.due_at), "reason": manual.reason} if manual else {}
