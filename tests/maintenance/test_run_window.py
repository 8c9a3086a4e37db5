"""A window from its move to its end: move, start, extend, complete, cancel, the log, the checklist."""

import pytest

from maintenance.services.errors import (
    EndsBeforeStart,
    NotAllowed,
    NoticeTooShort,
    ReasonNeeded,
    ResultNeeded,
    ServiceTaken,
    StartsLater,
    TextNeeded,
    WrongStatus,
)
from maintenance.services.windows import (
    cancel_window,
    complete_window,
    extend_window,
    log_work,
    move_window,
    start_window,
    tick_item,
)
from tests.factories import MONDAY, Desk
from tests.maintenance.windows import HOUR, IN_A_WEEK, new_window, promise_notice, scheduled_window


def test_a_move_is_a_new_plan(desk: Desk) -> None:
    promise_notice(desk, 72)
    window = scheduled_window(desk)
    starts_at = IN_A_WEEK + 24 * HOUR
    at = MONDAY + HOUR
    window = move_window(window=window, starts_at=starts_at, ends_at=starts_at + HOUR, by=desk.agent2, at=at)
    assert (window.starts_at, window.sequence, window.told_at) == (starts_at, 2, at)
    assert set(window.window_customers.values_list("told_at", flat=True)) == {at}
    period = window.window_services.get().period
    assert (period.lower, period.upper) == (starts_at, starts_at + HOUR)
    event = window.events.get(kind="moved")
    assert event.data["from"] == [IN_A_WEEK.isoformat(), (IN_A_WEEK + 2 * HOUR).isoformat()]


def test_a_move_inside_the_notice_is_stopped_also_to_a_later_time(desk: Desk) -> None:
    promise_notice(desk, 72)
    window = scheduled_window(desk)
    late = IN_A_WEEK - 20 * HOUR
    later = IN_A_WEEK + HOUR
    with pytest.raises(NoticeTooShort):
        move_window(window=window, starts_at=later, ends_at=later + HOUR, by=desk.agent, at=late)
    window = move_window(
        window=window,
        starts_at=later,
        ends_at=later + HOUR,
        by=desk.supervisor,
        at=late,
        emergency_reason="The disk fails.",
    )
    assert (window.is_emergency, window.sequence) == (True, 2)
    far = IN_A_WEEK + 200 * HOUR
    window = move_window(window=window, starts_at=far, ends_at=far + HOUR, by=desk.agent, at=late)
    assert not window.is_emergency


def test_a_move_to_where_it_is_tells_nobody(desk: Desk) -> None:
    window = scheduled_window(desk)
    same = move_window(
        window=window, starts_at=window.starts_at, ends_at=window.ends_at, by=desk.agent, at=MONDAY
    )
    assert same.sequence == 1


def test_only_what_is_scheduled_moves(desk: Desk) -> None:
    with pytest.raises(WrongStatus):
        move_window(
            window=new_window(desk), starts_at=IN_A_WEEK, ends_at=IN_A_WEEK + HOUR, by=desk.agent, at=MONDAY
        )


def test_work_starts_and_ends_when_people_say_so(desk: Desk) -> None:
    window = scheduled_window(desk)
    with pytest.raises(StartsLater):
        start_window(window=window, by=desk.agent, at=IN_A_WEEK - HOUR)
    window = start_window(window=window, by=desk.agent, at=IN_A_WEEK + HOUR / 4)
    assert (window.status, window.started_at) == ("in_progress", IN_A_WEEK + HOUR / 4)
    with pytest.raises(WrongStatus):
        start_window(window=window, by=desk.agent, at=IN_A_WEEK + HOUR)
    log_work(window=window, text="Copied.", by=desk.agent, at=IN_A_WEEK + HOUR)
    window = complete_window(window=window, by=desk.agent, at=IN_A_WEEK + HOUR, result="All well.")
    assert (window.status, window.ended_at, window.result) == ("completed", IN_A_WEEK + HOUR, "All well.")
    kinds = [event.kind for event in window.events.all()]
    assert kinds == ["drafted", "scheduled", "started", "logged", "completed"]
    desk.tenant.refresh_from_db()
    assert desk.tenant.banner_until is None


