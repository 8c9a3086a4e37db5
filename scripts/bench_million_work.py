"""What runs beside the measuring process of `make bench-million`: told by lines what to do, it answers so."""

import json
import resource
import sys
import time
from datetime import datetime
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402  Django stands by now

from accounts.models import Membership, Tenant  # noqa: E402
from accounts.tenancy import tenant_scope  # noqa: E402
from scripts.bench_million_seed import HOURS  # noqa: E402
from sla.models import Clock, Edit, SupportCalendar  # noqa: E402
from sla.services import batches, edit_work, edits  # noqa: E402
from sla.services.batches import Batch  # noqa: E402
from sla.sweep import sweep_tenant  # noqa: E402
from sla.tasks import sweep  # noqa: E402


def sweeps() -> None:
    """A sweep for every line; how long it took and how many steps it took."""
    say("ready")
    for _line in sys.stdin:
        began = time.perf_counter()
        taken = sweep()
        say([time.perf_counter() - began, taken])


def edit(reach: str) -> None:
    """Draft an edit, look at it, wait for a line, apply it; all in this process."""
    spans: list[float] = []
    whole = batches.move_tickets

    def timed(*arguments: Any) -> Batch:
        began = time.perf_counter()
        batch = whole(*arguments)
        spans.append(time.perf_counter() - began)
        return batch

    setattr(edit_work, "move_tickets", timed)  # noqa: B010  the same, timed
    tenant = Tenant.objects.get(slug="million")
    with tenant_scope(tenant.pk):
        draft = _draft()
        asked: Any = {"reach": reach, "valid_from": None, "now": timezone.now()}
        looks = [seconds(lambda: edits.effect_of(draft, **asked)) for _turn in range(3)]
        page = seconds(lambda: edits.page_of_effect(draft, **asked))
        say("looked")
        sys.stdin.readline()
        took = seconds(lambda: _applied(draft, reach, tenant.pk))
        draft.refresh_from_db()
    say({
        "looks": looks, "page": page, "took": took, "batches": len(spans), "longest": max(spans),
        "median": sorted(spans)[len(spans) // 2], "state": draft.state, "total": draft.total,
        "moved": draft.moved, "error": draft.error,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    })  # fmt: skip


def seconds(act: Any) -> float:
    """How long something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def due() -> None:
    """A sweep with nothing due and one with 1,000 steps due, in a process that has swept before."""
    tenant = Tenant.objects.get(slug="million")
    with tenant_scope(tenant.pk):
        now = timezone.now()
        sweep_tenant(now=now)
        sweep_tenant(now=_when_due(now, 100))
        began = _when_due(now, 0)
        nothing = sorted(seconds(lambda: sweep_tenant(now=began)) for _turn in range(9))
        at = _when_due(began, 1_000)
        start = time.perf_counter()
        taken = sweep_tenant(now=at)
        say({"nothing_due": nothing[4], "due": time.perf_counter() - start, "taken": taken})


def _when_due(after: datetime, count: int) -> datetime:
    """The instant by which so many more clocks are to be looked at."""
    looks = Clock.objects.filter(next_action_at__gte=after, error="").order_by("next_action_at")
    return looks.values_list("next_action_at", flat=True)[count]  # type: ignore[return-value]


def _draft() -> Edit:
    calendar = SupportCalendar.objects.get()
    number = calendar.versions.latest("number").number
    opens = "08:30" if number % 2 else "09:00"
    week = {day: [[opens, "13:00"], ["14:00", "17:30"]] for day in HOURS["week"]}
    values = {"name": calendar.name, "spec": HOURS | {"week": week}}
    admin = Membership.objects.get(role="owner")
    return edits.draft_edit(calendar=calendar, seen_number=number, by=admin, at=timezone.now(), values=values)


def _applied(draft: Edit, reach: str, tenant_id: int) -> None:
    edits.apply_edit(draft, reach=reach, by=draft.created_by, at=timezone.now())
    while not edit_work.carry_out(tenant_id)[1]:
        pass


def say(what: Any) -> None:
    """One line for the process that measures."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    if job == "sweep":
        sweeps()
    elif job == "due":
        due()
    else:
        edit(*arguments)
