"""One's own page: name, language, time zone, quiet hours; and the ways to password, address and tokens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import company_sessions, services
from accounts.door import member_required
from accounts.forms import ProfileForm, QuietHoursForm
from accounts.models import Language, Membership
from accounts.requests import DeskRequest, KnownRequest
from accounts.views.frames import frame_of


@require_http_methods(["GET", "HEAD", "POST"])
def _profile(request: KnownRequest) -> HttpResponse:
    user, membership = request.user, request.membership
    if request.method != "POST":
        return _page(request, _profile_form(request), _quiet_form(membership))
    form = _profile_form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, _quiet_form(membership))
    services.change_profile(user=user, membership=membership, **form.cleaned_data)
    with translation.override(user.language):
        messages.success(request, _("Saved. It applies from now on."))
    return redirect("profile")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def quiet_hours(request: DeskRequest) -> HttpResponse:
    """When one is not to be disturbed; shown on the profile page."""
    if request.method != "POST":
        return redirect("profile")
    form = QuietHoursForm(request.POST)
    if not form.is_valid():
        return _page(request, _profile_form(request), form)
    services.change_quiet_hours(membership=request.membership, **form.cleaned_data)
    messages.success(request, _("Saved. It applies from now on."))
    return redirect("profile")


def _profile_form(request: KnownRequest | DeskRequest, data: QueryDict | None = None) -> ProfileForm:
    user, membership = request.user, request.membership
    name = membership.name if membership else user.name
    before = {"name": name, "language": user.language, "time_zone": user.time_zone}
    offered = request.tenant.languages if request.tenant else Language.values
    return ProfileForm(data, initial=before, languages=offered)


def _quiet_form(membership: Membership | None) -> QuietHoursForm | None:
    """Quiet hours are of a desk; customers keep them from mails about work that is far off."""
    if membership is None:
        return None
    fields = ("quiet_from", "quiet_until", "quiet_days")
    return QuietHoursForm(initial={name: getattr(membership, name) for name in fields})


def _page(
    request: KnownRequest | DeskRequest, form: ProfileForm, quiet_form: QuietHoursForm | None
) -> HttpResponse:
    context = {
        "form": form,
        "quiet_form": quiet_form,
        "frame": frame_of(request),
        "is_company_session": company_sessions.is_one(request),
    }
    return render(request, "accounts/profile.html", context)


profile = member_required(_profile)
"""Inside a desk: who may not enter it has no page there."""

site_profile = login_required(_profile)
"""On the site itself: the same page for people of several desks, and for operators of none."""
