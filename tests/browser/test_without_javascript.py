"""What matters works with scripts switched off: file, read, reply, note, handle."""

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.factories import Desk, new_ticket


def test_a_customer_files_and_answers_and_its_admin_sees_it_as_they_do(browse: Browse, desk: Desk) -> None:
    page = browse(desk.contact, scripts=False)
    page.goto("tickets/")
    page.get_by_role("link", name="New ticket").first.click()
    page.get_by_label("Subject").fill("The till does not print")
    page.get_by_label("Description").fill("Since **this morning**.")
    page.get_by_role("button", name="File the ticket").click()
    # Refused: what was typed is still there.
    expect(page.get_by_label("Subject")).to_have_value("The till does not print")
    page.get_by_label("Category").select_option(label="Technical issue")
    page.get_by_role("button", name="File the ticket").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The till does not print")
    expect(page.locator(".conversation strong")).to_contain_text("this morning")

    page.get_by_label("Your message").fill("It is the *second* till.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".conversation em")).to_contain_text("second")

    boss = browse(desk.customer_admin)
    boss.goto("company/people/")
    boss.get_by_role("button", name="View the portal as Carla Contact").click()
    banner = boss.get_by_text("You see the portal as Carla Contact")
    expect(banner).to_be_visible()
    boss.get_by_role("link", name="The till does not print").first.click()
    expect(boss.locator(".conversation em")).to_contain_text("second")
    expect(banner).to_be_visible()
    boss.get_by_label("Your message").fill("As Carla")
    boss.get_by_role("button", name="Send reply").click()
    expect(boss.get_by_text("Not while you see as somebody else")).to_be_visible()
    boss.go_back()
    boss.get_by_role("button", name="Back to yourself").click()
    expect(boss.get_by_text("You see the portal as yourself again")).to_be_visible()
    expect(banner).to_have_count(0)


def test_an_agent_replies_notes_and_handles(browse: Browse, desk: Desk) -> None:
    new_ticket(desk, at=timezone.now())
    page = browse(desk.agent, scripts=False)
    page.goto("queue/")
    page.get_by_role("link", name="The till does not print").click()

    page.get_by_label("Your message").fill("We look into it.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".conversation")).to_contain_text("We look into it.")

    page.get_by_role("radio", name="Internal note").check()
    page.get_by_label("Your message").fill("The spool is full.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".message-note")).to_contain_text("The spool is full.")

    page.get_by_label("Priority", exact=True).select_option("high")
    page.locator("form.handling").filter(has=page.get_by_label("Priority", exact=True)).get_by_role(
        "button"
    ).click()
    expect(page.get_by_label("Priority", exact=True)).to_have_value("high")
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()


def test_filters_of_the_queue_have_a_button(browse: Browse, desk: Desk) -> None:
    new_ticket(desk, at=timezone.now())
    new_ticket(desk, at=timezone.now(), subject="Nobody can log in", priority="critical")
    page = browse(desk.agent, scripts=False)
    page.goto("queue/")
    form = page.locator("form.toolbar")
    form.get_by_label("Priority").select_option("critical")
    form.get_by_role("button").first.click()
    expect(page.get_by_role("link", name="Nobody can log in")).to_be_visible()
    expect(page.get_by_role("link", name="The till does not print")).to_have_count(0)
