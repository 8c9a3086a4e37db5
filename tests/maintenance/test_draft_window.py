"""Drafts of maintenance windows, and changing what a window is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.tenancy import tenant_scope
from maintenance.audience import customers_concerned, people_of
from maintenance.models import Window
from maintenance.services.errors import (
    AudienceSettled,
    EndsBeforeStart,
    NoServices,
    NotAllowed,
    NoticeTooShort,
    Overtaken,
    TimesAreMoved,
)
from maintenance.services.windows import change_window, draft_window, start_window, terms_of, tick_item
from tests.factories import MONDAY, Desk, new_service
from tests.maintenance.windows import (
    HOUR,
    IN_A_WEEK,
    desk_service,
    new_window,
    promise_notice,
    scheduled_window,
    window_terms,
)


def listed(window: Window) -> dict[str, str]:
    return dict(window.window_customers.values_list("customer__name", "concern"))


def test_a_draft_concerns_the_customers_that_use_its_services(desk: Desk) -> None:
    window = new_window(desk, checklist=["Copy the database", " ", "Check the copy"])
    assert (window.status, window.sequence) == ("draft", 0)
    assert listed(window) == {"Bright Bakery": "derived", "Calm Carpets": "derived"}
    assert [item.text for item in window.checklist.all()] == ["Copy the database", "Check the copy"]
    assert [(event.kind, event.actor) for event in window.events.all()] == [("drafted", desk.agent)]
    assert not window.notices.exists()


def test_a_private_service_concerns_its_customer_alone_and_the_list_is_adjustable(desk: Desk) -> None:
    private = new_service(desk, "POS sync", customer=desk.customer)
    assert customers_concerned([private.pk]) == [desk.customer]
    assert customers_concerned([private.pk], added=[desk.other_customer]) == [
        desk.customer,
        desk.other_customer,
    ]
    assert customers_concerned([], added=[desk.customer]) == [desk.customer]
    assert customers_concerned([desk_service(desk).pk], left_out=[desk.customer]) == [desk.other_customer]
    window = new_window(desk, services=[private], added=[desk.other_customer], left_out=[desk.customer])
    assert listed(window) == {"Bright Bakery": "left_out", "Calm Carpets": "added"}
    assert [person.name for person in people_of(window)] == ["Omar Other"]


def test_people_concerned_are_those_of_the_customers_and_the_responsible(desk: Desk) -> None:
    window = new_window(desk, responsible=desk.agent2, left_out=[desk.other_customer])
    names = {person.name for person in people_of(window)}
    assert names == {"Carla Contact", "Chris Contact", "Cora Chief", "Bea Agent"}


def test_only_staff_of_the_desk_plan(desk: Desk, other_desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        draft_window(terms=window_terms(desk), by=desk.customer_admin, at=MONDAY)
    window = new_window(desk)
    with pytest.raises(NotAllowed):
        change_window(window=window, terms=terms_of(window), seen=1, by=other_desk.owner, at=MONDAY)
    terms = terms_of(window)
    with tenant_scope(other_desk.tenant.pk), pytest.raises(Window.DoesNotExist):
        change_window(window=window, terms=terms, seen=1, by=desk.agent, at=MONDAY)


def test_a_window_has_services_and_ends_after_it_starts(desk: Desk) -> None:
    with pytest.raises(NoServices):
        new_window(desk, services=[])
    with pytest.raises(EndsBeforeStart):
        new_window(desk, ends_at=IN_A_WEEK)


def test_everything_about_a_draft_changes(desk: Desk) -> None:
    window = new_window(desk, checklist=["Copy", "Check"])
    first = window.checklist.all()[0]
    tick_item(item=first, is_done=True, by=desk.agent, at=MONDAY)
    private = new_service(desk, "POS sync", customer=desk.customer)
    terms = replace(
        terms_of(window),
        title="Something else",
        starts_at=IN_A_WEEK + HOUR,
        ends_at=IN_A_WEEK + 3 * HOUR,
        services=[private],
        checklist=["Check", "Copy", "Tell"],
    )
    changed = change_window(window=window, terms=terms, seen=window.version, by=desk.agent, at=MONDAY)
    assert (changed.title, changed.starts_at) == ("Something else", IN_A_WEEK + HOUR)
    assert listed(changed) == {"Bright Bakery": "derived"}
    items = [(item.text, item.done_by) for item in changed.checklist.all()]
    assert items == [("Check", None), ("Copy", desk.agent), ("Tell", None)]
    event = changed.events.get(kind="changed")
    assert event.data == {"fields": ["title", "starts_at", "ends_at", "services", "checklist"]}


def test_of_two_who_edit_the_second_is_told(desk: Desk) -> None:
    window = new_window(desk)
    terms = terms_of(window)
    change_window(window=window, terms=terms, seen=window.version, by=desk.agent, at=MONDAY)
    with pytest.raises(Overtaken):
        change_window(window=window, terms=terms, seen=window.version, by=desk.agent2, at=MONDAY)


def test_the_times_of_an_announced_window_are_moved_not_edited(desk: Desk) -> None:
    window = scheduled_window(desk)
    later = replace(terms_of(window), ends_at=IN_A_WEEK + 5 * HOUR)
    with pytest.raises(TimesAreMoved):
        change_window(window=window, terms=later, seen=window.version, by=desk.agent, at=MONDAY)


def test_other_customers_of_an_announced_window_are_a_new_plan_with_their_own_notice(desk: Desk) -> None:
    promise_notice(desk, 72)
    private = new_service(desk, "POS sync", customer=desk.customer)
    window = scheduled_window(desk, services=[private])
    late = IN_A_WEEK - 5 * HOUR
    terms = replace(terms_of(window), services=[private, desk_service(desk)])
    with pytest.raises(NoticeTooShort) as refused:
        change_window(window=window, terms=terms, seen=window.version, by=desk.agent, at=late)
    assert [breach.customer for breach in refused.value.breaches] == [desk.other_customer]
    window.refresh_from_db()
    in_time = MONDAY + timedelta(days=1)
    window = change_window(window=window, terms=terms, seen=window.version, by=desk.agent, at=in_time)
    assert window.sequence == 2
    told = dict(window.window_customers.values_list("customer__name", "told_at"))
    assert told == {"Bright Bakery": MONDAY, "Calm Carpets": in_time}
    assert window.window_services.filter(period__isnull=False).count() == 2


def test_services_stay_while_work_is_in_progress_and_words_may_change(desk: Desk) -> None:
    window = start_window(window=scheduled_window(desk), by=desk.agent, at=IN_A_WEEK)
    terms = replace(terms_of(window), runbook="Call Bea if it hangs.")
    window = change_window(window=window, terms=terms, seen=window.version, by=desk.agent, at=IN_A_WEEK)
    assert window.runbook == "Call Bea if it hangs."
    terms = replace(terms, left_out=[desk.customer])
    with pytest.raises(AudienceSettled):
        change_window(window=window, terms=terms, seen=window.version, by=desk.agent, at=IN_A_WEEK)
