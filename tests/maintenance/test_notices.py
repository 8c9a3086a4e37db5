"""What people are told about windows, when, in which words, and what goes into their calendars."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar

from accounts import services as accounts
from maintenance.models import Notice, NoticeTold, Window
from maintenance.services.drafting import terms_of
from maintenance.services.windows import (
    cancel_window,
    change_window,
    complete_window,
    extend_window,
    move_window,
    start_window,
)
from maintenance.sweep import sweep_tenant
from notifications.models import Notification, OutboxMessage
from notifications.rendering import unpack
from notifications.services import deliver_mails
from tests.factories import MONDAY, Desk, add_person, new_service
from tests.maintenance.windows import (
    HOUR,
    IN_A_WEEK,
    desk_service,
    promise_notice,
    scheduled_window,
)

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def sweep(at: Any) -> list[tuple[str, str]]:
    """Sweep and deliver; returns what arrived as (address, subject)."""
    before = len(mail.outbox)
    sweep_tenant(now=at)
    deliver_mails(now=at, most=1000)
    return sorted((letter.to[0], str(letter.subject)) for letter in mail.outbox[before:])


def to(address: str) -> list[Any]:
    return [letter for letter in mail.outbox if letter.to == [address]]


def entry_of(letter: Any) -> tuple[Any, Any]:
    """The calendar and its entry, as a mail program finds them in the message as it was sent."""
    sent: Message = message_from_bytes(letter.message().as_bytes())
    [part] = [part for part in sent.walk() if part.get_content_type() == "text/calendar"]
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    calendar = Calendar.from_ical(payload)
    assert part.get_param("method") == str(calendar["METHOD"])
    [event] = calendar.walk("VEVENT")
    return calendar, event


def waiting() -> list[tuple[str, int]]:
    return list(Notice.objects.waiting().order_by("due_at").values_list("kind", "hours"))


def test_everyone_concerned_is_told_and_reminded_as_their_plan_says(desk: Desk) -> None:
    promise_notice(desk, 72, (72, 24, 1))
    scheduled_window(desk, responsible=desk.agent2)
    assert waiting() == [("announced", 0), ("reminder", 72), ("reminder", 24), ("reminder", 1)]
    everyone = {
        "contact@acme.example",
        "contact2@acme.example",
        "customer_admin@acme.example",
        "other_contact@acme.example",
        "agent2@acme.example",
    }
    told = sweep(MONDAY)
    assert {address for address, _subject in told} == everyone
    assert {subject for _address, subject in told} == {"Maintenance planned: New database version"}
    assert sweep(MONDAY + HOUR) == []
    for hours in (72, 24, 1):
        assert sweep(IN_A_WEEK - hours * HOUR - SECOND) == []
        assert {address for address, _subject in sweep(IN_A_WEEK - hours * HOUR)} == everyone
    assert waiting() == []
    assert NoticeTold.objects.count() == 4 * 5
    bells = Notification.objects.filter(kind="maintenance", recipient=desk.contact)
    assert [bell.title for bell in bells.order_by("pk")][:2] == [
        "Maintenance planned: New database version",
        "Maintenance soon: New database version",
    ]


def test_reminders_differ_by_plan_and_none_lies_before_the_announcement(desk: Desk) -> None:
    promise_notice(desk, 24, (72, 1))
    scheduled_window(desk, starts_at=MONDAY + 30 * HOUR)
    assert waiting() == [("announced", 0), ("reminder", 1)]


def test_an_unconcerned_customer_hears_nothing_and_no_private_name(desk: Desk) -> None:
    private = new_service(desk, "Bakery ovens", customer=desk.customer)
    scheduled_window(desk, services=[private])
    assert {address for address, _subject in sweep(MONDAY)} == {
        "contact@acme.example",
        "contact2@acme.example",
        "customer_admin@acme.example",
    }
    mail.outbox.clear()
    scheduled_window(desk, services=[private, desk_service(desk)], starts_at=IN_A_WEEK + 9 * HOUR)
    sweep(MONDAY)
    [theirs], [ours] = to("other_contact@acme.example"), to("contact@acme.example")
    assert "Bakery ovens" not in theirs.message().as_string()
    assert "Bakery ovens" not in str(entry_of(theirs)[1]["DESCRIPTION"])
    assert "ERP production, Bakery ovens" in ours.body or "Bakery ovens, ERP production" in ours.body


def test_everyone_reads_their_own_language_and_time(desk: Desk) -> None:
    user = desk.contact.user
    user.language, user.time_zone = "es", "America/Mexico_City"
    user.save()
    scheduled_window(desk)
    sweep(MONDAY)
    [spanish], [english] = to("contact@acme.example"), to("other_contact@acme.example")
    assert "23:00" in spanish.body  # 05:00 UTC
    assert "10:00 PKT" in english.body
    bell = Notification.objects.get(kind="maintenance", recipient=desk.contact)
    assert "23:00" in bell.body
    # The same instants, whatever the language.
    assert entry_of(spanish)[1]["DTSTART"].dt == entry_of(english)[1]["DTSTART"].dt == IN_A_WEEK


def test_the_letter_says_what_when_and_what_to_do(desk: Desk) -> None:
    scheduled_window(desk)
    sweep(MONDAY)
    letter = to("contact@acme.example")[0].body.partition("\n\n\n--")[0]
    window = Window.objects.get()
    assert letter == (
        "Maintenance planned: New database version\n\n"
        "We are going to work on services that you use.\n\n"
        "From: Monday 9 March 2026, 10:00 PKT\n"
        "To: Monday 9 March 2026, 12:00 PKT\n"
        "Services: ERP production\n"
        "Expected impact: Down\n\n"
        "The database gets a newer version.\n\n"
        "What you should do:\n"
        "Please save your work before.\n\n"
        "See the maintenance:\n"
        f"http://localhost:8000/t/acme/maintenance/{window.pk}/"
    )


def test_a_move_takes_back_what_waits_and_updates_the_calendar(desk: Desk) -> None:
    promise_notice(desk, 72, (72, 24, 1))
    window = scheduled_window(desk)
    sweep(MONDAY)
    start = IN_A_WEEK + 48 * HOUR
    at = MONDAY + HOUR
    window = move_window(window=window, starts_at=start, ends_at=start + HOUR, by=desk.agent, at=at)
    assert ("contact2@acme.example", "Maintenance moved: New database version") in sweep(at)
    assert sweep(IN_A_WEEK - 72 * HOUR) == []
    reminded = [notice.due_at for notice in Notice.objects.waiting().filter(kind="reminder")]
    assert reminded == [start - 72 * HOUR, start - 24 * HOUR, start - HOUR]
    first, second = (entry_of(letter) for letter in to("contact@acme.example"))
    assert [str(calendar["METHOD"]) for calendar, _ in (first, second)] == ["REQUEST", "REQUEST"]
    assert first[1]["UID"] == second[1]["UID"]
    assert (first[1]["SEQUENCE"], second[1]["SEQUENCE"]) == (1, 2)
    assert (second[1]["DTSTART"].dt, second[1]["DTEND"].dt) == (start, start + HOUR)
    assert str(second[1]["ATTENDEE"]) == "mailto:contact@acme.example"
    assert "It was planned:" in to("contact@acme.example")[1].body


def test_mail_that_has_not_left_when_the_window_moves_never_leaves(desk: Desk) -> None:
    window = scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    later = IN_A_WEEK + HOUR
    move_window(window=window, starts_at=later, ends_at=later + HOUR, by=desk.agent, at=MONDAY)
    assert {subject for _address, subject in sweep(MONDAY)} == {"Maintenance planned: New database version"}
    assert entry_of(to("contact@acme.example")[0])[1]["DTSTART"].dt == later


def test_who_heard_of_nothing_yet_hears_of_the_last_plan_alone(desk: Desk) -> None:
    window = scheduled_window(desk)
    later = IN_A_WEEK + HOUR
    window = move_window(window=window, starts_at=later, ends_at=later + HOUR, by=desk.agent, at=MONDAY)
    assert {subject for _address, subject in sweep(MONDAY)} == {"Maintenance planned: New database version"}
    silent = scheduled_window(desk, starts_at=MONDAY + 300 * HOUR)
    cancel_window(window=silent, why="Not needed", by=desk.agent, at=MONDAY)
    assert sweep(MONDAY) == []


def test_a_cancellation_takes_the_entry_out_of_calendars(desk: Desk) -> None:
    window = scheduled_window(desk)
    sweep(MONDAY)
    cancel_window(window=window, why="The vendor is late.", by=desk.agent, at=MONDAY + HOUR)
    assert len(sweep(MONDAY + HOUR)) == 4
    asked, off = (entry_of(letter) for letter in to("contact@acme.example"))
    assert (str(off[0]["METHOD"]), str(off[1]["STATUS"])) == ("CANCEL", "CANCELLED")
    assert off[1]["UID"] == asked[1]["UID"]
    assert off[1]["SEQUENCE"] > asked[1]["SEQUENCE"]
    assert "The vendor is late." in to("contact@acme.example")[1].body


def test_start_extension_and_end_are_told(desk: Desk) -> None:
    window = scheduled_window(desk, starts_by_itself=False)
    sweep(MONDAY)
    window = start_window(window=window, by=desk.agent, at=IN_A_WEEK)
    assert len(sweep(IN_A_WEEK)) == 4
    window = extend_window(window=window, ends_at=IN_A_WEEK + 3 * HOUR, by=desk.agent, at=IN_A_WEEK + HOUR)
    sweep(IN_A_WEEK + HOUR)
    complete_window(window=window, by=desk.agent, at=IN_A_WEEK + 2 * HOUR)
    sweep(IN_A_WEEK + 2 * HOUR)
    letters = to("contact@acme.example")
    assert [letter.subject.partition(":")[0] for letter in letters] == [
        "Maintenance planned",
        "Maintenance has started",
        "Maintenance takes longer",
        "Maintenance has ended",
    ]
    assert entry_of(letters[2])[1]["DTEND"].dt == IN_A_WEEK + 3 * HOUR
    assert "longer than planned" not in letters[3].body


def test_an_overrun_is_owned_up_to_in_the_next_update(desk: Desk) -> None:
    window = start_window(window=scheduled_window(desk), by=desk.agent, at=IN_A_WEEK)
    late = IN_A_WEEK + 3 * HOUR
    sweep(late)
    complete_window(window=window, by=desk.agent, at=late)
    mail.outbox.clear()
    sweep(late)
    assert (
        "as usual again.\nIt has taken longer than planned. We are sorry.\n\nFrom:"
        in to("contact@acme.example")[0].body
    )


def test_the_result_is_told_and_not_that_all_is_well(desk: Desk) -> None:
    window = start_window(window=scheduled_window(desk), by=desk.agent, at=IN_A_WEEK)
    sweep(IN_A_WEEK)
    mail.outbox.clear()
    result = "Rolled back, version 8.1 stays."
    complete_window(window=window, by=desk.agent, at=IN_A_WEEK + HOUR, result=result)
    sweep(IN_A_WEEK + HOUR)
    [letter] = to("contact@acme.example")
    html = letter.alternatives[0][0]
    for text in (letter.body, html):
        assert result in text
        assert "The work has ended." in text
        assert "as usual" not in text


def test_a_farewell_outlives_the_next_plan(desk: Desk) -> None:
    window = scheduled_window(desk)
    sweep(MONDAY)
    terms = replace(terms_of(window), left_out=[desk.other_customer])
    window = change_window(window=window, terms=terms, seen=window.version, by=desk.agent, at=MONDAY)
    at, later = MONDAY + HOUR, IN_A_WEEK + 9 * HOUR
    # Once before anything was given, once while the mail waits for the mail server.
    window = move_window(window=window, starts_at=later, ends_at=later + HOUR, by=desk.agent, at=at)
    sweep_tenant(now=at)
    move_window(window=window, starts_at=later + HOUR, ends_at=later + 2 * HOUR, by=desk.agent, at=at)
    mail.outbox.clear()
    sweep(at)
    [off] = to("other_contact@acme.example")
    assert off.subject == "Maintenance no longer concerns you: New database version"
    assert str(entry_of(off)[0]["METHOD"]) == "CANCEL"


def test_whom_it_concerns_again_reads_no_farewell(desk: Desk) -> None:
    window = scheduled_window(desk)
    sweep(MONDAY)
    mail.outbox.clear()
    for left_out in ([desk.other_customer], []):
        terms = replace(terms_of(window), left_out=left_out)
        window = change_window(window=window, terms=terms, seen=window.version, by=desk.agent, at=MONDAY)
        sweep_tenant(now=MONDAY)
    sweep_tenant(now=MONDAY + 2 * HOUR)
    sweep(MONDAY + 2 * HOUR)
    [letter] = to("other_contact@acme.example")
    assert letter.subject == "Maintenance planned: New database version"
    assert entry_of(letter)[1]["SEQUENCE"] == Window.objects.get().sequence


def test_what_never_left_is_neither_moved_nor_taken_out_of_a_calendar(desk: Desk) -> None:
    window = scheduled_window(desk)
    sweep_tenant(now=MONDAY)
    OutboxMessage.objects.filter(recipient=desk.contact2).update(sent_at=MONDAY)
    later = IN_A_WEEK + HOUR
    window = move_window(window=window, starts_at=later, ends_at=later + HOUR, by=desk.agent, at=MONDAY)
    sweep_tenant(now=MONDAY)
    OutboxMessage.objects.filter(recipient=desk.customer_admin).waiting().update(sent_at=MONDAY)
    written = OutboxMessage.objects.filter(cancelled_at=None, key__contains=":moved:")
    kinds = {row.recipient: unpack(row.data)["kind"] for row in written}
    assert kinds[desk.contact2] == "moved"
    assert kinds[desk.contact] == kinds[desk.customer_admin] == "announced"
    cancel_window(window=window, why="Not needed", by=desk.agent, at=MONDAY)
    sweep(MONDAY)
    assert "text/calendar" not in to("contact@acme.example")[0].message().as_string()
    assert str(entry_of(to("contact2@acme.example")[0])[0]["METHOD"]) == "CANCEL"
    assert str(entry_of(to("customer_admin@acme.example")[0])[0]["METHOD"]) == "CANCEL"


def test_who_is_no_longer_concerned_is_told_so_once(desk: Desk) -> None:
    window = scheduled_window(desk)
    sweep(MONDAY)
    mail.outbox.clear()
    terms = replace(terms_of(window), left_out=[desk.other_customer])
    window = change_window(window=window, terms=terms, seen=window.version, by=desk.agent, at=MONDAY)
    sweep(MONDAY)
    [off] = to("other_contact@acme.example")
    assert off.subject == "Maintenance no longer concerns you: New database version"
    assert str(entry_of(off)[0]["METHOD"]) == "CANCEL"
    assert to("contact@acme.example") == []
    cancel_window(window=window, why="Not needed", by=desk.agent, at=MONDAY)
    sweep(MONDAY)
    assert len(to("other_contact@acme.example")) == 1
    assert len(to("contact@acme.example")) == 1


def test_who_left_is_told_nothing_and_who_came_is(desk: Desk) -> None:
    promise_notice(desk, 72, (24,))
    scheduled_window(desk)
    accounts.deactivate_person(membership=desk.contact2, by=desk.owner, at=MONDAY)
    new = accounts.create_customer(tenant_id=desk.tenant.pk, name="New Noodles", at=MONDAY)
    add_person(desk.owner, "noodle@acme.example", "Nina Noodle", "member", new)
    OutboxMessage.objects.all().delete()
    addresses = {address for address, _subject in sweep(MONDAY)}
    assert "contact2@acme.example" not in addresses
    assert "noodle@acme.example" in addresses
    assert Window.objects.get().window_customers.get(customer=new).told_at == MONDAY


def test_many_are_told_in_few_statements(
    desk: Desk, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(30):
        add_person(desk.owner, f"p{number}@acme.example", f"Person {number}", "member", desk.customer)
    scheduled_window(desk)
    with django_assert_max_num_queries(35):
        sweep_tenant(now=MONDAY)
    assert NoticeTold.objects.count() == 34
