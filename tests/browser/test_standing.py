"""A restricted customer: its people read why and the way out; what can wait waits, the rest gets through."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.factories import Desk

NOTICE = "Support for Bright Bakery is restricted"


def file(page: Page, priority: str) -> None:
    page.goto("tickets/new/")
    page.get_by_label("Category").select_option(label="Technical issue")
    page.get_by_label("Subject").fill("The till does not print")
    page.get_by_label("Description").fill("Since this morning.")
    page.get_by_role("radio", name=priority).check()
    page.get_by_role("button", name="File the ticket").click()


def test_a_restricted_customer_is_told_and_stopped_until_it_is_lifted(browse: Browse, desk: Desk) -> None:
    admin, customer = browse(desk.admin), browse(desk.contact, width=390)
    admin.goto(f"console/categories/{desk.category.pk}/edit/")
    admin.get_by_label(re.compile("^Outage or restore")).check()
    admin.get_by_role("button", name=re.compile("^Save")).first.click()
    admin.goto(f"console/customers/{desk.customer.pk}/standing/")
    admin.get_by_role("radio", name="Restricted").check()
    admin.get_by_label("Ground").select_option(label="Overdue payment")
    admin.get_by_label("Reason").fill("Two reminders for invoice 17.")
    admin.get_by_label("Way out").fill("Please settle invoice 17, or call Olga.")
    admin.get_by_role("button", name="Save standing").click()
    expect(admin.get_by_text("The customer's people read it on every page.")).to_be_visible()

    for path in ("", "tickets/", "tickets/new/"):
        customer.goto(path)
        expect(customer.get_by_text(NOTICE)).to_be_visible()
        expect(customer.get_by_text("Please settle invoice 17, or call Olga.")).to_be_visible()
        expect(customer.get_by_text("Two reminders")).to_have_count(0)
    file(customer, "Low")
    expect(customer.get_by_role("alert")).to_contain_text("cannot be filed at the moment (Overdue payment)")
    expect(customer.get_by_label("Subject")).to_have_value("The till does not print")
    file(customer, "Critical")
    customer.wait_for_url(re.compile(r"/tickets/\d+/$"))

    admin.goto(f"console/customers/{desk.customer.pk}/standing/")
    admin.get_by_role("button", name="Lift it").click()
    expect(admin.get_by_text("In good standing").first).to_be_visible()
    file(customer, "Low")
    customer.wait_for_url(re.compile(r"/tickets/\d+/$"))
    expect(customer.get_by_text(NOTICE)).to_have_count(0)
