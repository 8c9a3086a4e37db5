"""An outage that gets worse, or better, stays one outage: each stretch counts and is told as it was."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from maintenance.models import Outage, OutageCorrection, OutageService
from maintenance.services.outage_errors import NothingLeft, WrongInstant
from maintenance.services.outage_periods import Stretch
from maintenance.services.outages import change_outage, end_outage, update_outage
from maintenance.status_page import read_month
from notifications.models import OutboxMessage
from notifications.services import deliver_mails
from tests.factories import MONDAY, Desk, DeskClient, new_service
from tests.forms import FormPage
from tests.maintenance.factories import new_outage
from tests.maintenance.status import public_page, public_service

Login = Callable[[Any], DeskClient]


def m(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def stretches() -> list[tuple[str, str, datetime, datetime | None]]:
    rows = OutageService.objects.order_by("service__name", "started_at")
    return list(rows.values_list("service__name", "impact", "started_at", "ended_at"))


def typed(desk: Desk, at: datetime) -> str:
    """An instant as the agent's clock reads it."""
    return at.astimezone(ZoneInfo(desk.agent.user.time_zone)).strftime("%Y-%m-%dT%H:%M:%S")


def arrived() -> dict[str, set[str]]:
    """Who got mails since the last time, by subject."""
    before = len(mail.outbox)
    deliver_mails(now=timezone.now() + timedelta(hours=1), most=1000)
    found: dict[str, set[str]] = {}
    for letter in mail.outbox[before:]:
        found.setdefault(str(letter.subject), set()).add(letter.to[0].partition("@")[0])
    return found


def test_each_stretch_counts_and_stands_in_the_public_story(desk: Desk) -> None:
    public_page(desk)
    erp = public_service(desk)
    outage = new_outage(desk, {erp: "degraded"}, title="Slow")
    values: dict[str, Any] = {"outage": outage, "stage": "identified", "by": desk.agent}
    update_outage(text="Away now.", impacts={erp: "down"}, since=m(15), at=m(20), **values)
    update_outage(text="Slow again.", impacts={erp: "degraded"}, at=m(40), **values)
    update_outage(text="Nothing new.", impacts={erp: "degraded"}, at=m(50), **values)
    with pytest.raises(NothingLeft):
        update_outage(text="Over.", recovered=[erp], at=m(55), **values)
    for since in (m(40), m(61)):
        with pytest.raises(WrongInstant):
            update_outage(text="Away.", impacts={erp: "down"}, since=since, at=m(60), **values)
    end_outage(outage=outage, text="Over.", by=desk.agent, at=m(60))
    assert stretches() == [
        ("ERP production", "degraded", m(0), m(15)),
        ("ERP production", "down", m(15), m(40)),
        ("ERP production", "degraded", m(40), m(60)),
    ]
    content = read_month(desk.tenant, first=MONDAY.date().replace(day=1), now=m(600))
    assert [(day.down, day.degraded) for day in content.services[0].days if day.down] == [(25 * 60, 35 * 60)]
    [story] = content.past_outages
    assert (story.services, len(story.stretches)) == ((("ERP production", "down"),), 3)
    shown = Client().get(f"/t/acme/status/history/?month={date(MONDAY.year, MONDAY.month, 1):%Y-%m}")
    assert shown.content.decode().count("<li>ERP production: ") == 3
    assert Outage.objects.count() == 1


def test_an_end_that_becomes_known_late_takes_back_what_was_said_meanwhile(desk: Desk) -> None:
    erp, pos = new_service(desk), new_service(desk, "POS sync")
    outage = new_outage(desk, {erp: "down", pos: "down"})
    values: dict[str, Any] = {"outage": outage, "stage": "monitoring", "by": desk.agent}
    update_outage(text="POS works.", recovered=[pos], at=m(20), **values)
    update_outage(text="ERP is slow.", impacts={erp: "degraded"}, at=m(30), **values)
    end_outage(outage=outage, text="It worked all the while.", by=desk.agent, at=m(40), ended_at=m(10))
    assert stretches() == [
        ("ERP production", "down", m(0), m(10)),
        ("POS sync", "down", m(0), m(10)),
    ]


