"""Of two people who change the same thing at once the second is told, and nothing is overwritten."""

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import Membership
from tests.browser.conftest import Browse
from tests.factories import Desk, new_ticket
from tests.forms import MEANWHILE


def reads(person: Membership, language: str) -> Membership:
    """The same person, with that language chosen."""
    person.user.language = language
    person.user.save(update_fields=["language"])
    return person


def said_beside(page: Page, field: Locator) -> Locator:
    """The words that a screen reader says with the field."""
    expect(field).to_have_attribute("aria-invalid", "true")
    return page.locator(f"#{field.get_attribute('aria-describedby')}")


@pytest.mark.parametrize(
    ("language", "label", "now", "save", "done"),
    [
        ("en", "Priority", "High", "Save", "The priority is changed"),
        ("es", "Prioridad", "Alta", "Guardar", "Se cambió la prioridad"),
    ],
)
def test_the_second_of_two_agents_is_told(
    browse: Browse, desk: Desk, *, language: str, label: str, now: str, save: str, done: str
) -> None:
    ticket = new_ticket(desk, at=timezone.now())
    first, second = browse(desk.agent), browse(reads(desk.agent2, language))
    for page in (first, second):
        page.goto(f"tickets/{ticket.number}/")

    first.get_by_label("Priority", exact=True).select_option("high")
    expect(first.locator("main")).to_contain_text("The priority is changed")
    field = second.get_by_label(label, exact=True)
    field.select_option("critical")
    expect(second.locator("main")).to_contain_text(MEANWHILE[language].format(now))
    expect(said_beside(second, field)).to_have_text(MEANWHILE[language].format(now))
    # The second choice is still in the field, what the first one did holds, and it can be sent again.
    expect(field).to_have_value("critical")
    ticket.refresh_from_db()
    assert ticket.priority == "high"
    second.locator("form").filter(has=field).get_by_role("button", name=save).click()
    expect(second.locator("main")).to_contain_text(done)
    ticket.refresh_from_db()
    assert ticket.priority == "critical"


@pytest.mark.parametrize(("language", "label"), [("en", "Name"), ("es", "Nombre")])
def test_the_second_of_two_admins_is_told(browse: Browse, desk: Desk, language: str, label: str) -> None:
    first, second = browse(desk.admin), browse(reads(desk.owner, language))
    for page in (first, second):
        page.goto(f"console/categories/{desk.category.pk}/edit/")
    for page, field, name in ((first, "Name", "Failures"), (second, label, "Incidents")):
        page.get_by_label(field).fill(name)
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state()
    # It concerns the whole form, so it stands on top of it.
    expect(second.get_by_role("alert")).to_contain_text(MEANWHILE[language].format("Failures"))
    expect(second.get_by_label(label)).to_have_value("Incidents")
    desk.category.refresh_from_db()
    assert desk.category.name == "Failures"
