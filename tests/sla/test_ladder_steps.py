"""What the steps of a ladder do: each place, whom they tell, what they change, and what makes them moot."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Customer, Membership, Team, TeamMember
from notifications.models import Notification, OutboxMessage
from sla.models import Clock, Emergency, Escalation, LadderStep, Place, PlanVersion, Rota, RotaTurn
from sla.services import StepTerms, TargetTerms, Tell, change_plan
from sla.services.clocks import reckon_ticket
from sla.services.errors import LadderRefused
from sla.services.ladders import ladder_of, usual_ladder
from sla.services.plans import terms_of
from sla.steps import StepState, shown_steps
from sla.sweep import sweep_tenant
from tests.factories import MONDAY, Desk, new_ticket
from tickets.models import Ticket, TicketEvent
from tickets.services import (
    assign_ticket,
    change_priority,
    change_status,
    reply_to_ticket,
    resolve_ticket,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SUPERVISORS = (Tell("supervisors"),)
# A Sunday night: plans are changed before the Monday of the tests.
BEFORE = MONDAY - 12 * HOUR


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def climb(desk: Desk, *steps: StepTerms, **changes: Any) -> PlanVersion:
    """Give the desk's plan another ladder."""
    last = desk.plan.versions.order_by("number").last()
    assert last is not None
    values: dict[str, Any] = {
        "name": desk.plan.name,
        "calendar": desk.calendar,
        "targets": terms_of(last),
        "definitions": last.definitions,
        "exclusions": last.exclusions,
        "terms": last.terms,
        "at": BEFORE,
    }
    return change_plan(
        plan=desk.plan, seen_number=last.number, by=desk.owner, ladder=steps, **(values | changes)
    )


def step(place: str, amount: int = 0, metric: str = "first_response", **more: Any) -> StepTerms:
    return StepTerms(metric, place, amount, **({"tells": SUPERVISORS} | more))


def clock(ticket: Ticket, metric: str = "first_response") -> Clock:
    found: Clock = Clock.objects.get(ticket=ticket, metric=metric)
    return found


def fired() -> list[tuple[str, int, datetime]]:
    steps = Escalation.objects.order_by("due_at", "pk")
    return [(one.step.place, one.number, one.due_at) for one in steps.select_related("step")]


def told(kind: str = "escalation") -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("recipient__name", flat=True))


# High: aim 4 hours, limit 8 hours; Monday 10:00 in Lahore, so the limit is at 18:00 = MONDAY + 8 h.


def test_each_place_is_taken_once_at_its_instant(desk: Desk) -> None:
    climb(
        desk,
        step(Place.SHARE, 50),
        step(Place.SHARE, 75),
        step(Place.AIM),
        step(Place.LIMIT),
        step(Place.AFTER, 2 * 3600),
        step(Place.DAILY, times=2),
    )
    new_ticket(desk, priority="high")
    for hour in range(0, 24 * 7, 3):
        sweep_tenant(now=MONDAY + hour * HOUR + timedelta(minutes=1))
    assert fired() == [
        ("share", 1, MONDAY + 4 * HOUR),
        ("aim", 1, MONDAY + 4 * HOUR),
        ("share", 1, MONDAY + 6 * HOUR),
        ("limit", 1, MONDAY + 8 * HOUR),
        ("after", 1, MONDAY + DAY + HOUR),
        ("daily", 1, MONDAY + DAY + 8 * HOUR),
        ("daily", 2, MONDAY + 2 * DAY + 8 * HOUR),
    ]
    data = TicketEvent.objects.filter(kind="escalated").order_by("at", "id").values_list("data", flat=True)
    assert [(one["step"], one["amount"], one["number"]) for one in data][-2:] == [
        ("daily", 0, 1),
        ("daily", 0, 2),
    ]


def test_a_priority_that_makes_it_overdue_tells_of_the_breach_alone(desk: Desk) -> None:
    climb(desk, step("share", 50), step("aim"), step("limit"), step("after", 7200))
    ticket = new_ticket(desk, priority="low")
    raised = MONDAY + DAY
    change_priority(ticket=ticket, priority="high", by=desk.agent, at=raised)
    assert sweep_tenant(now=raised + timedelta(seconds=1)) == 1
    assert fired() == [("limit", 1, raised)]


