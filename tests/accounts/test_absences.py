"""When staff are away: entered, shown where it matters, and no promise left to somebody who is not there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.absences import away_among, is_away
from accounts.models import Absence, AuditEntry, Membership
from accounts.services.absences import AbsenceTerms, AwayAlready, add_absence
from notifications.models import Notification
from sla.models import WorkingHours
from sla.services import Tell
from sla.sweep import sweep_tenant
from sla.working_hours import off_until, returns
from tests.factories import MONDAY, Desk, DeskClient, add_person, new_ticket
from tests.forms import FormPage
from tests.sla.test_ladder_steps import climb, step, told
from tickets.services import assign_ticket

Login = Callable[[Membership], DeskClient]
LAHORE = ZoneInfo("Asia/Karachi")
DAY = timedelta(days=1)


def away(person: Membership, start: datetime, end: datetime, **more: str) -> Absence:
    return add_absence(person=person, terms=AbsenceTerms(start, end, **more), by=person, at=start)


def test_absences_that_touch_are_one_and_two_at_once_are_refused(desk: Desk) -> None:
    away(desk.agent, MONDAY, MONDAY + DAY)
    away(desk.agent, MONDAY + DAY, MONDAY + 3 * DAY, kind="sick")
    with pytest.raises(AwayAlready):
        away(desk.agent, MONDAY + 2 * DAY, MONDAY + 4 * DAY)
    assert away_among([desk.agent, desk.agent2, desk.contact], MONDAY) == {desk.agent.pk: MONDAY + 3 * DAY}
    assert not is_away(desk.agent, MONDAY - timedelta(seconds=1))
    assert not is_away(desk.agent, MONDAY + 3 * DAY), "the end is when they are back"


def test_who_is_away_until_sunday_is_back_when_they_work_next(desk: Desk) -> None:
    friday = datetime(2026, 3, 6, tzinfo=LAHORE)
    away(desk.agent, friday, friday + 2 * DAY)  # Friday and Saturday; the desk is closed on Sundays
    at = friday + timedelta(hours=10)
    assert returns([desk.agent], at) == {desk.agent.pk: datetime(2026, 3, 9, 9, tzinfo=LAHORE)}
    WorkingHours.objects.create(tenant=desk.tenant, person=desk.agent, week={"1": [["14:00", "18:00"]]})
    tuesday = datetime(2026, 3, 10, 14, tzinfo=ZoneInfo(desk.agent.user.time_zone))
    assert returns([desk.agent], at) == {desk.agent.pk: tuesday}
    assert off_until([desk.agent2], friday) == {desk.agent2.pk: datetime(2026, 3, 6, 9, tzinfo=LAHORE)}


def test_somebody_enters_their_own_absence_and_colleagues_learn_no_reason(desk: Desk, login: Login) -> None:
    client = login(desk.agent)
    today = timezone.now().astimezone(ZoneInfo(desk.agent.user.time_zone)).date()
    data = {"first_day": today, "last_day": today + DAY, "kind": "sick", "note": "Broken leg"}
    assert client.post("/profile/absences/", data).status_code == 302
    absence = Absence.objects.get()
    assert absence.person == desk.agent
    assert absence.ends_at - absence.starts_at == 2 * DAY
    own = client.get("/profile/absences/").content.decode()
    assert "Broken leg" in own
    assert AuditEntry.objects.filter(kind="accounts.absence", act="created").exists()
    FormPage(client.post("/profile/absences/", data)).says(
        "first_day", "Another absence is entered for a part of this time. Change that one.", language="en"
    )
    wrong = data | {"last_day": today - DAY}
    FormPage(client.post("/profile/absences/", wrong)).says(
        "last_day", "The last day lies before the first one.", language="en"
    )

    ticket = new_ticket(desk, at=timezone.now())
    supervisor, colleague = login(desk.supervisor), login(desk.agent2)
    page = colleague.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Ali Agent · away until" in page
    assert "Sick" not in page
    sent = {"assignee": desk.agent.pk, "seen": ""}
    page = colleague.post(f"/tickets/{ticket.number}/assign/", sent, follow=True).content.decode()
    assert "The assignee is changed. Ali Agent is away until" in page
    listed = supervisor.get("/absences/").content.decode()
    assert "Sick leave" in listed
    assert "Away until" in listed
    of_agent = supervisor.get(f"/people/{desk.agent.pk}/absences/").content.decode()
    assert "Sick leave" in of_agent
    assert "Broken leg" not in of_agent
    assert "Away until" in login(desk.admin).get("/console/team/").content.decode()
    assert colleague.get("/absences/").status_code == 403
    assert colleague.get(f"/people/{desk.agent.pk}/absences/").status_code == 403
    assert colleague.get(f"/absences/{absence.pk}/").status_code == 404


def test_who_is_back_early_changes_the_end_and_what_was_a_mistake_goes(desk: Desk, login: Login) -> None:
    absence = away(desk.agent, MONDAY, MONDAY + 5 * DAY, note="Wedding")
    address, client = f"/absences/{absence.pk}/", login(desk.supervisor)
    assert 'name="note"' not in client.get(address).content.decode()
    data = {"first_day": "2026-03-02", "last_day": "2026-03-03", "kind": "holiday", "seen_version": "1"}
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 409, "the first one has made a newer version"
    absence.refresh_from_db()
    assert absence.ends_at == datetime(2026, 3, 4, tzinfo=ZoneInfo(desk.agent.user.time_zone))
    assert absence.note == "Wedding", "whoever may not read it does not clear it"
    client.post(address + "remove/")
    assert not Absence.objects.exists()


def test_working_hours_are_the_desks_a_calendars_or_ones_own(desk: Desk, login: Login) -> None:
    client, address = login(desk.agent), "/profile/working-hours/"
    FormPage(client.post(address, {"works_by": "calendar", "seen_version": "0"})).says(
        "calendar", "Choose a calendar.", language="en"
    )
    own = {"works_by": "own", "week_0_0_opens": "9", "week_0_0_closes": "17", "seen_version": "0"}
    assert client.post(address, own).status_code == 302
    hours = WorkingHours.objects.get()
    assert hours.week == {"0": [["09:00", "17:00"]]}
    assert client.post(address, own).status_code == 409
    of_agent = f"/people/{desk.agent.pk}/working-hours/"
    by_calendar = {"works_by": "calendar", "calendar": desk.calendar.pk, "seen_version": "1"}
    assert login(desk.supervisor).post(of_agent, by_calendar).status_code == 302
    hours.refresh_from_db()
    assert (hours.calendar, hours.week) == (desk.calendar, {})
    client.post(address, {"works_by": "desk", "seen_version": "2"})
    assert not WorkingHours.objects.exists()


def test_the_list_costs_the_same_for_few_and_for_many(desk: Desk, login: Login) -> None:
    client, counts = login(desk.supervisor), []
    for number in range(2):
        for person in (desk.agent, desk.agent2)[: number + 1]:
            now = timezone.now() + number * DAY
            away(person, now, now + DAY)
            new_ticket(desk, at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/absences/").status_code == 200
        counts.append(len(queries))
        for more in range(6):
            add_person(desk.owner, f"more{number}{more}@acme.example", "More", "agent")
    assert counts[0] == counts[1]


def test_what_is_escalated_to_somebody_who_is_away_goes_to_the_supervisors_too(desk: Desk) -> None:
    climb(desk, step("limit", tells=(Tell("assignee"),)))

    def told_of_ticket_of(person: Membership, day: int) -> set[str]:
        at = MONDAY + day * DAY
        assign_ticket(
            ticket=new_ticket(desk, priority="high", at=at), assignee=person, by=desk.supervisor, at=at
        )
        Notification.objects.filter(kind="escalation").delete()
        sweep_tenant(now=at + timedelta(hours=8, minutes=1))
        return told()

    assert told_of_ticket_of(desk.agent, 0) == {"Ali Agent"}
    away(desk.agent, MONDAY + DAY, MONDAY + 2 * DAY)
    assert told_of_ticket_of(desk.agent, 1) == {"Ali Agent", "Olga Owner", "Adam Admin", "Sara Supervisor"}
    assert told_of_ticket_of(desk.agent, 2) == {"Ali Agent"}, "back again"
