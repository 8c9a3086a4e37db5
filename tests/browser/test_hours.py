"""Out of scope: asked with its clause, approved by the link in the mail, worked, drawn, in the statement."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from accounts.tenancy import tenant_scope
from notifications.models import OutboxMessage
from tests.browser.conftest import Browse
from tests.factories import Desk, new_ticket
from tests.hours.factories import billing

QUESTION = "Shall we import your old invoices?"


def link_to(desk: Desk) -> str:
    """The path behind the desk's address of the link that the requester got."""
    with tenant_scope(desk.tenant.pk):
        mail = OutboxMessage.objects.get(kind="approval_asked", recipient=desk.contact)
    found = re.search(r"approvals/answer/[^/\s]+/", mail.body_text)
    assert found
    return found[0]


def test_out_of_scope_from_the_clause_to_the_statement(browse: Browse, desk: Desk) -> None:
    billing(desk, "not_covered")
    ticket = new_ticket(desk, at=timezone.now() - timedelta(hours=1), subject="Please import our invoices")
    admin, agent = browse(desk.admin), browse(desk.agent)

    admin.goto(f"hours/{desk.customer.pk}/")
    admin.get_by_role("link", name="Sell a pack").click()
    admin.get_by_label("Name", exact=True).fill("Success Pack 10")
    admin.get_by_label("Hours", exact=True).fill("10")
    admin.get_by_role("button", name="Sell the pack").click()
    expect(admin.get_by_text("10 h left today.")).to_be_visible()

    agent.goto(f"tickets/{ticket.number}/")
    agent.get_by_role("link", name="Ask for approval, or out of scope").click()
    agent.get_by_label("Out of scope").select_option(label="Your own hardware")
    agent.get_by_label("What shall the customer approve?").fill(QUESTION)
    agent.get_by_label(re.compile("^Estimate")).fill("2:30")
    agent.get_by_role("button", name="Ask the customer").click()
    expect(agent.get_by_text("The customer has been asked for approval.")).to_be_visible()

    reader = browse(tenant=desk.tenant)
    reader.goto(link_to(desk))
    expect(reader.get_by_text(QUESTION)).to_be_visible()
    expect(reader.get_by_text("Your own hardware")).to_be_visible()
    reader.get_by_label("Comment").fill("Go on.")
    reader.get_by_role("button", name="Approve").click()
    expect(reader.get_by_text("goes on with the work")).to_be_visible()

    agent.reload()
    expect(agent.get_by_text("approved: Go on.")).to_be_visible()
    agent.get_by_role("link", name="Log time").click()
    expect(agent.get_by_text("Of the estimate 2 h 30 min are left.")).to_be_visible()
    agent.get_by_label("Time", exact=True).fill("1:30")
    agent.get_by_label("What was done").fill("Imported 2024")
    agent.get_by_role("button", name="Log time").click()
    expect(agent.get_by_text("1 h 30 min logged, 1 h 30 min of it drawn from prepaid hours.")).to_be_visible()

    chief = browse(desk.customer_admin)
    chief.goto("hours/")
    expect(chief.get_by_text("8 h 30 min left today.")).to_be_visible()
    expect(chief.get_by_role("cell", name="Imported 2024")).to_be_visible()
