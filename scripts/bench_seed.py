"""The two desks that are measured: made by the services where rows are few, in bulk where they are many.

The texts come from a vocabulary of made words with the frequencies of a language, so that an index over them
is as large and as uneven as a real one.
"""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.utils import timezone

from accounts.services import create_tenant
from accounts.tenancy import tenant_scope
from scripts.bench_defaults import take_defaults_of_models
from sla.models import PlanVersion
from sla.services import TargetTerms, create_calendar, create_plan
from tickets.services.categories import create_category

COMMON = "printer"
RARE = "zirconium"
HOUR = 3600
SUBJECTS, BODIES = 4_000, 20_000
_SQL = Path(__file__).with_suffix(".sql")
_SLOW_INDEXES = ("message_search", "ticket_search", "ticket_subject_trgm")
_HOURS = {
    "tz": "Asia/Karachi",
    "week": {str(day): [["09:00", "13:00"], ["14:00", "18:00"]] for day in range(6)},
}


@dataclass(frozen=True)
class Size:
    """How much a desk holds. `only_new` adds to a desk tickets that nobody has answered."""

    slug: str
    tickets: int
    customers: int
    agents: int
    limit: int = 24 * HOUR
    metrics: tuple[str, ...] = ("first_response", "next_response", "resolution")
    oldest_days: int = 730
    newest_days: int = 0
    only_new: bool = False


def seed(owner_url: str, tickets: int) -> None:
    """Fill an empty, migrated database: a desk of that many tickets, and a second one of a fifth of them.

    The second desk has a further 1,000 tickets whose aim has passed and whose limit has not (`due_later`).
    """
    # Targets of weeks: of the tickets that nobody answered the aim has passed and the limit has not.
    second = {
        "slug": "second",
        "customers": 200,
        "agents": 30,
        "limit": 600 * HOUR,
        "metrics": ("first_response",),
    }
    sizes = [
        Size("first", tickets, 200, 30),
        Size(**second, tickets=tickets // 5),  # type: ignore[arg-type]  # the four above
        Size(**second, tickets=1000, oldest_days=9, newest_days=3, only_new=True),  # type: ignore[arg-type]
    ]
    with psycopg.connect(owner_url, autocommit=True, cursor_factory=psycopg.ClientCursor) as owner:
        take_defaults_of_models(owner)
        _write_texts(owner)
        owner.execute("ANALYZE bench_subject, bench_body")
        indexes = _drop_indexes(owner)
        desks: dict[str, dict[str, int]] = {}
        for size in sizes:
            keys = desks.setdefault(size.slug, {}) or _found(size)
            desks[size.slug] = keys
            _fill(owner, size, keys)
        for definition in indexes:
            owner.execute(definition)
        owner.execute("VACUUM ANALYZE")


def make_due(owner_url: str, count: int) -> None:
    """Let that many unanswered tickets of the second desk fall due now, each with one step to take."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(
            """
            UPDATE sla_clock SET next_action_at = now() - interval '1 second' WHERE id IN (
                SELECT c.id FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id
                    JOIN accounts_tenant d ON d.id = t.tenant_id
                WHERE d.slug = 'second' AND t.status = 'new' AND c.ended_at IS NULL
                    AND NOT EXISTS (SELECT FROM sla_escalation e WHERE e.clock_id = c.id)
                ORDER BY t.number DESC LIMIT %s)
            """,
            [count],
        )
        owner.execute("ANALYZE sla_clock")


def _found(size: Size) -> dict[str, int]:
    """What every bulk row points to: the desk, its calendar, plan and categories."""
    now = timezone.now()
    tenant = create_tenant(
        slug=size.slug,
        name=size.slug.capitalize(),
        ticket_prefix=size.slug.upper(),
        language="en",
        time_zone="Asia/Karachi",
        at=now,
    )
    with tenant_scope(tenant.pk):
        calendar = create_calendar(tenant_id=tenant.pk, name="Office hours", spec=_HOURS, at=now)
        targets = [
            TargetTerms(metric, priority, "business_time", 4 * HOUR, size.limit)
            for metric in size.metrics
            for priority in ("critical", "high", "medium", "low")
        ]
        plan = create_plan(tenant_id=tenant.pk, name="Gold", calendar=calendar, targets=targets, at=now)
        for number in range(8):
            create_category(tenant_id=tenant.pk, name=f"Category {number}")
        version = PlanVersion.objects.get(plan=plan)
    return {"tenant": tenant.pk, "calendar": calendar.pk, "plan": plan.pk, "plan_version": version.pk}


def _fill(owner: "psycopg.Connection[Any]", size: Size, keys: dict[str, int]) -> None:
    values: dict[str, Any] = {
        **keys,
        "customers": size.customers,
        "agents": size.agents,
        "tickets": size.tickets,
        "oldest_days": size.oldest_days,
        "newest_days": size.newest_days,
        "only_new": size.only_new,
    }
    for name, value in values.items():
        owner.execute("SELECT set_config(%s, %s, false)", [f"bench.{name}", str(value).lower()])
    owner.execute(_SQL.read_bytes())


def _drop_indexes(owner: "psycopg.Connection[Any]") -> list[str]:
    """Text indexes are quicker made once at the end; returns the statements that make them again."""
    rows = owner.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(_SLOW_INDEXES)]
    ).fetchall()
    for name, _definition in rows:
        owner.execute(psycopg.sql.SQL("DROP INDEX {}").format(psycopg.sql.Identifier(name)))
    return [definition for _name, definition in rows]


def _write_texts(owner: "psycopg.Connection[Any]") -> None:
    dice = random.Random(42)  # noqa: S311 - the same texts every time
    words = _vocabulary(dice)
    weights = [1 / (rank + 3) for rank in range(len(words))]

    def text(length: int) -> str:
        return " ".join(dice.choices(words, weights, k=length))

    for table, count, shortest, longest in (
        ("bench_subject", SUBJECTS, 4, 9),
        ("bench_body", BODIES, 20, 110),
    ):
        owner.execute(f"CREATE TEMP TABLE {table} (i int PRIMARY KEY, text text)")
        with owner.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for i in range(1, count + 1):
                said = text(dice.randint(shortest, longest))
                copy.write_row((i, f"{said} {COMMON}" if i % 8 == 0 else said))


def _vocabulary(dice: random.Random, count: int = 12_000) -> list[str]:
    syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "ar", "en", "il", "os")]
    return list(
        dict.fromkeys("".join(dice.choices(syllables, k=dice.choice((1, 2, 2, 3, 3)))) for _ in range(count))
    )
