"""Teams: staff read them, admins make, change and archive them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Line, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember, IsStaffMember
from accounts.api.serializers import TeamPage, TeamSerializer, TeamsQuery
from accounts.models import Membership, Team
from accounts.services import archive_team, change_team, create_team, restore_team
from tickets.api.inputs import AmongField, NothingInput

BY_NAME = Order("name", [Key("name"), Key("id")])


def _staff(membership: Membership) -> QuerySet[Any]:
    return Membership.objects.visible_to(membership).staff()


class TeamInput(Input):
    """A team. Whoever left stays where they are, and joins no other."""

    name = Line(max_length=80)
    members = AmongField(
        _staff,
        queryset=Membership.objects.none(),
        many=True,
        allow_empty=False,
        help_text=_("The ids of people of the staff; the list is complete."),
    )

    def validate_members(self, members: list[Membership]) -> list[Membership]:
        """People who may enter the desk, or belong to the team already."""
        team: Team | None = self.context.get("team")
        before = set(team.members.values_list("pk", flat=True)) if team else set()
        if any(not person.is_active and person.pk not in before for person in members):
            words = _("Choose people of the staff from the list.")
            raise serializers.ValidationError(words, code="does_not_exist")
        return members


class ChangeTeamInput(TeamInput):
    """A team as it shall be."""

    seen = serializers.IntegerField(min_value=1, help_text=_("The version that you saw."))


class TeamView(DeskView):
    """Staff read, admins write."""

    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def teams(self) -> QuerySet[Any]:
        """Those of the desk, with their people."""
        people = Prefetch("members", Membership.objects.order_by("name", "pk"))
        return Team.objects.visible_to(self.membership).prefetch_related(people)

    def team(self, team_id: int) -> Team:
        """One of the desk. Raises Http404."""
        found: Team = get_object_or_404(self.teams(), pk=team_id)
        return found

    def shown(self, team_id: int) -> Any:
        """One as it is now. Raises Http404."""
        return TeamSerializer(self.team(team_id)).data


class Teams(TeamView):
    @operation(
        _("List teams"),
        name="list_teams",
        group="people",
        answers={200: TeamPage},
        refused=["invalid", "not_allowed"],
        parameters=[TeamsQuery],
        description=_("People of the staff who are told together, by the team's name. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, TeamsQuery)
        teams = self.teams() if query["archived"] else self.teams().filter(archived_at=None)
        return page_response(self, teams, BY_NAME, query, TeamSerializer)

    @operation(
        _("Make a team"),
        name="create_team",
        group="people",
        answers={201: TeamSerializer},
        refused=[*CHANGE, "name_taken"],
        request=TeamInput,
        description=_("For admins alone."),
    )
    def post(self, request: Request) -> Response:
        team = create_team(by=self.membership, at=timezone.now(), **read_input(self, TeamInput))
        return Response(self.shown(team.pk), status=status.HTTP_201_CREATED)


class OneTeam(TeamView):
    @operation(
        _("Show a team"),
        name="show_team",
        group="people",
        answers={200: TeamSerializer},
        refused=["not_allowed"],
        description=_("Archived or not. For staff alone."),
    )
    def get(self, request: Request, team_id: int) -> Response:
        return Response(self.shown(team_id))

    @operation(
        _("Change a team"),
        name="change_team",
        group="people",
        answers={200: TeamSerializer},
        refused=[*CHANGE, "edited_meanwhile", "name_taken"],
        request=ChangeTeamInput,
        description=_("Its name, and who belongs to it. For admins alone."),
    )
    def put(self, request: Request, team_id: int) -> Response:
        team = self.team(team_id)
        values = read_input(self, ChangeTeamInput, team=team)
        seen = values.pop("seen")
        change_team(team=team, seen_version=seen, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(team_id))


class ArchiveTeam(TeamView):
    @operation(
        _("Archive a team"),
        name="archive_team",
        group="people",
        answers={200: TeamSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("It is offered no more. Whatever names it still tells its members. For admins alone."),
    )
    def post(self, request: Request, team_id: int) -> Response:
        team = self.team(team_id)
        read_input(self, NothingInput)
        archive_team(team=team, by=self.membership, at=timezone.now())
        return Response(self.shown(team_id))


class RestoreTeam(TeamView):
    @operation(
        _("Restore an archived team"),
        name="restore_team",
        group="people",
        answers={200: TeamSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("It is offered again. For admins alone."),
    )
    def post(self, request: Request, team_id: int) -> Response:
        team = self.team(team_id)
        read_input(self, NothingInput)
        restore_team(team=team, by=self.membership, at=timezone.now())
        return Response(self.shown(team_id))
