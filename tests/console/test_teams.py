"""Teams in the settings, and who coordinates a customer."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import Customer, Membership, Team, TeamMember
from accounts.services import NotAllowed, change_team, create_team
from tests.factories import FOUNDED, Desk, DeskClient, new_ticket

Login = Callable[[Membership], DeskClient]


def team_of(desk: Desk, name: str = "Night watch") -> Team:
    return create_team(name=name, members=[desk.agent, desk.supervisor], by=desk.admin, at=FOUNDED)


def members_of(team: Team) -> list[str]:
    return list(team.members.values_list("name", flat=True))


def test_a_team_is_made_and_its_name_is_taken_once(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = {"name": "Night  watch", "members": [desk.agent.pk, desk.agent2.pk]}
    assert client.post("/console/teams/new/", sent).status_code == 302
    assert members_of(Team.objects.get(name="Night watch")) == ["Ali Agent", "Bea Agent"]
    refused = client.post("/console/teams/new/", sent | {"name": "NIGHT watch"})
    assert refused.status_code == 422
    assert "A team with this name exists already" in refused.content.decode()
    page = client.get("/console/teams/").content.decode()
    assert "Ali Agent, Bea Agent" in page


def test_a_team_needs_members_and_they_are_staff(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    for members, said in (
        ([], "Choose at least one person"),
        ([desk.contact.pk], "Choose people of the staff"),
    ):
        answer = client.post("/console/teams/new/", {"name": "Night watch", "members": members})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not Team.objects.exists()
    with pytest.raises(NotAllowed):
        create_team(name="Night watch", members=[desk.contact], by=desk.admin, at=FOUNDED)


def test_a_team_is_renamed_and_its_members_change(desk: Desk, login: Login) -> None:
    team = team_of(desk)
    client, address = login(desk.owner), f"/console/teams/{team.pk}/edit/"
    page = client.get(address).content.decode()
    assert page.count("checked") == 2
    sent = {"name": "Day watch", "members": [desk.agent2.pk], "seen_version": "1"}
    assert client.post(address, sent).status_code == 302
    team.refresh_from_db()
    assert (team.name, members_of(team)) == ("Day watch", ["Bea Agent"])
    late = client.post(address, sent | {"name": "Dusk watch"})
    assert late.status_code == 409
    assert "Nothing was overwritten" in late.content.decode()


def test_who_left_stays_in_the_team_until_somebody_takes_them_out(desk: Desk, login: Login) -> None:
    team = team_of(desk)
    Membership.objects.filter(pk=desk.agent.pk).update(deactivated_at=timezone.now())
    sent = {"name": "Night watch", "members": [desk.agent.pk], "seen_version": "1"}
    assert login(desk.admin).post(f"/console/teams/{team.pk}/edit/", sent).status_code == 302
    assert members_of(team) == ["Ali Agent"]
    assert list(team.members.active()) == []


def test_a_team_is_archived_and_restored(desk: Desk, login: Login, other_desk: Desk) -> None:
    team = team_of(desk)
    client, address = login(desk.admin), f"/console/teams/{team.pk}/archive/"
    client.post(address)
    assert not Team.objects.in_use().exists()
    assert "Archived" in client.get("/console/teams/").content.decode()
    client.post(address, {"restore": "1"})
    assert Team.objects.in_use().exists()
    assert login(other_desk.admin).post(address).status_code == 404
    with pytest.raises(NotAllowed):
        change_team(team=team, seen_version=3, name="Mine", members=[], by=desk.agent, at=FOUNDED)


def test_a_member_of_another_desk_is_refused_by_the_database(desk: Desk, other_desk: Desk) -> None:
    team = team_of(desk)
    TeamMember.objects.create(tenant=desk.tenant, team=team, person_id=other_desk.agent.pk)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_customer_gets_a_coordinator_whom_only_staff_see(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    sent = {
        "name": "Bright Bakery",
        "hosting_model": "shared",
        "is_active": "on",
        "seen_version": "1",
        "coordinator": desk.agent2.pk,
    }
    client, address = login(desk.admin), f"/console/customers/{desk.customer.pk}/"
    assert client.post(address + "edit/", sent).status_code == 302
    assert Customer.objects.get(pk=desk.customer.pk).coordinator == desk.agent2
    assert "Account coordinator" in client.get(address).content.decode()
    assert f'value="{desk.agent2.pk}" selected' in client.get(address + "edit/").content.decode()
    page = login(desk.agent).get(f"/tickets/{ticket.number}/").content.decode()
    assert "Account coordinator" in page
    assert "Account coordinator" not in login(desk.contact).get(f"/tickets/{ticket.number}/").content.decode()
    client.post(address + "edit/", sent | {"seen_version": "2", "coordinator": ""})
    assert Customer.objects.get(pk=desk.customer.pk).coordinator is None


def test_a_contact_is_no_coordinator(desk: Desk, login: Login) -> None:
    sent = {"name": "Delta Dairy", "coordinator": desk.contact.pk}
    answer = login(desk.admin).post("/console/customers/new/", sent)
    assert answer.status_code == 422
    assert "Choose somebody of the staff" in answer.content.decode()
