"""An emergency calls whoever is on call, then the next, until somebody acknowledges: each call once."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.services.absences import AbsenceTerms, add_absence
from notifications.models import Notification, OutboxMessage
from sla.emergency_sweep import call_next, tenants_with_due_calls
from sla.models import Emergency, EmergencyCall
from sla.services.calls import MOST_ROUNDS
from sla.services.emergencies import acknowledge_emergency, end_emergency
from sla.services.emergency_errors import (
    AcknowledgedBefore,
    EmergenciesUsedUp,
    EmergencyNotIncluded,
    EmergencyRunning,
    NoEmergency,
    TicketResolved,
)
from tests.factories import MONDAY, Desk, new_ticket
from tests.sla.rota import MINUTE, REASON, WEEK, declared, include_emergencies, rota_of_two
from tickets.models import Ticket, TicketEvent
from tickets.services import NotAllowed, TicketClosed, close_ticket, reopen_ticket, resolve_ticket

DAY = timedelta(days=1)


def called() -> list[tuple[str, int]]:
    return list(EmergencyCall.objects.order_by("pk").values_list("person__name", "round"))


def kinds_of(ticket: Ticket) -> list[str]:
    return list(TicketEvent.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True))


def test_who_is_on_call_is_told_at_once_in_quiet_hours_too(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk))
    desk.agent.quiet_days = [0, 1, 2]
    desk.agent.save()
    ticket = new_ticket(desk)
    declared(ticket, desk.contact)
    assert called() == [("Ali Agent", 1)]
    bell = Notification.objects.get(kind="emergency")
    assert (bell.recipient, bell.created_at) == (desk.agent, MONDAY)
    assert bell.title == f"Emergency on ACME-{ticket.number}, you are called: The till does not print"
    mail = OutboxMessage.objects.get(kind="emergency")
    assert (mail.to, mail.next_attempt_at) == (desk.agent.user.email, MONDAY)
    assert REASON in mail.body_text
    assert "<" not in mail.body_text
    assert kinds_of(ticket)[-2:] == ["emergency_declared", "emergency_called"]


def test_whoever_is_on_call_and_away_is_not_called_alone(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk))
    terms = AbsenceTerms(MONDAY - DAY, MONDAY + DAY)
    add_absence(person=desk.agent, terms=terms, by=desk.agent, at=MONDAY)
    declared(new_ticket(desk), desk.contact)
    assert {name for name, _round in called()} == {"Ali Agent", "Adam Admin", "Olga Owner", "Sara Supervisor"}


def test_after_n_minutes_the_next_in_the_rota_is_called(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk, minutes=7))
    declared(new_ticket(desk), desk.contact)
    assert call_next(now=MONDAY + 7 * MINUTE - timedelta(seconds=1)) == 0
    assert tenants_with_due_calls(MONDAY + 6 * MINUTE) == []
    assert tenants_with_due_calls(MONDAY + 7 * MINUTE) == [desk.tenant.pk]
    assert call_next(now=MONDAY + 7 * MINUTE) == 1
    assert called() == [("Ali Agent", 1), ("Bea Agent", 1)]


def test_the_second_round_calls_supervisors_too(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk))
    declared(new_ticket(desk), desk.contact)
    for number in (1, 2, 3):
        call_next(now=MONDAY + 10 * number * MINUTE)
    second = [name for name, round_ in called() if round_ == 2]
    assert second == ["Ali Agent", "Adam Admin", "Olga Owner", "Sara Supervisor", "Bea Agent"]


def test_rounds_have_an_end(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk))
    declared(new_ticket(desk), desk.contact)
    now = MONDAY
    for _turn in range(MOST_ROUNDS * 2 + 5):
        now += 10 * MINUTE
        call_next(now=now)
    assert max(round_ for _name, round_ in called()) == MOST_ROUNDS
    assert Emergency.objects.get().next_call_at is None
    assert tenants_with_due_calls(now + WEEK) == []


def test_whoever_takes_over_meanwhile_is_called(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk))
    handover = MONDAY + WEEK
    declared(new_ticket(desk), desk.contact, at=handover - 5 * MINUTE)
    call_next(now=handover + 5 * MINUTE)
    assert called() == [("Ali Agent", 1), ("Bea Agent", 1)]


def test_acknowledging_stops_the_calls_and_tells_the_others(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk))
    ticket = new_ticket(desk)
    declared(ticket, desk.contact)
    call_next(now=MONDAY + 10 * MINUTE)
    acknowledge_emergency(ticket=ticket, by=desk.agent2, at=MONDAY + 12 * MINUTE)
    assert call_next(now=MONDAY + DAY) == 0
    assert len(called()) == 2
    told = Notification.objects.filter(key__endswith="acknowledged").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Ali Agent", "Carla Contact"]
    waiting = OutboxMessage.objects.filter(kind="emergency", cancelled_at=None)
    assert set(waiting.values_list("to", flat=True)) == {"agent@acme.example", "contact@acme.example"}
    assert kinds_of(ticket)[-1] == "emergency_acknowledged"


def test_one_person_is_on_it(desk: Desk) -> None:
    ticket = new_ticket(desk)
    declared(ticket, desk.supervisor)
    acknowledge_emergency(ticket=ticket, by=desk.agent, at=MONDAY)
    assert acknowledge_emergency(ticket=ticket, by=desk.agent, at=MONDAY) is None
    with pytest.raises(AcknowledgedBefore, match="Ali Agent"):
        acknowledge_emergency(ticket=ticket, by=desk.agent2, at=MONDAY)
    with pytest.raises(NotAllowed):
        acknowledge_emergency(ticket=ticket, by=desk.contact, at=MONDAY)


def test_without_a_rota_supervisors_are_called_at_once(desk: Desk) -> None:
    include_emergencies(desk, 0)
    declared(new_ticket(desk), desk.contact)
    assert sorted(called()) == [("Adam Admin", 1), ("Olga Owner", 1), ("Sara Supervisor", 1)]


def test_in_a_gap_the_next_person_and_supervisors_are_called_together(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk, start=MONDAY + DAY))
    declared(new_ticket(desk), desk.contact)
    assert sorted(name for name, _round in called()) == [
        "Adam Admin",
        "Ali Agent",
        "Olga Owner",
        "Sara Supervisor",
    ]


def test_whoever_may_not_enter_any_more_is_passed_over(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk))
    desk.agent.user.is_active = False
    desk.agent.user.save()
    declared(new_ticket(desk), desk.contact)
    assert "Ali Agent" not in {name for name, _round in called()}
    assert "Bea Agent" in {name for name, _round in called()}


def test_an_agents_emergency_without_a_contract_goes_to_the_desks_only_rota(desk: Desk) -> None:
    rota_of_two(desk)
    desk.contract.delete()
    declared(new_ticket(desk), desk.agent2)
    assert called() == [("Ali Agent", 1)]


def test_one_emergency_at_a_time_and_none_on_what_is_over(desk: Desk) -> None:
    ticket = new_ticket(desk)
    declared(ticket, desk.agent)
    with pytest.raises(EmergencyRunning):
        declared(ticket, desk.agent2)
    resolve_ticket(ticket=ticket, by=desk.agent, at=MONDAY)
    with pytest.raises(TicketResolved):
        declared(ticket, desk.agent)
    close_ticket(ticket=ticket, at=MONDAY)
    with pytest.raises(TicketClosed):
        declared(ticket, desk.agent)


def test_resolving_ends_it(desk: Desk) -> None:
    ticket = new_ticket(desk)
    declared(ticket, desk.agent)
    resolve_ticket(ticket=ticket, by=desk.contact, at=MONDAY + MINUTE)
    assert Emergency.objects.get().ended_at == MONDAY + MINUTE
    assert call_next(now=MONDAY + DAY) == 0
    assert kinds_of(ticket)[-2:] == ["resolved", "emergency_ended"]
    reopen_ticket(ticket=ticket, by=desk.contact, at=MONDAY + 2 * MINUTE)
    with pytest.raises(NoEmergency):
        end_emergency(ticket=ticket, by=desk.agent, at=MONDAY + 2 * MINUTE)
    declared(ticket, desk.agent, at=MONDAY + 3 * MINUTE)


def test_a_plan_that_does_not_include_it_refuses_contacts_only(desk: Desk) -> None:
    ticket = new_ticket(desk)
    with pytest.raises(EmergencyNotIncluded):
        declared(ticket, desk.contact)
    with pytest.raises(NotAllowed):
        declared(ticket, desk.other_contact)
    assert declared(ticket, desk.agent).declared_by == desk.agent


def test_the_limit_is_of_a_month_by_the_clock_of_the_contract(desk: Desk) -> None:
    """Lahore is five hours ahead: its April begins on the 31st of March at 19:00 UTC."""
    include_emergencies(desk, 2)
    late = datetime(2026, 3, 31, 18, 59, tzinfo=UTC)
    for number in range(2):
        ticket = new_ticket(desk, at=MONDAY + number * MINUTE)
        declared(ticket, desk.contact, at=MONDAY + number * MINUTE)
    third = new_ticket(desk)
    with pytest.raises(EmergenciesUsedUp) as refused:
        declared(third, desk.contact2, at=late)
    assert "The next is possible from Wed 1 Apr 2026 on" in refused.value.words()
    declared(third, desk.contact2, at=late + MINUTE)


def test_staff_and_others_do_not_use_up_the_limit(desk: Desk) -> None:
    include_emergencies(desk, 1)
    declared(new_ticket(desk), desk.agent)
    declared(new_ticket(desk), None)
    declared(new_ticket(desk, by=desk.other_contact), desk.other_contact)
    declared(new_ticket(desk), desk.contact)
    with pytest.raises(EmergenciesUsedUp):
        declared(new_ticket(desk), desk.contact)


def test_a_ticket_keeps_the_plan_of_its_day(desk: Desk) -> None:
    ticket = new_ticket(desk)
    from sla.models import PlanVersion
    from sla.services import change_plan
    from sla.services.plans import terms_of

    last = PlanVersion.objects.get(plan=desk.plan)
    change_plan(
        plan=desk.plan,
        seen_number=1,
        at=MONDAY + MINUTE,
        by=desk.owner,
        name="Gold",
        calendar=desk.calendar,
        targets=terms_of(last),
        emergencies_a_month=3,
    )
    with pytest.raises(EmergencyNotIncluded):
        declared(ticket, desk.contact, at=MONDAY + DAY)
    declared(new_ticket(desk, at=MONDAY + DAY), desk.contact, at=MONDAY + DAY)


@pytest.mark.parametrize("times", [2, 5])
def test_sweeping_again_calls_nobody_twice(desk: Desk, times: int) -> None:
    include_emergencies(desk, 0, rota_of_two(desk))
    declared(new_ticket(desk), desk.contact)
    for _turn in range(times):
        call_next(now=MONDAY + 10 * MINUTE)
    assert len(called()) == 2


def test_one_that_fails_holds_up_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from sla import emergency_sweep

    include_emergencies(desk, 0, rota_of_two(desk))
    bad = declared(new_ticket(desk), desk.contact)
    declared(new_ticket(desk), desk.contact)
    real = emergency_sweep.call_somebody

    def broken(emergency: Emergency, *args: object) -> int:
        if emergency.pk == bad.pk:
            raise RuntimeError("no telephone")
        return real(emergency, *args)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(emergency_sweep, "call_somebody", broken)
        assert call_next(now=MONDAY + 10 * MINUTE) == 1
    assert call_next(now=MONDAY + 11 * MINUTE) == 1, "tried again"


def test_a_closed_desk_is_left_alone(desk: Desk) -> None:
    include_emergencies(desk, 0, rota_of_two(desk))
    declared(new_ticket(desk), desk.contact)
    desk.tenant.is_active = False
    desk.tenant.save()
    assert tenants_with_due_calls(MONDAY + DAY) == []
