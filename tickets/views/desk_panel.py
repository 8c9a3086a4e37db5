"""What stands beside the conversation for staff: clocks, and what the customer bought."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Membership
from accounts.standing import standing_of
from sla.coverage_terms import coverage_under, exclusions_said_by
from sla.ladder_course import courses_of
from sla.models import Agreement
from sla.presentation import ClockView, clocks_of
from sla.terms import terms_for
from tickets.forms import DeskForm
from tickets.models import Ticket, TicketEvent
from tickets.views.due_panel import due_panels

# Each answer ends a clock and each question starts one: more than these stand in a line each, and in full on
# the page of all clocks.
MOST_IN_FULL = 3


def desk_panel(
    ticket: Ticket,
    events: Sequence[TicketEvent],
    me: Membership,
    due_form: DeskForm | None = None,
    *,
    due_asked_for: str = "",
    now: datetime,
) -> dict[str, Any]:
    """Clocks with their receipts; the contract and the terms of its plan, as on the day of filing.

    `due_form` is one for a due time by hand that came back, `due_asked_for` the metric of one that is wanted.
    """
    clocks = clocks_of(ticket, now=now, events=events, with_ladders=True)
    agreement = _agreement(ticket, clocks)
    contract = agreement.contract if agreement else None
    ends = contract.period.upper if contract else None
    shown, earlier = _fold_ended(clocks)
    return {
        "clocks": shown,
        "earlier_clocks": earlier,
        "courses": courses_of(shown, now),
        "due_panels": due_panels(
            ticket, me, events, clocks, due_form, asked_for=due_asked_for, has_contract=contract is not None
        ),
        "contract": contract,
        "contract_until": ends - timedelta(days=1) if ends else None,
        "standing": standing_of(ticket.customer, now),
        "terms": agreement.plan_version if agreement else None,
        "coverage": coverage_under(agreement.plan_version, ticket.category_id) if agreement else None,
        "exclusions": exclusions_said_by(agreement.plan_version) if agreement else [],
        "support_hours": agreement.calendar_version.calendar.name if agreement else "",
    }


def _agreement(ticket: Ticket, clocks: Sequence[ClockView]) -> Agreement | None:
    """What its clocks are judged by; without a clock, what the customer had bought on the day of filing."""
    if clocks:
        agreement: Agreement = clocks[0].clock.agreement
        return agreement
    promised = terms_for(ticket.customer_id, ticket.filed_at)
    return promised.agreement if promised else None


def _fold_ended(clocks: list[ClockView]) -> tuple[list[ClockView], list[ClockView]]:
    """What stands with its receipt, and what in one line: of many, those that have ended."""
    if len(clocks) <= MOST_IN_FULL:
        return clocks, []
    ended = [view for view in clocks if view.clock.ended_at is not None]
    return [view for view in clocks if view.clock.ended_at is None], ended
