"""An iCalendar file in the calendar's form: looked through first, then put into the rows, saved last."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import formats

from accounts.models import Membership
from sla.models import SupportCalendar
from tests.console.forms import calendar_form
from tests.factories import Desk, DeskClient
from tests.sla.test_calendar_file import event, file_of

Login = Callable[[Membership], DeskClient]
PAGE = "/console/calendars/new/"
FILE = file_of(
    event("20301224", name="Christmas Eve"),
    event("20300705", "DTEND;VALUE=DATE:20300717", name="Summer break"),
    event("20200601", "RRULE:FREQ=YEARLY", name="Founder's day"),
    event("20300301", name="Stocktaking"),
    event("20301225", name="Christmas"),
    "SUMMARY:Meeting\r\nDTSTART:20301201T100000Z\r\nDTEND:20301201T110000Z",
)
TYPED: dict[str, Any] = {
    "exceptions": "2",
    "exception_0_date": "2030-03-01",
    "exception_0_name": "Inventory",
    "exception_0_0_opens": "09:00",
    "exception_0_0_closes": "12:00",
    "week_2_0_opens": "half past",
}


def upload(content: bytes, name: str = "days.ics") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/calendar")


def look(client: DeskClient, content: bytes = FILE, page: str = PAGE, **changes: Any) -> str:
    response = client.post(page, calendar_form(action="read_file", ics=upload(content), **changes))
    assert response.status_code == 200
    return str(response.content.decode())


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page's form."""
    form = page[page.index("<main") :]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", form):
        found = {key: unescape(value) for key, value in re.findall(r'(name|value)="([^"]*)"', tag)}
        if found.get("name") and found["name"] != "csrfmiddlewaretoken":
            sent.setdefault(found["name"], []).append(found.get("value", ""))
    return sent


def test_the_page_says_what_would_be_added_changed_and_left_out(desk: Desk, login: Login) -> None:
    page = look(login(desk.admin), **TYPED)
    added, changed, left_out = page.index("Added"), page.index("Changed"), page.index("Left out")
    assert added < page.index("Summer break") < changed
    yearly = formats.date_format(date(2030, 6, 1), "MONTH_DAY_FORMAT")
    assert added < page.index(f"{yearly}, every year") < changed
    assert (
        changed < page.index("Now: Inventory, 09:00\u201312:00") < left_out < page.index("Has times of day")
    )
    assert SupportCalendar.objects.count() == 1, "nothing is saved by looking"


def test_chosen_days_stand_in_the_form_and_nothing_typed_is_lost(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = fields_of(look(client, **TYPED))
    assert len(sent["take"]) == 5
    without_christmas = [value for value in sent["take"] if "2030-12-25" not in value]
    page = client.post(PAGE, sent | {"take": without_christmas, "action": "take_file"}).content.decode()
    assert 'value="half past"' in page, "even what cannot be read"
    assert 'name="exception_0_name" value="Stocktaking"' in page, "replaced"
    assert 'value="2030-07-16"' in page
    assert "2030-12-25" not in page
    assert "exception_5_date" not in page, "four entries and an empty row"
    form = fields_of(page)
    saved = {key: values[0] for key, values in form.items()} | {"week_2_0_opens": "09:00", "action": "save"}
    saved |= {"zone": "Asia/Karachi", "holiday_country": ""}
    saved = {
        key: value for key, value in saved.items() if not key.endswith(("_yearly", "always_open", "ics"))
    }
    assert client.post(PAGE, saved | {"exception_3_yearly": ""}).status_code == 302
    assert "2030-12-24" in SupportCalendar.objects.get(name="Shop hours").versions.get().spec["overrides"]


def test_going_back_keeps_the_form_as_it_was(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = fields_of(look(client, **TYPED))
    page = client.post(PAGE, sent | {"take": [], "action": "back"}).content.decode()
    assert 'name="exception_0_name" value="Inventory"' in page
    assert 'value="half past"' in page


def test_an_edit_keeps_its_version_over_the_file(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    address = f"/console/calendars/{desk.calendar.pk}/edit/"
    sent = fields_of(look(client, page=address, seen_number="1"))
    assert sent["seen_number"] == ["1"]
    page = client.post(address, sent | {"action": "take_file"}).content.decode()
    assert 'name="seen_number" value="1"' in page


def test_what_is_there_already_and_public_holidays_are_left_out(desk: Desk, login: Login) -> None:
    today = file_of(event("20301224", name="Christmas Eve"), event("20271225", name="Navidad"))
    typed = {"exception_0_date": "2030-12-24", "exception_0_name": "Christmas Eve", "holiday_country": "MX"}
    page = look(login(desk.admin), today, **typed)
    assert "Already there." in page
    assert "A public holiday already: Christmas Day." in page
    assert "it changes nothing" in page
    assert "Put into the form" not in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello", "This is no iCalendar file"),
        (b"", "This file is empty"),
        (file_of(), "There is no event in this file"),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * 300_000, "larger than 256 KB"),
    ],
)
def test_a_bad_file_is_refused_beside_the_field_and_the_form_stays(
    desk: Desk, login: Login, content: bytes, words: str
) -> None:
    data = calendar_form(action="read_file", ics=upload(content), **TYPED)
    response = login(desk.admin).post(PAGE, data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert 'href="#id_ics"' in page
    assert 'value="Inventory"' in page


def test_no_file_at_all_is_said_and_a_forged_choice_is_passed_over(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    assert "Choose a file first" in client.post(PAGE, calendar_form(action="read_file")).content.decode()
    forged = [
        "{",
        "[1,2]",
        '["2030-01-01","2029-01-01",false,"x",0]',
        '["2030-01-01","2030-01-01",false,"x",99999999]',
    ]
    page = client.post(PAGE, calendar_form(action="take_file", take=forged))
    assert page.status_code == 200
    assert page.content.decode().count('value="2030-01-01"') == 1
