"""Personal API tokens: list, make, revoke."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.door import member_required
from accounts.forms import TokenForm
from accounts.models import ApiToken
from accounts.requests import DeskRequest
from accounts.views.frames import frame_of


@never_cache
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def api_tokens(request: DeskRequest) -> HttpResponse:
    """One's tokens in this desk. A new one's secret stands in the answer to its making and nowhere else."""
    form, secret = TokenForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        _token, secret = services.create_token(
            membership=request.membership,
            name=form.cleaned_data["name"],
            at=now,
            expires_at=form.expires_at(now),
        )
        form = TokenForm()
    tokens = ApiToken.objects.filter(membership=request.membership, revoked_at=None)
    context = {"form": form, "secret": secret, "tokens": tokens, "frame": frame_of(request)}
    return render(request, "accounts/tokens.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_api_token(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask first, then revoke; somebody else's token does not exist here."""
    own = ApiToken.objects.filter(membership=request.membership, revoked_at=None)
    token = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        services.revoke_token(token=token, at=timezone.now())
        messages.success(request, _("The token “%(name)s” no longer works.") % {"name": token.name})
        return redirect("api_tokens")
    return render(request, "accounts/token_revoke.html", {"token": token, "frame": frame_of(request)})
