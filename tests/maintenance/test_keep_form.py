"""Looking for a time from the form of a new window, and coming back to it."""

import html
import re
from datetime import timedelta

from maintenance.models import Window, WindowTicket
from tests.factories import Desk, browser_of, new_ticket
from tests.maintenance.test_window_pages import SECRET, body, form, in_hours, wall


def test_looking_for_a_time_keeps_the_form_and_the_ticket_that_asked(desk: Desk) -> None:
    agent, ticket = browser_of(desk.agent), new_ticket(desk, subject="When do we get version 9?")
    start = f"/maintenance/new/?ticket={ticket.number}"
    typed = form(desk, in_hours(100), title="Version 9 at last", find_time="1", advice="")
    del typed["starts_by_itself"]
    sent = agent.post(start, typed)
    assert sent.status_code == 303
    found = body(agent.get(sent["Location"]))
    assert not Window.objects.exists()
    assert f'name="ticket" value="{ticket.number}"' in found
    used = re.search(r'href="[^"]*?(/maintenance/new/\?start=[^"]+)"', found)
    assert used
    address = html.unescape(used[1])
    back = body(agent.get(address))
    for text in ('value="Version 9 at last"', "A newer version.", SECRET, "Upgrade"):
        assert text in back
    assert not re.search(r'name="starts_by_itself"[^>]* checked', back)
    times = {name: re.search(rf'name="{name}" value="([^"]+)"', back) for name in ("starts_at", "ends_at")}
    values = typed | {name: match[1] for name, match in times.items() if match}
    del values["find_time"]
    assert agent.post(address, values).status_code == 303
    window = Window.objects.get()
    assert (window.ends_at - window.starts_at, wall(window.starts_at)) == (
        timedelta(hours=2),
        values["starts_at"],
    )
    assert wall(window.starts_at) != typed["starts_at"]
    assert WindowTicket.objects.get().ticket == ticket
    assert "Version 9 at last" not in body(agent.get("/maintenance/new/?kept=1"))


def test_time_is_looked_for_before_anything_is_written(desk: Desk) -> None:
    agent = browser_of(desk.agent)
    sent = agent.post("/maintenance/new/", {"find_time": "1", "title": "Half a"})
    assert sent.status_code == 303
    assert "Find a time" in body(agent.get(sent["Location"]))
    assert 'value="Half a"' in body(agent.get("/maintenance/new/?kept=1"))
