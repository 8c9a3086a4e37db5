"""Of two people who change the same thing at once the second is told, and nothing is overwritten."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.factories import Desk, new_ticket


def test_the_second_of_two_agents_is_told(browse: Browse, desk: Desk) -> None:
    ticket = new_ticket(desk, at=timezone.now())
    first, second = browse(desk.agent), browse(desk.agent2)
    for page in (first, second):
        page.goto(f"tickets/{ticket.number}/")

    first.get_by_label("Priority", exact=True).select_option("high")
    expect(first.locator("main")).to_contain_text("The priority is changed")
    second.get_by_label("Priority", exact=True).select_option("critical")
    expect(second.locator("main")).to_contain_text(re.compile("meanwhile", re.IGNORECASE))
    # The second choice is still in the field, what the first one did holds, and it can be sent again.
    expect(second.get_by_label("Priority", exact=True)).to_have_value("critical")
    ticket.refresh_from_db()
    assert ticket.priority == "high"
    second.get_by_role("button", name="Save").click()
    expect(second.locator("main")).to_contain_text("The priority is changed")
    ticket.refresh_from_db()
    assert ticket.priority == "critical"


def test_the_second_of_two_admins_is_told(browse: Browse, desk: Desk) -> None:
    first, second = browse(desk.admin), browse(desk.owner)
    for page in (first, second):
        page.goto(f"console/categories/{desk.category.pk}/edit/")
    for page, name in ((first, "Failures"), (second, "Incidents")):
        page.get_by_label("Name").fill(name)
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state()
    expect(second.locator("main")).to_contain_text(re.compile("meanwhile", re.IGNORECASE))
    expect(second.get_by_label("Name")).to_have_value("Incidents")
    desk.category.refresh_from_db()
    assert desk.category.name == "Failures"
