"""Is the process alive, is the installation ready, how does it fare."""

import hmac
import time
from collections.abc import Callable
from typing import ClassVar

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from notifications.models import Heartbeat
from sla.audit import count_differences
from supportdesk import metrics
from supportdesk.roles import steps_around_row_security

#: After how many seconds without an end a sweep counts as dead: eight of its intervals, at least a minute.
SWEEPS = {"clocks": 120, "emergencies": 60, "maintenance": 80, "outbox": 60}
_BROKER_SECONDS = 2
_started = time.monotonic()
_migrated: set[str] = set()


class Unready(Exception):
    """What is not as it should be, in a few words without secrets."""


@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nothing of anybody, so a slow database does not get it restarted."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, role, migrations, broker, sweeps, clocks; 503 when one of them is not as it should be."""
    checks = {
        "database": _check_database,
        "migrations": _check_migrations,
        "broker": _check_broker,
        "sweeps": _check_sweeps,
        "clocks": _check_clocks,
    }
    results = {name: _result(check) for name, check in checks.items()}
    ready = all(result["ok"] for result in results.values())
    body = {"status": "ok" if ready else "unready", "checks": results}
    return JsonResponse(body, status=200 if ready else 503)


@never_cache
@require_GET
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Metrics for whoever brings METRICS_TOKEN; without a token set there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    if not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


class HealthMiddleware:
    """Answers these three addresses on any host name, before anything asks the database whose name it is.

    Probes come by number (`http://10.0.0.7:8000/healthz`), and get their answer while the database is away.
    """

    views: ClassVar = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics_page}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.views.get(request.path, self.get_response)(request)


def _result(check: Callable[[], str]) -> dict[str, object]:
    try:
        return {"ok": True, "detail": check()}
    except Unready as reason:
        return {"ok": False, "detail": str(reason)}
    except DatabaseError:
        return {"ok": False, "detail": "the database does not answer"}


def _check_database() -> str:
    connection.ensure_connection()
    if steps_around_row_security(connection.connection):
        raise Unready("row security does not hold for the role of DATABASE_URL")
    return "answers"


def _check_migrations() -> str:
    # What this code needs does not change while it runs, so a yes is kept; a no is asked again.
    name = str(connection.settings_dict["NAME"])
    if name not in _migrated:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            raise Unready(f"{missing} not applied")
        _migrated.add(name)
    return "applied"


def _check_broker() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=_BROKER_SECONDS, socket_timeout=_BROKER_SECONDS
    )
    try:
        client.ping()
    except redis.RedisError:
        raise Unready("the broker does not answer") from None
    finally:
        client.close()
    return "answers"


def _check_sweeps() -> str:
    now = timezone.now()
    ages = {beat.name: (now - beat.at).total_seconds() for beat in Heartbeat.objects.filter(name__in=SWEEPS)}
    # After a first start no sweep has been; that is an error only when it lasts.
    running = time.monotonic() - _started
    late = [name for name, limit in SWEEPS.items() if ages.get(name, running) > limit]
    if late:
        raise Unready(f"no sweep lately: {', '.join(late)} (is the worker running? is beat?)")
    return ", ".join(f"{name} {age:.0f} s ago" for name, age in sorted(ages.items())) or "none yet"


def _check_clocks() -> str:
    differences = count_differences()
    if differences:
        raise Unready(f"{differences} stored values are not what the record says: manage.py audit_clocks")
    return "as the record says"
