"""Announcing a window: the notice that plans promise, one window at a time on a service."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.tenancy import tenant_scope
from maintenance.models import Window, WindowService
from maintenance.services.errors import (
    EmergencyNeedsReason,
    NotAllowed,
    NoticeTooShort,
    ServiceTaken,
    StartsInThePast,
    WrongStatus,
)
from maintenance.services.windows import complete_window, draft_window, schedule_window, start_window
from tests.factories import MONDAY, Desk, build_desk, new_service
from tests.maintenance.windows import (
    HOUR,
    IN_A_WEEK,
    desk_service,
    new_window,
    promise_notice,
    scheduled_window,
    window_terms,
)


def test_announcing_keeps_what_was_promised_and_when_it_was_told(desk: Desk) -> None:
    promise_notice(desk, 72)
    window = scheduled_window(desk)
    assert (window.status, window.sequence, window.told_at) == ("scheduled", 1, MONDAY)
    rows = set(window.window_customers.values_list("promised_hours", "told_at"))
    assert rows == {(72, MONDAY)}
    desk.tenant.refresh_from_db()
    assert desk.tenant.banner_until == window.ends_at
    event = window.events.get(kind="scheduled")
    assert (event.actor, event.data["starts_at"]) == (desk.agent, IN_A_WEEK.isoformat())


def test_notice_is_short_below_the_promise_and_enough_at_it(desk: Desk) -> None:
    promise_notice(desk, 72)
    window = new_window(desk, starts_at=MONDAY + 72 * HOUR)
    with pytest.raises(NoticeTooShort) as refused:
        schedule_window(window=window, by=desk.agent, at=MONDAY + timedelta(seconds=1))
    said = [(one.customer, one.promised_hours, one.given_hours) for one in refused.value.breaches]
    assert said == [(desk.customer, 72, 71), (desk.other_customer, 72, 71)]
    assert "72 hours" in refused.value.words()
    window.refresh_from_db()
    assert window.status == "draft"
    assert schedule_window(window=window, by=desk.agent, at=MONDAY).status == "scheduled"


def test_who_is_left_out_or_was_promised_nothing_breaks_no_notice(desk: Desk) -> None:
    promise_notice(desk, 72)
    private = new_service(desk, "POS sync", customer=desk.customer)
    nobody = new_window(desk, services=[private], left_out=[desk.customer], starts_at=MONDAY + HOUR)
    assert schedule_window(window=nobody, by=desk.agent, at=MONDAY).sequence == 1
    promise_notice(desk, None)
    assert scheduled_window(desk, starts_at=MONDAY + HOUR).status == "scheduled"


def test_an_emergency_skips_the_notice_for_a_reason_that_is_kept(desk: Desk) -> None:
    promise_notice(desk, 72)
    window = new_window(desk, starts_at=MONDAY + HOUR)
    reason = "An attack is under way."
    with pytest.raises(NotAllowed):
        schedule_window(window=window, by=desk.agent, at=MONDAY, emergency_reason=reason)
    with pytest.raises(EmergencyNeedsReason):
        schedule_window(window=window, by=desk.supervisor, at=MONDAY, emergency_reason="  ")
    window = schedule_window(window=window, by=desk.supervisor, at=MONDAY, emergency_reason=reason)
    assert (window.is_emergency, window.emergency_reason) == (True, reason)
    assert window.emergency_by == desk.supervisor
    assert window.events.get(kind="emergency").text == reason


def test_what_is_announced_lies_ahead(desk: Desk) -> None:
    window = new_window(desk)
    with pytest.raises(StartsInThePast):
        schedule_window(window=window, by=desk.agent, at=IN_A_WEEK)
    over = IN_A_WEEK + 2 * HOUR
    with pytest.raises(StartsInThePast):
        schedule_window(window=window, by=desk.supervisor, at=over, emergency_reason="Now")
    # An emergency may have begun.
    schedule_window(window=window, by=desk.supervisor, at=IN_A_WEEK + HOUR, emergency_reason="Now")


def test_a_window_is_announced_once(desk: Desk) -> None:
    with pytest.raises(WrongStatus):
        schedule_window(window=scheduled_window(desk), by=desk.agent, at=MONDAY)


def test_a_service_is_worked_on_by_one_window_at_a_time(desk: Desk) -> None:
    first = scheduled_window(desk)
    second = new_window(desk, starts_at=IN_A_WEEK + HOUR)
    with pytest.raises(ServiceTaken) as refused:
        schedule_window(window=second, by=desk.agent, at=MONDAY)
    assert (refused.value.window, refused.value.service) == (first, desk_service(desk))
    assert "ERP production is taken by “New database version”" in refused.value.words()
    adjacent = new_window(desk, starts_at=first.ends_at)
    schedule_window(window=adjacent, by=desk.agent, at=MONDAY)
    elsewhere = new_window(desk, services=[new_service(desk, "Mail")])
    schedule_window(window=elsewhere, by=desk.agent, at=MONDAY)


def test_a_window_that_ended_early_gives_way(desk: Desk) -> None:
    first = start_window(window=scheduled_window(desk), by=desk.agent, at=IN_A_WEEK)
    complete_window(window=first, by=desk.agent, at=IN_A_WEEK + HOUR / 2)
    at = IN_A_WEEK + HOUR / 2
    second = scheduled_window(desk, at=at, starts_at=IN_A_WEEK + HOUR)
    assert second.status == "scheduled"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_service_at_the_same_moment_one_gets_it() -> None:
    desk = build_desk("acme")
    with tenant_scope(desk.tenant.pk):
        service = new_service(desk)
        terms = window_terms(desk, services=[service])
        windows = [draft_window(terms=terms, by=desk.agent, at=MONDAY) for _ in range(2)]
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def schedule(window: Window) -> None:
        try:
            with tenant_scope(desk.tenant.pk):
                together.wait()
                schedule_window(window=window, by=desk.agent, at=MONDAY)
            outcomes.append("got it")
        except ServiceTaken:
            outcomes.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=schedule, args=(window,)) for window in windows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["got it", "taken"]
    with tenant_scope(desk.tenant.pk):
        assert WindowService.objects.filter(period__isnull=False).count() == 1
