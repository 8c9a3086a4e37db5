"""Where one lands on the site; the start of a desk is `tickets.views.home`."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from accounts import services
from accounts.forms import DeskAddressForm
from accounts.links import absolute_url
from accounts.middleware import DESK_PREFIX, SLUG
from accounts.models import Language, Membership, Tenant, User
from accounts.tenancy import tenant_scope


@require_safe
def site_home(request: HttpRequest) -> HttpResponse:
    """Strangers say which desk is theirs; people see their desks, and go straight there if it is one."""
    if not request.user.is_authenticated:
        return _ask_for_desk(request)
    desks = desks_of(request.user)
    if len(desks) == 1 and not request.user.is_staff and "all" not in request.GET:
        return redirect(f"{DESK_PREFIX}{desks[0].tenant.slug}/")
    return render(request, "accounts/desks.html", {"desks": desks})


def desks_of(user: User) -> list[Membership]:
    """The memberships, with their tenants, that somebody may enter; runs outside any desk."""
    with tenant_scope(None, user.pk):
        return list(
            Membership.objects.filter(user=user, tenant__is_active=True)
            .active()
            .select_related("tenant")
            .order_by("tenant__name")
        )


def _ask_for_desk(request: HttpRequest) -> HttpResponse:
    form = DeskAddressForm(request.GET if "desk" in request.GET else None)
    if form.is_bound and form.is_valid():
        tenant = _desk_at(form.cleaned_data["desk"])
        if tenant is not None:
            return redirect(absolute_url(tenant, "/") if tenant.host else f"{DESK_PREFIX}{tenant.slug}/")
        form.add_error(
            "desk", _("No desk has this address. Look for it in an email from your support provider.")
        )
    return render(request, "accounts/site_home.html", {"form": form})


def _desk_at(said: str) -> Tenant | None:
    """The desk that somebody means by a name, a host or a whole address."""
    said = said.strip().lower()
    try:
        parts = urlsplit(said if "//" in said else f"//{said}")
    except ValueError:  # not an address at all
        return None
    desks = Tenant.objects.filter(is_active=True)
    if parts.path.startswith(DESK_PREFIX):
        said = parts.path[len(DESK_PREFIX) :].partition("/")[0]
    elif found := desks.filter(host=parts.netloc.partition(":")[0]).first():
        return found
    return desks.filter(slug=said).first() if SLUG.fullmatch(said) else None


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Django's own switch (a cookie, back to `next`); who is logged in keeps the choice everywhere.

    A language that the desk does not offer changes nothing.
    """
    answer: HttpResponse = set_language(request)
    language = request.POST.get("language", "")
    tenant: Tenant | None = getattr(request, "tenant", None)
    if tenant is not None and language not in tenant.languages:
        answer.cookies.pop(settings.LANGUAGE_COOKIE_NAME, None)
    elif request.user.is_authenticated and language in Language.values:
        services.change_language(user=request.user, language=language)
    return answer
