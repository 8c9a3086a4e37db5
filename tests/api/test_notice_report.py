"""The report of notice promised and given, through the API."""

from datetime import timedelta
from urllib.parse import urlencode

from django.utils import timezone

from tests.api.callers import Callers
from tests.factories import Desk
from tests.maintenance.windows import promise_notice, scheduled_window

PATH = "windows/notice/"


def test_promised_and_given_are_listed_in_pages(desk: Desk, caller: Callers) -> None:
    promise_notice(desk)
    now = timezone.now()
    kept = scheduled_window(desk, title="Kept", at=now, starts_at=now + timedelta(hours=100))
    short = scheduled_window(
        desk, title="Short", at=now, starts_at=now + timedelta(hours=10), emergency_reason="A hole"
    )
    agent = caller(desk.agent)
    rows = agent.get(PATH).json()["results"]
    assert [each["window"]["id"] for each in rows] == [kept.pk] * 2 + [short.pk] * 2
    mine = agent.get(f"{PATH}?customer={desk.customer.pk}&short=true").json()["results"]
    assert [(each["window"]["emergency_reason"], each["customer"]["name"]) for each in mine] == [
        ("A hole", "Bright Bakery")
    ]
    found = {name: mine[0][name] for name in ("promised_hours", "given_hours", "is_kept")}
    assert found == {"promised_hours": 72, "given_hours": 10, "is_kept": False}
    assert {each["is_kept"] for each in rows[:2]} == {True}

    page = agent.get(f"{PATH}?limit=3").json()
    rest = agent.get(page["next"]).json()
    assert page["results"] + rest["results"] == rows
    later = urlencode({"since": (now + timedelta(hours=50)).isoformat()})
    assert agent.get(f"{PATH}?{later}").json()["results"] == rows[:2]
    assert caller(desk.contact).get(PATH).status_code == 403
