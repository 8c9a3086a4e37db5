"""Settings: support calendars, their versions, and the form that makes a new one."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE, console_page, kept, number_in
from sla.contract_days import day_in
from sla.drawn import drawn_week
from sla.forms.calendar_file import CalendarFileForm, propose, with_days_of_file
from sla.forms.calendars import CalendarForm, initial_of, with_action
from sla.forms.usual import usual_calendar
from sla.models import CalendarVersion, Contract, Edit, Plan, PlanVersion, SupportCalendar
from sla.public_holidays import public_holidays
from sla.services.calendars import archive_calendar, create_calendar, restore_calendar
from sla.services.edits import draft_edit, values_of
from sla.services.errors import EditedMeanwhile, NothingChanged, PromiseRuleBroken
from sla.views.edits import draft_named, edits_of
from sla.views.shown_hours import shown_hours
from sla.views.simulator import calendar_simulator

NOT_TYPED = {"csrfmiddlewaretoken", "action", "take"}


@admin_required
@require_safe
def console_calendars(request: DeskRequest) -> HttpResponse:
    """All calendars with their hours; archived ones last."""
    calendars = list(
        SupportCalendar.objects.visible_to(request.membership)
        .annotate(version_count=Count("versions"))
        .order_by("archived_at", "name")
    )
    newest = {version.calendar_id: version for version in _newest_versions(request)}
    rows = [
        {"calendar": calendar, "version": newest[calendar.pk], "week": drawn_week(newest[calendar.pk].spec)}
        for calendar in calendars
    ]
    return console_page(request, "calendars.html", {"rows": rows})


@admin_required
@require_safe
def console_calendar(request: DeskRequest, pk: int) -> HttpResponse:
    """One calendar as it counts now, with its versions and what uses it."""
    calendar = get_object_or_404(SupportCalendar.objects.visible_to(request.membership), pk=pk)
    versions = list(calendar.versions.select_related("created_by").order_by("-number"))
    context = {"calendar": calendar, "versions": versions, "used_by": _used_by(calendar, versions[0])}
    context["edits"] = edits_of(calendar)
    shown = shown_hours(versions[0], request, ahead=True)
    context |= shown
    if shown["shown"]["readable"]:
        context["simulator"] = calendar_simulator(calendar)
    return console_page(request, "calendar.html", context)


@admin_required
@require_safe
def console_calendar_version(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """An older version, to read."""
    calendar = get_object_or_404(SupportCalendar.objects.visible_to(request.membership), pk=pk)
    versions = calendar.versions.select_related("created_by")
    version = get_object_or_404(versions, number=number)
    after = calendar.versions.filter(number=number + 1).first()
    context = {"calendar": calendar, "until": after.valid_from if after else None}
    return console_page(request, "calendar_version.html", context | shown_hours(version, request))


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_calendar(request: DeskRequest) -> HttpResponse:
    """Make a calendar."""
    if request.method != "POST":
        start = {"zone": request.tenant.time_zone, **usual_calendar(request.tenant)}
        return _form_page(request, _form(request, initial=kept(request, start)))
    if request.POST.get("action", "save") != "save":
        return _after_button(request)
    form = _form(request, data=request.POST)
    if form.is_valid():
        try:
            calendar = create_calendar(
                tenant_id=request.tenant.pk, at=timezone.now(), by=request.membership, **form.values()
            )
        except PromiseRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Calendar “%(name)s” was created.") % {"name": calendar.name})
            return redirect("console_calendar", pk=calendar.pk)
    return _form_page(request, form, status=UNPROCESSABLE)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_calendar(request: DeskRequest, pk: int) -> HttpResponse:
    """Draft a new version of a calendar, to be looked at before it is applied."""
    calendar = get_object_or_404(SupportCalendar.objects.visible_to(request.membership), pk=pk)
    last = calendar.versions.latest("number")
    if request.method != "POST":
        return _filled_form(request, calendar, last)
    seen = number_in(request.POST.get("seen_number", ""))
    if request.POST.get("action", "save") != "save":
        return _after_button(request, calendar=calendar, seen_number=seen)
    form = _form(request, data=request.POST)
    context = {"calendar": calendar, "seen_number": seen}
    if not form.is_valid():
        return _form_page(request, form, status=UNPROCESSABLE, **context)
    try:
        edit = draft_edit(
            calendar=calendar,
            seen_number=seen,
            values=form.values(),
            at=timezone.now(),
            by=request.membership,
        )
    except PromiseRuleBroken as refused:
        return _refused(request, form, refused, last, context)
    return redirect("console_edit", pk=edit.pk)


def _refused(
    request: DeskRequest,
    form: CalendarForm,
    refused: PromiseRuleBroken,
    last: CalendarVersion,
    context: dict[str, Any],
) -> HttpResponse:
    if isinstance(refused, NothingChanged):
        messages.info(request, refused.words())
        return redirect("console_calendar", pk=context["calendar"].pk)
    form.refuse(refused)
    if not isinstance(refused, EditedMeanwhile):
        return _form_page(request, form, status=UNPROCESSABLE, **context)
    # Whoever has been told and saves again means it: the form now knows of the newer version.
    context |= {"seen_number": last.number, "newer": last}
    return _form_page(request, form, status=CONFLICT, **context)


def _filled_form(request: DeskRequest, calendar: SupportCalendar, last: CalendarVersion) -> HttpResponse:
    """The form with the version that stands, or with the draft that the address names."""
    draft = draft_named(request, calendar)
    shown = _proposed(draft) if draft else last
    initial = initial_of(calendar, shown, timezone.localdate())
    if draft:
        initial["name"] = values_of(draft)["name"]
    form = _form(request, initial=kept(request, initial))
    seen = draft.seen_number if draft else last.number
    return _form_page(request, form, calendar=calendar, seen_number=seen)


def _proposed(draft: Edit) -> CalendarVersion:
    """The version that a draft proposes, not saved, for the form to show again."""
    values = values_of(draft)
    return CalendarVersion(
        calendar=draft.calendar,
        spec=values["spec"],
        holiday_country=values["holiday_country"],
        holiday_subdivision=values["holiday_subdivision"],
    )


@admin_required
@require_POST
def archive_or_restore_calendar(request: DeskRequest, pk: int) -> HttpResponse:
    """Offer the calendar no more, or again (`restore` in the form)."""
    calendar = get_object_or_404(SupportCalendar.objects.visible_to(request.membership), pk=pk)
    act = restore_calendar if request.POST.get("restore") else archive_calendar
    try:
        act(calendar=calendar, by=request.membership, at=timezone.now())
    except PromiseRuleBroken as refused:
        messages.error(request, refused.words())
    else:
        said = _("“%(name)s” is in use again.") if act is restore_calendar else _("“%(name)s” is archived.")
        messages.success(request, said % {"name": calendar.name})
    return redirect("console_calendar", pk=pk)


def _form(request: DeskRequest, **values: Any) -> CalendarForm:
    return CalendarForm(values.pop("data", None), language=request.membership.language, **values)


def _after_button(request: DeskRequest, **context: Any) -> HttpResponse:
    """A button of the form itself was pressed: the form again with what was typed, and nothing is saved."""
    action = request.POST["action"]
    if action == "read_file":
        return _file_page(request, **context)
    typed = with_action(request.POST.dict(), action)
    if action == "take_file":
        typed = with_days_of_file(typed, request.POST.getlist("take"))
    return _form_page(request, _form(request, initial=typed), **context)


def _file_page(request: DeskRequest, **context: Any) -> HttpResponse:
    """What an uploaded file would do to the own days, or the form again with what is wrong with the file."""
    file = CalendarFileForm(request.FILES, today=timezone.localdate())
    typed = with_action(request.POST.dict(), "read_file")
    if not file.is_valid():
        form = _form(request, initial=typed)
        return _form_page(request, form, status=UNPROCESSABLE, file=file, **context)
    form = _form(request, data=request.POST)
    form.is_valid()  # reads the rows; what is wrong with them is said when the form is saved
    today = timezone.localdate()
    years = range(today.year, today.year + 4)
    holidays = public_holidays(*_country_of(form), years, request.tenant.language)
    values = {
        "typed": [(key, value) for key, value in typed.items() if key not in NOT_TYPED],
        "proposal": propose(file.found, file.left_out, form.own, holidays),
        "file_name": file.cleaned_data["ics"].name,
    }
    return console_page(request, "calendar_file.html", values | context)


def _form_page(
    request: DeskRequest, form: CalendarForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The form, with the holidays that the chosen country has this year and next."""
    year = timezone.localdate().year
    found = public_holidays(*_country_of(form), [year, year + 1], request.tenant.language)
    values = {
        "form": form,
        "file": CalendarFileForm(today=timezone.localdate()),
        "holidays": found.items(),
        "years": (year, year + 1),
    }
    return console_page(request, "calendar_form.html", {**values, **context}, status=status)


def _country_of(form: CalendarForm) -> tuple[str, str]:
    return str(form["holiday_country"].value() or ""), str(form["holiday_subdivision"].value() or "")


def _newest_versions(request: DeskRequest) -> list[CalendarVersion]:
    mine = CalendarVersion.objects.filter(tenant_id=request.tenant.pk)
    return list(mine.order_by("calendar_id", "-number").distinct("calendar_id"))


def _used_by(calendar: SupportCalendar, version: CalendarVersion) -> dict[str, Any]:
    """The plans that count by the calendar now, and how many contracts name it instead of their plan's."""
    newest = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number").values("calendar_id")[:1]
    plans = Plan.objects.filter(tenant_id=calendar.tenant_id).annotate(calendar_now=Subquery(newest))
    today = day_in(version.spec, timezone.now())
    not_over = Q(period__endswith__isnull=True) | Q(period__endswith__gt=today)
    contracts = Contract.objects.filter(not_over, calendar=calendar)
    return {"plans": list(plans.filter(calendar_now=calendar.pk)), "contracts": contracts.count()}
