"""Settings: teams of staff."""

from typing import Any

from django.contrib import messages
from django.db.models import F, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.console_forms import TeamForm
from accounts.door import admin_required
from accounts.models import Membership, Team
from accounts.requests import DeskRequest
from accounts.services import (
    EditedMeanwhile,
    TeamNameTaken,
    archive_team,
    change_team,
    create_team,
    refusal_words,
    restore_team,
)
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in


@admin_required
@require_safe
def console_teams(request: DeskRequest) -> HttpResponse:
    """All teams with their members, archived ones last."""
    people = Prefetch("members", Membership.objects.order_by("name", "pk"))
    teams = (
        Team.objects.visible_to(request.membership)
        .prefetch_related(people)
        .order_by(F("archived_at").asc(nulls_first=True), "name", "pk")
    )
    return console_page(request, "teams.html", {"teams": teams})


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_team(request: DeskRequest) -> HttpResponse:
    """Make a team."""
    if request.method != "POST":
        return _form_page(request, TeamForm(by=request.membership, initial=kept(request)))
    form = TeamForm(request.POST, by=request.membership)
    if form.is_valid():
        try:
            team = create_team(by=request.membership, at=timezone.now(), **form.cleaned_data)
        except TeamNameTaken as refused:
            form.add_error("name", refusal_words(refused))
        else:
            messages.success(request, _("Team “%(name)s” was created.") % {"name": team.name})
            return redirect("console_teams")
    return _form_page(request, form, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_team(request: DeskRequest, pk: int) -> HttpResponse:
    """Rename a team, change who belongs to it."""
    team = get_object_or_404(Team.objects.visible_to(request.membership), pk=pk)
    if request.method != "POST":
        members = list(team.members.values_list("pk", flat=True))
        form = TeamForm(
            by=request.membership, team=team, initial=kept(request, {"name": team.name, "members": members})
        )
        return _form_page(request, form, team=team, seen_version=team.version)
    form, status = TeamForm(request.POST, by=request.membership, team=team), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            team = change_team(
                team=team, seen_version=seen, by=request.membership, at=timezone.now(), **form.cleaned_data
            )
        except TeamNameTaken as refused:
            form.add_error("name", refusal_words(refused))
        except EditedMeanwhile as refused:
            form.add_error(None, refusal_words(refused))
            seen, status = team.version, CONFLICT
        else:
            messages.success(request, _("Team “%(name)s” was saved.") % {"name": team.name})
            return redirect("console_teams")
    return _form_page(request, form, status=status, team=team, seen_version=seen)


@admin_required
@require_POST
def archive_or_restore_team(request: DeskRequest, pk: int) -> HttpResponse:
    """Offer the team no more, or again (`restore` in the form)."""
    team = get_object_or_404(Team.objects.visible_to(request.membership), pk=pk)
    if request.POST.get("restore"):
        restore_team(team=team, by=request.membership, at=timezone.now())
        messages.success(request, _("“%(name)s” is offered again.") % {"name": team.name})
    else:
        archive_team(team=team, by=request.membership, at=timezone.now())
        words = _("“%(name)s” is archived. Whatever names it still tells its members.")
        messages.success(request, words % {"name": team.name})
    return redirect("console_teams")


def _form_page(request: DeskRequest, form: TeamForm, *, status: int = 200, **context: Any) -> HttpResponse:
    return console_page(
        request, "team_form.html", {"form": form, **context}, status=status, subject="console_teams"
    )