def test_a_clock_is_looked_at_at_its_limit_even_without_a_ladder(desk: Desk) -> None:
    climb(desk)
    ticket = new_ticket(desk, priority="high")
    assert clock(ticket).next_action_at == MONDAY + 8 * HOUR
    assert sweep_tenant(now=MONDAY + 9 * HOUR) == 0
    ticket.refresh_from_db()
    assert (clock(ticket).breached_at, ticket.has_breached) == (MONDAY + 8 * HOUR, True)
    assert clock(ticket).next_action_at is None


def test_a_step_for_some_priorities_passes_over_the_others(desk: Desk) -> None:
    climb(desk, step(Place.SHARE, 25, priorities=("critical",)))
    new_ticket(desk, priority="high")
    urgent = new_ticket(desk, priority="critical")
    sweep_tenant(now=MONDAY + 3 * HOUR)
    assert [one.clock.ticket_id for one in Escalation.objects.all()] == [urgent.pk]


def make_team(desk: Desk) -> Team:
    team = Team.objects.create(tenant=desk.tenant, name="Network")
    TeamMember.objects.create(tenant=desk.tenant, team=team, person=desk.agent2)
    return team


def make_rota(desk: Desk) -> Rota:
    rota = Rota.objects.create(tenant=desk.tenant, name="Nights", time_zone="UTC")
    for position, person in enumerate((desk.agent, desk.agent2)):
        RotaTurn.objects.create(
            tenant=desk.tenant, rota=rota, person=person, position=position,
            starts_at=MONDAY, ends_at=MONDAY + DAY,
        )  # fmt: skip
    return rota


def test_a_step_tells_whom_it_names(desk: Desk) -> None:
    Customer.objects.filter(pk=desk.customer.pk).update(coordinator=desk.supervisor)
    ticket = new_ticket(desk, priority="high")
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    audiences = {
        "assignee": (Tell("assignee"), {"Ali Agent"}),
        "team": (Tell("team", team=make_team(desk).pk), {"Bea Agent"}),
        "on_call": (Tell("on_call", rota=make_rota(desk).pk), {"Ali Agent"}),
        "coordinator": (Tell("coordinator"), {"Sara Supervisor"}),
        "supervisors": (Tell("supervisors"), {"Olga Owner", "Adam Admin", "Sara Supervisor"}),
    }
    for hour, (tell, names) in enumerate(audiences.values()):
        climb(desk, step(Place.SHARE, 25, tells=(tell,)), at=BEFORE + hour * HOUR)
        new_ticket(desk, priority="high", at=MONDAY + timedelta(minutes=hour))
        Ticket.objects.update(assignee=desk.agent)
        Notification.objects.all().delete()
        sweep_tenant(now=MONDAY + 3 * HOUR)
        assert told() == names


def test_whoever_cannot_be_reached_is_stood_in_for_by_supervisors(desk: Desk) -> None:
    team = make_team(desk)
    climb(desk, step(Place.SHARE, 25, tells=(Tell("team", team=team.pk),)))
    Membership.objects.filter(pk=desk.agent2.pk).update(deactivated_at=MONDAY)
    new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 3 * HOUR)
    assert told() == {"Olga Owner", "Adam Admin", "Sara Supervisor"}


def test_addresses_and_webhooks_are_told_through_the_outbox(desk: Desk) -> None:
    tells = (
        Tell("address", address="pager@bakery.example"),
        Tell("webhook", url="https://hooks.example/desk"),
    )
    climb(desk, step(Place.SHARE, 25, tells=tells))
    new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 3 * HOUR)
    out = OutboxMessage.objects.filter(kind="escalation").order_by("way")
    assert [(one.way, one.to) for one in out] == [
        ("email", "pager@bakery.example"),
        ("webhook", "https://hooks.example/desk"),
    ]
    assert Escalation.objects.get().told == [
        {"who": "address", "name": "pager@bakery.example"},
        {"who": "webhook", "name": "hooks.example"},
    ]
    assert told() == set()


