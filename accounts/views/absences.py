"""Working hours and absences: one's own, and for supervisors those of everybody on the staff."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.absence_forms import AbsenceForm, initial_of
from accounts.absences import away_words, may_plan_absences, may_read_note
from accounts.door import staff_required, supervisor_required
from accounts.models import Absence, Membership
from accounts.requests import DeskRequest
from accounts.services.absences import AbsenceRuleBroken, add_absence, change_absence, remove_absence
from accounts.services.errors import EditedMeanwhile, refusal_words
from accounts.views.console import CONFLICT, UNPROCESSABLE, kept, number_in
from sla.forms.working import WorkingHoursForm
from sla.models import SupportCalendar, WorkingHours
from sla.services.errors import PromiseRuleBroken
from sla.services.working_hours import change_working_hours
from sla.working_hours import desk_calendar, returns

MOST_SHOWN = 50
"""Absences on a page, the latest first."""
METHODS = ["GET", "HEAD", "POST"]


@staff_required
@require_http_methods(METHODS)
def my_absences(request: DeskRequest) -> HttpResponse:
    """One's own working hours and absences; a POST enters an absence."""
    return _absences_of(request, request.membership)


@supervisor_required
@require_http_methods(METHODS)
def person_absences(request: DeskRequest, pk: int) -> HttpResponse:
    """The same of somebody of the staff."""
    return _absences_of(request, _colleague(request, pk))


@staff_required
@require_POST
def my_working_hours(request: DeskRequest) -> HttpResponse:
    """Say when one works."""
    return _change_hours(request, request.membership)


@supervisor_required
@require_POST
def person_working_hours(request: DeskRequest, pk: int) -> HttpResponse:
    """Say when somebody of the staff works."""
    return _change_hours(request, _colleague(request, pk))


@staff_required
@require_http_methods(METHODS)
def edit_absence(request: DeskRequest, pk: int) -> HttpResponse:
    """Change an absence: of whoever is back early, the end."""
    absence, me = _absence(request, pk), request.membership
    zone, with_note = _zone(absence.person), may_read_note(me, absence.person)
    if request.method != "POST":
        form = AbsenceForm(zone=zone, with_note=with_note, initial=kept(request, initial_of(absence, zone)))
        return _edit_page(request, absence, form, seen=absence.version)
    form, status = AbsenceForm(request.POST, zone=zone, with_note=with_note), UNPROCESSABLE
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            change_absence(absence=absence, terms=form.terms(), seen_version=seen, by=me, at=timezone.now())
        except AbsenceRuleBroken as refused:
            form.refuse(refused)
        except EditedMeanwhile as refused:
            form.add_error(None, refusal_words(refused))
            seen, status = absence.version, CONFLICT
        else:
            messages.success(request, _("The absence is saved."))
            return redirect(_address(request, absence.person))
    return _edit_page(request, absence, form, seen=seen, status=status)


@staff_required
@require_POST
def remove_absence_of(request: DeskRequest, pk: int) -> HttpResponse:
    """Take an absence back."""
    absence = _absence(request, pk)
    remove_absence(absence=absence, by=request.membership, at=timezone.now())
    messages.success(request, _("The absence is removed."))
    return redirect(_address(request, absence.person))


def _absences_of(request: DeskRequest, person: Membership) -> HttpResponse:
    zone, me = _zone(person), request.membership
    if request.method != "POST":
        return _page(request, person, AbsenceForm(zone=zone, initial=kept(request)))
    form = AbsenceForm(request.POST, zone=zone)
    if form.is_valid():
        try:
            add_absence(person=person, terms=form.terms(), by=me, at=timezone.now())
        except AbsenceRuleBroken as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The absence is entered."))
            return redirect(_address(request, person))
    return _page(request, person, form, status=UNPROCESSABLE)


def _change_hours(request: DeskRequest, person: Membership) -> HttpResponse:
    row = _hours_of(person)
    form, status = (
        WorkingHoursForm(request.POST, calendars=_calendars(request, row), hours=row),
        UNPROCESSABLE,
    )
    seen = number_in(request.POST.get("seen_version", ""))
    if form.is_valid():
        try:
            change_working_hours(
                person=person, seen_version=seen, by=request.membership, at=timezone.now(), **form.values()
            )
        except PromiseRuleBroken as refused:
            form.add_error("week_0_0_opens", refused.words())
        except EditedMeanwhile as refused:
            form.add_error(None, refusal_words(refused))
            seen, status = row.version if row else 0, CONFLICT
        else:
            messages.success(request, _("The working hours are saved."))
            return redirect(_address(request, person))
    absence_form = AbsenceForm(zone=_zone(person))
    return _page(request, person, absence_form, hours_form=form, hours_seen=seen, status=status)


def _page(
    request: DeskRequest,
    person: Membership,
    form: AbsenceForm,
    *,
    hours_form: WorkingHoursForm | None = None,
    hours_seen: int | None = None,
    status: int = 200,
) -> HttpResponse:
    me, now, row = request.membership, timezone.now(), _hours_of(person)
    back = returns([person], now)
    calendar = desk_calendar(person.tenant_id)
    context: dict[str, Any] = {
        "person": person,
        "is_me": person.pk == me.pk,
        "zone": person.user.time_zone,
        "away": away_words(back[person.pk], now) if back else "",
        "absences": Absence.objects.filter(person=person).order_by("-starts_at", "-pk")[:MOST_SHOWN],
        "reads_notes": may_read_note(me, person),
        "form": form,
        "hours_form": hours_form or WorkingHoursForm(calendars=_calendars(request, row), hours=row),
        "hours_seen": (row.version if row else 0) if hours_seen is None else hours_seen,
        "calendar_name": calendar.name if calendar else "",
        "now": now,
    }
    return render(request, "accounts/absences.html", context, status=status)


def _edit_page(
    request: DeskRequest, absence: Absence, form: AbsenceForm, *, seen: int, status: int = 200
) -> HttpResponse:
    context = {
        "absence": absence,
        "person": absence.person,
        "is_me": absence.person_id == request.membership.pk,
        "form": form,
        "seen": seen,
        "back": _address(request, absence.person),
    }
    return render(request, "accounts/absence_form.html", context, status=status)


def _address(request: DeskRequest, person: Membership) -> str:
    if person.pk == request.membership.pk:
        return reverse("my_absences")
    return reverse("person_absences", args=[person.pk])


def _colleague(request: DeskRequest, pk: int) -> Membership:
    staff = Membership.objects.visible_to(request.membership).staff().select_related("user")
    found: Membership = get_object_or_404(staff, pk=pk)
    return found


def _absence(request: DeskRequest, pk: int) -> Absence:
    """An absence that one may change; else 404."""
    rows = Absence.objects.visible_to(request.membership).select_related("person__user")
    absence: Absence = get_object_or_404(rows, pk=pk)
    if not may_plan_absences(request.membership, absence.person):
        raise Http404
    return absence


def _hours_of(person: Membership) -> WorkingHours | None:
    return WorkingHours.objects.filter(person=person).first()


def _calendars(request: DeskRequest, row: WorkingHours | None) -> Any:
    """Those in use, and the chosen one although it may be archived."""
    mine = SupportCalendar.objects.visible_to(request.membership)
    kept_one = mine.filter(pk=row.calendar_id) if row and row.calendar_id else mine.none()
    return mine.in_use() | kept_one


def _zone(person: Membership) -> ZoneInfo:
    return ZoneInfo(person.user.time_zone)
