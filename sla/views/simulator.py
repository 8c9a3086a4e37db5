"""The simulator, on a plan and on a calendar: a ticket arrives then; when is it due, and why?

A page of its own whose address holds all that was chosen, and a section of the plan's and the calendar's
page. The section asks the page, so both are one view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import humantime
from accounts.door import admin_required
from accounts.requests import DeskRequest
from accounts.views.console import console_page
from sla.amounts import day_rule, target_words
from sla.because import because
from sla.business_time import Period
from sla.forms.simulator import ArrivalForm, CalendarSimulatorForm, PlanSimulatorForm
from sla.models import Metric, Plan, PlanVersion, SupportCalendar, TargetUnit
from sla.receipt_words import Drawing, draw
from sla.scenarios import ANY_PRIORITY, BY_HAND, Scenario, scenario_of_calendar, scenario_of_plan
from sla.simulator import Outcome, Simulated, Wall
from sla.terms import hours_of, target_value, targets_of
from sla.timeline import RESPONSES
from tickets.lifecycle import Priority


@dataclass(frozen=True)
class Result:
    """One promise as the page shows it; times are pairs of a clock's place and what it reads."""

    label: str
    outcome: str
    target: str
    aim: list[tuple[str, str]] = field(default_factory=list)
    limit: list[tuple[str, str]] = field(default_factory=list)
    why: str = ""
    is_never_paused: bool = False
    receipt: Drawing | None = None


@dataclass(frozen=True)
class Simulator:
    """All that the section and the page show."""

    form: ArrivalForm
    url: str
    shared_url: str
    zone: str
    arrival: str = ""
    wall: str = ""
    is_twice: bool = False
    terms: str = ""
    results: list[Result] = field(default_factory=list)


@admin_required
@require_safe
def simulate_plan(request: DeskRequest, pk: int) -> HttpResponse:
    """A ticket that arrives under a plan."""
    plan = get_object_or_404(Plan.objects.visible_to(request.membership), pk=pk)
    version = plan.versions.select_related("calendar").latest("number")
    context = {"plan": plan, "simulator": plan_simulator(plan, version, request.GET)}
    return console_page(request, "simulator.html", context, subject="console_plans")


@admin_required
@require_safe
def simulate_calendar(request: DeskRequest, pk: int) -> HttpResponse:
    """A target typed by hand on a calendar."""
    calendar = get_object_or_404(SupportCalendar.objects.visible_to(request.membership), pk=pk)
    context = {"calendar": calendar, "simulator": calendar_simulator(calendar, request.GET)}
    return console_page(request, "simulator.html", context, subject="console_calendars")


def plan_simulator(plan: Plan, newest: PlanVersion, chosen: QueryDict | None = None) -> Simulator:
    """The simulator of a plan; without anything chosen, of a critical ticket that arrives now."""
    zone, metrics = hours_of(newest.calendar).tz, targets_of(newest)
    usual = {"priority": [Priority.CRITICAL.value], "metrics": list(metrics)}
    form = PlanSimulatorForm(
        _filled_in(chosen, zone, usual), metrics=metrics, zone=zone, pauses=newest.maintenance_pauses
    )
    shown = _Shown(form, reverse("plan_simulator", args=[plan.pk]))
    if not form.is_valid():
        return shown.without_result()
    scenario = scenario_of_plan(plan, form.arrival[0])
    if scenario is None:
        form.add_error("arrives", _("The plan holds only for tickets that arrive later."))
        return shown.without_result()
    chosen_metrics, priority = form.cleaned_data["metrics"], form.cleaned_data["priority"]
    return shown.played(scenario, chosen_metrics, priority, form.planned)


def calendar_simulator(calendar: SupportCalendar, chosen: QueryDict | None = None) -> Simulator:
    """The simulator of a calendar; without anything chosen, of four hours from now."""
    zone = hours_of(calendar).tz
    usual = {"unit": [TargetUnit.BUSINESS_TIME.value], "aim": ["2"], "limit": ["4"]}
    form = CalendarSimulatorForm(_filled_in(chosen, zone, usual), zone=zone)
    shown = _Shown(form, reverse("calendar_simulator", args=[calendar.pk]))
    if not form.is_valid():
        return shown.without_result()
    target = target_value(BY_HAND, form.cleaned_data["unit"], form.aim_amount, form.limit_amount)
    scenario = scenario_of_calendar(calendar, target, form.arrival[0])
    return shown.played(scenario, [BY_HAND], ANY_PRIORITY)


