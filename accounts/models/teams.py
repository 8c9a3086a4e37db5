"""Staff who are told together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Membership
from accounts.models.tenants import TenantModel
from accounts.querysets import TeamQuerySet
from accounts.rowsecurity import TenantForeignKey


class Team(TenantModel):
    """Staff who are told together; an archived one is offered no more and keeps its members."""

    name = models.CharField(_("name"), max_length=80)
    members: models.ManyToManyField[Membership, TeamMember] = models.ManyToManyField(
        Membership, through="TeamMember", related_name="teams"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [models.UniqueConstraint("tenant", Lower("name"), name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class TeamMember(TenantModel):
    """That somebody belongs to a team."""

    team = TenantForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="team_memberships")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "team", "person"], name="team_member_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="team_member_person")]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.person_id}"
