"""Handing over the open tickets of somebody: to a person, a team, nobody; of many in the background."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.services import create_team
from accounts.services.absences import AbsenceTerms, add_absence
from notifications.models import Notification, OutboxMessage
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import HandOver, Ticket, TicketEvent
from tickets.services import assign_ticket, resolve_ticket
from tickets.services.errors import NobodyTakes
from tickets.services.handing_over import hand_over_tickets, under_way
from tickets.tasks import go_on_handing_over_in

Login = Callable[[Membership], DeskClient]
DAY = timedelta(days=1)


def of_agent(desk: Desk, count: int, **more: Any) -> list[Ticket]:
    """Tickets that the agent has."""
    tickets = [new_ticket(desk, **more) for _number in range(count)]
    for ticket in tickets:
        assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=MONDAY)
    return tickets


def assignees(tickets: list[Ticket]) -> list[str | None]:
    rows = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).order_by("pk")
    return list(rows.values_list("assignee__name", flat=True))


def test_a_supervisor_gives_all_to_a_colleague_who_is_told_once(desk: Desk, login: Login) -> None:
    tickets, done = of_agent(desk, 2), of_agent(desk, 1)[0]
    resolve_ticket(ticket=done, by=desk.agent, at=MONDAY)
    client, address = login(desk.supervisor), f"/people/{desk.agent.pk}/hand-over/"
    assert "2 open tickets" in client.get(address).content.decode()
    page = client.post(address, {"how": "person", "to": desk.agent2.pk}, follow=True).content.decode()
    assert "2 tickets are handed over." in page
    assert "Bea Agent: 2 tickets" in page
    assert assignees([*tickets, done]) == ["Bea Agent", "Bea Agent", "Ali Agent"]
    events = TicketEvent.objects.filter(kind="assigned", actor=desk.supervisor, data__to="Bea Agent")
    assert events.count() == 2
    lines = Notification.objects.filter(recipient=desk.agent2).exclude(kind="filed")
    assert [line.title for line in lines] == ["Sara Supervisor handed 2 tickets of Ali Agent over to you"]
    assert OutboxMessage.objects.filter(recipient=desk.agent2, kind="handed_over").count() == 1
    assert "Nothing to hand over" in client.get(address).content.decode()
    assert login(desk.agent2).get(address).status_code == 403


def test_a_team_shares_them_among_those_who_are_there(desk: Desk, login: Login) -> None:
    people = [desk.agent2, desk.admin, desk.owner]
    team = create_team(name="Night watch", members=people, by=desk.owner, at=MONDAY)
    assign_ticket(ticket=new_ticket(desk), assignee=desk.admin, by=desk.supervisor, at=MONDAY)
    now = timezone.now()
    terms = AbsenceTerms(now - DAY, now + DAY)
    add_absence(person=desk.owner, terms=terms, by=desk.owner, at=now)
    tickets = of_agent(desk, 3)
    login(desk.supervisor).post(f"/people/{desk.agent.pk}/hand-over/", {"how": "team", "team": team.pk})
    assert sorted(map(str, assignees(tickets))) == ["Adam Admin", "Bea Agent", "Bea Agent"], "least first"
    mine = create_team(name="Only Ali", members=[desk.agent], by=desk.owner, at=MONDAY)
    with pytest.raises(NobodyTakes):
        hand_over_tickets(person=desk.agent, to=mine, by=desk.supervisor, at=now)


def test_what_falls_due_while_somebody_is_away_is_listed_and_goes_alone(desk: Desk, login: Login) -> None:
    now = timezone.now()
    urgent = of_agent(desk, 1, at=now, priority="critical", subject="The shop stands still")
    later = of_agent(desk, 1, at=now, priority="low", subject="A question")
    due_at = Ticket.objects.get(pk=urgent[0].pk).due_at
    assert due_at is not None
    terms = AbsenceTerms(now - DAY, due_at + timedelta(minutes=1))
    add_absence(person=desk.agent, terms=terms, by=desk.agent, at=now)
    client, address = login(desk.supervisor), f"/people/{desk.agent.pk}/hand-over/"
    page = client.get("/absences/").content.decode()
    assert "The shop stands still" in page
    assert "A question" not in page
    assert f"{address}?due" in page
    sent = {"how": "queue", "which": terms.ends_at.isoformat()}
    page = client.post(address, sent, follow=True).content.decode()
    assert "1 ticket is unassigned now." in page
    assert assignees([*urgent, *later]) == [None, "Ali Agent"]


def test_many_go_in_the_background_and_nobody_left_to_take_them_is_said(
    desk: Desk, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.services.handing_over.AT_ONCE", 1)
    monkeypatch.setattr("tickets.services.handing_over.BATCH", 2)
    tickets, client = of_agent(desk, 3), login(desk.supervisor)
    page = client.post(
        f"/people/{desk.agent.pk}/hand-over/", {"how": "person", "to": desk.agent2.pk}, follow=True
    ).content.decode()
    assert "0 of 3" in page
    assert assignees(tickets) == ["Ali Agent"] * 3
    assert len(under_way()) == 1
    go_on_handing_over_in(desk.tenant.pk)
    assert assignees(tickets) == ["Bea Agent"] * 3
    made = HandOver.objects.get()
    assert (made.done, made.given, under_way()) == (3, {str(desk.agent2.pk): 3}, [])
    again = hand_over_tickets(person=desk.agent2, to=desk.agent, by=desk.supervisor, at=timezone.now())
    desk.agent.deactivated_at = timezone.now()
    desk.agent.save()
    go_on_handing_over_in(desk.tenant.pk)
    page = client.get(f"/hand-overs/{again.pk}/").content.decode()
    assert "0 of 3 tickets were handed over, then nobody was left" in page
