"""Teams through the API: made, changed, archived."""

from django.utils import timezone

from tests.api.callers import Callers
from tests.factories import Desk


def test_an_admin_keeps_the_teams(desk: Desk, caller: Callers) -> None:
    admin, agent = caller(desk.admin), caller(desk.agent)
    values = {"name": "Night watch", "members": [desk.agent.pk, desk.agent2.pk]}
    assert agent.post("teams/", values, format="json").status_code == 403
    made = admin.post("teams/", values, format="json")
    assert made.status_code == 201
    assert [person["name"] for person in made.json()["members"]] == ["Ali Agent", "Bea Agent"]
    again = admin.post("teams/", values, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
    for members in ([], [desk.contact.pk]):
        refused = admin.post("teams/", {"name": "X", "members": members}, format="json").json()
        assert refused["errors"][0]["pointer"].startswith("/members")
    address = f"teams/{made.json()['id']}/"
    desk.agent2.deactivated_at = timezone.now()
    desk.agent2.save()
    gone = admin.post("teams/", {"name": "X", "members": [desk.agent2.pk]}, format="json")
    assert [error["pointer"] for error in gone.json()["errors"]] == ["/members"]
    renamed = admin.put(address, values | {"name": "Nights", "seen": 1}, format="json").json()
    assert (renamed["name"], len(renamed["members"]), renamed["version"]) == ("Nights", 2, 2)
    late = admin.put(address, values | {"seen": 1}, format="json")
    assert (late.status_code, late.json()["current"]) == (409, "Nights")
    assert admin.post(f"{address}archive/").json()["archived_at"]
    assert agent.get("teams/").json()["results"] == []
    assert agent.get(address).json()["archived_at"]
    assert admin.post(f"{address}restore/").json()["archived_at"] is None
