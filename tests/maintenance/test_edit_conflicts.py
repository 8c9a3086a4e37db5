"""Of two who edit, the second is told, loses nothing, and may save all the same."""

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from maintenance.models import Series, Window
from maintenance.services.windows import schedule_window
from tests.factories import Desk, browser_of
from tests.maintenance.test_series_pages import form as series_form
from tests.maintenance.test_window_pages import body, form, in_hours
from tests.maintenance.windows import new_window


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def test_draft_that_was_changed_meanwhile_is_saved_the_second_time(desk: Desk) -> None:
    ali, bea = browser_of(desk.agent), browser_of(desk.agent2)
    window = new_window(desk, starts_at=in_hours(100), at=timezone.now())
    path, service = f"/maintenance/{window.pk}/edit/", window.services.get().pk
    mine: dict[str, Any] = form(desk, in_hours(100), title="Of Ali", services=[service], seen=window.version)
    assert bea.post(path, mine | {"title": "Of Bea"}).status_code == 303
    told = body(ali.post(path, mine), 409)
    assert "Somebody else has changed this" in told
    assert 'value="Of Ali"' in told
    assert "the window in a new tab" in told
    assert Window.objects.get().title == "Of Bea"
    assert ali.post(path, mine | {"seen": seen_in(told)}).status_code == 303
    assert Window.objects.get().title == "Of Ali"


def test_draft_that_was_announced_meanwhile_keeps_its_times(desk: Desk) -> None:
    ali = browser_of(desk.agent)
    window = new_window(desk, starts_at=in_hours(100), at=timezone.now())
    path, service = f"/maintenance/{window.pk}/edit/", window.services.get().pk
    mine = form(desk, in_hours(120), title="Of Ali", services=[service], seen=window.version)
    schedule_window(window=window, by=desk.agent2, at=timezone.now())
    told = body(ali.post(path, mine), 409)
    assert "This window was announced." in told
    assert 'name="starts_at"' not in told
    assert ali.post(path, mine | {"seen": seen_in(told)}).status_code == 303
    saved = Window.objects.get()
    assert (saved.title, saved.starts_at) == ("Of Ali", in_hours(100))


def test_series_that_was_changed_meanwhile_is_saved_the_second_time(desk: Desk) -> None:
    ali, bea = browser_of(desk.agent), browser_of(desk.agent2)
    first = timezone.localdate() + timedelta(days=20)
    assert ali.post("/maintenance/recurring/new/", series_form(desk)).status_code == 303
    series = Series.objects.get()
    path = f"/maintenance/recurring/{series.pk}/edit/"
    mine = series_form(desk, first_date=first.isoformat(), title="Of Ali", seen=series.version)
    assert bea.post(path, mine | {"title": "Of Bea"}).status_code == 303
    told = body(ali.post(path, mine), 409)
    assert "the recurring maintenance in a new tab" in told
    assert ali.post(path, mine | {"seen": seen_in(told)}).status_code == 303
    assert Series.objects.get().title == "Of Ali"