def test_a_step_raises_the_priority_once_and_says_that_the_ladder_did(desk: Desk) -> None:
    climb(desk, step(Place.SHARE, 50, raises_priority=True))
    ticket = new_ticket(desk, priority="high")
    for hour in (5, 6, 7):
        sweep_tenant(now=MONDAY + hour * HOUR)
    ticket.refresh_from_db()
    assert ticket.priority == "critical"
    event = TicketEvent.objects.get(ticket=ticket, kind="priority_changed")
    assert event.actor is None
    assert event.data["ladder"] == {"metric": "first_response", "step": "share", "amount": 50, "number": 1}
    assert clock(ticket).due_at == MONDAY + 4 * HOUR
    assert Escalation.objects.count() == 1


def test_a_step_gives_the_ticket_to_somebody(desk: Desk) -> None:
    climb(desk, step(Place.AIM, reassigns_to=desk.agent2.pk))
    ticket = new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 5 * HOUR)
    ticket.refresh_from_db()
    assert ticket.assignee == desk.agent2
    assert TicketEvent.objects.get(ticket=ticket, kind="assigned").actor is None
    assert told("assigned") == {"Bea Agent"}


def test_who_left_the_desk_is_given_nothing_and_the_others_are_told(desk: Desk) -> None:
    climb(desk, step(Place.AIM, reassigns_to=desk.agent2.pk))
    ticket = new_ticket(desk, priority="high")
    Membership.objects.filter(pk=desk.agent2.pk).update(deactivated_at=MONDAY)
    assert sweep_tenant(now=MONDAY + 5 * HOUR) == 1
    ticket.refresh_from_db()
    assert ticket.assignee is None
    assert "Sara Supervisor" in told()


def test_a_step_declares_an_emergency_once(desk: Desk) -> None:
    climb(desk, step(Place.LIMIT, declares_emergency=True), step(Place.DAILY, declares_emergency=True))
    asleep(desk)
    ticket = new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 9 * HOUR)
    sweep_tenant(now=MONDAY + 2 * DAY)
    emergency = Emergency.objects.get(ticket=ticket)
    assert (emergency.declared_by, emergency.declared_at) == (None, MONDAY + 9 * HOUR)
    assert "First response" in emergency.reason
    assert [place for place, _number, _at in fired()] == ["limit", "daily"]
    assert {one.held_until for one in Escalation.objects.all()} == {None}, "an emergency wakes people"


def asleep(desk: Desk) -> None:
    """Everybody who supervises is quiet from 08:00 to 20:00 of their own wall, in UTC."""
    people = Membership.objects.filter(tenant=desk.tenant).supervisors()
    people.update(quiet_from=time(8), quiet_until=time(20))
    for person in people.select_related("user"):
        person.user.time_zone = "UTC"
        person.user.save(update_fields=["time_zone"])


EVENING = datetime(2026, 3, 2, 20, tzinfo=UTC)


def held_step(desk: Desk) -> Ticket:
    climb(desk, step(Place.AIM))
    asleep(desk)
    ticket = new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 5 * HOUR)  # 10:00 UTC
    return ticket


def test_mail_waits_for_the_end_of_quiet_hours_and_the_bell_does_not(desk: Desk) -> None:
    held_step(desk)
    assert told() == {"Olga Owner", "Adam Admin", "Sara Supervisor"}
    assert set(OutboxMessage.objects.filter(kind="escalation").values_list("send_after", flat=True)) == {
        EVENING
    }
    escalation = Escalation.objects.get()
    assert escalation.held_until == EVENING
    assert escalation.is_held(MONDAY + 6 * HOUR)
    assert not escalation.is_held(EVENING)
    assert {one["until"] for one in escalation.told} == {EVENING.isoformat()}