def test_the_worker_starts_and_ends_at_the_planned_instants(desk: Desk) -> None:
    window = start_window(window=scheduled_window(desk), by=None, at=IN_A_WEEK + HOUR / 60)
    assert window.started_at == IN_A_WEEK
    window = complete_window(window=window, by=None, at=IN_A_WEEK + 3 * HOUR)
    assert window.ended_at == IN_A_WEEK + 2 * HOUR


def test_an_extension_blocks_longer_and_lies_ahead(desk: Desk) -> None:
    window = start_window(window=scheduled_window(desk), by=desk.agent, at=IN_A_WEEK)
    scheduled_window(desk, starts_at=IN_A_WEEK + 4 * HOUR)
    with pytest.raises(EndsBeforeStart):
        extend_window(window=window, ends_at=window.ends_at, by=desk.agent, at=IN_A_WEEK)
    late = IN_A_WEEK + 3.5 * HOUR
    with pytest.raises(EndsBeforeStart):
        extend_window(window=window, ends_at=IN_A_WEEK + 3 * HOUR, by=desk.agent, at=late)
    with pytest.raises(ServiceTaken):
        extend_window(window=window, ends_at=IN_A_WEEK + 5 * HOUR, by=desk.agent, at=IN_A_WEEK)
    window.refresh_from_db()
    window = extend_window(window=window, ends_at=IN_A_WEEK + 3 * HOUR, by=desk.agent, at=IN_A_WEEK)
    assert (window.sequence, window.ends_at) == (2, IN_A_WEEK + 3 * HOUR)
    assert window.window_services.get().period.upper == IN_A_WEEK + 3 * HOUR


def test_what_was_announced_is_cancelled_for_a_reason(desk: Desk) -> None:
    window = scheduled_window(desk)
    with pytest.raises(ReasonNeeded):
        cancel_window(window=window, why=" ", by=desk.agent, at=MONDAY)
    window = cancel_window(window=window, why="The vendor is late.", by=desk.agent, at=MONDAY)
    assert (window.status, window.cancelled_why, window.sequence) == ("cancelled", "The vendor is late.", 2)
    scheduled_window(desk)
    draft = cancel_window(window=new_window(desk), why="", by=desk.agent, at=MONDAY)
    assert (draft.status, draft.sequence) == ("cancelled", 0)
    with pytest.raises(WrongStatus):
        cancel_window(window=draft, why="Again", by=desk.agent, at=MONDAY)


def test_a_restore_test_ends_with_its_result(desk: Desk) -> None:
    window = start_window(window=scheduled_window(desk, kind="restore_test"), by=desk.agent, at=IN_A_WEEK)
    with pytest.raises(ResultNeeded):
        complete_window(window=window, by=desk.agent, at=IN_A_WEEK + HOUR)
    complete_window(window=window, by=desk.agent, at=IN_A_WEEK + HOUR, result="Restored in 40 minutes.")


def test_steps_are_ticked_until_the_end(desk: Desk) -> None:
    window = scheduled_window(desk, checklist=["Copy"])
    item = tick_item(item=window.checklist.get(), is_done=True, by=desk.agent, at=MONDAY)
    assert (item.done_at, item.done_by) == (MONDAY, desk.agent)
    again = tick_item(item=item, is_done=True, by=desk.agent2, at=MONDAY + HOUR)
    assert again.done_by == desk.agent
    assert tick_item(item=item, is_done=False, by=desk.agent2, at=MONDAY).done_at is None
    cancel_window(window=window, why="Off", by=desk.agent, at=MONDAY)
    with pytest.raises(WrongStatus):
        tick_item(item=item, is_done=True, by=desk.agent, at=MONDAY)


def test_the_log_is_staffs_and_never_empty(desk: Desk) -> None:
    window = scheduled_window(desk)
    with pytest.raises(TextNeeded):
        log_work(window=window, text=" ", by=desk.agent, at=MONDAY)
    with pytest.raises(NotAllowed):
        log_work(window=window, text="Hello", by=desk.contact, at=MONDAY)
