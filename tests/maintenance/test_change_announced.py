"""Changing a window that was announced: who hears of it, and who is added when it is late for notice."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from maintenance.models import Notice, Window
from maintenance.services.drafting import terms_of
from maintenance.services.errors import NotAllowed, NoticeTooShort
from maintenance.services.windows import change_window, move_window, start_window
from notifications.models import OutboxMessage
from tests.factories import MONDAY, Desk, new_service, new_ticket
from tests.maintenance.planned import told as written_on
from tests.maintenance.test_notices import entry_of, sweep, to
from tests.maintenance.windows import HOUR, IN_A_WEEK, desk_service, promise_notice, scheduled_window

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def change(
    desk: Desk, window: Window, at: datetime, *, by: Any = None, reason: str = "", **to: Any
) -> Window:
    window.refresh_from_db()
    return change_window(
        window=window,
        terms=replace(terms_of(window), **to),
        seen=window.version,
        by=by or desk.agent,
        at=at,
        emergency_reason=reason,
    )


def addresses(sent: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for address, subject in sent:
        found.setdefault(subject.split(":")[0], []).append(address)
    return found


def test_only_who_comes_and_who_goes_hears_of_other_customers(desk: Desk) -> None:
    promise_notice(desk, 72, (24,))
    window = scheduled_window(desk, left_out=[desk.other_customer])
    bright = {address for address, _subject in sweep(MONDAY)}
    assert bright
    window = change(desk, window, MONDAY + HOUR, left_out=[])
    sent = sweep(MONDAY + HOUR)
    assert addresses(sent) == {"Maintenance planned": [desk.other_contact.user.email]}
    _calendar, entry = entry_of(to(desk.other_contact.user.email)[-1])
    assert entry.decoded("SEQUENCE") == window.sequence

    change(desk, window, MONDAY + 2 * HOUR, left_out=[desk.other_customer])
    sent = sweep(MONDAY + 2 * HOUR)
    assert addresses(sent) == {"Maintenance no longer concerns you": [desk.other_contact.user.email]}
    change(desk, window, MONDAY + 3 * HOUR, left_out=[])
    assert list(addresses(sweep(MONDAY + 3 * HOUR))) == ["Maintenance planned"]

    reminded = addresses(sweep(IN_A_WEEK - 24 * HOUR))
    assert set(reminded["Maintenance soon"]) == bright | {desk.other_contact.user.email}
    assert len(reminded["Maintenance soon"]) == len(set(reminded["Maintenance soon"]))


def test_what_waits_is_told_once_with_the_customers_of_the_last_change(desk: Desk) -> None:
    window = scheduled_window(desk, left_out=[desk.other_customer])
    change(desk, window, MONDAY, left_out=[])
    change(desk, window, MONDAY, title="A better title", left_out=[desk.customer])
    sent = sweep(MONDAY)
    assert sent == [(desk.other_contact.user.email, "Maintenance planned: A better title")]
    assert not Notice.objects.waiting().filter(kind="changed").exists()


def test_worse_impact_is_told_with_a_new_version_of_the_entry(desk: Desk) -> None:
    window = scheduled_window(desk, impact="none")
    everybody = {address for address, _subject in sweep(MONDAY)}
    change(desk, window, MONDAY + HOUR, runbook="Only for staff", checklist=["One more"])
    assert sweep(MONDAY + HOUR) == []
    window = change(desk, window, MONDAY + 2 * HOUR, impact="down", advice="Go home early.")
    sent = addresses(sweep(MONDAY + 2 * HOUR))
    assert set(sent) == {"Maintenance changed"}
    assert set(sent["Maintenance changed"]) == everybody
    letter = to(desk.contact.user.email)[-1]
    assert "What is new: Expected impact, What you should do" in letter.body
    assert "Expected impact: Down" in letter.body
    calendar, entry = entry_of(letter)
    assert (calendar["METHOD"], entry.decoded("SEQUENCE")) == ("REQUEST", 2)
    assert "Go home early." in entry["DESCRIPTION"]

    start_window(window=window, by=desk.agent, at=IN_A_WEEK)
    sweep(IN_A_WEEK)
    change(desk, window, IN_A_WEEK + HOUR, advice="Come back at noon.")
    assert set(addresses(sweep(IN_A_WEEK + HOUR))) == {"Maintenance changed"}


def test_text_alone_raises_the_version_and_tells_nobody(desk: Desk) -> None:
    window = scheduled_window(desk)
    sweep(MONDAY)
    window = change(desk, window, MONDAY + HOUR, summary="The same in better words.")
    assert sweep(MONDAY + HOUR) == []
    assert window.sequence == 2


def test_who_becomes_responsible_is_invited_and_who_was_is_not_any_more(desk: Desk) -> None:
    window = scheduled_window(desk, responsible=desk.agent)
    sweep(MONDAY)
    change(desk, window, MONDAY + HOUR, responsible=desk.agent2)
    sent = addresses(sweep(MONDAY + HOUR))
    assert sent == {
        "Maintenance planned": [desk.agent2.user.email],
        "Maintenance no longer concerns you": [desk.agent.user.email],
    }


def test_customer_is_added_inside_the_notice_for_a_reason_that_is_kept(desk: Desk) -> None:
    promise_notice(desk, 72)
    window = scheduled_window(desk, left_out=[desk.other_customer])
    sweep(MONDAY)
    late, why = IN_A_WEEK - 12 * HOUR, "Its till hangs on the same database."
    mine = new_ticket(desk, at=MONDAY, service=desk_service(desk))
    theirs = new_ticket(desk, at=MONDAY, service=desk_service(desk), by=desk.other_contact)
    with pytest.raises(NoticeTooShort):
        change(desk, window, late, left_out=[])
    with pytest.raises(NotAllowed):
        change(desk, window, late, left_out=[], reason=why)
    sweep(late - HOUR)
    mail.outbox.clear()
    window = change(desk, window, late, left_out=[], by=desk.supervisor, reason=why)
    assert not window.is_emergency
    kept = dict(window.window_customers.values_list("customer__name", "emergency_reason"))
    assert kept == {"Bright Bakery": "", "Calm Carpets": why}
    event = window.events.filter(kind="changed").latest("pk")
    assert (event.actor, event.text, event.data["late"]) == (desk.supervisor, why, [desk.other_customer.pk])
    assert addresses(sweep(late)) == {"Maintenance planned": [desk.other_contact.user.email]}
    # What was told too late pauses no clock; who was told in time is as before.
    assert (len(written_on(mine)), written_on(theirs)) == (1, [])

    moved = move_window(
        window=window,
        starts_at=IN_A_WEEK + 7 * DAY,
        ends_at=IN_A_WEEK + 7 * DAY + HOUR,
        by=desk.agent,
        at=late + HOUR,
    )
    assert set(moved.window_customers.values_list("emergency_reason", flat=True)) == {""}
    assert len(written_on(theirs)) == 1


def test_service_is_added_inside_the_notice_for_a_reason(desk: Desk) -> None:
    promise_notice(desk, 72)
    private = new_service(desk, "POS sync", customer=desk.customer)
    window = scheduled_window(desk, services=[private])
    sweep(MONDAY)
    late = IN_A_WEEK - 5 * HOUR
    both = [private, desk_service(desk)]
    window = change(desk, window, late, services=both, by=desk.supervisor, reason="The same disk.")
    assert window.window_services.filter(period__isnull=False).count() == 2
    sent = addresses(sweep(late))
    assert sent["Maintenance planned"] == [desk.other_contact.user.email]
    assert desk.contact.user.email in sent["Maintenance changed"]