@pytest.mark.parametrize("emergency", [False, True])
def test_who_is_given_a_ticket_by_night_gets_the_mail_in_the_morning(desk: Desk, emergency: bool) -> None:
    climb(desk, step(Place.AIM, reassigns_to=desk.supervisor.pk, declares_emergency=emergency))
    asleep(desk)
    new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 5 * HOUR)
    mail = OutboxMessage.objects.get(kind="assigned")
    assert (mail.send_after, mail.next_attempt_at) == (
        (None, MONDAY + 5 * HOUR) if emergency else (EVENING, EVENING)
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda t, d, at: reply_to_ticket(ticket=t, by=d.agent, body="Here.", at=at), "answered"),
        (lambda t, d, at: resolve_ticket(ticket=t, by=d.agent, at=at), "resolved"),
        (lambda t, d, at: change_priority(ticket=t, priority="low", by=d.agent, at=at), "recomputed"),
    ],
)
def test_held_mail_is_taken_back_when_the_step_becomes_moot(desk: Desk, change: Any, why: str) -> None:
    ticket = held_step(desk)
    change(ticket, desk, MONDAY + 6 * HOUR)
    escalation = Escalation.objects.get()
    assert (escalation.cancelled_why, escalation.cancelled_at) == (why, MONDAY + 6 * HOUR)
    mails = OutboxMessage.objects.filter(kind="escalation")
    assert mails.count() == 3
    assert all(mail.state == "cancelled" and mail.cancelled_why for mail in mails)


def test_a_plan_around_the_clock_wakes_people(desk: Desk) -> None:
    from sla.services import create_calendar

    week = {str(day): [["00:00", "24:00"]] for day in range(7)}
    always = create_calendar(
        tenant_id=desk.tenant.pk,
        name="Always",
        spec={"tz": "Asia/Karachi", "week": week},
        at=BEFORE,
        by=desk.owner,
    )
    climb(desk, step(Place.AIM), calendar=always)
    asleep(desk)
    new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 5 * HOUR)
    assert set(OutboxMessage.objects.filter(kind="escalation").values_list("send_after", flat=True)) == {None}


def states(row: Clock, now: datetime) -> list[tuple[str, str, str | None]]:
    return [(one.step.place, one.state.value, one.why) for one in shown_steps(row, now)]


FULL = (step(Place.SHARE, 25), step(Place.AIM), step(Place.LIMIT), step(Place.DAILY, times=3))


def test_what_was_answered_shows_its_moot_steps_as_cancelled(desk: Desk) -> None:
    climb(desk, *FULL)
    ticket = new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 3 * HOUR)
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Here.", at=MONDAY + 3 * HOUR)
    assert sweep_tenant(now=MONDAY + 50 * DAY) == 0
    assert states(clock(ticket), MONDAY + 4 * HOUR) == [
        ("share", "fired", None),
        ("aim", "cancelled", "answered"),
        ("limit", "cancelled", "answered"),
        ("daily", "cancelled", "answered"),
    ]


def test_a_pause_cancels_what_it_freezes_until_it_ends(desk: Desk) -> None:
    climb(desk, *(StepTerms("resolution", one.place, one.amount, one.times, tells=one.tells) for one in FULL))
    ticket = new_ticket(desk, priority="critical")  # resolution in 8 to 16 hours
    change_status(ticket=ticket, status="pending", by=desk.agent, at=MONDAY + HOUR)
    row = clock(ticket, "resolution")
    assert row.paused_at == MONDAY + HOUR
    assert {state for _place, state, _why in states(row, MONDAY + 2 * HOUR)} == {"cancelled"}
    assert {why for _place, _state, why in states(row, MONDAY + 2 * HOUR)} == {"paused"}
    assert sweep_tenant(now=MONDAY + 90 * HOUR) == 0
    change_status(ticket=ticket, status="open", by=desk.agent, at=MONDAY + 3 * HOUR)
    found = shown_steps(clock(ticket, "resolution"), MONDAY + 3 * HOUR)
    assert {one.state for one in found if one.step.place != Place.DAILY} == {StepState.AHEAD}
    assert clock(ticket, "resolution").next_action_at == MONDAY + 6 * HOUR  # two hours later than unpaused


