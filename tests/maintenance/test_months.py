"""Months of a customer: what was sold, what the records say, and the page that shows the reckoning."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from maintenance.lifecycle import Status
from maintenance.models import Impact, Kind, Window, WindowService
from maintenance.months import ServiceMonth, Sold, months_of_services, sold_to
from maintenance.services.outages import end_outage
from sla.models import Contract, PlanVersion
from tests.factories import Desk, DeskClient, new_service
from tests.maintenance.factories import new_outage
from tickets.models import Service

Login = Callable[[Any], DeskClient]
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
MARCH = date(2026, 3, 1)


def march(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


@pytest.fixture
def erp(desk: Desk) -> Service:
    PlanVersion.objects.filter(plan=desk.plan).update(availability=Decimal("99.99"))
    return new_service(desk)


def outage_of(desk: Desk, service: Service, start: datetime, end: datetime, impact: str = "down") -> None:
    outage = new_outage(desk, {service: impact}, at=start)
    end_outage(outage=outage, text="Over.", by=desk.agent, at=end)


def window_of(
    desk: Desk,
    service: Service,
    announced: tuple[datetime, datetime],
    worked: tuple[datetime, datetime],
    **changes: Any,
) -> Window:
    window = Window.objects.create(
        tenant=desk.tenant,
        title="New disks",
        kind=Kind.SERVER,
        status=Status.COMPLETED,
        starts_at=announced[0],
        ends_at=announced[1],
        started_at=worked[0],
        ended_at=worked[1],
        **({"impact": Impact.DOWN} | changes),
    )
    WindowService.objects.create(tenant=desk.tenant, window=window, service=service)
    return window


def month_of_one(desk: Desk, service: Service, month: date = MARCH, now: datetime = NOW) -> ServiceMonth:
    return months_of_services([service], sold_to(desk.customer, month, now=now), now=now)[0]


def test_a_month_is_that_of_the_contracts_zone(desk: Desk, erp: Service) -> None:
    # Lahore: March ends at 19:00 UTC on the 31st. One of three hours lies in it.
    outage_of(desk, erp, march(31, 18), march(31, 21))
    found = month_of_one(desk, erp)
    assert (found.reckoning.start, found.reckoning.end) == (
        datetime(2026, 2, 28, 19, tzinfo=UTC),
        march(31, 19),
    )
    assert found.reckoning.down_seconds == 3600
    assert month_of_one(desk, erp, date(2026, 4, 30)).reckoning.down_seconds == 7200


def test_a_promise_is_kept_up_to_its_last_second(desk: Desk, erp: Service) -> None:
    # 31 days are 2 678 400 seconds; 99.99 % of them allow 267.84 seconds.
    outage_of(desk, erp, march(3, 8), march(3, 8, 4, 27))
    found = month_of_one(desk, erp)
    assert (found.allowed_seconds, found.reckoning.down_seconds, found.is_kept) == (267, 267, True)
    outage_of(desk, erp, march(3, 9), march(3, 9, 0, 1))
    assert month_of_one(desk, erp).is_kept is False


def test_degraded_is_not_down(desk: Desk, erp: Service) -> None:
    outage_of(desk, erp, march(3, 8), march(3, 20), "degraded")
    found = month_of_one(desk, erp)
    assert found.reckoning.down_seconds == 0
    assert len(found.outages) == 1


def test_planned_maintenance_counts_as_the_plan_says(desk: Desk, erp: Service) -> None:
    # Announced 02:00-04:00, worked on until 04:20, with an outage 03:50-05:00 besides.
    window_of(desk, erp, (march(8, 2), march(8, 4)), (march(8, 2), march(8, 4, 20)))
    outage_of(desk, erp, march(8, 3, 50), march(8, 5))
    left_out = month_of_one(desk, erp).reckoning
    assert left_out.left_out == ((march(8, 2), march(8, 4)),)
    assert left_out.down == ((march(8, 4), march(8, 5)),)
    assert left_out.counted_seconds == 2_678_400 - 7200
    PlanVersion.objects.filter(plan=desk.plan).update(availability_counts_planned=True)
    counted = month_of_one(desk, erp).reckoning
    assert counted.down == ((march(8, 2), march(8, 5)),)
    assert counted.counted_seconds == 2_678_400


def test_emergencies_count_and_windows_without_downtime_do_not(desk: Desk, erp: Service) -> None:
    day = (march(9, 2), march(9, 3))
    window_of(desk, erp, day, day, is_emergency=True, emergency_reason="A hole in the fence.")
    window_of(desk, erp, (march(10, 2), march(10, 3)), (march(10, 2), march(10, 3)), impact=Impact.DEGRADED)
    found = month_of_one(desk, erp).reckoning
    assert found.down == (day,)
    assert found.left_out == ()


def test_a_month_begins_and_ends_with_the_contract(desk: Desk, erp: Service) -> None:
    contract = Contract.objects.get(customer=desk.customer)
    contract.period = type(contract.period)(date(2026, 3, 11), date(2026, 3, 21))
    contract.save()
    outage_of(desk, erp, march(5, 8), march(5, 9))
    found = month_of_one(desk, erp)
    assert found.reckoning.whole_seconds == 10 * 86_400
    assert found.reckoning.down_seconds == 0
    assert found.promised == Decimal("99.990")
    nothing = sold_to(desk.customer, date(2026, 4, 1), now=NOW)
    assert nothing.promised is None


def test_the_running_month_is_reckoned_up_to_now(desk: Desk, erp: Service) -> None:
    new_outage(desk, {erp: "down"}, at=march(20, 11))
    found = month_of_one(desk, erp, now=march(20, 12))
    assert found.reckoning.end == march(20, 12)
    assert found.reckoning.down_seconds == 3600
    ahead = sold_to(desk.customer, date(2026, 7, 1), now=NOW)
    assert ahead == Sold(
        ahead.zone,
        ahead.start,
        ahead.start,
        Decimal("99.990"),
        counts_planned=False,
        is_running=True,
        plan="Gold",
    )


def test_the_page_shows_the_reckoning(desk: Desk, erp: Service, login: Login) -> None:
    outage_of(desk, erp, march(3, 8), march(3, 9, 0, 5))
    new_service(desk, "Carpet shop", customer=desk.other_customer)
    page = login(desk.contact).get("/availability/?month=2026-03").content.decode()
    # (2 678 400 - 3 605) / 2 678 400 = 0.99865404…
    for words in (
        "99.8654 %",
        "Missed",
        "1 h 5 s",
        "of 4 min 27 s allowed",
        "2026-03-03 13:00:00",
        "2,678,400 s",
    ):
        assert words in page
    assert "Carpet shop" not in page
    staff = login(desk.agent)
    assert "Carpet shop" in staff.get("/availability/?month=2026-03").content.decode()
    own = staff.get(f"/availability/?month=2026-03&customer={desk.other_customer.pk}").content.decode()
    assert "Carpet shop" in own
    assert "Promised by the plan Gold: 99.99 %." in own
    assert staff.get("/availability/?customer=77").status_code == 404
    assert staff.get("/availability/?month=2026-13").status_code == 200


def test_a_contact_cannot_look_at_another_customer(desk: Desk, login: Login) -> None:
    new_service(desk, "Carpet shop", customer=desk.other_customer)
    page = login(desk.contact).get(f"/availability/?customer={desk.other_customer.pk}").content.decode()
    assert "Carpet shop" not in page


def test_many_services_cost_no_more_queries(
    desk: Desk, login: Login, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        service = new_service(desk, f"Service {number}")
        outage_of(desk, service, march(3, 8), march(3, 8) + timedelta(minutes=number))
    client = login(desk.contact)
    with django_assert_max_num_queries(16):
        client.get("/availability/?month=2026-03")
