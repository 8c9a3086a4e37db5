"""The week of a calendar drawn: by mouse, by keys, by finger; what is saved is what the fields say."""

from playwright.sync_api import Locator, Page, expect

from sla.models import SupportCalendar
from tests.browser.conftest import Browse
from tests.factories import Desk


def field(page: Page, day: int, slot: int, part: str) -> Locator:
    return page.locator(f"[name=week_{day}_{slot}_{part}]")


def drag(page: Page, column: Locator, start: float, end: float) -> None:
    """Press at one hour of a day, move, let go at another one."""
    box = column.bounding_box()
    assert box is not None
    x, hour = box["x"] + box["width"] / 2, box["height"] / 24
    page.mouse.move(x, box["y"] + start * hour)
    page.mouse.down()
    page.mouse.move(x, box["y"] + (start + end) / 2 * hour)
    page.mouse.move(x, box["y"] + end * hour)
    page.mouse.up()


def test_hours_are_drawn_with_the_mouse_and_the_keys_and_saved(browse: Browse, desk: Desk) -> None:
    page = browse(desk.admin)
    page.goto("console/calendars/new/")
    page.get_by_role("textbox", name="Name", exact=True).fill("Shift")
    monday, tuesday = (page.get_by_role("group", name=name, exact=True) for name in ("Monday", "Tuesday"))
    expect(field(page, 0, 0, "opens")).not_to_be_visible()
    monday.scroll_into_view_if_needed()

    drag(page, monday, 8.05, 11.95)
    block = page.get_by_role("button", name="Monday, 08:00 to 12:00")
    expect(block).to_be_focused()
    expect(field(page, 0, 0, "closes")).to_have_value("12:00")
    drag(page, monday, 10, 11)  # the block as a whole
    expect(page.get_by_role("button", name="Monday, 09:00 to 13:00")).to_be_visible()
    drag(page, monday, 12.95, 14)  # its lower edge
    expect(page.get_by_role("button", name="Monday, 09:00 to 14:00")).to_be_visible()
    drag(page, monday, 20, 24)
    expect(page.get_by_role("button", name="Monday, 20:00 to 24:00")).to_be_visible()

    status = page.locator("[data-week] [role=status]")
    page.get_by_role("button", name="Add hours on Tuesday").focus()
    page.keyboard.press("Enter")
    expect(status).to_have_text("Added: Tuesday, 09:00 to 17:00")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowDown")
    expect(status).to_have_text("Tuesday, 08:45 to 17:00")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_role("button", name="Tuesday, 08:30 to 17:00")).to_be_focused()
    for _time in range(2):
        page.keyboard.press("Enter")
    expect(tuesday.get_by_role("button")).to_have_count(3)
    expect(field(page, 1, 2, "opens")).to_have_value("20:00")
    page.keyboard.press("Delete")
    expect(status).to_have_text("Removed: Tuesday, 20:00 to 21:00")
    expect(tuesday.get_by_role("button").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Wednesday, 08:30 to 17:00")).to_be_focused()
    page.keyboard.press("ArrowLeft")

    page.get_by_text("Type the hours").click()
    field(page, 4, 0, "opens").fill("22")
    field(page, 4, 0, "closes").fill("6")
    expect(page.get_by_role("button", name="Friday, 22:00 to 06:00")).to_be_visible()
    page.get_by_role("button", name="Create calendar").click()
    page.wait_for_url("**/console/calendars/*/")
    calendar = SupportCalendar.objects.get(name="Shift")
    assert calendar.versions.get().spec["week"] == {
        "0": [["09:00", "14:00"], ["20:00", "24:00"]],
        "1": [["08:30", "17:00"], ["18:00", "19:00"]],
        "4": [["22:00", "06:00"]],
    }


def test_a_tap_adds_an_hour_and_what_overlaps_is_refused(browse: Browse, desk: Desk) -> None:
    page = browse(desk.admin, width=390)
    page.goto("console/calendars/new/")
    monday = page.get_by_role("group", name="Monday", exact=True)
    box = monday.bounding_box()
    assert box is not None
    monday.tap(position={"x": 10, "y": box["height"] * 10.5 / 24})
    block = page.get_by_role("button", name="Monday, 10:00 to 11:00")
    expect(block).to_be_visible()
    monday.tap(position={"x": 10, "y": box["height"] * 11.5 / 24})
    expect(page.get_by_role("button", name="Monday, 11:00 to 12:00")).to_be_visible()
    block.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-week] [role=status]")).to_contain_text("Not possible")
    expect(field(page, 0, 0, "opens")).to_have_value("10:00")


def test_without_scripts_the_fields_stand_open(browse: Browse, desk: Desk) -> None:
    page = browse(desk.admin, scripts=False)
    page.goto("console/calendars/new/")
    expect(field(page, 0, 0, "opens")).to_be_visible()
    expect(page.locator(".week-grid")).to_have_count(0)
