"""Windows for tests, made by the real services."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Customer
from maintenance.models import Window
from maintenance.services.windows import WindowTerms, draft_window, schedule_window
from sla.models import Contract, Plan, PlanVersion
from sla.services import create_plan
from tests.factories import FOUNDED, MONDAY, Desk, new_service, standard_targets
from tickets.models import Service

HOUR = timedelta(hours=1)
IN_A_WEEK = MONDAY + timedelta(days=7)
"""Again a Monday, 10:00 in Lahore."""


def promise_notice(
    desk: Desk,
    hours: int | None = 72,
    reminders: tuple[int, ...] = (72, 24, 1),
    *,
    plan: Plan | None = None,
) -> PlanVersion:
    """Let the plan of both customers, or another, promise so many hours of notice, and these reminders."""
    version = PlanVersion.objects.filter(plan=plan or desk.plan).latest("number")
    version.notice_hours, version.reminder_hours = hours, list(reminders)
    version.save()
    return version


def plan_of_its_own(desk: Desk, customer: Customer) -> Plan:
    """Sell a customer another plan, from its contract's first day on."""
    plan = create_plan(
        tenant_id=desk.tenant.pk,
        name="Silver",
        calendar=desk.calendar,
        targets=standard_targets(),
        definitions={"critical": "Nobody can work.", "high": "One department cannot work."},
        exclusions=[],
        terms="",
        at=FOUNDED,
        by=desk.owner,
    )
    Contract.objects.filter(customer=customer).update(plan=plan)
    return plan


def window_terms(desk: Desk, **changes: Any) -> WindowTerms:
    """Two hours of database maintenance on a shared service, in a week."""
    values: dict[str, Any] = {
        "title": "New database version",
        "kind": "database",
        "impact": "down",
        "summary": "The database gets a newer version.",
        "advice": "Please save your work before.",
        "starts_at": IN_A_WEEK,
        "ends_at": changes.get("starts_at", IN_A_WEEK) + 2 * HOUR,
    }
    if "services" not in changes:
        changes["services"] = [desk_service(desk)]
    return WindowTerms(**(values | changes))


def desk_service(desk: Desk) -> Service:
    """The desk's one shared service, made when first asked for."""
    found = Service.objects.filter(tenant=desk.tenant, name="ERP production").first()
    return found or new_service(desk)


def new_window(desk: Desk, *, at: datetime = MONDAY, **changes: Any) -> Window:
    """A draft."""
    return draft_window(terms=window_terms(desk, **changes), by=desk.agent, at=at)


def scheduled_window(
    desk: Desk, *, at: datetime = MONDAY, emergency_reason: str = "", **changes: Any
) -> Window:
    """One that was announced; an emergency by the supervisor, any other by the agent."""
    by = desk.supervisor if emergency_reason else desk.agent
    window = new_window(desk, at=at, **changes)
    return schedule_window(window=window, by=by, at=at, emergency_reason=emergency_reason)
