"""Everything can be done from the keyboard."""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse, path_of
from tests.factories import Desk, new_ticket


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Press Tab until the focus stands on it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is out of reach of the Tab key")


# Whether what has the focus shows it: by itself, or by what it stands in (a composer, a radio's label).
HAS_RING = """() => {
    const here = document.activeElement;
    const around = here.closest("label, .composer, .due, .combo, .rail-search, fieldset");
    const outlined = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const drawn = (e) => outlined(getComputedStyle(e)) || outlined(getComputedStyle(e, "::after"));
    return [here, around, ...(around?.children ?? [])].some((e) => e && drawn(e));
}"""


def test_the_skip_link_comes_first_and_leads_to_the_content(browse: Browse, desk: Desk) -> None:
    for person, path in ((desk.agent, "queue/"), (desk.contact, "tickets/")):
        page = browse(person)
        page.goto(path)
        page.keyboard.press("Tab")
        expect(page.locator(".skip-link")).to_be_focused()
        expect(page.locator(".skip-link")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_a_reply_is_written_and_sent_without_a_mouse(browse: Browse, desk: Desk) -> None:
    ticket = new_ticket(desk, at=timezone.now())
    page = browse(desk.agent)
    page.goto(f"tickets/{ticket.number}/")
    tab_to(page, "textarea[name=body]")
    page.keyboard.type("We look into it.")
    tab_to(page, "button[data-send=reply]")
    assert page.evaluate(HAS_RING)
    page.keyboard.press("Enter")
    expect(page.locator(".conversation")).to_contain_text("We look into it.")


def test_single_keys_open_the_composer_and_send(browse: Browse, desk: Desk) -> None:
    ticket = new_ticket(desk, at=timezone.now())
    page = browse(desk.agent)
    page.goto(f"tickets/{ticket.number}/")
    page.keyboard.press("n")
    expect(page.locator("textarea[name=body]")).to_be_focused()
    page.keyboard.type("The spool is full: n, r, j.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message-note")).to_contain_text("The spool is full: n, r, j.")


def test_j_k_and_o_walk_the_queue(browse: Browse, desk: Desk) -> None:
    for number in range(3):
        new_ticket(desk, at=timezone.now(), subject=f"Ticket {number}")
    page = browse(desk.agent)
    page.goto("queue/")
    rows = page.locator("[data-row]")
    for key, current in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(rows.nth(current)).to_have_attribute("data-current", "")
    expect(page.locator("[data-current]")).to_have_count(1)
    href = rows.nth(1).locator("a").first.get_attribute("href")
    page.keyboard.press("o")
    page.wait_for_url(re.compile(r"/tickets/\d+/"))
    assert href is not None
    assert href.endswith(path_of(page))


def test_slash_searches_and_escape_leaves(browse: Browse, desk: Desk) -> None:
    page = browse(desk.agent)
    page.goto("queue/")
    page.keyboard.press("/")
    expect(page.get_by_label("Search tickets").first).to_be_focused()
    page.keyboard.type("till")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Search tickets").first).not_to_be_focused()


def test_dialogs_take_the_focus_and_give_it_back(browse: Browse, desk: Desk) -> None:
    page = browse(desk.agent)
    page.goto("queue/")
    tab_to(page, "[data-dialog-open=shortcuts]")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog#shortcuts")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.querySelector('dialog#shortcuts').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-dialog-open=shortcuts]")).to_be_focused()


def test_everything_that_takes_the_focus_shows_it(browse: Browse, desk: Desk) -> None:
    ticket = new_ticket(desk, at=timezone.now())
    for person, path in (
        (desk.agent, "queue/"),
        (desk.agent, f"tickets/{ticket.number}/"),
        (desk.contact, "tickets/new/"),
        (desk.admin, f"console/calendars/{desk.calendar.pk}/edit/"),
    ):
        page = browse(person)
        page.goto(path)
        unmarked = []
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break  # once around
            if not page.evaluate(HAS_RING):
                unmarked.append(page.evaluate("document.activeElement.outerHTML.slice(0, 160)"))
        assert not unmarked, f"no focus ring on {path}: {unmarked}"
