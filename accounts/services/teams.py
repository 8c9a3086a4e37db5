"""Teams: staff who are told together."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import archiving
from accounts.audit import record_change
from accounts.models import Membership, Team, TeamMember
from accounts.oneline import one_line
from accounts.services.errors import EditedMeanwhile, NotAllowed, TeamNameTaken
from accounts.uniqueness import once_only


@transaction.atomic
def create_team(*, name: str, members: Iterable[Membership], by: Membership, at: datetime) -> Team:
    """A new team of staff of the desk of `by`. Raises NotAllowed, TeamNameTaken."""
    if not by.is_admin:
        raise NotAllowed
    with once_only(TeamNameTaken):
        team = Team.objects.create(tenant_id=by.tenant_id, name=one_line(name), created_at=at)
    _set_members(team, members)
    return team


@transaction.atomic
def change_team(
    *,
    team: Team,
    seen_version: int,
    name: str,
    members: Iterable[Membership],
    by: Membership,
    at: datetime,
) -> Team:
    """Rename a team and say anew who belongs to it. `seen_version` is the one that was edited.

    Raises NotAllowed, EditedMeanwhile, TeamNameTaken.
    """
    team = _lock(team, by)
    if team.version != seen_version:
        raise EditedMeanwhile(team.name)
    team.name = one_line(name)
    team.version += 1
    with once_only(TeamNameTaken):
        team.save(update_fields=["name", "version"])
    _set_members(team, members)
    return team


@transaction.atomic
def archive_team(*, team: Team, by: Membership, at: datetime) -> None:
    """Offer a team no more; what names it already goes on telling its members. Raises NotAllowed."""
    team = _lock(team, by)
    archiving.archive(team, at=at)


@transaction.atomic
def restore_team(*, team: Team, by: Membership, at: datetime) -> None:
    """Offer an archived team again. Raises NotAllowed."""
    team = _lock(team, by)
    archiving.restore(team)


def _lock(team: Team, by: Membership) -> Team:
    if not by.is_admin or by.tenant_id != team.tenant_id:
        raise NotAllowed
    return Team.objects.select_for_update().get(pk=team.pk)


def _set_members(team: Team, members: Iterable[Membership]) -> None:
    """Exactly these; NotAllowed for somebody who is not of the staff of this desk."""
    wanted = {person.pk: person for person in members}
    if any(person.tenant_id != team.tenant_id or person.is_contact for person in wanted.values()):
        raise NotAllowed
    before = sorted(team.members.values_list("name", flat=True))
    team.memberships.exclude(person__in=wanted).delete()
    rows = [TeamMember(tenant_id=team.tenant_id, team=team, person=person) for person in wanted.values()]
    TeamMember.objects.bulk_create(rows, ignore_conflicts=True)
    record_change(team, field="members", before=before, after=sorted(p.name for p in wanted.values()))
