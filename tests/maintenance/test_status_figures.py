"""The figures of the status page and of the availability page are the same, whatever the record holds."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from maintenance.months import months_of_services, sold_to
from maintenance.services.outages import end_outage
from maintenance.status_content import ServiceShown
from maintenance.status_page import read_month
from sla.models import PlanVersion
from tests.factories import Desk
from tests.maintenance.factories import new_outage
from tests.maintenance.status import public_service, work_on
from tickets.models import Service

MARCH = date(2026, 3, 1)
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def erp(desk: Desk) -> Service:
    """Planned maintenance does not count, as on the status page."""
    PlanVersion.objects.filter(plan=desk.plan).update(availability=Decimal("99.99"))
    return public_service(desk)


def worked_on(
    erp: Service, day: int, announced: tuple[int, int], worked: tuple[int, int], **more: Any
) -> None:
    """Completed work of a day in March; hours from and to."""
    work_on(
        erp, status="completed", **more, starts_at=march(day, announced[0]), ends_at=march(day, announced[1]),
        started_at=march(day, worked[0]), ended_at=march(day, worked[1]),
    )  # fmt: skip


def down(desk: Desk, erp: Service, start: datetime, end: datetime) -> None:
    outage = new_outage(desk, {erp: "down"}, at=start)
    end_outage(outage=outage, text="Over.", by=desk.agent, at=end)


def both(desk: Desk, erp: Service, down_seconds: int) -> ServiceShown:
    """The service's month on the status page; the contract's says the same, which is so many seconds down."""
    [shown] = read_month(desk.tenant, first=MARCH, now=NOW).services
    [sold] = sold_to(desk.customer, MARCH, now=NOW)
    [month] = months_of_services([erp], sold, now=NOW)
    assert month.reckoning.down_seconds == sum(day.down for day in shown.days) == down_seconds
    assert month.reckoning.percentage == shown.percentage
    return shown


def levels(shown: ServiceShown) -> dict[int, str]:
    return {day.date.day: day.level for day in shown.days if day.level != "up"}


def test_emergencies_and_what_overruns_are_downtime(desk: Desk, erp: Service) -> None:
    worked_on(erp, 3, (3, 6), (3, 6), is_emergency=True, emergency_reason="A hole in the fence.")
    # 3 of 31 days' 744 hours: 99.59677… per cent.
    assert both(desk, erp, 3 * 3600).percentage == Decimal("99.5967")
    worked_on(erp, 4, (3, 5), (3, 6))
    worked_on(erp, 5, (3, 9), (3, 9), announced_until=march(5, 5))
    worked_on(erp, 6, (3, 5), (3, 5))
    assert levels(both(desk, erp, 8 * 3600)) == {3: "down", 4: "down", 5: "down", 6: "maintenance"}


def test_only_work_that_was_announced_as_downtime_excuses_an_outage(desk: Desk, erp: Service) -> None:
    for day, impact in ((3, "none"), (4, "degraded"), (5, "down")):
        worked_on(erp, day, (2, 12), (2, 12), impact=impact)
        down(desk, erp, march(day, 4), march(day, 9))
    shown = both(desk, erp, 10 * 3600)
    assert levels(shown) == {3: "down", 4: "down", 5: "maintenance"}


def test_slow_work_that_overruns_is_degradation(desk: Desk, erp: Service) -> None:
    worked_on(erp, 3, (2, 4), (2, 5), impact="degraded")
    worked_on(erp, 4, (2, 4), (2, 4), impact="degraded")
    assert levels(both(desk, erp, 0)) == {3: "degraded", 4: "maintenance"}
