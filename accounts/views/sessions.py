"""Where one is logged in, and who of one's company has been."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.door import admin_required, customer_admin_required
from accounts.keyset import KeysetPage, keyset_page
from accounts.models import LogIn, Membership
from accounts.requests import DeskRequest, KnownRequest
from accounts.views.console import console_page


@login_required
@require_safe
def sessions(request: KnownRequest) -> HttpResponse:
    """Every browser in which one is logged in, with a button to end it."""
    key = request.session.session_key
    found = services.open_sessions(user=request.user, this_key=key, now=timezone.now())
    return render(request, "account/sessions.html", {"sessions": found})


@login_required
@require_POST
def end_session(request: KnownRequest, pk: int) -> HttpResponse:
    """Log out of one of one's sessions; somebody else's does not exist here."""
    if not services.end_session(user=request.user, pk=pk):
        raise Http404
    messages.success(request, _("That session has ended."))
    return redirect("sessions")


@login_required
@require_POST
def end_other_sessions(request: KnownRequest) -> HttpResponse:
    """Log out everywhere but here."""
    count = services.end_other_sessions(user=request.user, this_key=request.session.session_key)
    said = ngettext("%(num)s other session has ended.", "%(num)s other sessions have ended.", count)
    messages.success(request, said % {"num": count})
    return redirect("sessions")


@customer_admin_required
@require_safe
def company_log_ins(request: DeskRequest, pk: int) -> HttpResponse:
    """When and from where somebody of the own company logged in."""
    person, page = _of(request, pk)
    return render(request, "accounts/log_ins.html", {"person": person, "page": page})


@admin_required
@require_safe
def person_log_ins(request: DeskRequest, pk: int) -> HttpResponse:
    """The same for the desk's admins, of anybody of the desk."""
    person, page = _of(request, pk)
    subject = "console_customers" if person.is_contact else "console_team"
    return console_page(request, "log_ins.html", {"person": person, "page": page}, subject=subject)


def _of(request: DeskRequest, pk: int) -> tuple[Membership, KeysetPage[LogIn]]:
    people = Membership.objects.visible_to(request.membership).select_related("customer", "user")
    person = get_object_or_404(people, pk=pk)
    log_ins = LogIn.objects.visible_to(request.membership).filter(person=person)
    return person, keyset_page(log_ins, ("-at", "-pk"), request.GET.get("cursor", ""))
