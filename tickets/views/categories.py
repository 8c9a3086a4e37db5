"""Settings: categories."""

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from tickets.category_forms import CategoryForm, PurposesForm
from tickets.lifecycle import UNRESOLVED
from tickets.models import Category
from tickets.services.categories import (
    CategoryNameTaken,
    archive_category,
    change_category,
    create_category,
    restore_category,
)
from tickets.services.errors import EditedMeanwhile
from tickets.services.purposes import DoesNotFit, choose_categories, chosen_categories, fingerprint


@admin_required
@require_safe
def console_categories(request: DeskRequest) -> HttpResponse:
    """All categories in the order of the filing form, archived ones last."""
    categories = (
        Category.objects.visible_to(request.membership)
        .annotate(open_tickets=Count("tickets", filter=Q(tickets__status__in=UNRESOLVED)))
        .prefetch_related("purposes")
        .order_by(F("archived_at").asc(nulls_first=True), "position", "name")
    )
    return console_page(request, "categories.html", {"categories": categories})


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_category(request: DeskRequest) -> HttpResponse:
    """Make a category."""
    if request.method != "POST":
        form = CategoryForm(initial=kept(request))
        return console_page(request, "category_form.html", {"form": form})
    form = CategoryForm(request.POST)
    if form.is_valid():
        try:
            category = create_category(tenant_id=request.tenant.pk, **form.cleaned_data)
        except CategoryNameTaken as refused:
            form.add_error("name", refused.words())
        else:
            messages.success(request, _("Category “%(name)s” was created.") % {"name": category.name})
            return redirect("console_categories")
    return console_page(request, "category_form.html", {"form": form}, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_category(request: DeskRequest, pk: int) -> HttpResponse:
    """Rename, describe or move a category."""
    category = get_object_or_404(Category.objects.visible_to(request.membership), pk=pk)
    context = {"category": category, "seen_version": category.version}
    if request.method != "POST":
        fields = ("name", "description", "is_outage", "position")
        form = CategoryForm(initial=kept(request, {name: getattr(category, name) for name in fields}))
        return console_page(request, "category_form.html", {"form": form, **context})
    form, status = CategoryForm(request.POST), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            category = change_category(
                category=category,
                seen_version=seen,
                by=request.membership,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except CategoryNameTaken as refused:
            form.add_error("name", refused.words())
        except EditedMeanwhile as refused:
            form.add_error(None, refused.words())
            seen, status = category.version, CONFLICT
        else:
            messages.success(request, _("Category “%(name)s” was saved.") % {"name": category.name})
            return redirect("console_categories")
    context = {"form": form, "category": category, "seen_version": seen}
    return console_page(request, "category_form.html", context, status=status)


@admin_required
@require_POST
def archive_or_restore_category(request: DeskRequest, pk: int) -> HttpResponse:
    """Offer the category no more for new tickets, or again (`restore` in the form)."""
    category = get_object_or_404(Category.objects.visible_to(request.membership), pk=pk)
    if request.POST.get("restore"):
        restore_category(category=category, by=request.membership, at=timezone.now())
        messages.success(request, _("“%(name)s” is offered again.") % {"name": category.name})
    else:
        archive_category(category=category, by=request.membership, at=timezone.now())
        words = _("“%(name)s” is archived. Tickets that have it keep it.")
        messages.success(request, words % {"name": category.name})
    return redirect("console_categories")


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def category_purposes(request: DeskRequest) -> HttpResponse:
    """Which categories take the tickets that the desk files by itself."""
    me, chosen = request.membership, chosen_categories(request.tenant.pk)
    if request.method != "POST":
        form = PurposesForm(by=me, initial=kept(request, chosen))
        return _purposes_page(request, form, fingerprint(chosen))
    form, seen, status = PurposesForm(request.POST, by=me), request.POST.get("seen", ""), UNPROCESSABLE
    if form.is_valid():
        try:
            choose_categories(chosen=form.cleaned_data, seen=seen, by=me, at=timezone.now())
        except DoesNotFit as refused:
            form.add_error(refused.field, refused.words())
        except EditedMeanwhile as refused:
            form.add_error(None, refused.words())
            seen, status = fingerprint(chosen_categories(request.tenant.pk)), CONFLICT
        else:
            messages.success(request, _("Saved. It holds for tickets filed from now on."))
            return redirect("console_categories")
    return _purposes_page(request, form, seen, status=status)


def _purposes_page(request: DeskRequest, form: PurposesForm, seen: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "seen": seen}
    return console_page(request, "category_purposes.html", context, status=status)
