"""Following the status page as a member of the desk: which services, and no more of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.door import member_required
from accounts.requests import DeskRequest
from accounts.views.frames import frame_of
from maintenance.models import StatusPage, Visibility
from maintenance.services.member_follows import follow_status, following_of, stop_following
from maintenance.status_forms import FollowForm
from maintenance.views.small_forms import carry_out


def follow_as_member(request: DeskRequest, page: StatusPage) -> HttpResponse:
    """What one follows, and the form that changes it. The caller has asked whether they may read the page."""
    me = request.membership
    following, status = following_of(me), 200
    form = FollowForm(request.POST or None, membership=me, following=following)
    if request.method == "POST":

        def act() -> str:
            follow_status(membership=me, services=form.chosen, at=timezone.now())
            return _("Saved.")

        refused = carry_out(request, form, act)
        if refused is None:
            return HttpResponseRedirect(reverse("subscribe_to_status"), status=303)
        status = refused
    context = {
        "form": form,
        "following": following,
        "is_public": page.visibility == Visibility.PUBLIC,
        "frame": frame_of(request),
    }
    return render(request, "maintenance/follow.html", context, status=status)


@member_required
@require_POST
def stop_following_status(request: DeskRequest) -> HttpResponse:
    """No more of these mails."""
    stop_following(membership=request.membership, at=timezone.now())
    messages.success(request, _("You get no more mails from the status page."))
    return HttpResponseRedirect(reverse("status"), status=303)
