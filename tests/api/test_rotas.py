"""On-call rotas through the API: made, filled, changed, archived."""

from datetime import timedelta

from django.utils import timezone

from sla.models import Rota, RotaTurn
from tests.api.callers import Callers
from tests.factories import Desk

FIRST_DAY = "2031-01-06"


def test_an_admin_makes_a_rota_and_fills_it(desk: Desk, caller: Callers) -> None:
    admin, agent = caller(desk.admin), caller(desk.agent)
    values = {"name": "Night watch", "time_zone": "Asia/Karachi"}
    assert agent.post("rotas/", values, format="json").status_code == 403
    nowhere = admin.post("rotas/", values | {"time_zone": "Mars/Base"}, format="json")
    assert [error["pointer"] for error in nowhere.json()["errors"]] == ["/time_zone"]
    made = admin.post("rotas/", values, format="json")
    assert (made.status_code, made.json()["minutes"], made.json()["turns"]) == (201, 10, [])
    again = admin.post("rotas/", values | {"name": "night watch"}, format="json")
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (400, "/name")
    address = f"rotas/{made.json()['id']}/"
    weeks = {"people": [desk.agent.pk, desk.agent2.pk], "first_day": FIRST_DAY, "turns": 3}
    filled = admin.post(f"{address}fill/", weeks, format="json").json()["turns"]
    assert [turn["person"]["name"] for turn in filled] == ["Ali Agent", "Bea Agent", "Ali Agent"]
    assert filled[0]["starts_at"] == "2031-01-06T04:00:00Z", "nine in the morning, where the rota is"
    assert filled[0]["ends_at"] == filled[1]["starts_at"]
    in_the_way = admin.post(f"{address}fill/", weeks, format="json")
    assert (in_the_way.status_code, in_the_way.json()["code"]) == (409, "turns_overlap")
    replaced = admin.post(f"{address}fill/", weeks | {"replaces": True, "changes": "day"}, format="json")
    assert [turn["person"]["name"] for turn in replaced.json()["turns"]][:3] == [
        "Ali Agent",
        "Bea Agent",
        "Ali Agent",
    ]
    for wrong, place in (({"people": []}, "/people"), ({"first_day": "9999-01-01"}, "/first_day")):
        refused = admin.post(f"{address}fill/", weeks | wrong, format="json").json()
        assert [error["pointer"] for error in refused["errors"]] == [place]


def test_turns_are_added_changed_and_removed_one_by_one(desk: Desk, caller: Callers) -> None:
    admin = caller(desk.admin)
    rota = Rota.objects.create(tenant=desk.tenant, name="Night watch", time_zone="UTC")
    values = {"starts_at": "2031-01-06T09:00:00Z", "ends_at": "2031-01-13T09:00:00Z"}
    path = f"rotas/{rota.pk}/turns/"
    turn = admin.post(path, values | {"person": desk.agent.pk}, format="json").json()
    assert (turn["person"]["name"], turn["place"]) == ("Ali Agent", 0)
    empty = admin.post(path, values | {"person": desk.agent2.pk, "ends_at": values["starts_at"]})
    assert (empty.status_code, empty.json()["errors"][0]["pointer"]) == (400, "/ends_at")
    taken = admin.post(path, values | {"person": desk.agent2.pk}, format="json")
    assert taken.json()["code"] == "turns_overlap"
    second = admin.post(path, values | {"person": desk.agent2.pk, "place": 1}, format="json")
    assert second.status_code == 201
    address = f"turns/{turn['id']}/"
    changed = values | {"person": desk.agent2.pk, "seen": turn["seen"]}
    assert admin.put(address, changed, format="json").json()["person"]["name"] == "Bea Agent"
    late = admin.put(address, changed, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "edited_meanwhile")
    assert caller(desk.agent).delete(address).status_code == 403
    assert admin.delete(address).status_code == 204
    assert list(RotaTurn.objects.values_list("pk", flat=True)) == [second.json()["id"]]


def test_whoever_left_is_given_no_turn_but_keeps_theirs(desk: Desk, caller: Callers) -> None:
    admin, now = caller(desk.admin), timezone.now()
    rota = Rota.objects.create(tenant=desk.tenant, name="Night watch", time_zone="UTC")
    values = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(days=7)).isoformat()}
    turn = admin.post(f"rotas/{rota.pk}/turns/", values | {"person": desk.agent2.pk}, format="json").json()
    desk.agent2.deactivated_at = now
    desk.agent2.save()
    gone = admin.post(f"rotas/{rota.pk}/turns/", values | {"person": desk.agent2.pk, "place": 1})
    assert [error["pointer"] for error in gone.json()["errors"]] == ["/person"]
    days = {"people": [desk.agent2.pk], "first_day": FIRST_DAY, "turns": 1}
    assert admin.post(f"rotas/{rota.pk}/fill/", days, format="json").status_code == 400
    kept = admin.put(
        f"turns/{turn['id']}/", values | {"person": desk.agent2.pk, "place": 2, "seen": turn["seen"]}
    )
    assert (kept.status_code, kept.json()["place"]) == (200, 2)


def test_a_rota_is_changed_archived_and_restored(desk: Desk, caller: Callers) -> None:
    admin, agent = caller(desk.admin), caller(desk.agent)
    rota = Rota.objects.create(tenant=desk.tenant, name="Night watch", time_zone="UTC")
    address, values = f"rotas/{rota.pk}/", {"name": "Night", "time_zone": "Asia/Karachi", "minutes": 5}
    changed = admin.put(address, values | {"seen": 1}, format="json").json()
    assert (changed["name"], changed["minutes"], changed["version"]) == ("Night", 5, 2)
    late = admin.put(address, values | {"seen": 1}, format="json")
    assert (late.status_code, late.json()["current"]) == (409, "Night")
    assert agent.post(f"{address}archive/").status_code == 403
    assert admin.post(f"{address}archive/").json()["archived_at"]
    assert agent.get("rotas/").json()["results"] == []
    assert [row["name"] for row in agent.get("rotas/?archived=true").json()["results"]] == ["Night"]
    assert admin.post(f"{address}restore/").json()["archived_at"] is None
