"""Two at once: one acknowledges, one gets the last of the month, a call and an answer do not cross."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.tenancy import tenant_scope
from sla.emergency_sweep import call_next
from sla.models import Emergency, EmergencyCall
from sla.services.emergencies import acknowledge_emergency
from tests.factories import Desk, build_desk, new_ticket
from tests.sla.rota import declared, include_emergencies, rota_of_two, started_yesterday


def at_once(desk: Desk, *acts: Callable[[], Any]) -> list[Any]:
    """What each act gave, or the name of what it raised, run at the same time on connections of their own."""
    start, answers = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            with tenant_scope(desk.tenant.pk):
                start.wait()
                answers[place] = act()
        except Exception as refused:
            answers[place] = type(refused).__name__  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def desk_with(a_month: int) -> Desk:
    desk = build_desk("acme")
    with tenant_scope(desk.tenant.pk):
        include_emergencies(desk, a_month, rota_of_two(desk, start=started_yesterday()))
    return desk


def test_of_two_contacts_one_gets_the_last_of_the_month(transactional_db: None) -> None:
    desk, now = desk_with(1), timezone.now()
    with tenant_scope(desk.tenant.pk):
        first, second = (new_ticket(desk, at=now - timedelta(hours=1)) for _ in range(2))
    answers = at_once(
        desk,
        lambda: declared(first, desk.contact, at=now),
        lambda: declared(second, desk.contact2, at=now),
    )
    assert sum(isinstance(answer, Emergency) for answer in answers) == 1
    assert "EmergenciesUsedUp" in answers


def test_of_two_declarations_on_one_ticket_one_stands(transactional_db: None) -> None:
    desk, now = desk_with(0), timezone.now()
    with tenant_scope(desk.tenant.pk):
        ticket = new_ticket(desk, at=now - timedelta(hours=1))
    answers = at_once(
        desk, lambda: declared(ticket, desk.contact, at=now), lambda: declared(ticket, desk.agent2, at=now)
    )
    assert "EmergencyRunning" in answers
    with tenant_scope(desk.tenant.pk):
        assert Emergency.objects.count() == EmergencyCall.objects.count() == 1


def test_of_two_who_acknowledge_one_is_on_it(transactional_db: None) -> None:
    desk, now = desk_with(0), timezone.now()
    with tenant_scope(desk.tenant.pk):
        ticket = new_ticket(desk, at=now - timedelta(hours=1))
        declared(ticket, desk.contact, at=now)
    answers = at_once(
        desk,
        lambda: acknowledge_emergency(ticket=ticket, by=desk.agent, at=now),
        lambda: acknowledge_emergency(ticket=ticket, by=desk.agent2, at=now),
    )
    assert "AcknowledgedBefore" in answers
    assert sum(isinstance(answer, Emergency) for answer in answers) == 1


def test_who_acknowledges_while_the_sweep_calls_is_not_overwritten(transactional_db: None) -> None:
    desk, now = desk_with(0), timezone.now()
    with tenant_scope(desk.tenant.pk):
        ticket = new_ticket(desk, at=now - timedelta(hours=1))
        declared(ticket, desk.contact, at=now - timedelta(minutes=30))
    sweeps: list[Callable[[], Any]] = [lambda: call_next(now=now)] * 3
    at_once(desk, lambda: acknowledge_emergency(ticket=ticket, by=desk.agent, at=now), *sweeps)
    with tenant_scope(desk.tenant.pk):
        emergency = Emergency.objects.get()
        assert (emergency.acknowledged_by_id, emergency.next_call_at) == (desk.agent.pk, None)
        assert EmergencyCall.objects.count() in {1, 2}
        assert call_next(now=now + timedelta(days=1)) == 0
