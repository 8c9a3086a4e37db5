"""A desk with many running clocks, made in bulk: every deadline as the product itself would have reckoned it.

Each ticket is filed on a day of the last weeks and has two clocks. One in ten waited for its requester once,
one in twenty waits now; a few are overdue. Its events say all this, so that clocks can be audited.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Membership
from accounts.tenancy import tenant_scope
from scripts.bench_seed import _drop_indexes, _vocabulary
from sla.business_time import BusinessCalendar, around_the_clock
from sla.line import Int64s, Line
from sla.many import LeftOut, counted, deadlines
from sla.models import Agreement, CalendarVersion, Contract, PlanVersion
from sla.open_clocks import NEVER, UNITS, Column, Instants
from sla.services import TargetTerms, create_calendar, create_plan, give_contract
from sla.terms import target_value, unit_of
from sla.timeline import Target
from sla.zones import SECOND, to_microseconds
from tickets.services.categories import create_category

_SQL = Path(__file__).with_suffix(".sql")
HOUR = 3600
CUSTOMERS = 200
PRIORITIES = ("critical", "high", "medium", "low")
HOURS: dict[str, Any] = {
    "tz": "Asia/Karachi",
    "week": {str(day): [["09:00", "13:00"], ["14:00", "18:00"]] for day in range(6)},
    "holidays": {"2026-12-25": "Quaid's Day", "2027-03-23": "Pakistan Day"},
}

# Unit, aim and limit by plan, metric and priority: in hours, or business days.
PROMISES = {
    "Gold": {
        "first_response": [("business_time", 60, 90 + 20 * place) for place in range(4)],
        "resolution": [("business_time", 120, 180 + 30 * place) for place in range(4)],
    },
    "Silver": {
        "first_response": [("business_time", 80, 140 + 20 * place) for place in range(4)],
        "resolution": [("business_days", 14, 20 + 4 * place) for place in range(4)],
    },
    "Round the clock": {
        "first_response": [("business_days", 9, 14 + place) for place in range(4)],
        "resolution": [("elapsed_time", 400, 700 + 50 * place) for place in range(4)],
    },
}


@dataclass
class Founded:
    """What the bulk rows point to; of each customer its agreement, its id, its contact and its plan."""

    tenant: int
    category: int
    agent: int
    customers: list[tuple[int, int, int, str]]


def seed(owner_url: str, tickets: int) -> None:
    """Fill an empty, migrated database with a desk of that many open tickets, two clocks each."""
    desk = _found()
    with psycopg.connect(owner_url, autocommit=True) as owner:
        indexes = _drop_indexes(owner)
        _write_tickets(owner, desk, tickets)
        _write_clocks(owner, desk)
        for definition in indexes:
            owner.execute(definition)
        owner.execute("VACUUM ANALYZE")


def _found() -> Founded:
    now = timezone.now()
    tenant = accounts.create_tenant(
        slug="million", name="Million", ticket_prefix="MIL", language="en", time_zone="Asia/Karachi", at=now
    )
    owner = accounts.add_owner(tenant=tenant, email="owner@million.example", name="Olga Owner", at=now)
    with tenant_scope(tenant.pk):
        accounts.accept_invitation(membership=owner, at=now, password=secrets.token_urlsafe())
        calendar = create_calendar(tenant_id=tenant.pk, name="Office hours", spec=HOURS, at=now)
        plans = [
            create_plan(tenant_id=tenant.pk, name=name, calendar=calendar, targets=_targets(name), at=now)
            for name in PROMISES
        ]
        category = create_category(tenant_id=tenant.pk, name="Technical issue")
        hours = CalendarVersion.objects.get(calendar=calendar)
        found = []
        for number in range(CUSTOMERS):
            plan = plans[number % len(plans)]
            customer = accounts.create_customer(tenant_id=tenant.pk, name=f"Customer {number:04}", at=now)
            contract: Contract = give_contract(
                customer=customer, plan=plan, starts_on=date(2020, 1, 1), at=now
            )
            agreement = Agreement.objects.create(
                tenant_id=tenant.pk,
                contract=contract,
                plan_version=PlanVersion.objects.get(plan=plan),
                calendar_version=hours,
            )
            email = f"contact{number}@million.example"
            contact: Membership = accounts.invite_person(
                by=owner, email=email, name=f"Contact {number}", role="member", customer=customer, at=now
            )
            found.append((agreement.pk, customer.pk, contact.pk, plan.name))
    return Founded(tenant.pk, category.pk, owner.pk, found)


def _targets(plan: str) -> list[TargetTerms]:
    return [
        TargetTerms(metric, priority, unit, aim * _size(unit), limit * _size(unit))
        for metric, by_priority in PROMISES[plan].items()
        for priority, (unit, aim, limit) in zip(PRIORITIES, by_priority, strict=True)
    ]


def _write_tickets(owner: psycopg.Connection[Any], desk: Founded, count: int) -> None:
    """Tickets with a message and their events; their instants stay in a table for the clocks."""
    dice = random.Random(42)  # noqa: S311 - the same words every time
    values = {
        "tenant": desk.tenant, "category": desk.category, "agent": desk.agent,
        "tickets": count, "customers": len(desk.customers),
    }  # fmt: skip
    for name, value in values.items():
        owner.execute("SELECT set_config(%s, %s, false)", [f"bench.{name}", str(value)])
    owner.execute("CREATE TEMP TABLE bench_customer (place int, customer bigint, contact bigint)")
    owner.execute("CREATE TEMP TABLE bench_word (i int PRIMARY KEY, word text)")
    with owner.cursor().copy("COPY bench_customer FROM STDIN") as copy:
        for place, (_agreement, customer, contact, _plan) in enumerate(desk.customers):
            copy.write_row((place, customer, contact))
    with owner.cursor().copy("COPY bench_word FROM STDIN") as copy:
        for place, word in enumerate(_vocabulary(dice)[:5000]):
            copy.write_row((place, word))
    owner.execute("ANALYZE bench_customer, bench_word")
    owner.execute(_SQL.read_bytes())


def _write_clocks(owner: psycopg.Connection[Any], desk: Founded) -> None:
    """Two clocks a ticket, reckoned in arrays; then what stands on the tickets."""
    cursor = owner.cursor(binary=True)
    cursor.execute(_READ)
    rows = np.array(cursor.fetchall(), np.int64)
    line = Line(BusinessCalendar.from_spec(HOURS))
    owner.execute(_MAKE_TABLE)
    for place, by_plan in enumerate(_by_metric().values()):
        for plan, targets in by_plan.items():
            for priority, target in enumerate(targets):
                mine = rows[(rows[:, 1] % len(PROMISES) == plan) & (rows[:, 2] == priority)]
                _copy(owner, _clocks(line, mine, target, place, desk))
    owner.execute(_CLOCKS)
    owner.execute("ANALYZE sla_clock")
    owner.execute(_SUMMARIES)


def _by_metric() -> dict[str, dict[int, list[Target]]]:
    return {
        metric: {
            place: [_target(metric, *terms) for terms in promise[metric]]
            for place, promise in enumerate(PROMISES.values())
        }
        for metric in ("first_response", "resolution")
    }


def _size(unit: str) -> int:
    return 1 if unit == "business_days" else HOUR


def _target(metric: str, unit: str, aim: int, limit: int) -> Target:
    return target_value(metric, unit, aim * _size(unit), limit * _size(unit))


def _clocks(line: Line, rows: Int64s, target: Target, place: int, desk: Founded) -> Any:
    """The columns of `bench_clock` for tickets with that target; `place` is that of its metric."""
    starts, paused, resumed = rows[:, 3], rows[:, 4], rows[:, 5]
    pausable = target.metric == "resolution"
    waited = pausable & (resumed != NEVER)
    stands = pausable & (paused != NEVER) & (resumed == NEVER)
    instants = np.column_stack((paused, resumed))[waited].ravel()
    left_out = LeftOut(instants, np.concatenate(([0], np.cumsum(np.where(waited, 2, 0)))))
    limits = deadlines(line, target, starts, left_out)
    aims = deadlines(line, target, starts, left_out, amount=target.aim)
    now = to_microseconds(timezone.now())
    left = np.full(len(rows), -1, np.int64)
    at = np.flatnonzero(stands & (limits > paused))
    if len(at):
        budget = np.full(len(at), target.limit * SECOND, np.int64)
        hours = line
        if target.unit == "business_days":
            budget = counted(line, starts[at], deadlines(line, target, starts[at]))
        elif target.unit == "elapsed_time":
            hours = Line(around_the_clock())
        left[at] = np.maximum(budget - counted(hours, starts[at], paused[at]), 0) // SECOND
    frozen = left >= 0
    aims = np.where(stands & (aims > paused), NEVER, aims)
    limits = np.where(frozen, NEVER, limits)
    broken = np.where(limits <= now, limits, NEVER)
    ahead = np.where(aims > now, np.minimum(aims, limits), limits)
    following = np.where((broken != NEVER) | frozen, NEVER, ahead)
    status = np.where(broken != NEVER, 2, np.where(frozen, 1, 0))
    agreement = np.array([customer[0] for customer in desk.customers], np.int64)[rows[:, 1]]
    unit = UNITS.index(unit_of(target))
    same = np.ones(len(rows), np.int64)
    pair = np.where(waited[:, None], np.column_stack((paused, resumed)), NEVER)
    return np.column_stack((
        rows[:, 0], agreement, same * place, status, starts, aims, limits, broken, following, left,
        same * unit, same * target.aim, same * target.limit, pair,
        np.where(stands, paused, NEVER),
    ))  # fmt: skip


_COLUMNS = {
    "ticket": "int8", "agreement": "int8", "metric": "int8", "status": "int8", "started": "timestamptz",
    "aim_at": "timestamptz", "due": "timestamptz", "breached": "timestamptz", "next": "timestamptz",
    "remaining": "int8", "unit": "int8", "aim": "int8", "most": "int8",
    "out_from": "timestamptz", "out_to": "timestamptz", "paused": "timestamptz",
}  # fmt: skip
_MAKE_TABLE = "CREATE TEMP TABLE bench_clock ({})".format(", ".join(f"{n} {t}" for n, t in _COLUMNS.items()))
_READ = """
    SELECT id, place, array_position(ARRAY['critical', 'high', 'medium', 'low'], priority) - 1,
        (extract(epoch FROM filed_at) * 1000000)::bigint,
        coalesce((extract(epoch FROM paused_at) * 1000000)::bigint, 9223372036854775807),
        coalesce((extract(epoch FROM resumed_at) * 1000000)::bigint, 9223372036854775807)
    FROM bench_ticket ORDER BY n"""
_CLOCKS = """
    INSERT INTO sla_clock (tenant_id, ticket_id, metric, cycle, agreement_id, status, started_at, at_risk_at,
        due_at, remaining, unit, aim, "limit", left_out, due_is_manual, ended_at, breached_at, next_action_at,
        paused_at, error)
    SELECT current_setting('bench.tenant')::bigint, ticket,
        (ARRAY['first_response', 'resolution'])[metric + 1], 1, agreement,
        (ARRAY['running', 'paused', 'breached'])[status + 1], started, NULLIF(aim_at, 'infinity'),
        NULLIF(due, 'infinity'), NULLIF(remaining, -1),
        (ARRAY['', 'business_time', 'business_days', 'business_days_end', 'elapsed_time'])[unit + 1],
        aim, most, CASE WHEN out_to = 'infinity' THEN '{}' ELSE ARRAY[out_from, out_to] END, false, NULL,
        NULLIF(breached, 'infinity'), NULLIF(next, 'infinity'), NULLIF(paused, 'infinity'), ''
    FROM bench_clock ORDER BY ticket, metric"""
_SUMMARIES = """
    UPDATE tickets_ticket t SET due_state = CASE WHEN c.due = 'infinity' THEN 'paused' ELSE 'running' END,
        due_metric = (ARRAY['first_response', 'resolution'])[c.metric + 1], due_started_at = c.started,
        at_risk_at = NULLIF(c.aim_at, 'infinity'), due_at = NULLIF(c.due, 'infinity'),
        due_remaining = NULLIF(c.remaining, -1), due_in_business_time = c.unit <> 4,
        due_zone = 'Asia/Karachi', has_breached = c.any_broken
    FROM (
        SELECT DISTINCT ON (ticket) *, min(breached) OVER (PARTITION BY ticket) < 'infinity' AS any_broken
        FROM bench_clock ORDER BY ticket, due, metric
    ) c WHERE t.id = c.ticket"""


def _copy(owner: psycopg.Connection[Any], clocks: Int64s) -> None:
    """Into the table of clocks, in PostgreSQL's own form."""
    columns = []
    for place, kind in enumerate(_COLUMNS.values()):
        column = Instants if kind == "timestamptz" else Column
        columns.append(column(clocks[:, place]).values)
    rows = np.empty(len(clocks), [("fields", ">i2"), ("cells", [("w", ">i4"), ("v", ">i8")], len(columns))])
    rows["fields"], rows["cells"]["w"] = len(columns), 8
    rows["cells"]["v"] = np.column_stack(columns)
    with owner.cursor().copy("COPY bench_clock FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8) + rows.tobytes() + b"\xff\xff")
