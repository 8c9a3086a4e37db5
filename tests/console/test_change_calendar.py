"""A change of a calendar is a version; the second of two edits at once is told, not lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership
from sla import services as sla
from sla.models import Clock, Edit, EditState, Reach
from sla.services import edits
from sla.services.errors import EditedMeanwhile, NotAllowed
from tests.console.forms import apply_draft_of, calendar_form
from tests.factories import FOUNDED, KARACHI, Desk, DeskClient, new_ticket
from tests.forms import OVERTAKEN, FormPage, reader

Login = Callable[[Membership], DeskClient]


def page_of(desk: Desk) -> str:
    return f"/console/calendars/{desk.calendar.pk}/edit/"


def test_saving_makes_a_version_and_the_old_one_stays_readable(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    apply_draft_of(client, client.post(page_of(desk), calendar_form(seen_number="1")))
    desk.calendar.refresh_from_db()
    assert desk.calendar.name == "Shop hours"
    old = client.get(f"/console/calendars/{desk.calendar.pk}/versions/1/").content.decode()
    assert "Sat" in old
    assert "09:00\u201318:00" in old
    assert "older version" in old


def test_saving_without_a_change_makes_no_version(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    data = calendar_form(
        name="Office hours", week_5_0_opens="09:00", week_5_0_closes="18:00", seen_number="1"
    )
    assert "Nothing was changed" in client.post(page_of(desk), data, follow=True).content.decode()
    assert desk.calendar.versions.count() == 1


@pytest.mark.parametrize(
    ("language", "who"),
    [
        ("en", "Olga Owner has changed this meanwhile, on "),
        ("es", "Olga Owner cambió esto mientras tanto, el "),
    ],
)
def test_the_second_of_two_edits_is_told_who_was_first_and_may_then_save(
    desk: Desk, login: Login, language: str, who: str
) -> None:
    first, second = login(desk.owner), reader(desk.admin, language)
    sent_first = calendar_form(name="Hours of the owner", seen_number="1")
    apply_draft_of(first, first.post(page_of(desk), sent_first))
    sent = {"name": "Hours of the admin", "week_3_0_closes": "17:30"}
    response = second.post(page_of(desk), calendar_form(**sent, seen_number="1"))
    page = FormPage(response)
    assert (page.status, page.language) == (409, language)
    # It concerns the whole form, not one field.
    assert who in page.summary[""]
    assert OVERTAKEN[language] in page.summary[""]
    page.keeps(sent)
    desk.calendar.refresh_from_db()
    assert desk.calendar.name == "Hours of the owner"
    assert 'name="seen_number" value="2"' in response.content.decode()
    assert second.post(page_of(desk), calendar_form(seen_number="2")).status_code == 302


def test_open_tickets_are_moved_in_the_background(desk: Desk) -> None:
    new_ticket(desk)
    now = timezone.now()
    version = sla.change_calendar(
        calendar=desk.calendar,
        seen_number=1,
        at=now,
        by=desk.admin,
        name="Office hours",
        spec=KARACHI | {"tz": "UTC"},
    )
    edit = Edit.objects.get(calendar_version=version)
    assert (edit.state, edit.reach, edit.created_by) == (EditState.APPLYING, Reach.FROM_NOW, desk.admin)
    assert edits.work_on(edit.pk, now)
    under = Clock.objects.not_ended().values_list("agreement__calendar_version", "agreement__since")
    assert set(under) == {(version.pk, now)}


def test_holidays_of_its_own_survive_an_edit_as_exceptions(desk: Desk, login: Login) -> None:
    calendar = sla.create_calendar(
        tenant_id=desk.tenant.pk,
        name="Own holidays",
        spec=KARACHI | {"holidays": {"2027-05-04": "Day of the founder"}},
        at=FOUNDED,
    )
    page = login(desk.admin).get(f"/console/calendars/{calendar.pk}/edit/").content.decode()
    assert 'value="2027-05-04"' in page
    assert "Day of the founder" in page


def test_a_calendar_in_use_is_not_archived(desk: Desk, login: Login) -> None:
    address = f"/console/calendars/{desk.calendar.pk}/archive/"
    page = login(desk.admin).post(address, follow=True).content.decode()
    assert "still use this calendar" in page
    desk.calendar.refresh_from_db()
    assert desk.calendar.archived_at is None


def test_an_unused_calendar_is_archived_and_restored(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    spare = sla.create_calendar(tenant_id=desk.tenant.pk, name="Spare", spec=KARACHI, at=FOUNDED)
    client.post(f"/console/calendars/{spare.pk}/archive/")
    spare.refresh_from_db()
    assert spare.archived_at is not None
    client.post(f"/console/calendars/{spare.pk}/archive/", {"restore": "1"})
    spare.refresh_from_db()
    assert spare.archived_at is None


def test_agents_change_nothing_and_forged_versions_are_refused(desk: Desk) -> None:
    change: dict[str, Any] = {"calendar": desk.calendar, "at": timezone.now(), "name": "X", "spec": KARACHI}
    with pytest.raises(NotAllowed):
        sla.change_calendar(**change, by=desk.agent, seen_number=1)
    with pytest.raises(EditedMeanwhile):
        sla.change_calendar(**change, by=desk.admin, seen_number=0)


def test_the_list_costs_the_same_for_one_calendar_and_for_many(
    desk: Desk, login: Login, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(6):
        sla.create_calendar(tenant_id=desk.tenant.pk, name=f"Calendar {number}", spec=KARACHI, at=FOUNDED)
    client = login(desk.admin)
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        assert client.get("/console/calendars/").status_code == 200
