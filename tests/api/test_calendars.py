"""Calendars and plans through the API: made, shown, archived, offered again."""

from sla.models import SupportCalendar
from tests.api.callers import Callers
from tests.factories import Desk

WEEK = {"0": [["09:00", "13:00"], ["14:00", "18:00"]], "4": [["09:00", "12:00"]]}


def test_an_admin_makes_a_calendar(desk: Desk, caller: Callers) -> None:
    admin = caller(desk.admin)
    said = {
        "name": "Mexico",
        "time_zone": "America/Mexico_City",
        "week": WEEK,
        "holiday_country": "MX",
        "exceptions": [{"first": "2026-12-24", "name": "Eve", "hours": [["09:00", "12:00"]]}],
        "yearly": [{"first": "12-30", "last": "01-02", "hours": []}],
    }
    made = admin.post("calendars/", said, format="json")
    assert made.status_code == 201
    shown = made.json()
    assert (shown["version"], shown["valid_from"], shown["week"]) == (1, None, WEEK)
    assert shown["exceptions"] == [
        {"first": "2026-12-24", "last": "2026-12-24", "name": "Eve", "hours": [["09:00", "12:00"]]}
    ]
    assert "2026-12-25" in shown["holidays"]
    assert caller(desk.agent).get(f"calendars/{shown['id']}/").json() == shown
    plain = admin.post("calendars/", {"name": "Plain", "week": WEEK}, format="json").json()
    assert plain["time_zone"] == desk.tenant.time_zone
    assert caller(desk.agent).post("calendars/", said, format="json").status_code == 403
    for wrong, place in (
        ({"name": "mexico"}, "/name"),
        ({"name": "X", "time_zone": "Mars/Base"}, "/time_zone"),
        ({"name": "X", "week": {}}, "/week"),
        ({"name": "X", "week": {"7": []}}, "/week/7"),
        ({"name": "X", "week": {"0": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "/week/0"),
        ({"name": "X", "holidays": {"2026-05-01": "May"}}, "/holidays"),
        ({"name": "X", "holiday_country": "ZZ"}, "/holiday_country"),
    ):
        refused = admin.post("calendars/", said | wrong, format="json")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, place)
    assert SupportCalendar.objects.filter(tenant=desk.tenant).count() == 3


def test_calendars_and_plans_are_archived_and_offered_again(desk: Desk, caller: Callers) -> None:
    admin, agent = caller(desk.admin), caller(desk.agent)
    used = admin.post(f"calendars/{desk.calendar.pk}/archive/")
    assert (used.status_code, used.json()["code"]) == (409, "refused")
    assert "still use this calendar" in used.json()["detail"]
    spare = admin.post("calendars/", {"name": "Spare", "week": WEEK}, format="json").json()["id"]
    for kind, pk in (("calendars", spare), ("plans", desk.plan.pk)):
        address = f"{kind}/{pk}/"
        assert agent.post(f"{address}archive/").status_code == 403
        assert admin.post(f"{address}archive/").json()["archived_at"]
        assert pk not in [row["id"] for row in agent.get(f"{kind}/").json()["results"]]
        assert pk in [row["id"] for row in agent.get(f"{kind}/?archived=true").json()["results"]]
        assert agent.get(address).json()["archived_at"]
        assert admin.post(f"{address}restore/").json()["archived_at"] is None
    assert caller(desk.contact).get(f"plans/{desk.plan.pk}/").status_code == 403
