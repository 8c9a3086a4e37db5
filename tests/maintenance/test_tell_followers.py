"""What those who follow the status page are told by email."""

from datetime import timedelta
from email import message_from_bytes
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Tenant
from accounts.services import hash_token
from maintenance.models import StatusPage, Subscriber
from maintenance.services.outages import end_outage
from maintenance.services.subscribers import secret_of
from maintenance.services.windows import complete_window, move_window, start_window
from maintenance.sweep import sweep_tenant
from notifications.models import OutboxMessage
from notifications.services import deliver_waiting
from tests.factories import MONDAY, Desk, new_service
from tests.maintenance.factories import new_outage
from tests.maintenance.status import public_page, public_service
from tests.maintenance.windows import scheduled_window


def follower(tenant: Tenant, email: str = "ana@example.com", **values: object) -> Subscriber:
    made = {"language": "en", "asked_at": MONDAY, "confirmed_at": MONDAY, **values}
    return Subscriber.objects.create(tenant=tenant, email=email, token_hash=email, **made)


def told() -> list[tuple[str, str]]:
    """To whom and about what mails left."""
    deliver_waiting(now=timezone.now())
    found = [
        (letter.to[0], str(letter.subject)) for letter in mail.outbox if letter.to[0].endswith("@example.com")
    ]
    return sorted(found)


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def test_they_hear_of_outages_and_of_their_end(desk: Desk) -> None:
    public_page(desk)
    reader = follower(desk.tenant)
    outage = new_outage(desk, {public_service(desk): "down"}, title="The network is away")
    end_outage(outage=outage, text="It works again.", by=desk.agent, at=MONDAY + timedelta(hours=1))
    assert told() == [
        ("ana@example.com", "Outage is over: The network is away"),
        ("ana@example.com", "Outage, we are investigating: The network is away"),
    ]
    body = next(str(letter.body) for letter in mail.outbox if letter.to == [reader.email])
    assert "ERP production" in body
    assert "We are looking into it." in body
    assert f"/t/acme/status/follow/{secret_of(reader)}/end/" in body


def test_one_press_in_the_mail_program_ends_them_without_a_log_in(desk: Desk) -> None:
    public_page(desk)
    reader = follower(desk.tenant)
    reader.token_hash = hash_token(secret_of(reader))
    reader.save()
    service = public_service(desk)
    outage = new_outage(desk, {service: "down"}, title="The network is away")
    told()
    sent = next(letter for letter in mail.outbox if letter.to == [reader.email])
    letter = message_from_bytes(sent.message().as_bytes())
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(letter["List-Unsubscribe"]).strip()
    assert (address[0], address[-1]) == ("<", ">")
    path = urlsplit(address[1:-1]).path
    program = Client(enforce_csrf_checks=True)
    assert program.post(path.replace("/end/", "x/end/")).status_code == 200
    reader.refresh_from_db()
    assert reader.ended_at is None, "another address ends nothing"
    form = {"List-Unsubscribe": "One-Click"}
    assert program.post(path, form).status_code == 200
    reader.refresh_from_db()
    assert reader.ended_at is not None
    assert program.post(path, form).status_code == 200
    mail.outbox.clear()
    end_outage(outage=outage, text="It works again.", by=desk.agent, at=MONDAY + timedelta(hours=1))
    assert told() == []


def test_mails_to_people_of_the_desk_cannot_be_ended_so(desk: Desk) -> None:
    scheduled_window(desk, services=[public_service(desk)])
    sweep_tenant(now=MONDAY)
    deliver_waiting(now=timezone.now())
    assert mail.outbox
    assert not any(letter.message()["List-Unsubscribe"] for letter in mail.outbox)


def test_followers_read_the_result_and_no_plan_that_was_overtaken(desk: Desk) -> None:
    public_page(desk)
    follower(desk.tenant)
    window = scheduled_window(desk, services=[public_service(desk)])
    sweep_tenant(now=MONDAY)
    later = window.starts_at + timedelta(days=1)
    window = move_window(
        window=window, starts_at=later, ends_at=later + timedelta(hours=1), by=desk.agent, at=MONDAY
    )
    sweep_tenant(now=MONDAY)
    assert told() == [("ana@example.com", "Maintenance moved: New database version")]
    window = start_window(window=window, by=desk.agent, at=later)
    complete_window(window=window, by=desk.agent, at=later, result="Rolled back for Bright Bakery.")
    sweep_tenant(now=later)
    told()
    [ended] = [
        letter
        for letter in mail.outbox
        if letter.to == ["ana@example.com"] and "has ended" in str(letter.subject)
    ]
    assert "Rolled back for a customer." in str(ended.body)


def test_they_hear_of_windows_but_get_no_reminders(desk: Desk) -> None:
    public_page(desk)
    follower(desk.tenant)
    window = scheduled_window(desk, services=[public_service(desk)])
    sweep_tenant(now=MONDAY + timedelta(minutes=1))
    told()
    sweep_tenant(now=window.starts_at - timedelta(minutes=30))
    move_window(
        window=window,
        starts_at=window.starts_at + timedelta(days=1),
        ends_at=window.ends_at + timedelta(days=1),
        by=desk.agent,
        at=MONDAY + timedelta(hours=1),
    )
    sweep_tenant(now=MONDAY + timedelta(hours=2))
    assert [subject for _to, subject in told()] == [
        "Maintenance moved: New database version",
        "Maintenance planned: New database version",
    ]


def test_each_reads_it_in_the_own_language_without_private_names(desk: Desk) -> None:
    public_page(desk)
    follower(desk.tenant)
    follower(desk.tenant, "luis@example.com", language="es")
    private = new_service(desk, "Bakery till", customer=desk.customer)
    services = {public_service(desk): "down", private: "down"}
    new_outage(desk, services, title="Bakery till is away", text="Bright Bakery waits.")
    assert len(told()) == 2
    for letter in (letter for letter in mail.outbox if letter.to[0].endswith("@example.com")):
        text = f"{letter.subject} {letter.body} {letter.alternatives}"
        assert "Bakery" not in text
        assert "ERP production" in text
    assert set(OutboxMessage.objects.filter(kind="status").values_list("language", flat=True)) == {"en", "es"}


@pytest.mark.parametrize("why", ["not confirmed", "ended", "not public", "private service"])
def test_others_hear_nothing(desk: Desk, why: str) -> None:
    page, service = public_page(desk), public_service(desk)
    follower(
        desk.tenant,
        confirmed_at=None if why == "not confirmed" else MONDAY,
        ended_at=MONDAY if why == "ended" else None,
    )
    if why == "not public":
        StatusPage.objects.filter(pk=page.pk).update(visibility="customers")
    if why == "private service":
        service = new_service(desk, "Staff wiki")
    new_outage(desk, {service: "down"})
    assert told() == []


def test_followers_of_another_desk_hear_nothing(desk: Desk, other_desk: Desk) -> None:
    public_page(desk)
    new_outage(desk, {public_service(desk): "down"})
    assert told() == []
