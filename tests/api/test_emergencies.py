"""Emergencies and rotas through the API."""

from datetime import timedelta

from django.utils import timezone

from tests.api.callers import Callers
from tests.factories import Desk, new_ticket
from tests.sla.rota import REASON, include_emergencies, rota_of_two, started_yesterday
from tickets.models import Ticket


def filed(desk: Desk) -> Ticket:
    return new_ticket(desk, at=timezone.now() - timedelta(hours=1))


def test_declared_acknowledged_and_ended(desk: Desk, caller: Callers) -> None:
    include_emergencies(desk, 1, rota_of_two(desk, start=started_yesterday()))
    ticket = filed(desk)
    contact, agent = caller(desk.contact), caller(desk.agent)
    path = f"tickets/{ticket.number}/emergencies/"
    made = contact.post(path, {"reason": REASON}, format="json")
    assert made.status_code == 201
    assert (made.json()["declared_by"]["name"], made.json()["calls"]) == ("Carla Contact", [])
    assert [call["person"]["name"] for call in agent.get(path).json()["results"][0]["calls"]] == ["Ali Agent"]
    assert contact.post(f"{path}acknowledge/").status_code == 403
    taken = agent.post(f"{path}acknowledge/").json()
    assert taken["acknowledged_by"]["name"] == "Ali Agent"
    assert caller(desk.agent2).post(f"{path}acknowledge/").json()["code"] == "acknowledged_before"
    assert agent.post(f"{path}end/").json()["ended_at"] is not None
    assert agent.post(f"{path}end/").json()["code"] == "no_emergency"


def test_refusals_say_which_rule(desk: Desk, caller: Callers) -> None:
    ticket = filed(desk)
    contact = caller(desk.contact)
    path = f"tickets/{ticket.number}/emergencies/"
    refused = contact.post(path, {"reason": REASON}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "emergency_not_included")
    include_emergencies(desk, 1)
    blank = contact.post(path, {"reason": " "}, format="json").json()
    assert (blank["code"], blank["errors"][0]["pointer"]) == ("invalid", "/reason")
    assert contact.post(path, {"reason": REASON}, format="json").status_code == 201
    assert contact.post(path, {"reason": REASON}, format="json").json()["code"] == "emergency_running"
    other = f"tickets/{filed(desk).number}/emergencies/"
    used_up = contact.post(other, {"reason": REASON}, format="json")
    assert (used_up.status_code, used_up.json()["code"]) == (409, "emergencies_used_up")


def test_staff_read_rotas(desk: Desk, caller: Callers) -> None:
    rota = rota_of_two(desk, start=started_yesterday())
    agent = caller(desk.agent)
    listed = agent.get("rotas/").json()["results"]
    shown = agent.get(f"rotas/{rota.pk}/").json()
    assert listed == [shown]
    assert [person["name"] for person in shown["on_call"]] == ["Ali Agent"]
    assert (shown["next"]["person"]["name"], len(shown["turns"])) == ("Bea Agent", 4)
    assert caller(desk.contact).get("rotas/").status_code == 403


def test_a_plan_says_what_it_includes(desk: Desk, caller: Callers) -> None:
    rota = rota_of_two(desk)
    include_emergencies(desk, 0, rota)
    plan = caller(desk.agent).get("plans/").json()["results"][0]
    assert (plan["emergencies_a_month"], plan["emergency_rota"]) == (0, rota.pk)
