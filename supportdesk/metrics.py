"""What Prometheus may ask: requests by view, and how far behind the sweeps and the outbox are.

With several web processes the counters live in files that they share (PROMETHEUS_MULTIPROC_DIR, which must be
there and empty when the server starts); the numbers about the desk are read when they are asked for.
"""

import os
from collections.abc import Iterator

from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from notifications.models import Heartbeat, OutboxMessage
from sla.models import Clock

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_REQUESTS = Counter("desk_requests", "Requests answered.", ["method", "view", "status"])
_SECONDS = Histogram("desk_request_seconds", "Seconds to an answer.", ["view"], buckets=_BUCKETS)


def observe_request(method: str, view: str, status: int, seconds: float) -> None:
    """Count one answered request; addresses that no view answers are counted as one."""
    view = view or "none"
    # Methods are the client's words: an invented one must not make a new time series.
    method = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
    _REQUESTS.labels(method, view, str(status)).inc()
    _SECONDS.labels(view).observe(seconds)


def exposition() -> bytes:
    """Everything in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(DeskCollector())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


class DeskCollector(Collector):
    """Reads backlog and lag of all desks, each inside its own scope."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges; lags and ages are seconds, 0 when nothing waits."""
        now = timezone.now()
        waiting, oldest, overdue, lag, aside = 0, now, 0, now, 0
        for tenant_id in Tenant.objects.filter(is_active=True).values_list("pk", flat=True):
            with tenant_scope(tenant_id):
                # What is held for quiet hours waits, but is not late before these end.
                mail = OutboxMessage.objects.waiting().aggregate(
                    number=Count("pk"), since=Min(Coalesce("send_after", "created_at"))
                )
                clocks = Clock.objects.filter(next_action_at__lte=now, error="").aggregate(
                    number=Count("pk"), since=Min("next_action_at")
                )
                aside += Clock.objects.exclude(error="").count()
            waiting += mail["number"]
            overdue += clocks["number"]
            oldest = min(oldest, mail["since"] or now)
            lag = min(lag, clocks["since"] or now)
        yield GaugeMetricFamily("desk_outbox_waiting", "Messages not yet sent.", waiting)
        yield GaugeMetricFamily(
            "desk_outbox_oldest_seconds", "Age of the oldest of them.", (now - oldest).total_seconds()
        )
        yield GaugeMetricFamily("desk_clocks_waiting", "Clocks whose next action is due.", overdue)
        yield GaugeMetricFamily("desk_clocks_set_aside", "Clocks that could not be reckoned.", aside)
        yield GaugeMetricFamily(
            "desk_clocks_lag_seconds", "How long the first of them has waited.", (now - lag).total_seconds()
        )
        ages = GaugeMetricFamily("desk_sweep_age_seconds", "Since a sweep came to its end.", labels=["sweep"])
        for beat in Heartbeat.objects.all():
            ages.add_metric([beat.name], (now - beat.at).total_seconds())
        yield ages