def test_a_correction_that_leaves_no_time_leaves_the_service(desk: Desk) -> None:
    erp = new_service(desk)
    outage = new_outage(desk, {erp: "degraded"})
    update_outage(
        outage=outage, text="Away.", stage="identified", impacts={erp: "down"}, at=m(30), by=desk.agent
    )
    outage = end_outage(outage=outage, text="Over.", by=desk.agent, at=m(60))
    change_outage(
        outage=outage, title="Short", cause="", started_at=m(0), ended_at=m(20), seen=outage.version,
        services={erp: [Stretch("degraded", m(30), m(40)), Stretch("down", m(40), m(60))]}, by=desk.agent,
        at=m(90),
    )  # fmt: skip
    assert stretches() == [("ERP production", "degraded", m(20), m(20))], "an outage of nothing is none"


def test_on_the_page_it_gets_worse_reaches_others_and_is_corrected(desk: Desk, login: Login) -> None:
    OutboxMessage.objects.all().delete()
    now = timezone.now().replace(microsecond=0)
    tills = new_service(desk, "Tills", customer=desk.customer)
    looms = new_service(desk, "Looms", customer=desk.other_customer)
    outage = new_outage(desk, {tills: "degraded"}, title="Cable cut", at=now - timedelta(hours=2))
    agent, path = login(desk.agent), f"/outages/{outage.pk}/"
    assert set(arrived()) == {"Outage: Cable cut"}
    page = FormPage(agent.get(path))
    since = typed(desk, now - timedelta(hours=1))
    sent = {"stage": "identified", "text": "Worse.", "seen": "1", f"now_{tills.pk}": "down"}
    assert page.value(f"now_{tills.pk}") == ""
    early = agent.post(f"{path}update/", sent | {"since": "2020-01-01T00:00:00"})
    assert early.status_code == 409
    assert "Choose a time after" in early.content.decode()
    both = sent | {f"now_{looms.pk}": "degraded", "since": since}
    assert agent.post(f"{path}update/", both).status_code == 303
    ours = {"contact", "contact2", "customer_admin"}
    assert arrived() == {"Outage got worse: Cable cut": ours, "Outage: Cable cut": {"other_contact"}}
    works = {"stage": "monitoring", "text": "Looms work.", "seen": "2", f"now_{looms.pk}": "works"}
    assert agent.post(f"{path}update/", works).status_code == 303
    assert arrived() == {"Outage is over: Cable cut": {"other_contact"}}
    read = login(desk.contact).get(path).content.decode()
    assert "Looms" not in read
    assert read.count("<li>Degraded: ") == read.count("<li>Down: ") == 1
    edit = FormPage(agent.get(f"{path}edit/"))
    named = {e.attributes.get("name", "") for e in edit.elements if e.tag in ("input", "select", "textarea")}
    same = {name: edit.value(name) for name in named - {"", "seen", "csrfmiddlewaretoken"}} | {"seen": "3"}
    assert agent.post(f"{path}edit/", same).status_code == 303
    assert not OutageCorrection.objects.exists(), "it was saved as it was"
    later = same | {"seen": "4", f"from_{tills.pk}_2": typed(desk, now - timedelta(minutes=50))}
    assert agent.post(f"{path}edit/", later | {f"from_{tills.pk}_2": ""}).status_code == 422
    assert agent.post(f"{path}edit/", later).status_code == 303
    assert [row[1:] for row in stretches() if row[0] == "Tills"] == [
        ("degraded", now - timedelta(hours=2), now - timedelta(minutes=50)),
        ("down", now - timedelta(minutes=50), None),
    ]
    assert set(OutageCorrection.objects.get().after["services"]) >= {str(tills.pk), f"{tills.pk}.2"}
