"""The policy of Salsabeel ERP, typed into the console's own forms: each clause is enforced, and evidenced.

Configured through services as well is what `tests/sla/test_presets.py` walks; maintenance and backups (S5,
S6, S9) are `tests/maintenance/test_policy_clauses.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from accounts.models import Role, Standing
from accounts.tenancy import tenant_scope
from notifications.models import OutboxMessage
from sla.models import Clock
from tests.accounts.test_second_factor import set_up_app
from tests.console.policy_acts import chosen, decided, filed, hand, on, out_of_scope, read, time_on
from tests.console.policy_desk import PolicyDesk, come, policy_desk
from tests.factories import DeskClient
from tests.filling import words_of
from tickets.models import Ticket
from tickets.services import reply_to_ticket

pytestmark = pytest.mark.django_db

FAULT = {
    "What did you do": "Opened an invoice and pressed Print",
    "What did you expect": "A printed invoice",
    "What happened instead": "A blank page",
}


def lahore(day: int, hour: int, minute: int = 0) -> datetime:
    """A reading of the clock in Lahore in March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=5)


def s1_what_a_plan_covers_is_shown_before_filing_and_kept_to(desk: PolicyDesk) -> None:
    plan = read(desk.contact, "/plan/")
    assert all(category.name in plan for category in desk.preset.categories)
    for category, told in (
        ("Bug", "Covered by Standard"),
        ("Performance", "Billable under Standard"),
        ("Feature improvement", "Not covered by Standard"),
    ):
        assert told in words_of(chosen(desk.contact, category).page)
    ticket = filed(desk.contact, "Feature improvement")
    work = time_on(desk.agent, ticket)
    assert "The plan does not cover this category" in words_of(work.page)
    refused = work.refused({"minutes": "1:00", "note": "Built it", "charge": True})
    assert "approv" in " ".join(refused.summary.values())
    assert "Covered by Dedicated enterprise" in words_of(chosen(desk.big_contact, "Feature improvement").page)


def s2_channels_are_told_and_the_coordinator_is_notified(desk: PolicyDesk) -> None:
    assert "Portal, Email, Phone, Remote session, Meeting" in read(desk.contact, "/plan/")
    filed(desk.contact, "User assistance")
    assert not OutboxMessage.objects.filter(kind="coordinator").exists()
    assert "Your account coordinator is Sara Supervisor." in read(desk.big_contact, "/plan/")
    ticket = filed(desk.big_contact, "User assistance")
    told = OutboxMessage.objects.get(kind="coordinator")
    assert (told.recipient, told.subject) == (
        desk.supervisor,
        f"Big Mills, whom you look after, filed SALS-{ticket.number}: About User assistance",
    )
    assert "Account coordinator Sara Supervisor" in read(desk.agent, f"/tickets/{ticket.number}/")


def s3_time_counts_from_monday_to_saturday_in_business_hours(desk: PolicyDesk) -> None:
    late = on(lahore(7, 17), desk.contact, "Bug", "critical")  # Saturday, an hour before closing
    assert late.due_at == lahore(9, 12)
    before_holiday = on(lahore(22, 12), desk.contact, "Bug", "critical")  # Sunday; Pakistan Day follows
    assert before_holiday.due_at is not None
    assert before_holiday.due_at >= lahore(24, 13)
    assert "Pakistan Day" in read(desk.agent, f"/tickets/{before_holiday.number}/clocks/")
    assert "9:00" in read(desk.contact, "/plan/") or "09:00" in read(desk.contact, "/plan/")


def s3b_dedicated_plans_are_faster_and_reach_somebody_at_any_hour(desk: PolicyDesk) -> None:
    at_night = lahore(8, 3)  # Sunday
    assert on(at_night, desk.big_contact, "Bug", "critical").due_at == at_night + timedelta(hours=1)
    ticket = filed(desk.big_contact, "Bug", priority="critical", **FAULT)
    customer = hand(desk.big_contact)
    customer.open(f"/tickets/{ticket.number}/")
    customer.follow(to="/emergency/")
    assert "without limit" in words_of(customer.page)
    customer.send({"reason": "Nobody can bill.", "confirm": True})
    assert "we are calling the people on call" in words_of(customer.page)
    called = OutboxMessage.objects.get(kind="emergency")
    assert (called.recipient, called.send_after) == (desk.agent, None)
    assert "Nobody can bill." in read(desk.agent, f"/tickets/{ticket.number}/")
    plain = filed(desk.contact, "User assistance", priority="critical")
    page = hand(desk.contact).open(f"/tickets/{plain.number}/")
    assert not [one for one in page.elements if one.attributes.get("href", "").endswith("/emergency/")]


