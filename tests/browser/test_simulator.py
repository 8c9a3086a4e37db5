"""The simulator in a browser: live while one types, and by its button without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import Browsing
from tests.factories import Desk


def test_results_follow_what_is_typed_and_so_does_the_address(desk: Desk, browse: Browsing) -> None:
    page = browse(desk.admin)
    page.goto(f"console/plans/{desk.plan.pk}/simulator/")
    page.fill("#simulate_arrives", "2026-03-06T17:00")
    expect(page.locator("#simulated")).to_contain_text("Saturday 7 March 2026, 12:00 PKT")
    assert "arrives=2026-03-06T17%3A00" in page.url
    page.fill("#simulate_pause_from", "2026-03-07T09:00")
    expect(page.locator("#simulate_pause_to_wrong")).to_contain_text("Say when the pause begins")
    page.fill("#simulate_pause_to", "2026-03-07T10:00")
    expect(page.locator("#simulate_pause_to_wrong")).to_be_empty()
    expect(page.locator("#simulated")).to_contain_text("1 h paused")
    page.reload()
    expect(page.locator("#simulated")).to_contain_text("1 h paused")


def test_the_section_on_a_calendar_answers_in_place(desk: Desk, browse: Browsing) -> None:
    page = browse(desk.admin, width=390, theme="dark")
    page.goto(f"console/calendars/{desk.calendar.pk}/")
    page.fill("#simulate_arrives", "2026-03-06T17:00")
    page.fill("#simulate_limit", "1")
    expect(page.locator("#simulate_aim_wrong")).to_contain_text("The aim must not be above the limit.")
    page.fill("#simulate_aim", "")
    expect(page.locator("#simulated")).to_contain_text("Friday 6 March 2026, 18:00 PKT")
    assert page.url.endswith(f"/console/calendars/{desk.calendar.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_works_without_scripts(desk: Desk, browse: Browsing) -> None:
    page = browse(desk.admin, scripts=False)
    page.goto(f"console/plans/{desk.plan.pk}/")
    page.fill("#simulate_arrives", "2026-03-06T17:00")
    page.get_by_role("button", name="Show the deadlines").click()
    expect(page.locator("#simulated")).to_contain_text("Saturday 7 March 2026, 12:00 PKT")
