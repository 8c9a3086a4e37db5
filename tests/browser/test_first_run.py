"""From nothing to a promise kept: an operator opens a blank desk, and the console alone does the rest.

No fixture but the operator: hours, plan, categories, customer, contract, people come out of the console's own
forms, everybody enters by the link in their mail. On the way a newcomer's path to a filed ticket is counted.
"""

import re

from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from notifications.tasks import deliver
from tests.browser.axe import check, report
from tests.browser.conftest import Browse, path_of
from tests.factories import PASSWORD

MOST_CLICKS = 3
COUNT_CLICKS = """addEventListener("click", ({ target }) => {
  const pressed = target.closest("a, button, summary");
  if (pressed) sessionStorage.clicks = (sessionStorage.clicks || "") + pressed.textContent.trim() + ";";
}, true);"""


def test_from_a_blank_desk_to_a_promise_kept(browse: Browse, transactional_db: None) -> None:
    User.objects.create_superuser("root@example.org", PASSWORD, name="Root")
    opens_a_desk(browse())
    owner = enter(browse(), "olga@bright.example")
    expect(owner.get_by_text("0 of 6 steps stand")).to_be_visible()
    report(check(owner))
    sets_hours(owner)
    sets_a_plan(owner)
    takes_categories(owner)
    adds_a_customer(owner)
    invites_an_agent(owner)
    keeps_the_look(owner)

    customer = browse()
    enter(customer, "carla@bakery.example")
    files_in_three_clicks(customer)
    expect(customer.locator("main")).to_contain_text("First reply by")

    agent_answers(enter(browse(), "ali@bright.example"))
    customer.reload()
    expect(customer.locator("main")).to_contain_text("We look into it at once.")
    expect(customer.locator(".page-head")).not_to_contain_text("First reply by")


def opens_a_desk(page: Page) -> None:
    """From the operators' list of desks."""
    page.goto("admin/accounts/tenant/")
    log_in(page, "root@example.org")
    page.get_by_role("link", name="Add tenant").click()
    report(check(page))
    page.get_by_label("Name of the support provider").fill("Bright Support")
    page.get_by_label("Address").fill("bright")
    page.get_by_role("radio", name="A blank desk").check()
    page.locator("#id_language").select_option("en")
    page.locator("#id_time_zone_search").fill("Karachi")
    page.get_by_role("option", name="Asia/Karachi").click()
    page.get_by_label("Owner's name").fill("Olga Owner")
    page.get_by_label("Owner's email").fill("olga@bright.example")
    page.get_by_role("button", name="Open the desk").click()
    expect(page.get_by_text("The invitation to olga@bright.example is on its way.")).to_be_visible()


def log_in(page: Page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def enter(page: Page, email: str) -> Page:
    """By the link of the invitation that has left through the outbox."""
    deliver()
    letter = next(letter for letter in mail.outbox if letter.to == [email])
    found = re.search(r"/(t/bright/invitations/[^/\s]+/)", str(letter.body))
    assert found, letter.body
    page.goto(found[1])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accept and open the desk").click()
    page.wait_for_url(lambda url: "/invitations/" not in url)
    return page


def sets_hours(page: Page) -> None:
    """The usual hours as the form proposes them."""
    page.get_by_role("link", name="New calendar").click()
    expect(page.get_by_label("Monday, opens (1)")).to_have_value("09:00")
    page.get_by_role("button", name="Create calendar").click()
    expect(page.get_by_text("Step 1 of 6")).to_be_visible()
    page.get_by_role("link", name="Next: Plans").click()


def sets_a_plan(page: Page) -> None:
    """The usual targets, a tighter one, and chat besides."""
    page.get_by_role("link", name="New plan").first.click()
    expect(page.get_by_label("First response, Critical, limit")).to_have_value("4")
    page.get_by_label("First response, Critical, aim").fill("1")
    page.get_by_role("button", name="Create plan").click()
    expect(page.get_by_text("Plan “Standard” was created.")).to_be_visible()
    page.get_by_role("link", name="Back to set-up").click()
    expect(page.get_by_text("2 of 6 steps stand")).to_be_visible()


def takes_categories(page: Page) -> None:
    page.get_by_role("button", name="Take the usual thirteen").click()
    expect(page.get_by_text("13 categories were created.")).to_be_visible()


def adds_a_customer(page: Page) -> None:
    """A company with its contract and somebody who files tickets."""
    page.get_by_role("link", name="Next: Customers").click()
    page.get_by_role("link", name="New customer").first.click()
    page.get_by_label("Name", exact=True).fill("Bright Bakery")
    page.get_by_role("button", name="Add customer").click()
    page.get_by_role("link", name="Back to set-up").click()
    page.get_by_role("link", name="“Bright Bakery” has no contract today").click()
    page.get_by_label("Plan", exact=True).select_option(label="Standard")
    page.get_by_role("button", name="Give contract").click()
    page.get_by_role("link", name="Back to set-up").click()
    page.get_by_role("link", name="“Bright Bakery” has no people").click()
    page.get_by_label("Name", exact=True).fill("Carla Contact")
    page.get_by_label("Email").fill("carla@bakery.example")
    page.get_by_role("radio", name="Member").check()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("Carla Contact gets an invitation by email.")).to_be_visible()


def invites_an_agent(page: Page) -> None:
    page.get_by_role("link", name="Next: People").click()
    page.get_by_role("link", name="Invite a colleague").click()
    page.get_by_label("Name", exact=True).fill("Ali Agent")
    page.get_by_label("Email").fill("ali@bright.example")
    page.get_by_role("radio", name="Agent").check()
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("Ali Agent gets an invitation by email.")).to_be_visible()


def keeps_the_look(page: Page) -> None:
    """The last step: the panel on the overview leads there, and is gone when nothing is missing."""
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_text("5 of 6 steps stand")).to_be_visible()
    report(check(page))
    page.get_by_role("link", name="All steps").click()
    page.get_by_role("button", name="Keep it as it is").click()
    expect(page.get_by_text("Nothing is missing")).to_be_visible()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("The set-up is closed.")).to_be_visible()
    expect(page.get_by_text("Set up your desk")).to_have_count(0)


def files_in_three_clicks(page: Page) -> None:
    """From the log-in to a filed ticket: what is pressed is counted, and the page with the form is one."""
    page.context.clear_cookies()
    forms: list[str] = []
    page.add_init_script(COUNT_CLICKS)
    page.goto("t/bright/")
    page.on("framenavigated", lambda frame: forms.append(path_of(page)) if frame == page.main_frame else None)
    log_in(page, "carla@bakery.example")
    page.get_by_role("link", name="New ticket").first.click()
    page.get_by_label("Category").select_option(label="User assistance")
    page.get_by_label("Subject").fill("How do I close the month?")
    page.get_by_label("Description").fill("I find **no** button for it.")
    page.get_by_role("radio", name="Critical").check()
    page.get_by_role("button", name="File the ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/"))
    clicks = str(page.evaluate("sessionStorage.clicks")).rstrip(";").split(";")
    assert clicks[-1] == "File the ticket"
    assert len(clicks) <= MOST_CLICKS, clicks
    assert [path for path in forms if "new" in path] == ["/tickets/new/"], forms


def agent_answers(page: Page) -> None:
    """Find it in the queue by its due time, open it, answer; the promise is kept."""
    page.goto("t/bright/queue/")
    page.get_by_role("link", name="How do I close the month?").click()
    page.locator("textarea[name=body]").fill("We look into it at once.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".conversation")).to_contain_text("We look into it at once.")
    expect(page.locator(".side-panel .due-met")).to_contain_text(re.compile("met", re.IGNORECASE))