def s4_ranges_hold_and_priorities_are_explained(desk: PolicyDesk) -> None:
    asked = words_of(chosen(desk.contact, "Bug").page)
    for definition in desk.preset.definitions.values():
        assert definition in asked
    due = {
        priority: on(lahore(2, 10), desk.contact, "Bug", priority)
        for priority in ("critical", "high", "medium", "low")
    }
    assert (due["critical"].at_risk_at, due["critical"].due_at) == (lahore(2, 12), lahore(2, 14))
    assert (due["high"].at_risk_at, due["high"].due_at) == (lahore(2, 14), lahore(2, 18))
    assert due["medium"].due_at == lahore(3, 10)
    assert (due["low"].at_risk_at, due["low"].due_at) == (lahore(4, 10), lahore(5, 10))
    shown = read(desk.contact, f"/tickets/{due['critical'].number}/")
    assert "first reply was due by Mon 2 Mar, 14:00, because our promise is" in shown


def s4b_a_response_is_no_solution(desk: PolicyDesk) -> None:
    plain = on(lahore(2, 10), desk.contact, "Bug", "critical")
    assert set(Clock.objects.filter(ticket=plain).values_list("metric", flat=True)) == {"first_response"}
    big = on(lahore(2, 10), desk.big_contact, "Bug", "critical")
    reply_to_ticket(ticket=big, by=desk.agent, body="We look at it.", at=lahore(2, 10, 20))
    clocks = {clock.metric: clock for clock in Clock.objects.filter(ticket=big)}
    assert (clocks["first_response"].status, clocks["resolution"].status) == ("met", "running")
    assert clocks["resolution"].due_at == lahore(2, 18)
    assert "Resolution" in read(desk.agent, f"/tickets/{big.number}/")


