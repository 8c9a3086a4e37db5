"""Setting a desk up: six steps, what is missing of each, and the way through them that can be left."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import AuditEntry, Membership
from accounts.services import accept_invitation, create_customer, invitation_token
from accounts.tenancy import tenant_scope
from sla.coverage_terms import CoverageTerms
from sla.models import Plan, SupportCalendar
from sla.presets.opening import NewDesk, open_desk
from sla.services import create_calendar, create_plan
from sla.services.calendars import archive_calendar
from sla.services.plans import archive_plan, restore_plan
from tests.api.callers import call_as
from tests.console.forms import calendar_form
from tests.factories import FOUNDED, KARACHI, PASSWORD, Desk, DeskClient, browser_of
from tests.forms import FormPage
from tickets.models import Category, CategoryPurpose, IntakeForm
from tickets.services.categories import create_category

Login = Callable[[Membership], DeskClient]
SIX = ["hours", "plans", "categories", "customers", "people", "look"]
ALL_MISSING = {
    "no_calendar",
    "no_plan",
    "no_category",
    "no_customer",
    "no_colleague",
    "look_not_confirmed",
}


@pytest.fixture
def owner(db: None) -> Iterator[Membership]:
    """The owner of a blank desk in Lahore who has accepted; the test runs in its tenant scope."""
    wanted = NewDesk("blank", "Blank Desk", "owner@blank.example", "Olga Owner", time_zone="Asia/Karachi")
    invited = open_desk(wanted, at=FOUNDED)
    with tenant_scope(invited.tenant_id):
        accept_invitation(membership=invited, at=FOUNDED, password=PASSWORD)
        yield invited


def missing(answer: Any) -> set[str]:
    """The codes of everything that an answer of the API says is missing."""
    return {gap["code"] for step in answer.json()["steps"] for gap in step["missing"]}


def says(page: Any, *words: str) -> None:
    for each in words:
        assert each in page.content.decode(), each


def test_a_blank_desk_is_led_from_its_first_hours_on(owner: Membership) -> None:
    browser, api = browser_of(owner), call_as(owner)
    answer = api.get("setup/")
    assert [step["key"] for step in answer.json()["steps"]] == SIX
    assert missing(answer) == ALL_MISSING
    says(browser.get("/console/"), "0 of 6 steps stand", "Go on: Hours")
    says(browser.get("/console/setup/"), "Hours first", "Take the usual thirteen", "Begin with a preset")
    says(browser.get("/console/calendars/"), "Step 1 of 6", "Next: Plans", "Back to set-up")
    says(browser.get("/console/look/"), "Step 6 of 6")
    assert "Step" not in browser.get("/console/audit/").content.decode()

    form = FormPage(browser.get("/console/calendars/new/"))
    start = {name: form.value(name) for name in ("name", "zone", "week_0_0_opens", "week_4_0_closes")}
    assert start == {
        "name": "Support hours",
        "zone": "Asia/Karachi",
        "week_0_0_opens": "09:00",
        "week_4_0_closes": "17:00",
    }
    assert form.value("week_5_0_opens") == ""
    assert browser.post("/console/calendars/new/", calendar_form()).status_code == 302
    assert FormPage(browser.get("/console/calendars/new/")).value("week_0_0_opens") == ""

    form = FormPage(browser.get("/console/plans/new/"))
    calendar = SupportCalendar.objects.get()
    names = ("calendar", "first_response_critical_limit", "next_response_low_aim", "next_response_low_unit")
    assert [form.value(name) for name in names] == [str(calendar.pk), "4", "2", "business_days"]
    assert form.value("definition_low") == "A question, or an improvement that can wait."
    assert missing(api.get("setup/")) == ALL_MISSING - {"no_calendar"}


def test_the_usual_thirteen_come_with_their_questions_and_leave_alone_what_stands(owner: Membership) -> None:
    create_category(tenant_id=owner.tenant_id, name="bug", position=4)
    browser = browser_of(owner)
    answer = browser.post("/console/setup/categories/", follow=True)
    says(answer, "12 categories were created.", "API integration")
    assert list(Category.objects.order_by("position").values_list("name", flat=True)[:2]) == [
        "bug",
        "Technical issue",
    ]
    asked = IntakeForm.objects.get(category__name="Technical issue").questions
    assert [question["key"] for question in asked][:3] == ["steps", "expected", "actual"]
    assert set(CategoryPurpose.objects.values_list("purpose", flat=True)) == {"alarm", "backup", "restore"}
    says(browser.post("/console/setup/categories/", follow=True), "0 categories were created.")
    assert Category.objects.count() == 13


def test_an_empty_desk_may_begin_with_a_preset_as_long_as_it_has_no_plan(owner: Membership) -> None:
    browser, api = browser_of(owner), call_as(owner)
    none = browser.post("/console/setup/preset/", {})
    assert FormPage(none).error_of("preset") == "Choose a preset."
    taken = create_category(tenant_id=owner.tenant_id, name="Bug")
    refused = browser.post("/console/setup/preset/", {"preset": "salsabeel-erp"})
    assert "already of a name that this preset brings" in FormPage(refused).error_of("preset")
    assert not SupportCalendar.objects.exists()
    taken.delete()
    says(
        browser.post("/console/setup/preset/", {"preset": "salsabeel-erp"}, follow=True),
        "“Salsabeel ERP” is taken on",
    )
    assert Plan.objects.count() == 3
    assert missing(api.get("setup/")) == {"no_customer", "no_colleague", "look_not_confirmed"}
    assert "Begin with a preset" not in browser.get("/console/setup/").content.decode()
    again = api.post("setup/preset/", {"preset": "codigo-binario"})
    assert (again.status_code, again.json()["code"]) == (409, "refused")
    assert Plan.objects.count() == 3


def test_the_way_is_finished_and_begun_again_and_both_are_written_down(owner: Membership) -> None:
    browser, api = browser_of(owner), call_as(owner)
    assert browser.get("/").headers["Location"].endswith("/console/")
    assert browser.post("/console/setup/look/").status_code == 302
    assert "look_not_confirmed" not in missing(api.get("setup/"))
    assert browser.post("/console/setup/finish/").status_code == 302
    for page in ("/console/", "/console/plans/"):
        assert "steps stand" not in browser.get(page).content.decode()
        assert "Step 2 of 6" not in browser.get(page).content.decode()
    assert browser.get("/").headers["Location"].endswith("/queue/")
    says(browser.get("/console/setup/"), "Lead through the set-up again", "No calendar yet")
    assert api.post("setup/begin/").json()["under_way_since"]
    says(browser.get("/console/plans/"), "Step 2 of 6")
    assert api.post("setup/finish/").json()["under_way_since"] is None
    kept = AuditEntry.objects.filter(kind="accounts.tenant").order_by("pk").values_list("field", flat=True)
    assert list(kept) == ["look_confirmed_at", "setup_since", "setup_since", "setup_since"]


def test_what_lacks_something_is_named_and_leads_to_where_it_is_put_right(desk: Desk, login: Login) -> None:
    browser, api = login(desk.admin), call_as(desk.admin)
    assert missing(api.get("setup/")) == {"look_not_confirmed"}
    for n in range(5):
        create_customer(tenant_id=desk.tenant.pk, name=f"Customer {n}", at=FOUNDED)
    plan = bare_plan_on_an_archived_calendar(desk)
    archive_plan(plan=desk.plan, by=desk.admin, at=FOUNDED)
    answer = api.get("setup/")
    gaps = {gap["code"]: gap for step in answer.json()["steps"] for gap in step["missing"]}
    assert set(gaps) == {
        "plan_without_target",
        "plan_on_archived_calendar",
        "category_not_covered",
        "customer_without_contract",
        "customer_without_people",
        "look_not_confirmed",
    }
    assert [one["name"] for one in gaps["category_not_covered"]["things"]] == ["Technical issue"]
    bare = gaps["customer_without_contract"]
    assert (bare["count"], len(bare["things"])) == (5, 3)
    says(
        browser.get("/console/setup/"),
        "“Bare” counts by an archived calendar.",
        f"/console/plans/{plan.pk}/edit/",
        "“Customer 0” has no contract today",
        f"/console/customers/{bare['things'][0]['id']}/contracts/new/",
        "The same holds for 2 more.",
    )


def bare_plan_on_an_archived_calendar(desk: Desk) -> Plan:
    """A plan that promises nothing and covers nothing, brought back after its calendar was put away."""
    own: dict[str, Any] = {"tenant_id": desk.tenant.pk, "at": FOUNDED, "by": desk.admin}
    calendar = create_calendar(name="Old hours", spec=KARACHI, **own)
    nothing = CoverageTerms({desk.category.pk: "not_covered"})
    plan = create_plan(name="Bare", calendar=calendar, targets=[], coverage=nothing, **own)
    archive_plan(plan=plan, by=desk.admin, at=FOUNDED)
    archive_calendar(calendar=calendar, by=desk.admin, at=FOUNDED)
    restore_plan(plan=plan, by=desk.admin, at=FOUNDED)
    return plan


def test_the_set_up_asks_as_many_questions_of_a_full_desk_as_of_an_empty_one(
    desk: Desk, login: Login, owner: Membership, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for admin in (owner, desk.admin):
        browser = login(admin)
        with tenant_scope(admin.tenant_id), django_assert_max_num_queries(20):
            assert browser.get("/console/setup/").status_code == 200


def test_nobody_but_admins_sets_a_desk_up(desk: Desk, login: Login) -> None:
    for person in (desk.supervisor, desk.customer_admin):
        for name in ("begin", "finish", "look", "categories", "preset"):
            assert login(person).post(f"/console/setup/{name}/").status_code == 403
            assert call_as(person).post(f"setup/{name}/", {"preset": "starter"}).status_code == 403
        assert call_as(person).get("setup/").status_code == 403


def test_the_owner_of_a_new_desk_begins_at_its_set_up(db: None) -> None:
    invited = open_desk(NewDesk("fresh", "Fresh", "owner@fresh.example"), at=FOUNDED)
    with tenant_scope(invited.tenant_id):
        page = f"/invitations/{invitation_token(invited)}/"
        answer = DeskClient(invited.tenant).post(page, {"name": "Olga", "password": PASSWORD})
    assert answer.headers["Location"] == "/t/fresh/console/setup/"
