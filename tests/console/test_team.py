"""The team in the settings: invitations, roles, leaving, handing over."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Membership
from notifications.models import OutboxMessage
from tests.factories import Desk, DeskClient, new_ticket
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


def test_leaving_is_asked_first_names_open_tickets_and_can_be_undone(desk: Desk, login: Login) -> None:
    assign_ticket(ticket=new_ticket(desk), assignee=desk.agent, by=desk.supervisor, at=timezone.now())
    client, address = login(desk.admin), f"/console/people/{desk.agent.pk}/"
    assert "1 open ticket stays assigned" in client.get(address + "deactivate/").content.decode()
    agent = login(desk.agent)
    client.post(address + "deactivate/")
    assert agent.get("/queue/").status_code == 404
    assert "1 open ticket is still assigned to Ali Agent" in client.get("/console/").content.decode()
    client.post(address + "reactivate/")
    assert agent.get("/queue/").status_code == 200


def test_open_tickets_are_handed_over_at_once(desk: Desk, login: Login) -> None:
    tickets = [new_ticket(desk) for _n in range(3)]
    for ticket in tickets[:2]:
        assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=timezone.now())
    address = f"/console/people/{desk.agent.pk}/hand-over/"
    page = login(desk.admin).post(address, {"to": desk.agent2.pk}, follow=True).content.decode()
    assert "2 tickets are now assigned to Bea Agent." in page
    for ticket in tickets:
        ticket.refresh_from_db()
    assert [ticket.assignee for ticket in tickets] == [desk.agent2, desk.agent2, None]


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
    client, address = reader(desk.admin, language), f"/console/people/{desk.agent.pk}/hand-over/"
    for person in (desk.contact, other_desk.agent, desk.agent):
        page = FormPage(client.post(address, {"to": person.pk}))
        assert page.status == 422
        page.says("to", forged, language=language)
    FormPage(client.post(address, {})).says("to", missing, language=language)


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