def s7_staff_are_asked_for_a_second_factor(desk: PolicyDesk) -> None:
    admin = hand(desk.admin)
    set_up_app(admin.client, desk.admin)
    admin.fill("/console/sign-in/", {}, to="/second-factor/", press="1")
    shut = DeskClient(desk.tenant)
    shut.force_login(desk.agent.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert shut.get("/queue/").status_code == 403
    assert "Required" in words_of(admin.open("/console/sign-in/"))
    assert "Second factor for staff" in words_of(admin.open("/console/audit/"))


def s7_customers_manage_their_own_people(desk: PolicyDesk) -> None:
    chief = hand(desk.chief)
    new = {"name": "Nadia New", "email": "nadia@policy.example", "role": "member"}
    chief.fill("/company/people/", new)
    nadia = come("nadia@policy.example")
    assert (nadia.role, nadia.customer_id) == (Role.MEMBER, desk.plain.pk)
    assert hand(nadia).open("/tickets/")
    chief.open("/company/people/")
    chief.follow(to=f"/people/{nadia.pk}/deactivate/")
    chief.send({}, to="/deactivate/")
    assert DeskClient(desk.tenant).get("/tickets/").status_code == 302
    nadia.refresh_from_db()
    assert nadia.deactivated_at is not None
    assert "No access" in words_of(chief.open("/company/people/"))
    assert "Nadia New" in words_of(hand(desk.admin).open("/console/audit/"))


def s7_facts_are_asked_for(desk: PolicyDesk) -> None:
    page = chosen(desk.contact, "Bug", subject="It is broken", body="Please help.")
    refused = page.refused({"priority": "high"}, press="File the ticket")
    assert len(refused.summary) == 3
    assert not Ticket.objects.exists()
    ticket = filed(
        desk.contact, "Bug", priority="high", **FAULT,
        **{"How often": "Now and then", "When does it happen": "After lunch"},
    )  # fmt: skip
    for reader in (desk.agent, desk.contact):
        assert "A blank page" in read(reader, f"/tickets/{ticket.number}/")
        assert "After lunch" in read(reader, f"/tickets/{ticket.number}/")


def s7_approvals_stop_the_clock_while_they_wait(desk: PolicyDesk) -> None:
    ticket = filed(desk.big_contact, "User assistance", priority="critical")
    clause = "Visits on site"
    out_of_scope(desk.agent, ticket, clause, price="PKR 25,000")
    solving = Clock.objects.get(ticket=ticket, metric="resolution")
    assert solving.status == "paused"
    assert "Your approval is needed." in read(desk.big_contact, f"/tickets/{ticket.number}/")
    decided(desk.big_chief, clause, "decline", "On the screen will do.")
    solving.refresh_from_db()
    assert solving.status == "running"
    assert "declined: On the screen will do." in read(desk.agent, f"/tickets/{ticket.number}/")


def s8_what_is_excluded_is_named_quoted_and_decided(desk: PolicyDesk) -> None:
    ticket = filed(desk.contact, "User assistance")
    exclusion = next(one for one in desk.preset.exclusions if one.name == "custom_development")
    out_of_scope(desk.agent, ticket, exclusion.title, estimate="2:00")
    offer = decided(desk.contact, exclusion.title, "approve")
    assert exclusion.text in offer
    assert "2 h" in offer
    assert "approved" in read(desk.agent, f"/tickets/{ticket.number}/")
    assert "Of the estimate 2 h are left." in words_of(time_on(desk.agent, ticket).page)


def s11_poor_standing_stops_what_its_rule_says_and_can_be_lifted(desk: PolicyDesk) -> None:
    admin, address = hand(desk.admin), f"/console/customers/{desk.plain.pk}/standing/"
    evidence = filed(desk.contact, "User assistance")
    admin.open("/console/standing/")
    admin.follow(to="/rule/?level=restricted&ground=overdue_payment")
    admin.send(
        {"priorities": ["low", "medium"], "channels": ["API"], "lets_critical_outages": True,
         "stops_emergencies": True, "way_out": "Please pay invoice 17."}
    )  # fmt: skip
    standing = {"level": "restricted", "ground": "overdue_payment", "reason": "Two reminders",
                "evidence": f"SALS-{evidence.number}"}  # fmt: skip
    admin.fill(address, standing)
    for page in ("/", "/tickets/", "/tickets/new/"):
        whole = " ".join(hand(desk.contact).open(page).root.words.split())
        assert "Support for Plain Bakery is restricted" in whole
        assert "Please pay invoice 17." in whole
        assert "Two reminders" not in whole
    refused = chosen(desk.contact, "User assistance", subject="Help", body="Please").refused(
        {"priority": "low"}, press="File the ticket"
    )
    why = refused.summary["id_priority"]
    assert "cannot be filed at the moment (Overdue payment). Please pay invoice 17." in why
    assert filed(desk.contact, "Backup and recovery", priority="critical").channel == "portal"
    assert "Two reminders" in words_of(admin.open(address))
    assert "Overdue payment" in words_of(admin.open("/console/audit/"))
    admin.open(address)
    admin.send({}, to="/lift/")
    assert "is restricted" not in hand(desk.contact).open("/tickets/").root.words
    assert filed(desk.contact, "User assistance", priority="low")
    assert Standing.objects.get().lifted_by == desk.admin


CLAUSES: list[tuple[str, Callable[[PolicyDesk], None]]] = [
    ("S1", s1_what_a_plan_covers_is_shown_before_filing_and_kept_to),
    ("S2", s2_channels_are_told_and_the_coordinator_is_notified),
    ("S3", s3_time_counts_from_monday_to_saturday_in_business_hours),
    ("S3b", s3b_dedicated_plans_are_faster_and_reach_somebody_at_any_hour),
    ("S4", s4_ranges_hold_and_priorities_are_explained),
    ("S4b", s4b_a_response_is_no_solution),
    ("S7, credentials", s7_staff_are_asked_for_a_second_factor),
    ("S7, users", s7_customers_manage_their_own_people),
    ("S7, details", s7_facts_are_asked_for),
    ("S7, approvals", s7_approvals_stop_the_clock_while_they_wait),
    ("S8", s8_what_is_excluded_is_named_quoted_and_decided),
    ("S11", s11_poor_standing_stops_what_its_rule_says_and_can_be_lifted),
]


@pytest.mark.parametrize(("clause", "holds"), CLAUSES, ids=[row[0] for row in CLAUSES])
def test_the_clause_is_enforced_and_evidenced(
    clause: str, holds: Callable[[PolicyDesk], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for the commit of a request happens within it, as it does outside of tests' transactions."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_more: act())
    desk = policy_desk("salsabeel-erp")
    with tenant_scope(desk.tenant.pk):
        holds(desk)
