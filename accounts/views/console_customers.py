"""Settings: customers, each with its contracts and its people."""

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.console_forms import ROLE_WORDS, CustomerForm, EditCustomerForm, InviteForm
from accounts.door import admin_required
from accounts.keyset import keyset_page
from accounts.models import Customer
from accounts.requests import DeskRequest
from accounts.services import (
    AlreadyMember,
    EditedMeanwhile,
    NameTaken,
    NotAllowed,
    change_customer,
    create_customer,
    invite_person,
    refusal_words,
)
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from accounts.views.customer_record import record_of
from sla.contract_days import in_force_now, with_own_day
from sla.models import Clock, Contract
from sla.views.edits import contract_edits_of


@admin_required
@require_safe
def console_customers(request: DeskRequest) -> HttpResponse:
    """Customers by name, with the plan of today; `q` searches, `contract=none` keeps those without."""
    words, contract = request.GET.get("q", "").strip()[:120], request.GET.get("contract", "")
    contracts = Contract.objects.filter(customer=OuterRef("pk"))
    in_force = in_force_now(contracts, tenant_id=request.tenant.pk, now=timezone.now())
    customers = Customer.objects.visible_to(request.membership).annotate(
        name_key=Lower("name"),
        plan_name=Subquery(in_force.values("plan__name")[:1]),
        people_count=Count("people", filter=Q(people__deactivated_at=None)),
    )
    if words:
        customers = customers.filter(name__icontains=words)
    if contract == "none":
        customers = customers.in_business().filter(~Exists(in_force))
    page = keyset_page(customers, ("name_key", "pk"), request.GET.get("cursor", ""))
    context = {"page": page, "words": words, "contract": contract}
    return console_page(request, "customers.html", context)


@admin_required
@require_safe
def console_customer(request: DeskRequest, pk: int) -> HttpResponse:
    """One customer whole: contracts, people, services, standing, tickets, promises kept and missed."""
    customers = Customer.objects.visible_to(request.membership).select_related("coordinator")
    customer, now = get_object_or_404(customers, pk=pk), timezone.now()
    customer.tenant = request.tenant
    used = Clock.objects.filter(agreement__contract=OuterRef("pk"))
    contracts = with_own_day(
        customer.contracts.select_related("plan", "calendar", "created_by"),
        tenant_id=request.tenant.pk,
        now=now,
    )
    context = {
        "customer": customer,
        **record_of(customer, request.membership, now),
        "contracts": contracts.annotate(is_used=Exists(used)).order_by("-period"),
        "contract_edits": contract_edits_of(customer),
        "people": customer.people.select_related("user").order_by("deactivated_at", "name", "pk"),
    }
    return console_page(request, "customer.html", context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_customer(request: DeskRequest) -> HttpResponse:
    """Add a company."""
    if request.method != "POST":
        form = CustomerForm(by=request.membership, initial=kept(request))
        return console_page(request, "customer_form.html", {"form": form})
    form = CustomerForm(request.POST, by=request.membership)
    if form.is_valid():
        try:
            customer = create_customer(tenant_id=request.tenant.pk, at=timezone.now(), **form.cleaned_data)
        except NameTaken as refused:
            form.add_error("name", refusal_words(refused))
        else:
            said = _("%(name)s was added. Next: give it a contract and invite its people.")
            messages.success(request, said % {"name": customer.name})
            return redirect("console_customer", pk=customer.pk)
    return console_page(request, "customer_form.html", {"form": form}, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_customer(request: DeskRequest, pk: int) -> HttpResponse:
    """Rename a company, rewrite its notes, close it."""
    customer = get_object_or_404(Customer.objects.visible_to(request.membership), pk=pk)
    if request.method != "POST":
        fields = {name: name for name in ("name", "notes", "hosting_model", "is_active")}
        fields["coordinator"] = "coordinator_id"
        start = kept(request, {name: getattr(customer, field) for name, field in fields.items()})
        form = EditCustomerForm(by=request.membership, customer=customer, initial=start)
        context = {"form": form, "seen_version": customer.version}
        return console_page(request, "customer_form.html", {"customer": customer, **context})
    form = EditCustomerForm(request.POST, by=request.membership, customer=customer)
    status = UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            change_customer(
                customer=customer,
                seen_version=seen,
                by=request.membership,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except NameTaken as refused:
            form.add_error("name", refusal_words(refused))
        except EditedMeanwhile as refused:
            form.add_error(None, refusal_words(refused))
            seen, status = customer.version, CONFLICT
        else:
            messages.success(request, _("Saved."))
            return redirect("console_customer", pk=pk)
    context = {"form": form, "customer": customer, "seen_version": seen}
    return console_page(request, "customer_form.html", context, status=status)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite_contact(request: DeskRequest, pk: int) -> HttpResponse:
    """Invite somebody of a customer."""
    customer = get_object_or_404(Customer.objects.visible_to(request.membership), pk=pk)
    form = InviteForm(by=request.membership, for_customer=True, initial=kept(request))
    if request.method == "POST":
        form = InviteForm(request.POST, by=request.membership, for_customer=True)
        if form.is_valid():
            try:
                person = invite_person(
                    by=request.membership, customer=customer, at=timezone.now(), **form.cleaned_data
                )
            except (AlreadyMember, NotAllowed) as refused:
                form.add_error("email", refusal_words(refused))
            else:
                messages.success(request, _("%(name)s gets an invitation by email.") % {"name": person.name})
                return redirect("console_customer", pk=pk)
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"form": form, "customer": customer, "role_words": ROLE_WORDS}
    return console_page(request, "invite.html", context, status=status)
