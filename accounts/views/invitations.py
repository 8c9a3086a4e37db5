"""Accepting an invitation: the page behind the link in the letter."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import AcceptForm
from accounts.models import Membership
from accounts.requests import AnyRequest
from accounts.services import InvitationExpired


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: AnyRequest, token: str) -> HttpResponse:
    """Who has no password yet chooses one; who has an account enters it as the person that was invited."""
    if request.tenant is None:
        raise Http404
    try:
        invited = services.invitation_of(token, tenant=request.tenant)
    except InvitationExpired:
        return _no_longer_valid(request)
    if not invited.user.is_active:
        return _no_longer_valid(request)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(invited.user.language)
    if request.user.is_authenticated and request.user.pk != invited.user_id:
        return _page(request, invited, "somebody_else")
    if invited.user.has_usable_password():
        return _enter_with_account(request, invited)
    return _choose_password(request, invited)


def _no_longer_valid(request: AnyRequest) -> HttpResponse:
    """Somebody who is in already followed the old link: no reason to say that it is old."""
    if request.membership is not None:
        return redirect("home")
    return render(request, "accounts/invitation_over.html", status=410)


def _enter_with_account(request: AnyRequest, invited: Membership) -> HttpResponse:
    if not request.user.is_authenticated:
        if request.method == "POST":
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        return _page(request, invited, "log_in")
    if request.method == "POST":
        services.accept_invitation(membership=invited, at=timezone.now())
        return redirect(_first_page(invited))
    return _page(request, invited, "join")


def _choose_password(request: AnyRequest, invited: Membership) -> HttpResponse:
    form = AcceptForm(
        request.POST if request.method == "POST" else None, user=invited.user, initial={"name": invited.name}
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, invited, "choose_password", form=form)
    with transaction.atomic():
        services.accept_invitation(
            membership=invited,
            at=timezone.now(),
            password=form.cleaned_data["password"],
            name=form.cleaned_data["name"],
        )
        login = Login(user=invited.user, email=invited.user.email, redirect_url=reverse(_first_page(invited)))
        answer: HttpResponse = perform_login(request, login)
    return answer


def _first_page(membership: Membership) -> str:
    """Whoever may set up a desk that is not yet begins there."""
    return "setup" if membership.is_admin and membership.tenant.setup_since else "home"


def _page(
    request: AnyRequest, invited: Membership, state: str, form: AcceptForm | None = None
) -> HttpResponse:
    context = {"invited": invited, "state": state, "form": form, "here": request.get_full_path()}
    return render(request, "accounts/invitation.html", context)
