"""Outages and availability through the API."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from maintenance.services.monitors import MonitorTerms, create_monitor
from maintenance.services.outages import end_outage
from tests.api.callers import Callers
from tests.factories import Desk, new_service, new_ticket
from tests.maintenance.factories import new_outage

NOW = timezone.now()
HOUR = timedelta(hours=1)


def test_opened_told_about_answered_and_ended(desk: Desk, caller: Callers) -> None:
    erp, pos = new_service(desk), new_service(desk, "POS sync")
    first, second = new_ticket(desk, at=NOW - HOUR), new_ticket(desk, by=desk.other_contact, at=NOW - HOUR)
    agent, contact = caller(desk.agent), caller(desk.contact)
    sent = {
        "title": "Network",
        "text": "We are looking into it.",
        "services": [{"service": erp.pk, "impact": "down"}, {"service": pos.pk, "impact": "degraded"}],
        "started_at": (NOW - HOUR).isoformat(),
        "tickets": [first.number, second.number],
    }
    assert contact.post("outages/", sent, format="json").status_code == 403
    made = agent.post("outages/", sent, format="json")
    assert made.status_code == 201, made.json()
    outage = made.json()
    assert outage["tickets"] == [first.number, second.number]
    assert [(hit["service"]["name"], hit["impact"]) for hit in outage["services"]] == [
        ("ERP production", "down"),
        ("POS sync", "degraded"),
    ]
    path = f"outages/{outage['id']}/"
    told = {"text": "POS works.", "stage": "identified", "recovered": [pos.pk], "seen": outage["version"]}
    assert agent.post(f"{path}update/", told, format="json").json()["stage"] == "identified"
    assert agent.post(f"{path}update/", told, format="json").json()["code"] == "edited_meanwhile"
    answered = agent.post(f"{path}answer/", {"body": "It works.", "then": "resolved"}, format="json")
    assert answered.status_code == 200
    first.refresh_from_db()
    assert first.status == "resolved"
    ended = agent.post(f"{path}end/", {"text": "Over."}, format="json").json()
    assert ended["ended_at"] is not None
    assert agent.post(f"{path}end/", {"text": "Over."}, format="json").json()["code"] == "outage_ended"
    seen = contact.get(path).json()
    assert seen["tickets"] == [first.number]
    assert [update["author"] for update in seen["updates"]] == [None, None, None]
    assert ended["updates"][0]["author"]["name"] == "Ali Agent"


def test_contacts_list_what_concerns_them(desk: Desk, caller: Callers) -> None:
    theirs = new_service(desk, "Carpet shop", customer=desk.other_customer)
    new_outage(desk, {theirs: "down"}, at=NOW - HOUR)
    both = new_outage(desk, {theirs: "down", new_service(desk): "down"}, at=NOW - HOUR)
    end_outage(outage=both, text="Over.", by=desk.agent, at=NOW)
    contact, agent = caller(desk.contact), caller(desk.agent)
    [listed] = contact.get("outages/").json()["results"]
    assert [hit["service"]["name"] for hit in listed["services"]] == ["ERP production"]
    assert contact.get("outages/?running=true").json()["results"] == []
    assert len(agent.get("outages/?running=true").json()["results"]) == 1
    assert len(agent.get(f"outages/?service={theirs.pk}").json()["results"]) == 2


def test_contacts_read_no_names_of_others(desk: Desk, caller: Callers) -> None:
    new_outage(desk, {new_service(desk): "down"}, title="Calm Carpets and ERP", at=NOW - HOUR)
    [listed] = caller(desk.contact).get("outages/").json()["results"]
    assert listed["title"] == "a customer and ERP"
    shown = caller(desk.other_contact).get(f"outages/{listed['id']}/").json()
    assert shown["title"] == "Calm Carpets and ERP"


def test_refusals_name_the_place(desk: Desk, caller: Callers) -> None:
    agent, erp = caller(desk.agent), new_service(desk)
    sent = {"title": "x", "text": "x", "services": [{"service": erp.pk, "impact": "down"}]}
    ahead = agent.post("outages/", sent | {"started_at": (NOW + HOUR).isoformat()}, format="json")
    assert (ahead.status_code, ahead.json()["errors"][0]["pointer"]) == (422, "/started_at")
    unknown = agent.post("outages/", sent | {"tickets": [77]}, format="json").json()
    assert unknown["errors"][0]["detail"] == "There is no ticket with the number 77."
    outage = new_outage(desk, {erp: "down"}, at=NOW - HOUR)
    nobody = agent.post(f"outages/{outage.pk}/answer/", {"body": "x"}, format="json")
    assert nobody.json()["code"] == "nothing_to_answer"


def test_what_is_recorded_is_corrected(desk: Desk, caller: Callers) -> None:
    erp, pos = new_service(desk), new_service(desk, "POS sync")
    ticket = new_ticket(desk, at=NOW - HOUR)
    outage = new_outage(desk, {erp: "down"}, at=NOW - HOUR, tickets=[ticket])
    agent, path = caller(desk.agent), f"outages/{outage.pk}/"
    sent = {"cause": "A cable.", "services": [{"service": pos.pk, "impact": "degraded"}], "seen": 1}
    changed = agent.post(f"{path}edit/", sent, format="json").json()
    assert (changed["title"], changed["cause"]) == ("The network is away", "A cable.")
    assert [hit["service"]["name"] for hit in changed["services"]] == ["POS sync"]
    [correction] = changed["corrections"]
    assert correction["author"]["name"] == "Ali Agent"
    before = {change["what"]: change["before"] for change in correction["changes"]}
    assert before.keys() == {"Cause", "ERP production", "POS sync"}
    assert (before["Cause"], before["POS sync"]) == ("nothing", "Not affected")
    [told] = caller(desk.contact).get(path).json()["corrections"]
    assert (told["at"], told["author"], told["changes"]) == (correction["at"], None, [])
    assert agent.post(f"{path}edit/", sent, format="json").json()["code"] == "edited_meanwhile"
    assert agent.post(f"{path}tickets/{ticket.number}/unlink/").json()["tickets"] == []
    assert caller(desk.contact).post(f"{path}edit/", sent, format="json").status_code == 403


def test_what_got_worse_is_a_stretch_of_the_same_outage(desk: Desk, caller: Callers) -> None:
    erp, pos = new_service(desk), new_service(desk, "POS sync")
    now = timezone.now()
    start = now - timedelta(hours=1)
    outage = new_outage(desk, {erp: "degraded", pos: "degraded"}, at=start)
    agent, path = caller(desk.agent), f"outages/{outage.pk}/"
    worse = {
        "text": "Away.",
        "stage": "identified",
        "services": [{"service": erp.pk, "impact": "down"}],
        "recovered": [pos.pk],
        "since": (now - timedelta(minutes=30)).isoformat(),
    }
    told = agent.post(f"{path}update/", worse, format="json").json()
    assert [(hit["service"]["name"], hit["impact"]) for hit in told["services"]] == [
        ("ERP production", "degraded"),
        ("ERP production", "down"),
        ("POS sync", "degraded"),
    ]
    left = {"text": "x", "stage": "identified", "recovered": [erp.pk]}
    assert agent.post(f"{path}update/", left, format="json").json()["code"] == "no_service"
    assert len(agent.get(f"outages/?service={erp.pk}").json()["results"]) == 1
    kept = agent.post(f"{path}edit/", {"title": "Cable", "seen": 2}, format="json").json()
    assert kept["services"] == told["services"]
    at = (now - timedelta(minutes=20)).isoformat()
    rows = [
        {"service": erp.pk, "impact": "down"},
        {"service": erp.pk, "impact": "degraded", "started_at": at},
        {"service": pos.pk, "impact": "down", "ended_at": at},
    ]
    mended = agent.post(f"{path}edit/", {"services": rows, "seen": 3}, format="json").json()
    assert [(hit["impact"], hit["ended_at"] is None) for hit in mended["services"]] == [
        ("down", False),
        ("degraded", True),
        ("down", False),
    ]
    ahead = [rows[0], rows[1] | {"started_at": (now + timedelta(hours=1)).isoformat()}]
    refused = agent.post(f"{path}edit/", {"services": ahead, "seen": 4}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/services")


def test_staff_read_monitors(desk: Desk, caller: Callers) -> None:
    terms = MonitorTerms(name="Export", service=new_service(desk), kind="heartbeat")
    create_monitor(terms=terms, by=desk.admin, at=NOW)
    [monitor] = caller(desk.agent).get("monitors/").json()["results"]
    assert (monitor["name"], monitor["kind"], monitor["state"]) == ("Export", "heartbeat", "unknown")
    assert "token_hash" not in monitor
    assert caller(desk.contact).get("monitors/").status_code == 403


def test_availability_with_its_reckoning(desk: Desk, caller: Callers) -> None:
    start = datetime(2026, 3, 3, 8, tzinfo=UTC)
    outage = new_outage(desk, {new_service(desk): "down"}, at=start)
    end_outage(outage=outage, text="Over.", by=desk.agent, at=start + HOUR)
    contact, agent = caller(desk.contact), caller(desk.agent)
    shown = contact.get("availability/?month=2026-03").json()
    [part] = shown["parts"]
    assert (shown["customer"]["name"], part["time_zone"]) == ("Bright Bakery", "Asia/Karachi")
    assert (part["plan"], part["promised"]) == ("Gold", None)
    [service] = part["services"]
    assert (service["percentage"], service["down_seconds"]) == ("99.8655", 3600)
    assert service["down"] == [{"start": "2026-03-03T08:00:00Z", "end": "2026-03-03T09:00:00Z"}]
    assert contact.get(f"availability/?customer={desk.other_customer.pk}").status_code == 404
    assert agent.get(f"availability/?customer={desk.other_customer.pk}").status_code == 200
    assert agent.get("availability/").json()["customer"] is None
