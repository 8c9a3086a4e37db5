"""Find a time through the API, and what it says of customers whose hours nobody knows."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Customer
from accounts.services import create_customer
from maintenance.models import Window
from sla.models import Contract
from tests.api.callers import Callers
from tests.factories import Desk, browser_of, new_service
from tests.maintenance.windows import desk_service, promise_notice, scheduled_window
from tickets.models import Service

PATH = "windows/times/"


def of_one(desk: Desk, name: str = "POS sync") -> Service:
    return new_service(desk, name, customer=desk.customer)


def test_times_are_proposed_with_reasons_and_the_week(desk: Desk, caller: Callers) -> None:
    promise_notice(desk)
    agent, service = caller(desk.agent), new_service(desk)
    found = agent.get(f"{PATH}?service={service.pk}&minutes=120&days=14").json()
    assert (found["notice_hours"], found["customers"], found["unknown"]) == (72, 2, 0)
    best = found["results"][0]
    assert best["business_minutes"] == 0
    assert "No customer is at work." in best["reasons"]
    assert best["starts_at"] >= found["not_before"]
    assert [len(day) for day in found["week"]] == [24] * 7
    assert found["time_zone"] == desk.tenant.time_zone
    assert not Window.objects.exists()


def test_no_time_is_proposed_for_less_work_than_was_asked(desk: Desk, caller: Callers) -> None:
    agent, service, gone = caller(desk.agent), new_service(desk), new_service(desk, "Fax")
    Service.objects.filter(pk=gone.pk).update(archived_at=timezone.now())
    for wrong in (999_999, gone.pk, 10**30):
        refused = agent.get(f"{PATH}?service={service.pk}&service={wrong}")
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "service")
    for name in ("window", "added", "left_out"):
        refused = agent.get(f"{PATH}?{name}=999999").json()
        assert refused["errors"][0]["parameter"] == name


def test_customers_are_adjusted_and_a_window_is_moved(desk: Desk, caller: Callers) -> None:
    agent, service = caller(desk.agent), of_one(desk)
    asked = f"{PATH}?service={service.pk}"
    assert agent.get(asked).json()["customers"] == 1
    assert agent.get(f"{asked}&added={desk.other_customer.pk}").json()["customers"] == 2
    assert agent.get(f"{asked}&left_out={desk.customer.pk}").json()["customers"] == 0
    both = agent.get(f"{asked}&left_out={desk.customer.pk}&added={desk.customer.pk}").json()
    assert both["errors"][0]["parameter"] == "left_out"

    now = timezone.now()
    window = scheduled_window(
        desk,
        services=[service],
        at=now,
        starts_at=now + timedelta(days=2),
        ends_at=now + timedelta(days=2, minutes=45),
        added=[desk.other_customer],
    )
    moved = agent.get(f"{PATH}?window={window.pk}&days=7").json()
    assert moved["customers"] == 2, "with those who were added by hand"
    lengths = {
        datetime.fromisoformat(each["ends_at"]) - datetime.fromisoformat(each["starts_at"])
        for each in moved["results"]
    }
    assert lengths == {timedelta(minutes=45)}, "as long as the window"


def test_nobody_is_said_to_rest_whose_hours_are_unknown(desk: Desk, caller: Callers) -> None:
    agent, service = caller(desk.agent), desk_service(desk)
    create_customer(tenant_id=desk.tenant.pk, name="Dotted Line", at=timezone.now())
    page = f"/maintenance/find-a-time/?services={service.pk}&minutes=60&days=14"

    found = agent.get(f"{PATH}?service={service.pk}&minutes=60").json()
    assert (found["customers"], found["unknown"]) == (3, 1)
    reasons = found["results"][0]["reasons"]
    assert "No customer whose hours are known is at work." in reasons
    assert "Of 1 nothing is known: no contract, no hours." in reasons
    read = browser_of(desk.agent).get(page).content.decode()
    assert "Nobody known to be at work" in read
    assert "Nobody at work" not in read

    Contract.objects.all().delete()
    assert Customer.objects.count() == 3
    found = agent.get(f"{PATH}?service={service.pk}&minutes=60").json()
    assert (found["customers"], found["unknown"]) == (3, 3)
    said = " ".join(found["results"][0]["reasons"])
    assert "Of 3 nothing is known" in said
    assert "at work" not in said, "nothing is claimed of anybody"
