"""One's own page: name, language, time zone; and the ways to password, address and tokens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.door import member_required
from accounts.forms import ProfileForm
from accounts.requests import KnownRequest
from accounts.views.frames import frame_of


@require_http_methods(["GET", "HEAD", "POST"])
def _profile(request: KnownRequest) -> HttpResponse:
    user, membership = request.user, request.membership
    before = {
        "name": membership.name if membership else user.name,
        "language": user.language,
        "time_zone": user.time_zone,
    }
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.is_valid():
        services.change_profile(user=user, membership=membership, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Saved. It applies from now on."))
        return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form, "frame": frame_of(request)})


profile = member_required(_profile)
"""Inside a desk: who may not enter it has no page there."""

site_profile = login_required(_profile)
"""On the site itself: the same page for people of several desks, and for operators of none."""