def test_a_breached_clock_that_waits_is_not_told_of_again(desk: Desk) -> None:
    climb(
        desk,
        *(StepTerms("resolution", one.place, one.amount, one.times, tells=one.tells) for one in FULL[2:]),
    )
    ticket = new_ticket(desk, priority="critical")
    late = MONDAY + 2 * DAY
    sweep_tenant(now=late)
    change_status(ticket=ticket, status="pending", by=desk.agent, at=late)
    assert sweep_tenant(now=late + 5 * DAY) == 0
    assert clock(ticket, "resolution").next_action_at is None
    assert fired() == [("limit", 1, MONDAY + DAY + 7 * HOUR)]


def test_a_step_whose_instant_moved_ahead_may_be_taken_again(desk: Desk) -> None:
    climb(desk, step(Place.AIM))
    ticket = new_ticket(desk, priority="critical")  # aim after 2 hours
    sweep_tenant(now=MONDAY + 3 * HOUR)
    change_priority(ticket=ticket, priority="high", by=desk.agent, at=MONDAY + 3 * HOUR)  # after 4
    sweep_tenant(now=MONDAY + 5 * HOUR)
    change_priority(ticket=ticket, priority="critical", by=desk.agent, at=MONDAY + 5 * HOUR)
    sweep_tenant(now=MONDAY + 50 * HOUR)
    assert fired() == [("aim", 1, MONDAY + 2 * HOUR), ("aim", 1, MONDAY + 4 * HOUR)]


def test_a_step_whose_instant_did_not_move_is_not_taken_again(desk: Desk) -> None:
    climb(desk, step(Place.AIM), step(Place.LIMIT))
    ticket = new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 9 * HOUR)
    for hours in (9, 10):
        reckon_ticket(ticket, now=MONDAY + hours * HOUR)
        sweep_tenant(now=MONDAY + hours * HOUR)
    assert Escalation.objects.count() == 2


def test_the_same_step_of_a_clock_is_one_row(desk: Desk) -> None:
    new_ticket(desk, priority="high")
    sweep_tenant(now=MONDAY + 5 * HOUR)
    one = Escalation.objects.get()
    one.pk = None
    with pytest.raises(IntegrityError, match="escalation_once"), transaction.atomic():
        one.save(force_insert=True)


def test_a_ladder_is_part_of_the_version(desk: Desk) -> None:
    first = desk.plan.versions.get()
    assert set(ladder_of(first)) == set(usual_ladder(["first_response", "next_response", "resolution"]))
    second = climb(desk, *FULL)
    assert (second.number, ladder_of(second)) == (2, list(FULL))
    assert climb(desk, *reversed(FULL)).pk == second.pk, "nothing changed"
    assert set(ladder_of(first)) == set(usual_ladder(["first_response", "next_response", "resolution"]))


def test_what_is_newly_promised_gets_the_usual_steps(desk: Desk) -> None:
    last = climb(desk, step(Place.AIM))
    targets = [*terms_of(last), TargetTerms("restore", "high", "elapsed_time", 3600, 7200)]
    version = change_plan(
        plan=desk.plan, seen_number=last.number, by=desk.owner, name=desk.plan.name, calendar=desk.calendar,
        targets=targets, at=BEFORE + HOUR,
    )  # fmt: skip
    assert ladder_of(version) == [step(Place.AIM), *usual_ladder(["restore"])]


