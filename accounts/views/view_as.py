"""A customer's admin sees the portal as one of its own people, and goes back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services, view_as
from accounts.door import customer_admin_required, member_required
from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.services import NotAllowed


@customer_admin_required
@require_POST
def view_as_company_person(request: DeskRequest, pk: int) -> HttpResponse:
    """Begin at that person's home; somebody of another company does not exist here (404)."""
    person = get_object_or_404(Membership.objects.visible_to(request.membership), pk=pk)
    try:
        viewing = services.begin_view_as(person=person, by=request.membership, at=timezone.now())
    except NotAllowed:
        said = _("You can see the portal as people of your company who may enter and are no admins.")
        messages.error(request, said)
        return redirect("company_people")
    view_as.begin(request, viewing)
    return redirect("home")


@member_required
@require_POST
def end_view_as(request: DeskRequest) -> HttpResponse:
    """Be oneself again, back at the list of people."""
    viewing = request.viewing_as
    if viewing is None:
        return redirect("home")
    services.end_view_as(viewing=viewing, at=timezone.now())
    view_as.forget(request)
    messages.success(request, _("You see the portal as yourself again."))
    return redirect("company_people")
