"""A customer's own plan through the API, and making all of them public."""

from datetime import timedelta

from django.utils import timezone

from sla.services import end_contract
from tests.api.callers import Callers
from tests.factories import Desk, DeskClient
from tests.sla.test_plan_pages import cover


def test_the_api_says_the_same_of_the_own_plan(desk: Desk, caller: Callers) -> None:
    cover(desk)
    plan = caller(desk.contact).get("plan/").json()
    assert (plan["name"], plan["coverage"]["channels"]) == ("Gold", ["portal", "chat"])
    assert {one["name"]: one["coverage"] for one in plan["categories"]} == {
        "Technical issue": "covered",
        "Training": "billable",
    }
    assert plan["exclusions"] == [
        {"key": "visits-on-site", "title": "Visits on site", "text": "We do not come to you."}
    ]
    assert "ladder" not in plan
    assert caller(desk.agent).get("plan/").status_code == 403
    end_contract(
        contract=desk.contract,
        ends_on=timezone.now().date() - timedelta(days=2),
        by=desk.owner,
        at=timezone.now(),
    )
    assert caller(desk.contact).get("plan/").status_code == 404


def test_admins_make_the_plans_public_and_private_again(desk: Desk, caller: Callers) -> None:
    anybody = DeskClient(desk.tenant)
    for is_public, status in ((True, 200), (False, 404)):
        answer = caller(desk.admin).post("plans/publish/", {"is_public": is_public})
        assert answer.json() == {"is_public": is_public}
        assert anybody.get("/plans/").status_code == status
    assert caller(desk.agent).post("plans/publish/", {"is_public": True}).status_code == 403
    assert caller(desk.admin).post("plans/publish/", {}).status_code == 400