@pytest.mark.parametrize(
    ("steps", "reason", "field"),
    [
        ([step(Place.SHARE, 100)], "share_percent", "ladder.0"),
        ([step(Place.AIM), step(Place.AFTER)], "after_some", "ladder.1"),
        ([step(Place.DAILY, times=0)], "times_some", "ladder.0"),
        ([step(Place.AIM, tells=())], "does_nothing", "ladder.0"),
        ([step(Place.AIM), step(Place.AIM, raises_priority=True)], "twice", "ladder.1"),
        ([step(Place.AIM, tells=(Tell("team", team=0),))], "unknown_team", "ladder.0"),
        ([step(Place.AIM, tells=(Tell("on_call", rota=0),))], "unknown_rota", "ladder.0"),
        ([step(Place.AIM, reassigns_to=0)], "unknown_person", "ladder.0"),
        ([step(Place.AIM, tells=(Tell("address", address="nobody"),))], "bad_address", "ladder.0"),
        ([step(Place.AIM, tells=(Tell("webhook", url="ftp://here"),))], "bad_url", "ladder.0"),
        (
            [step(Place.SHARE, share, metric=m) for share in range(1, 62) for m in ("restore",)],
            "too_many",
            "ladder.60",
        ),
    ],
)
def test_a_ladder_that_cannot_stand_is_refused_in_words(
    desk: Desk, steps: list[StepTerms], reason: str, field: str
) -> None:
    with pytest.raises(LadderRefused) as refused:
        climb(desk, *steps)
    assert (refused.value.reason, refused.value.field) == (reason, field)
    assert refused.value.words()
    assert LadderStep.objects.filter(plan_version__plan=desk.plan).count() == 6


def test_steps_that_passed_before_a_version_came_into_force_are_not_taken_under_it(desk: Desk) -> None:
    """An edit for open tickets must not set off a storm of shares that nobody had asked for then."""
    from sla.models import Reach
    from sla.services.agreements import keep
    from sla.terms import follow

    climb(desk, step(Place.LIMIT))
    ticket = new_ticket(desk, priority="high")
    version = climb(desk, *FULL, at=MONDAY + 3 * HOUR)
    version.reach = Reach.FROM_NOW
    row = clock(ticket)
    row.agreement = keep(follow(row.agreement, version, since=MONDAY + 3 * HOUR))
    row.save(update_fields=["agreement"])
    reckon_ticket(ticket, now=MONDAY + 3 * HOUR)
    assert clock(ticket).next_action_at == MONDAY + 4 * HOUR
    sweep_tenant(now=MONDAY + 9 * HOUR)
    assert [place for place, _number, _at in fired()] == ["aim", "limit"]


def test_the_number_of_queries_does_not_grow_with_what_is_due(desk: Desk) -> None:
    def queries(tickets: int, hour: int) -> int:
        for _turn in range(tickets):
            new_ticket(desk, priority="high", at=MONDAY + hour * HOUR)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert sweep_tenant(now=MONDAY + (hour + 100) * HOUR) == 2 * tickets
        return len(captured)

    queries(1, 0)
    assert queries(1, 1) == queries(15, 2)


@pytest.mark.parametrize("reach", ["from_now", "from_start"])
def test_an_edit_applied_to_many_plans_the_next_look_as_each_alone_would(desk: Desk, reach: str) -> None:
    from sla.services import edits
    from tests.factories import KARACHI

    climb(desk, *FULL, step(Place.SHARE, 75), step(Place.SHARE, 10, priorities=("critical",)))
    tickets = [
        new_ticket(desk, priority=priority, at=MONDAY + minutes * timedelta(minutes=7))
        for minutes, priority in enumerate(("critical", "high", "medium", "low"))
    ]
    longer = KARACHI | {"week": {str(day): [["08:00", "16:00"]] for day in range(6)}}
    values = {"name": "Office hours", "spec": longer, "holiday_country": "", "holiday_subdivision": ""}
    now = MONDAY + 45 * timedelta(minutes=1)
    sweep_tenant(now=now)
    edit = edits.draft_edit(calendar=desk.calendar, seen_number=1, by=desk.admin, at=now, values=values)
    edit = edits.apply_edit(edit, reach=reach, by=desk.admin, at=now)
    while edits.work_on(edit.pk, now):
        pass
    for ticket in tickets:
        planned = dict(Clock.objects.filter(ticket=ticket).values_list("metric", "next_action_at"))
        reckon_ticket(ticket, now=now)
        alone = dict(Clock.objects.filter(ticket=ticket).values_list("metric", "next_action_at"))
        assert planned["first_response"] == alone["first_response"]
        looks = [(planned[metric], at) for metric, at in alone.items() if at is not None]
        # A look too many does no harm.
        assert all(look is not None and look <= at for look, at in looks)
