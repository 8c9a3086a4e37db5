"""Settings, the first page: every subject with its number, and what is missing."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.door import admin_required
from accounts.models import Customer, Membership, Standing
from accounts.requests import DeskRequest
from accounts.views.console import console_page
from notifications.models import OutboxMessage
from notifications.querysets import WAITING
from sla.business_time import BusinessCalendar, InvalidCalendar
from sla.calendar_warnings import warnings_of
from sla.contract_days import in_force_now
from sla.models import CalendarVersion, Contract, Plan, PlanVersion, SupportCalendar, Target
from sla.views.setup import shown_steps
from tickets.models import Category, Ticket


@dataclass
class Subject:
    """One line: where it leads, how many there are, what is missing (text and address)."""

    label: str
    url: str
    icon: str
    words: str
    missing: list[tuple[str, str]] = field(default_factory=list)


@admin_required
@require_safe
def console(request: DeskRequest) -> HttpResponse:
    """What is set up and what is not."""
    now = timezone.now()
    subjects = [
        _calendars(request.membership, now),
        _plans(request.membership),
        _customers(request.membership, now),
        _categories(request.membership),
        _team(request.membership),
        _outbox(request.membership),
    ]
    missing = sum(len(subject.missing) for subject in subjects)
    steps = shown_steps(request) if request.tenant.setup_since else []
    context = {
        "subjects": subjects,
        "missing": missing,
        "steps": steps,
        "next": next((shown for shown in steps if not shown.step.is_complete), None),
    }
    return console_page(request, "overview.html", context)


def _calendars(membership: Membership, now: datetime) -> Subject:
    calendars = list(SupportCalendar.objects.visible_to(membership).in_use())
    count = len(calendars)
    words = ngettext("%(n)s calendar", "%(n)s calendars", count) % {"n": count}
    subject = Subject(_("Calendars"), reverse("console_calendars"), "calendar-clock", words)
    if not count:
        subject.missing.append((_("Create the first calendar: plans need one."), reverse("new_calendar")))
    mine = CalendarVersion.objects.filter(tenant_id=membership.tenant_id)
    newest = {v.calendar_id: v for v in mine.order_by("calendar_id", "-number").distinct("calendar_id")}
    for calendar in calendars:
        if said := _wrong_with(newest[calendar.pk], now):
            where = reverse("console_calendar", args=[calendar.pk])
            values = {"name": calendar.name, "warning": said}
            subject.missing.append((_("“%(name)s”: %(warning)s") % values, where))
    return subject


def _wrong_with(version: CalendarVersion, now: datetime) -> str:
    """The gravest warning about a calendar; "" when all is well."""
    try:
        hours = BusinessCalendar.from_spec(version.spec)
    except InvalidCalendar:
        return _("Its hours cannot be read. Edit it.")
    return next((one.words for one in warnings_of(hours, version.spec, version.holiday_country, now)), "")


def _plans(membership: Membership) -> Subject:
    plans = list(Plan.objects.visible_to(membership).in_use())
    words = ngettext("%(n)s plan", "%(n)s plans", len(plans)) % {"n": len(plans)}
    subject = Subject(_("Plans"), reverse("console_plans"), "scroll-text", words)
    if not plans:
        text = _("Create the first plan: without one, nothing is promised to anybody.")
        subject.missing.append((text, reverse("new_plan")))
    mine = PlanVersion.objects.filter(tenant_id=membership.tenant_id)
    newest = mine.order_by("plan_id", "-number").distinct("plan_id")
    targets = Target.objects.filter(plan_version__in=newest.values("pk"))
    with_targets = set(targets.values_list("plan_version__plan_id", flat=True))
    for plan in plans:
        if plan.pk not in with_targets:
            text = _("“%(name)s” has no target: it promises nothing.") % {"name": plan.name}
            subject.missing.append((text, reverse("edit_plan", args=[plan.pk])))
    return subject


def _customers(membership: Membership, now: datetime) -> Subject:
    contracts = Contract.objects.filter(customer=OuterRef("pk"))
    in_force = in_force_now(contracts, tenant_id=membership.tenant_id, now=now)
    customers = Customer.objects.visible_to(membership).in_business()
    counts = customers.aggregate(all=Count("pk"), bare=Count("pk", filter=~Q(Exists(in_force))))
    words = ngettext("%(n)s customer", "%(n)s customers", counts["all"]) % {"n": counts["all"]}
    subject = Subject(_("Customers"), reverse("console_customers"), "building-2", words)
    if not counts["all"]:
        text = _("Add the first customer: tickets come from its people.")
        subject.missing.append((text, reverse("new_customer")))
    if counts["bare"]:
        text = ngettext(
            "%(n)s customer has no contract today: its tickets get no deadline.",
            "%(n)s customers have no contract today: their tickets get no deadline.",
            counts["bare"],
        )
        where = reverse("console_customers") + "?contract=none"
        subject.missing.append((text % {"n": counts["bare"]}, where))
    if due := _standings_to_review(membership, now):
        text = ngettext(
            "The standing of %(n)s customer is due for review.",
            "The standings of %(n)s customers are due for review.",
            due,
        )
        subject.missing.append((text % {"n": due}, reverse("console_standing")))
    return subject


def _standings_to_review(membership: Membership, now: datetime) -> int:
    """Those whose day of review has come, on the desk's clock."""
    today = now.astimezone(ZoneInfo(membership.tenant.time_zone)).date()
    standings = Standing.objects.visible_to(membership).not_lifted()
    return int(standings.filter(review_on__lte=today).count())


def _categories(membership: Membership) -> Subject:
    count = Category.objects.visible_to(membership).in_use().count()
    words = ngettext("%(n)s category", "%(n)s categories", count) % {"n": count}
    subject = Subject(_("Categories"), reverse("console_categories"), "tags", words)
    if not count:
        text = _("Create the first category: every ticket has one.")
        subject.missing.append((text, reverse("new_category")))
    return subject


def _team(membership: Membership) -> Subject:
    staff = Membership.objects.visible_to(membership).staff()
    counts = staff.aggregate(
        active=Count("pk", filter=Q(accepted_at__isnull=False, deactivated_at=None)),
        invited=Count("pk", filter=Q(accepted_at=None, deactivated_at=None)),
    )
    words = ngettext("%(n)s person", "%(n)s people", counts["active"]) % {"n": counts["active"]}
    if counts["invited"]:
        words += " · " + _("%(n)s invited") % {"n": counts["invited"]}
    subject = Subject(_("People"), reverse("console_team"), "users", words)
    left = Ticket.objects.visible_to(membership).unresolved().filter(assignee__deactivated_at__isnull=False)
    for row in left.values(name=F("assignee__name"), who=F("assignee_id")).annotate(n=Count("pk")):
        text = ngettext(
            "%(n)s open ticket is still assigned to %(name)s, who cannot enter any more.",
            "%(n)s open tickets are still assigned to %(name)s, who cannot enter any more.",
            row["n"],
        )
        subject.missing.append((text % row, reverse("console_person", args=[row["who"]])))
    return subject


def _outbox(membership: Membership) -> Subject:
    counts = OutboxMessage.objects.visible_to(membership).aggregate(
        waiting=Count("pk", filter=WAITING),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
    )
    words = _("%(n)s waiting") % {"n": counts["waiting"]}
    subject = Subject(_("Outbox"), reverse("outbox"), "send", words)
    if counts["failed"]:
        text = ngettext(
            "%(n)s message could not be sent.", "%(n)s messages could not be sent.", counts["failed"]
        )
        subject.missing.append((text % {"n": counts["failed"]}, reverse("outbox") + "?state=failed"))
    return subject
