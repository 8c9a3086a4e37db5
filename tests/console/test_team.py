"""The team in the settings: invitations, roles, leaving, handing over."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Membership
from notifications.models import OutboxMessage
from tests.factories import FOUNDED, Desk, DeskClient, new_ticket
from tests.forms import FormPage, reader
from tickets.services import assign_ticket

Login = Callable[[Membership], DeskClient]


def test_a_colleague_is_invited_and_invited_again(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    data = {"name": "Ines", "email": "ines@acme.example", "role": "agent"}
    assert client.post("/console/team/invite/", data).status_code == 302
    ines = Membership.objects.get(user__email="ines@acme.example")
    client.post(f"/console/people/{ines.pk}/invite/")
    assert OutboxMessage.objects.filter(to="ines@acme.example").count() == 2
    client.post(f"/console/people/{desk.agent.pk}/invite/")
    assert OutboxMessage.objects.filter(to=desk.agent.user.email).count() == 1, "she has accepted already"


def test_an_admin_makes_nobody_owner(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    data = {"name": "O", "email": "o@acme.example", "role": "owner"}
    assert client.post("/console/team/invite/", data).status_code == 422
    assert client.post(f"/console/people/{desk.agent.pk}/role/", {"role": "owner"}).status_code == 422
    client.post(f"/console/people/{desk.owner.pk}/role/", {"role": "agent"})
    desk.owner.refresh_from_db()
    assert desk.owner.role == "owner"


def test_a_role_is_changed_within_its_side(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    client.post(f"/console/people/{desk.agent.pk}/role/", {"role": "supervisor"})
    desk.agent.refresh_from_db()
    assert desk.agent.role == "supervisor"
    assert client.post(f"/console/people/{desk.agent.pk}/role/", {"role": "member"}).status_code == 422


def test_the_last_owner_stays(desk: Desk) -> None:
    second = accounts.invite_person(
        by=desk.owner, email="two@acme.example", name="Two", role="owner", at=timezone.now()
    )
    with pytest.raises(accounts.LastOwner):
        accounts.deactivate_person(membership=desk.owner, by=second, at=timezone.now())


def test_nobody_changes_their_own_access(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    page = client.post(f"/console/people/{desk.admin.pk}/deactivate/", follow=True).content.decode()
    assert "You may not do this for that person" in page
    assert "This is you" in page


def test_leaving_is_asked_first_and_open_tickets_go_where_the_form_says(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=timezone.now())
    client, address = login(desk.admin), f"/console/people/{desk.agent.pk}/"
    assert "1 open ticket is assigned to this person" in client.get(address + "deactivate/").content.decode()
    asked = FormPage(client.post(address + "deactivate/"))
    assert asked.status == 422
    asked.says("how", "Choose what happens to the open tickets.", language="en")
    agent = login(desk.agent)
    client.post(address + "deactivate/", {"how": "later"})
    assert agent.get("/queue/").status_code == 404
    assert "1 open ticket is still assigned to Ali Agent" in client.get("/console/").content.decode()
    client.post(address + "reactivate/")
    assert agent.get("/queue/").status_code == 200
    done = client.post(address + "deactivate/", {"how": "queue"}, follow=True).content.decode()
    assert "Ali Agent can no longer enter." in done
    assert "1 ticket is unassigned now." in done
    ticket.refresh_from_db()
    assert ticket.assignee is None
    assert agent.get("/queue/").status_code == 404


def test_who_may_not_be_deactivated_keeps_their_tickets(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    assign_ticket(ticket=ticket, assignee=desk.owner, by=desk.supervisor, at=timezone.now())
    login(desk.admin).post(f"/console/people/{desk.owner.pk}/deactivate/", {"how": "queue"})
    ticket.refresh_from_db()
    assert ticket.assignee == desk.owner, "both or neither"


@pytest.mark.parametrize(
    ("language", "forged", "missing"),
    [
        ("en", "This person cannot take tickets. Choose another.", "Choose who takes the tickets over."),
        (
            "es",
            "Esta persona no puede recibir tickets. Elija a otra.",
            "Elija quién se hará cargo de los tickets.",
        ),
    ],
)
def test_tickets_go_to_active_colleagues_only(
    desk: Desk, other_desk: Desk, language: str, forged: str, missing: str
) -> None:
    assign_ticket(ticket=new_ticket(desk), assignee=desk.agent, by=desk.supervisor, at=timezone.now())
    client, address = reader(desk.supervisor, language), f"/people/{desk.agent.pk}/hand-over/"
    for person in (desk.contact, other_desk.agent, desk.agent):
        page = FormPage(client.post(address, {"how": "person", "to": person.pk}))
        assert page.status == 422
        page.says("to", forged, language=language)
    FormPage(client.post(address, {"how": "person"})).says("to", missing, language=language)


def test_the_list_costs_the_same_for_few_and_for_many(
    desk: Desk, login: Login, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(8):
        accounts.invite_person(
            by=desk.owner, email=f"p{number}@acme.example", name="P", role="agent", at=timezone.now()
        )
    client = login(desk.admin)
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        assert client.get("/console/team/").status_code == 200


def test_a_long_list_goes_on_on_the_next_page(desk: Desk, login: Login) -> None:
    made = [
        accounts.invite_person(
            by=desk.owner, email=f"p{number}@acme.example", name=f"P{number:02}", role="agent", at=FOUNDED
        )
        for number in range(50)
    ]
    client = login(desk.admin)
    first = client.get("/console/team/")
    found = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert found is not None
    second = client.get("/console/team/" + unescape(found[1])).content.decode()
    assert "Olga Owner" in first.content.decode()
    assert "Olga Owner" not in second
    shown = first.content.decode() + second
    assert all(person.user.email in shown for person in made)
