"""Outages: opened, told about, corrected, ended; tickets that tell of one, answered together."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from maintenance.banner import OPEN_END, look_again
from maintenance.models import Outage, OutageService, OutageTicket, OutageUpdate, Stage
from maintenance.services.errors import NotAllowed
from maintenance.services.outage_errors import (
    EditedMeanwhile,
    NoService,
    NothingToAnswer,
    OutageEnded,
    WrongInstant,
)
from maintenance.services.outages import (
    answer_tickets,
    change_outage,
    end_outage,
    link_tickets,
    open_outage,
    unlink_ticket,
    update_outage,
)
from tests.factories import MONDAY, Desk, new_service, new_ticket
from tests.maintenance.factories import new_outage
from tickets.models import EventKind, Message, TicketEvent
from tickets.services import close_ticket, resolve_ticket


def m(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def banner_of(desk: Desk) -> datetime | None:
    return Tenant.objects.get(pk=desk.tenant.pk).banner_until


def test_an_outage_is_opened_told_about_and_ended(desk: Desk) -> None:
    erp, pos = new_service(desk), new_service(desk, "POS sync")
    outage = open_outage(
        tenant_id=desk.tenant.pk,
        title=" ERP  does not answer",
        services={erp: "down", pos: "degraded"},
        text="We are looking into it.",
        started_at=m(-10),
        by=desk.agent,
        at=m(0),
    )
    assert (outage.title, outage.stage, outage.ended_at) == ("ERP does not answer", "investigating", None)
    assert banner_of(desk) == OPEN_END
    update_outage(outage=outage, text="It is the disk.", stage="identified", by=desk.agent2, at=m(5))
    ended = end_outage(outage=outage, text="The disk was replaced.", by=desk.agent, at=m(30))
    assert (ended.stage, ended.ended_at) == (Stage.RESOLVED, m(30))
    assert list(OutageService.objects.values_list("service__name", "impact", "started_at", "ended_at")) == [
        ("ERP production", "down", m(-10), m(30)),
        ("POS sync", "degraded", m(-10), m(30)),
    ]
    assert list(OutageUpdate.objects.values_list("at", "stage", "text", "author__name")) == [
        (m(0), "investigating", "We are looking into it.", "Ali Agent"),
        (m(5), "identified", "It is the disk.", "Bea Agent"),
        (m(30), "resolved", "The disk was replaced.", "Ali Agent"),
    ]
    assert banner_of(desk) is None


def test_one_service_recovers_before_the_other(desk: Desk) -> None:
    erp, pos = new_service(desk), new_service(desk, "POS sync")
    outage = new_outage(desk, {erp: "down", pos: "down"})
    update_outage(
        outage=outage, text="POS works.", stage="monitoring", by=desk.agent, at=m(7), recovered=[pos]
    )
    with pytest.raises(NoService):
        update_outage(outage=outage, text="All.", stage="monitoring", by=desk.agent, at=m(8), recovered=[erp])
    outage = end_outage(outage=outage, text="All works.", by=desk.agent, at=m(20))
    assert ends(outage) == {"ERP production": m(20), "POS sync": m(7)}
    # Corrected to have lasted until 10, and to have begun later: its own end stays.
    change_outage(
        outage=outage,
        title="Network",
        cause="A cable.",
        started_at=m(2),
        ended_at=m(10),
        services={erp: "down", pos: "degraded"},
        seen=outage.version,
        by=desk.agent,
        at=m(60),
    )
    assert ends(outage) == {"ERP production": m(10), "POS sync": m(7)}
    assert set(outage.outage_services.values_list("started_at", flat=True)) == {m(2)}


def ends(outage: Outage) -> dict[str, datetime | None]:
    return dict(outage.outage_services.values_list("service__name", "ended_at"))


def test_what_is_recorded_is_corrected_once(desk: Desk) -> None:
    erp, pos = new_service(desk), new_service(desk, "POS sync")
    outage = new_outage(desk, {erp: "down"})
    values: dict[str, Any] = {
        "title": "ERP",
        "cause": "",
        "started_at": m(-5),
        "ended_at": None,
        "by": desk.agent,
        "at": m(1),
    }
    change_outage(outage=outage, services={pos: "degraded"}, seen=1, **values)
    with pytest.raises(EditedMeanwhile):
        change_outage(outage=outage, services={erp: "down"}, seen=1, **values)
    assert list(OutageService.objects.values_list("service__name", "impact", "started_at")) == [
        ("POS sync", "degraded", m(-5))
    ]


def test_what_cannot_be(desk: Desk, other_desk: Desk) -> None:
    erp = new_service(desk)
    with tenant_scope(other_desk.tenant.pk):
        foreign = new_service(other_desk)
    with pytest.raises(NoService):
        new_outage(desk, {})
    with pytest.raises(NotAllowed):
        new_outage(desk, {foreign: "down"})
    with pytest.raises(NotAllowed):
        new_outage(desk, {erp: "down"}, by=desk.contact)
    with pytest.raises(WrongInstant):
        new_outage(desk, {erp: "down"}, started_at=m(1))
    outage = new_outage(desk, {erp: "down"})
    with pytest.raises(WrongInstant):
        end_outage(outage=outage, text="Over.", by=desk.agent, at=m(5), ended_at=m(-1))
    end_outage(outage=outage, text="Over.", by=desk.agent, at=m(5))
    with pytest.raises(OutageEnded):
        end_outage(outage=outage, text="Over.", by=desk.agent, at=m(6))
    with pytest.raises(OutageEnded):
        update_outage(outage=outage, text="Again.", stage="monitoring", by=desk.agent, at=m(6))
    assert Outage.objects.count() == 1


def test_several_tickets_make_one_story_and_are_answered_together(desk: Desk) -> None:
    erp = new_service(desk)
    first, second = new_ticket(desk), new_ticket(desk, by=desk.other_contact)
    done, closed = new_ticket(desk), new_ticket(desk)
    outage = new_outage(desk, {erp: "down"}, tickets=[second, first])
    added = link_tickets(outage=outage, tickets=[first, done, closed], by=desk.agent, at=m(1))
    assert added == [done, closed]
    assert TicketEvent.objects.filter(kind=EventKind.OUTAGE_LINKED).count() == 4
    resolve_ticket(ticket=done, by=desk.agent, at=m(2))
    resolve_ticket(ticket=closed, by=desk.agent, at=m(2))
    close_ticket(ticket=closed, at=m(3))
    answered = answer_tickets(outage=outage, body="It works again.", by=desk.agent, at=m(4), then="resolved")
    assert answered == [first, second, done]
    assert Message.objects.filter(body="It works again.", from_staff=True).count() == 3
    first.refresh_from_db()
    assert first.status == "resolved"
    assert unlink_ticket(outage=outage, ticket=first, by=desk.agent, at=m(5))
    assert not unlink_ticket(outage=outage, ticket=first, by=desk.agent, at=m(5))
    OutageTicket.objects.exclude(ticket=closed).delete()
    with pytest.raises(NothingToAnswer):
        answer_tickets(outage=outage, body="It works again.", by=desk.agent, at=m(6))


def test_customers_see_outages_of_what_they_use(desk: Desk) -> None:
    shared = new_outage(desk, {new_service(desk): "down"})
    theirs = new_outage(desk, {new_service(desk, "Their own", customer=desk.other_customer): "down"})
    assert list(Outage.objects.visible_to(desk.contact)) == [shared]
    assert set(Outage.objects.visible_to(desk.other_contact)) == {shared, theirs}
    assert Outage.objects.visible_to(desk.agent).count() == 2


def test_the_banner_stays_while_another_outage_runs(desk: Desk) -> None:
    erp = new_service(desk)
    first, second = new_outage(desk, {erp: "down"}), new_outage(desk, {erp: "degraded"})
    end_outage(outage=first, text="Over.", by=desk.agent, at=m(5))
    assert banner_of(desk) == OPEN_END
    end_outage(outage=second, text="Over.", by=desk.agent, at=m(6))
    assert banner_of(desk) is None
    assert look_again(tenant_id=desk.tenant.pk, at=m(7)) is None
