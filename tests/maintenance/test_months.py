"""Months of a customer: what was sold, what the records say, and the page that shows the reckoning."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from maintenance.lifecycle import Status
from maintenance.models import Concern, Impact, Kind, Window, WindowCustomer, WindowService
from maintenance.months import ServiceMonth, Sold, months_of_services, sold_to
from maintenance.services.outages import end_outage
from maintenance.services.windows import complete_window, extend_window, start_window
from sla.models import Contract, Plan, PlanVersion
from tests.factories import Desk, DeskClient, new_service
from tests.maintenance.factories import new_outage
from tests.maintenance.windows import scheduled_window
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
        kind=Kind.SERVER,
        status=Status.COMPLETED,
        starts_at=announced[0],
        ends_at=announced[1],
        started_at=worked[0],
        ended_at=worked[1],
        **({"title": "New disks", "impact": Impact.DOWN} | changes),
    )
    WindowService.objects.create(tenant=desk.tenant, window=window, service=service)
    return window


def month_of_one(desk: Desk, service: Service, month: date = MARCH, now: datetime = NOW) -> ServiceMonth:
    [sold] = sold_to(desk.customer, month, now=now)
    return months_of_services([service], sold, now=now)[0]


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


def under(desk: Desk, plan: Plan, first: date | None, after: date | None) -> None:
    Contract.objects.create(
        tenant=desk.tenant, customer=desk.customer, plan=plan, period=DateRange(first, after)
    )


def test_a_new_customers_month_begins_with_the_contract(desk: Desk, erp: Service) -> None:
    contract = Contract.objects.get(customer=desk.customer)
    contract.period = DateRange(date(2026, 3, 11), None)
    contract.save()
    outage_of(desk, erp, march(5, 8), march(5, 9))
    found = month_of_one(desk, erp)
    assert found.reckoning.whole_seconds == 21 * 86_400
    assert found.reckoning.down_seconds == 0
    assert found.promised == Decimal("99.990")
    [nothing] = sold_to(desk.customer, date(2026, 2, 1), now=NOW)
    assert nothing.promised is None


def test_each_contract_of_a_month_is_reckoned_for_itself(desk: Desk, erp: Service, login: Login) -> None:
    # Silver until the 14th, nothing on the 15th and 16th, Gold from the 17th on; eight hours down on the 5th.
    Contract.objects.filter(customer=desk.customer).delete()
    silver = Plan.objects.create(tenant=desk.tenant, name="Silver")
    PlanVersion.objects.create(
        tenant=desk.tenant, plan=silver, number=1, calendar=desk.calendar, availability=Decimal("99.500")
    )
    under(desk, silver, None, date(2026, 3, 15))
    under(desk, desk.plan, date(2026, 3, 17), None)
    outage_of(desk, erp, march(5, 3), march(5, 11))
    outage_of(desk, erp, march(16, 3), march(16, 4))
    sold = sold_to(desk.customer, MARCH, now=NOW)
    assert [(one.plan, one.promised) for one in sold] == [
        ("Silver", Decimal("99.500")),
        ("", None),
        ("Gold", Decimal("99.990")),
    ]
    midnights = [datetime(2026, 2, 28, 19, tzinfo=UTC), march(14, 19), march(16, 19), march(31, 19)]
    assert [one.start for one in sold] == midnights[:-1]
    assert [one.end for one in sold] == midnights[1:]
    months = [months_of_services([erp], one, now=NOW)[0] for one in sold]
    assert [(one.reckoning.down_seconds, one.is_kept) for one in months] == [
        (8 * 3600, False),
        (3600, None),
        (0, True),
    ]
    page = login(desk.contact).get("/availability/?month=2026-03").content.decode()
    for words in ("Promised by the plan Silver: 99.5 %", "There was no contract", "Kept", "Missed"):
        assert words in page, words
    [early] = sold_to(desk.customer, MARCH, now=march(3, 12))
    assert (early.plan, early.is_running, early.end) == ("Silver", True, march(3, 12))
    ended = sold_to(desk.customer, MARCH, now=march(14, 20))
    assert [(one.plan, one.is_running) for one in ended] == [("Silver", False), ("", True)]


def test_what_an_extension_adds_is_no_excuse(desk: Desk, erp: Service, login: Login) -> None:
    at = march(8, 2)
    window = scheduled_window(desk, at=march(1, 2), starts_at=at, services=[erp])
    window = start_window(window=window, by=desk.agent, at=at)
    window = extend_window(window=window, ends_at=march(8, 5), by=desk.agent, at=march(8, 3))
    window = extend_window(window=window, ends_at=march(8, 10), by=desk.agent, at=march(8, 9))
    complete_window(window=window, by=desk.agent, at=march(8, 9, 30))
    found = month_of_one(desk, erp).reckoning
    assert found.left_out == ((at, march(8, 4)),)
    assert found.down == ((march(8, 4), march(8, 9, 30)),)
    page = login(desk.contact).get("/availability/?month=2026-03").content.decode()
    assert "what was added counts" in page


def test_work_is_no_excuse_to_who_was_left_out_of_it(desk: Desk, erp: Service, login: Login) -> None:
    day = (march(8, 2), march(8, 4))
    window = window_of(desk, erp, day, day)
    WindowCustomer.objects.create(
        tenant=desk.tenant, window=window, customer=desk.customer, concern=Concern.LEFT_OUT
    )
    found = month_of_one(desk, erp).reckoning
    assert (found.down, found.left_out) == ((day,), ())
    [theirs] = sold_to(desk.other_customer, MARCH, now=NOW)
    assert months_of_services([erp], theirs, now=NOW)[0].reckoning.left_out == (day,)
    own = login(desk.contact).get("/availability/?month=2026-03").content.decode()
    assert "Work that was not announced to you" in own
    assert "New disks" not in own
    staff = (
        login(desk.agent).get(f"/availability/?month=2026-03&customer={desk.customer.pk}").content.decode()
    )
    assert "New disks" in staff


def test_work_that_was_told_too_late_is_no_excuse(desk: Desk, erp: Service, login: Login) -> None:
    day = (march(8, 2), march(8, 4))
    window = window_of(desk, erp, day, day)
    WindowCustomer.objects.create(
        tenant=desk.tenant, window=window, customer=desk.customer, emergency_reason="Its till too."
    )
    found = month_of_one(desk, erp).reckoning
    assert (found.down, found.left_out) == ((day,), ())
    page = login(desk.contact).get("/availability/?month=2026-03").content.decode()
    assert "told too late: it counts" in page
    assert "Its till too." not in page


def test_the_running_month_is_reckoned_up_to_now(desk: Desk, erp: Service) -> None:
    new_outage(desk, {erp: "down"}, at=march(20, 11))
    found = month_of_one(desk, erp, now=march(20, 12))
    assert found.reckoning.end == march(20, 12)
    assert found.reckoning.down_seconds == 3600
    [ahead] = sold_to(desk.customer, date(2026, 7, 1), now=NOW)
    assert ahead == Sold(
        ahead.zone,
        ahead.start,
        ahead.start,
        Decimal("99.990"),
        counts_planned=False,
        is_running=True,
        plan="Gold",
        customer_id=desk.customer.pk,
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
    assert staff.get("/availability/?month=2026-13").status_code == 404


def test_titles_name_no_other_customer(desk: Desk, erp: Service, login: Login) -> None:
    outage = new_outage(desk, {erp: "down"}, at=march(3, 8), title="Calm Carpets took all the memory")
    end_outage(outage=outage, text="Over.", by=desk.agent, at=march(3, 9))
    day = (march(8, 2), march(8, 4))
    window_of(desk, erp, day, day, title="Move Calm Carpets beside Bright Bakery")
    page = login(desk.contact).get("/availability/?month=2026-03").content.decode()
    assert "Calm Carpets" not in page
    assert "Move a customer beside Bright Bakery" in page
    staff = login(desk.agent).get(f"/availability/?month=2026-03&customer={desk.customer.pk}")
    assert "Calm Carpets took all the memory" in staff.content.decode()


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
    with django_assert_max_num_queries(17):
        client.get("/availability/?month=2026-03")
