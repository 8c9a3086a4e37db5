"""Settings: how people get in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.door import admin_required
from accounts.models import Membership, SsoConnection
from accounts.requests import DeskRequest
from accounts.second_factor import FACTORS, has_set_up
from accounts.services import SecondFactorFirst, may_set_up, refusal_words, require_second_factor
from accounts.views.console import console_page


@admin_required
@require_safe
def console_sign_in(request: DeskRequest) -> HttpResponse:
    """Whether staff need a second factor, who has none yet, and the companies' own sign-ins."""
    staff = Membership.objects.visible_to(request.membership).staff().active().select_related("user")
    context = {
        "without": staff.exclude(user__authenticator__type__in=FACTORS).order_by("name", "pk"),
        "has_own": has_set_up(request.user),
        "connections": [
            (connection, may_set_up(request.membership, connection.customer))
            for connection in SsoConnection.objects.filter(tenant=request.tenant).select_related("customer")
        ],
    }
    return console_page(request, "sign_in.html", context)


@admin_required
@require_POST
def require_factor(request: DeskRequest) -> HttpResponse:
    """Ask the staff for a second factor (`required` in the form), or no longer."""
    required = bool(request.POST.get("required"))
    try:
        require_second_factor(
            tenant=request.tenant, required=required, by=request.membership, at=timezone.now()
        )
    except SecondFactorFirst as refused:
        messages.error(request, refusal_words(refused))
    else:
        said = (
            _("Staff are asked for a second factor from now on.") if required else _("Staff may do without.")
        )
        messages.success(request, said)
    return redirect("console_sign_in")