def _filled_in(
    chosen: QueryDict | None, zone: ZoneInfo, usual: dict[str, list[str]]
) -> MultiValueDict[str, str]:
    """What was chosen; an address without an arrival is one that somebody opens for the first time."""
    if chosen and "arrives" in chosen:
        return chosen
    now = timezone.now().astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
    given = dict(chosen.lists()) if chosen else {}
    return MultiValueDict({"arrives": [now.isoformat(timespec="minutes")]} | usual | given)


@dataclass(frozen=True)
class _Shown:
    """The form and its address, to be shown with what came out or without."""

    form: ArrivalForm
    url: str

    def without_result(self) -> Simulator:
        """The form is wrong and says so."""
        return Simulator(self.form, self.url, "", self.form.zone.key)

    def played(
        self, scenario: Scenario, metrics: list[str], priority: str, planned: Sequence[Period] = ()
    ) -> Simulator:
        """The form is right: what a ticket would be promised."""
        arrives_at, wall = self.form.arrival
        pauses = self.form.pauses
        found = scenario.play(
            metrics=metrics, priority=priority, arrives_at=arrives_at, pauses=pauses, planned=planned
        )
        reader = timezone.get_current_timezone()
        return Simulator(
            form=self.form,
            url=self.url,
            shared_url=f"{self.url}?{urlencode(self.form.data, doseq=True)}",
            zone=self.form.zone.key,
            arrival=humantime.in_zones(arrives_at, scenario.zone, reader, now=timezone.now()),
            wall=_wall_words(wall, self.form, arrives_at),
            is_twice=wall == Wall.TWICE,
            terms=_terms_words(scenario),
            results=[_result(one, scenario, arrives_at, has_pause=bool(pauses)) for one in found],
        )


def _result(one: Simulated, scenario: Scenario, arrives_at: datetime, *, has_pause: bool) -> Result:
    by_hand = scenario.plan_version is None
    label = target_words(one.target) if by_hand else str(Metric(one.metric).label)
    target = " · ".join(filter(None, ["" if by_hand else target_words(one.target), day_rule(one.target)]))
    if one.outcome != Outcome.PROMISED or one.aim_at is None or one.limit_at is None:
        return Result(label, one.outcome.value, target)
    zone = scenario.zone
    drawing = draw(one.segments, now=arrives_at, zone=zone)
    return Result(
        label,
        one.outcome.value,
        target,
        aim=_on_clocks(one.aim_at, zone),
        limit=_on_clocks(one.limit_at, zone),
        why=because(one.segments, one.target, zone=zone, now=arrives_at),
        is_never_paused=has_pause and one.metric in RESPONSES,
        receipt=replace(drawing, segments=[band | {"used": True} for band in drawing.segments]),
    )


def _on_clocks(at: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """An instant on the reader's clock and on the calendar's, each with its place; once where they agree."""
    reader = timezone.get_current_timezone()
    here = (humantime.exact_moment(at, reader), _("your time"))
    there = (humantime.exact_moment(at, zone), humantime.zone_city(zone))
    if at.astimezone(reader).utcoffset() == at.astimezone(zone).utcoffset():
        return [there]
    return [here, there]


def _wall_words(wall: Wall, form: ArrivalForm, arrives_at: datetime) -> str:
    local = form.cleaned_data["arrives"]
    said = {
        "time": f"{local:%H:%M}",
        "city": humantime.zone_city(form.zone),
        "instant": humantime.exact_moment(arrives_at, form.zone),
    }
    if wall == Wall.SKIPPED:
        words = _(
            "%(time)s does not exist on that day in %(city)s: the clocks go forward over it. Reckoned from "
            "the change on, %(instant)s."
        )
        return words % said
    if wall == Wall.TWICE:
        words = _(
            "%(time)s comes twice on that day in %(city)s: the clocks go back. Reckoned from %(instant)s."
        )
        return words % said
    return ""


def _terms_words(scenario: Scenario) -> str:
    calendar = {
        "calendar": scenario.calendar.name,
        "number": scenario.calendar_version.number,
        "zone": scenario.zone.key,
    }
    words = _("Calendar %(calendar)s, version %(number)s (%(zone)s)") % calendar
    version = scenario.plan_version
    if version is None:
        return words
    plan = _("Plan %(plan)s, version %(number)s") % {"plan": version.plan.name, "number": version.number}
    return f"{plan} \u00b7 {words}"
