"""The button, the page that asks, the banner and the mark: an emergency as customers and staff see it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sla.models import Emergency, EmergencyCall
from sla.services.emergencies import acknowledge_emergency
from tests.factories import Desk, DeskClient, new_ticket
from tests.forms import FormPage, reader
from tests.sla.rota import REASON, declared, include_emergencies, rota_of_two, started_yesterday
from tickets.models import Ticket
from tickets.services import close_ticket, resolve_ticket

Login = Callable[[Any], DeskClient]
SENT = {"reason": REASON, "confirm": "on"}
NO_REASON = {
    "en": "Say what has happened: whoever is called reads this first.",
    "es": "Diga qué pasó: es lo primero que lee la persona a quien se llama.",
}
NOT_CONFIRMED = {
    "en": "Tick this if somebody shall be called now.",
    "es": "Marque esto si se debe llamar a alguien ahora.",
}
TOO_LONG = {
    "en": "This is 1010 characters long, 10 too many. The limit is 1000.",
    "es": "Tiene 1010 caracteres, 10 de más. El límite es 1000.",
}


def filed(desk: Desk, **changes: Any) -> Ticket:
    return new_ticket(desk, at=timezone.now() - timedelta(hours=1), **changes)


def on_duty(desk: Desk, a_month: int | None = 2) -> None:
    include_emergencies(desk, a_month, rota_of_two(desk, start=started_yesterday()))


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_contact_declares_and_sees_who_is_on_it(desk: Desk, login: Login) -> None:
    on_duty(desk)
    ticket = filed(desk)
    client = login(desk.contact)
    address = f"/tickets/{ticket.number}/emergency/"
    assert address in client.get(f"/tickets/{ticket.number}/").content.decode()
    page = client.get(address)
    assert "2 of 2 emergencies are left in" in page.content.decode()
    answer = client.post(address, SENT)
    assert answer.status_code == 303
    shown = text_of(client.get(answer["Location"]))
    assert "we are calling the people on call" in shown
    assert REASON in shown
    assert "Ali Agent" not in shown
    assert address not in shown
    acknowledge_emergency(ticket=ticket, by=desk.agent, at=timezone.now())
    assert "Emergency: Ali Agent is on it" in text_of(client.get(f"/tickets/{ticket.number}/"))


def test_staff_see_the_calls_acknowledge_and_end(desk: Desk, login: Login) -> None:
    on_duty(desk)
    ticket = filed(desk)
    declared(ticket, desk.contact, at=timezone.now())
    client = login(desk.agent)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    for words in ("nobody has acknowledged yet", "Called:", "next call", "Carla Contact", REASON):
        assert words in page
    assert "Emergency</span>" in client.get("/queue/").content.decode().replace("\n", "")
    client.post(f"/tickets/{ticket.number}/emergency/acknowledge/")
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Emergency: Ali Agent is on it" in page
    assert "acknowledged the emergency" in page
    client.post(f"/tickets/{ticket.number}/emergency/end/")
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "is on it</strong>" not in page
    assert "ended the emergency" in page
    assert "siren" not in client.get("/queue/").content.decode().split("<tbody")[1]


def test_the_second_to_acknowledge_reads_who_was_first(desk: Desk, login: Login) -> None:
    on_duty(desk)
    ticket = filed(desk)
    declared(ticket, desk.contact, at=timezone.now())
    acknowledge_emergency(ticket=ticket, by=desk.agent, at=timezone.now())
    answer = login(desk.agent2).post(f"/tickets/{ticket.number}/emergency/acknowledge/")
    assert answer.status_code == 409
    assert "Ali Agent has acknowledged this emergency already." in answer.content.decode()


def test_without_it_in_the_plan_there_is_no_button_and_no_way(desk: Desk, login: Login) -> None:
    on_duty(desk, None)
    ticket = filed(desk)
    client = login(desk.contact)
    address = f"/tickets/{ticket.number}/emergency/"
    assert address not in client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "does not include emergency escalation" in client.get(address).content.decode()
    assert client.post(address, SENT).status_code == 409
    assert login(desk.agent).post(address, SENT).status_code == 303


def test_the_limit_is_refused_before_and_after_sending(desk: Desk, login: Login) -> None:
    on_duty(desk, 1)
    first, second = filed(desk), filed(desk)
    client = login(desk.contact)
    client.post(f"/tickets/{first.number}/emergency/", SENT)
    address = f"/tickets/{second.number}/emergency/"
    words = "The plan includes 1 emergency a month, and it is used up."
    page = client.get(address).content.decode()
    assert words in page
    assert "Declare the emergency</span>" not in page
    answer = client.post(address, SENT)
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert Emergency.objects.count() == 1


def test_what_is_over_or_runs_already_is_refused(desk: Desk, login: Login) -> None:
    on_duty(desk)
    ticket = filed(desk)
    client = login(desk.contact)
    address = f"/tickets/{ticket.number}/emergency/"
    client.post(address, SENT)
    assert "An emergency is running on this ticket already." in client.post(address, SENT).content.decode()
    resolve_ticket(ticket=ticket, by=desk.agent, at=timezone.now())
    assert "Reopen it first" in client.get(address).content.decode()
    close_ticket(ticket=ticket, at=timezone.now())
    assert "This ticket is closed." in client.post(address, SENT).content.decode()


def test_a_form_that_is_sent_twice_declares_once(desk: Desk, login: Login) -> None:
    on_duty(desk)
    ticket = filed(desk)
    client = login(desk.contact)
    address = f"/tickets/{ticket.number}/emergency/"
    page = FormPage(client.get(address))
    key = next(e.attributes["value"] for e in page.elements if e.attributes.get("name") == "submission")
    answers = [client.post(address, SENT | {"submission": key}) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert EmergencyCall.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_reason_and_a_yes_are_asked_for(desk: Desk, language: str) -> None:
    on_duty(desk)
    ticket = filed(desk)
    client = reader(desk.contact, language)
    address = f"/tickets/{ticket.number}/emergency/"
    page = FormPage(client.post(address, {"reason": " "}))
    assert page.status == 422
    page.says("reason", NO_REASON[language], language=language)
    page.says("confirm", NOT_CONFIRMED[language], language=language)
    page = FormPage(client.post(address, {"reason": "x" * 1010, "confirm": "on"}))
    page.says("reason", TOO_LONG[language], language=language)
    page.keeps({"reason": "x" * 1010, "confirm": "on"})
    assert not Emergency.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Say how many a month, or choose another answer above."),
        ("es", "Indique cuántas al mes o elija otra respuesta arriba."),
    ],
)
def test_a_plan_says_how_many_a_month(desk: Desk, language: str, words: str) -> None:
    rota = rota_of_two(desk)
    sent = {
        "name": "Platinum",
        "position": "1",
        "calendar": str(desk.calendar.pk),
        "emergencies": "limited",
        "emergencies_a_month": "",
        "emergency_rota": str(rota.pk),
    }
    client = reader(desk.admin, language)
    page = FormPage(client.post("/console/plans/new/", sent))
    page.says("emergencies_a_month", words, language=language)
    page.keeps(sent)
    made = client.post("/console/plans/new/", sent | {"emergencies_a_month": "3"})
    shown = text_of(client.get(made["Location"]))
    assert "Night watch" in shown
    assert {"en": "3 a month", "es": "3 al mes"}[language] in shown
    again = FormPage(client.get(f"{made['Location']}edit/"))
    assert [again.value(name) for name in ("emergencies", "emergencies_a_month")] == ["limited", "3"]
