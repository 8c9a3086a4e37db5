"""Whoever plans too soon reads whose promise it breaks, on every page on which one plans, and the way on."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import tenant_scope
from maintenance.models import Series, Window, WindowCustomer
from tests.api.callers import call_as
from tests.factories import Desk, browser_of, build_desk, new_service
from tests.maintenance.test_series_pages import form as series_form
from tests.maintenance.test_window_pages import body, in_hours
from tests.maintenance.windows import desk_service, promise_notice, scheduled_window


@pytest.fixture
def desk(db: None) -> Any:
    built = build_desk()
    with tenant_scope(built.tenant.pk):
        promise_notice(built)
        yield built


def near_window(desk: Desk, **changes: Any) -> Window:
    """One that was announced long ago and begins in ten hours."""
    return scheduled_window(desk, starts_at=in_hours(10), at=timezone.now() - timedelta(days=9), **changes)


def test_customer_is_added_the_evening_before(desk: Desk) -> None:
    window = near_window(desk, left_out=[desk.other_customer])
    agent, supervisor = browser_of(desk.agent), browser_of(desk.supervisor)
    page = f"/maintenance/{window.pk}/customers/"
    change = {"customer": desk.other_customer.pk, "change": "put_back", "seen": window.version}
    stopped = body(agent.post(page, change), 409)
    assert "<strong>Calm Carpets</strong> promised 72 h, would get" in stopped
    assert "ask a supervisor" in stopped
    assert "Go on as an emergency" in body(supervisor.post(page, change), 409)
    refused = body(agent.post(page, change | {"emergency_reason": "Its till too"}), 409)
    assert "You may not do this." in refused
    assert supervisor.post(page, change | {"emergency_reason": "Its till too"}).status_code == 303
    row = WindowCustomer.objects.get(customer=desk.other_customer)
    assert (row.concern, row.emergency_reason) == ("derived", "Its till too")
    for path in (page, "/maintenance/notice/?show=short"):
        assert "Told late: Its till too" in body(agent.get(path))
    assert "Its till too" in body(agent.get(f"/maintenance/{window.pk}/"))
    assert "Its till too" not in body(browser_of(desk.other_contact).get(f"/maintenance/{window.pk}/"))


def test_service_is_added_the_evening_before(desk: Desk) -> None:
    private = new_service(desk, "POS sync", customer=desk.customer)
    window = near_window(desk, services=[private])
    agent, supervisor = browser_of(desk.agent), browser_of(desk.supervisor)
    page = f"/maintenance/{window.pk}/edit/"
    values: dict[str, Any] = {
        "title": window.title,
        "kind": "database",
        "impact": "down",
        "services": [private.pk, desk_service(desk).pk],
        "seen": window.version,
    }
    stopped = body(agent.post(page, values), 422)
    assert "<strong>Calm Carpets</strong> promised 72 h" in stopped
    assert "ask a supervisor" in stopped
    assert "Go on as an emergency" in body(supervisor.post(page, values), 422)
    assert supervisor.post(page, values | {"emergency_reason": "The same disk"}).status_code == 303
    assert WindowCustomer.objects.get(customer=desk.other_customer).emergency_reason == "The same disk"


def test_series_that_begins_too_soon_names_the_customers_and_a_day_that_would_do(desk: Desk) -> None:
    agent, first = browser_of(desk.agent), timezone.localdate() + timedelta(days=1)
    values = series_form(desk, first_date=first.isoformat(), pattern="week")
    stopped = body(agent.post("/maintenance/recurring/new/", values), 422)
    assert "<strong>Bright Bakery</strong> promised 72 h" in stopped
    later = first + timedelta(days=7)
    assert f'datetime="{later.isoformat()}' in stopped
    assert not Series.objects.exists()
    values["first_date"] = later.isoformat()
    assert agent.post("/maintenance/recurring/new/", values).status_code == 303


def test_api_adds_them_for_a_reason_too(desk: Desk) -> None:
    window = near_window(desk, left_out=[desk.other_customer])
    path, change = f"windows/{window.pk}/", {"left_out": [], "seen": window.version}
    stopped = call_as(desk.supervisor).patch(path, change, format="json").json()
    assert stopped["code"] == "notice_too_short"
    assert [each["customer"]["name"] for each in stopped["breaches"]] == ["Calm Carpets"]
    change["emergency_reason"] = "Its till too"
    assert call_as(desk.agent).patch(path, change, format="json").json()["code"] == "not_allowed"
    done = call_as(desk.supervisor).patch(path, change, format="json").json()
    kept = {each["customer"]["name"]: each["emergency_reason"] for each in done["for_staff"]["customers"]}
    assert kept == {"Bright Bakery": "", "Calm Carpets": "Its till too"}
