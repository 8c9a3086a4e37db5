"""A calendar with days of every kind in a real browser: drawn, edited, and with a file; desktop and phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.tenancy import tenant_scope
from sla.services import create_calendar
from tests.browser.axe import check, report
from tests.browser.conftest import Browse
from tests.browser.world import World, build_world
from tests.factories import FOUNDED, KARACHI
from tests.sla.test_calendar_file import event, file_of


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    built = build_world()
    with tenant_scope(built.desk.tenant.pk):
        yield built


SPEC = KARACHI | {
    "overrides": {"2030-12-31": {"name": "Stocktaking", "hours": [["09:00", "12:30"]]}},
    "ranges": [{"from": "2020-01-01", "to": "2020-01-05", "name": "Long ago", "hours": []}],
    "yearly": {"12-24": {"to": "01-02", "name": "Between the years", "hours": []}},
}


@pytest.mark.parametrize("width", [1280, 390])
def test_months_are_drawn_and_days_of_a_file_are_looked_at_and_taken(
    browse: Browse, world: World, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "days.ics"
    file.write_bytes(
        file_of(
            event("20300705", "DTEND;VALUE=DATE:20300717", name="Summer break"),
            event("20301231", name="Closed for stocktaking"),
            event("20200101", name="Long ago"),
        )
    )
    calendar = create_calendar(
        tenant_id=world.desk.tenant.pk, name="Busy", spec=SPEC, holiday_country="PK", at=FOUNDED
    )
    page = browse(world.desk.admin, width=width)
    page.goto(f"console/calendars/{calendar.pk}/")
    found = check(page)
    assert page.locator(".month table").count() == 3
    page.goto(f"console/calendars/{calendar.pk}/edit/")
    page.get_by_label("iCalendar file").set_input_files(file)
    page.get_by_role("button", name="Look into the file").click()
    assert page.get_by_role("checkbox", name="Summer break").is_checked()
    found += check(page)
    page.get_by_role("button", name="Put into the form").click()
    assert not page.locator("#id_exception_0_name").is_visible(), "folded: its words stand there"
    page.get_by_text("Summer break").first.click()
    found += check(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    report(found)
