"""Absences, working hours and hand-over by API: one story, each as the page does it."""

from datetime import timedelta

from accounts.models import Absence
from tests.api.callers import Callers
from tests.factories import MONDAY, Desk, new_ticket
from tickets.services import assign_ticket

SENT = {"starts_at": "2031-03-03T05:00:00Z", "ends_at": "2031-03-07T05:00:00Z", "kind": "sick", "note": "Flu"}


def test_absences_are_entered_read_changed_and_removed(desk: Desk, caller: Callers) -> None:
    agent, colleague, supervisor = caller(desk.agent), caller(desk.agent2), caller(desk.supervisor)
    address = f"people/{desk.agent.pk}/absences/"
    made = agent.post(address, SENT, format="json")
    assert made.status_code == 201
    assert (made.json()["kind"], made.json()["note"]) == ("sick", "Flu")
    assert colleague.post(address, SENT, format="json").status_code == 403
    again = agent.post(address, SENT, format="json")
    assert (again.status_code, again.json()["code"]) == (422, "refused_absence")
    assert again.json()["errors"][0]["pointer"] == "/starts_at"
    read = colleague.get("absences/").json()["results"][0]
    assert (read["kind"], read["note"], read["ends_at"]) == (None, None, SENT["ends_at"])
    read = supervisor.get("absences/").json()["results"][0]
    assert (read["kind"], read["note"]) == ("sick", None)
    one = f"absences/{made.json()['id']}/"
    early = SENT | {"ends_at": "2031-03-05T05:00:00Z", "seen": 1}
    assert supervisor.put(one, early, format="json").json()["version"] == 2
    assert supervisor.put(one, early, format="json").json()["code"] == "edited_meanwhile"
    assert Absence.objects.get().note == "Flu"
    assert colleague.delete(one).status_code == 404
    assert agent.delete(one).status_code == 204


def test_working_hours_are_changed_one_way_or_the_other(desk: Desk, caller: Callers) -> None:
    agent, address = caller(desk.agent), f"people/{desk.agent.pk}/working-hours/"
    shown = agent.get(address).json()
    assert (shown["works_by"], shown["calendar"]["name"], shown["version"]) == ("desk", "Office hours", 0)
    own = {"week": {"0": [["09:00", "13:00"]]}, "seen": 0}
    assert agent.put(address, own, format="json").json()["works_by"] == "own"
    both = own | {"calendar": desk.calendar.pk, "seen": 1}
    assert agent.put(address, both, format="json").status_code == 400
    assert caller(desk.agent2).put(address, own, format="json").status_code == 403
    never = {"week": {"0": [["09:00", "11:00"], ["10:00", "12:00"]]}, "seen": 1}
    assert agent.put(address, never, format="json").status_code == 409
    by_calendar = {"calendar": desk.calendar.pk, "seen": 1}
    assert agent.put(address, by_calendar, format="json").json()["works_by"] == "calendar"


def test_tickets_are_handed_over_and_somebody_leaves(desk: Desk, caller: Callers) -> None:
    for person in (desk.agent, desk.agent, desk.agent2):
        assign_ticket(ticket=new_ticket(desk), assignee=person, by=desk.supervisor, at=MONDAY)
    supervisor, admin = caller(desk.supervisor), caller(desk.admin)
    address = f"people/{desk.agent.pk}/hand-over/"
    early = {"to_person": desk.agent2.pk, "due_before": (MONDAY - timedelta(days=1)).isoformat()}
    assert supervisor.post(address, early, format="json").json()["total"] == 0
    made = supervisor.post(address, {"to_person": desk.agent2.pk}, format="json").json()
    assert (made["total"], made["done"], made["to_person"]["name"]) == (2, 2, "Bea Agent")
    assert supervisor.get(f"hand-overs/{made['id']}/").json()["ended_at"]
    assert caller(desk.agent).post(address, {}, format="json").status_code == 403
    leave = f"people/{desk.agent2.pk}/deactivate/"
    assert supervisor.post(leave, {}, format="json").status_code == 403
    left = admin.post(leave, {"to_person": desk.agent.pk}, format="json").json()
    assert left["is_active"] is False
    assert desk.agent.assigned_tickets.count() == 3
    owner = admin.post(f"people/{desk.owner.pk}/deactivate/", {}, format="json")
    assert owner.status_code == 403
