"""Plans side by side, for admins and for anybody; and a customer's own plan in plain words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sla.models import Plan
from sla.services import CoverageTerms, change_plan, create_plan, end_contract
from sla.services.edits import contents_of
from sla.services.proposals import head_of
from tests.factories import FOUNDED, Desk, DeskClient, new_ticket, standard_targets
from tests.sla.test_coverage import changed
from tickets.services.categories import create_category

Login = Callable[[Any], DeskClient]
COMPARE, PUBLISH = "/console/plans/compare/", "/console/plans/publish/"


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def cover(desk: Desk) -> None:
    """The desk's plan bills training, is reached by chat, and leaves visits out."""
    training = create_category(tenant_id=desk.tenant.pk, name="Training")
    changed(
        desk,
        coverage=CoverageTerms({training.pk: "billable"}, ("portal", "chat"), True, 90),
        exclusions=[{"title": "Visits on site", "text": "We do not come to you."}],
    )


def more_plans(desk: Desk, *names: str) -> list[Plan]:
    return [
        create_plan(
            tenant_id=desk.tenant.pk,
            name=name,
            calendar=desk.calendar,
            targets=standard_targets(),
            at=FOUNDED,
        )
        for name in names
    ]


def test_plans_stand_side_by_side_with_all_that_customers_are_told(desk: Desk, login: Login) -> None:
    cover(desk)
    silver, _bronze = more_plans(desk, "Silver", "Bronze")
    client = login(desk.admin)
    page = text_of(client.get(COMPARE))
    for words in ("Gold", "Silver", "Bronze", "Training", "Billable", "Portal, Chat", "1:30 h a month"):
        assert words in page, words
    assert "Monday to Saturday" in page or "Monday to Friday" in page
    assert "We do not come to you." in page
    chosen = text_of(client.get(f"{COMPARE}?plan={silver.pk}&plan=x"))
    assert "We do not come to you." not in chosen
    assert "plan-choice" in chosen


def test_what_holds_from_a_later_day_on_is_not_read_before_it(desk: Desk, login: Login) -> None:
    admin = login(desk.admin)
    admin.post(PUBLISH, {"public": "1"})
    last, later = desk.plan.versions.latest("number"), timezone.now() + timedelta(days=9)
    coming = contents_of(last) | {"exclusions": [{"key": "", "title": "Fax", "text": "No more faxes."}]}
    change_plan(
        plan=desk.plan, seen_number=last.number, at=later, by=desk.admin, **head_of(desk.plan) | coming
    )
    for page in (admin.get(COMPARE), DeskClient(desk.tenant).get("/plans/")):
        assert "Gold" in text_of(page)
        assert "No more faxes." not in text_of(page)


def test_the_number_of_queries_does_not_grow_with_the_plans(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    counts = []
    for names in (["One"], ["Two", "Three", "Four"]):
        more_plans(desk, *names)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(COMPARE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_anybody_reads_the_plans_once_the_desk_says_so(desk: Desk, login: Login) -> None:
    cover(desk)
    anybody = DeskClient(desk.tenant)
    assert anybody.get("/plans/").status_code == 404
    admin = login(desk.admin)
    assert admin.post(PUBLISH, {"public": "1"}).status_code == 302
    page = text_of(anybody.get("/plans/"))
    assert "Support plans of Acme" in page
    assert "We do not come to you." in page
    assert "Support makes no changes to data." not in page, "written limits are for agents"
    assert "/console/" not in page
    assert admin.get("/plans/").status_code == login(desk.contact).get("/plans/").status_code == 200
    admin.post(PUBLISH, {})
    assert anybody.get("/plans/").status_code == 404


def test_contacts_read_their_own_plan_in_plain_words(desk: Desk, login: Login) -> None:
    cover(desk)
    desk.customer.coordinator = desk.agent
    desk.customer.save(update_fields=["coordinator"])
    client = login(desk.contact)
    assert 'href="/t/acme/plan/"' in client.get("/tickets/").content.decode()
    page = text_of(client.get("/plan/"))
    for words in (
        "Your plan: Gold",
        "Training",
        "Your account coordinator is Ali Agent.",
        "8 to 16 business hours",
        "A business day ends at the same time of day on the next day with support hours.",
        "Nobody can work.",
        "Visits on site",
        "We do not come to you.",
        "Portal, Chat",
    ):
        assert words in page, words
    assert "Support makes no changes to data." not in page, "written limits are for agents"
    assert login(desk.agent).get("/plan/").status_code == 403


def test_what_a_business_day_is_stands_beside_every_target_that_counts_in_them(
    desk: Desk, login: Login
) -> None:
    rule = "A business day ends at the same time of day on the next day with support hours."
    days, hours = new_ticket(desk, priority="low"), new_ticket(desk, priority="critical")
    admin = login(desk.admin)
    for page in (
        f"/console/plans/{desk.plan.pk}/",
        f"/tickets/{days.number}/",
        f"/tickets/{days.number}/clocks/",
    ):
        assert rule in text_of(admin.get(page)), page
    assert rule not in text_of(admin.get(f"/tickets/{hours.number}/clocks/"))


def test_a_company_without_a_contract_is_told_so(desk: Desk, login: Login) -> None:
    today = timezone.now().date()
    end_contract(contract=desk.contract, ends_on=today - timedelta(days=2), by=desk.owner, at=timezone.now())
    assert "No plan at present" in text_of(login(desk.contact).get("/plan/"))
