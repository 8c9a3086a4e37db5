"""Health, readiness and metrics, and what they say when something is missing."""

import json
import logging
from datetime import timedelta

import pytest
import redis
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from notifications.models import Heartbeat
from supportdesk import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def swept() -> None:
    """All sweeps have just come to their end."""
    for name in health.SWEEPS:
        Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def test_a_living_process_answers_without_asking_the_database(
    client: Client, django_assert_num_queries: "pytest.FixtureRequest"
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_ready_when_everything_answers(client: Client, swept: None) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200, response.content
    assert set(response.json()["checks"]) == {"database", "migrations", "broker", "sweeps", "clocks"}


@pytest.mark.parametrize("name", list(health.SWEEPS))
def test_unready_when_a_sweep_has_died(client: Client, swept: None, name: str) -> None:
    long_ago = timezone.now() - timedelta(seconds=health.SWEEPS[name] + 1)
    Heartbeat.objects.filter(name=name).update(at=long_ago)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert name in response.json()["checks"]["sweeps"]["detail"]


def test_a_first_start_has_time_for_its_first_sweep(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Heartbeat.objects.all().delete()
    monkeypatch.setattr(health, "_started", health.time.monotonic())
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(health, "_started", health.time.monotonic() - 3600)
    assert client.get("/readyz").status_code == 503


def test_unready_without_a_broker(client: Client, swept: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: redis.Redis) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(redis.Redis, "ping", refuse)
    checks = client.get("/readyz").json()["checks"]
    assert not checks["broker"]["ok"]
    assert checks["database"]["ok"]


def test_unready_when_a_migration_is_missing(
    client: Client, swept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrated", set())
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: [object()])
    assert client.get("/readyz").json()["checks"]["migrations"] == {"ok": False, "detail": "1 not applied"}


def test_unready_when_row_security_does_not_hold(
    client: Client, swept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "steps_around_row_security", lambda _: True)
    assert not client.get("/readyz").json()["checks"]["database"]["ok"]


def test_metrics_need_their_token(client: Client, settings: "pytest.FixtureRequest") -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "sesame"  # type: ignore[attr-defined]
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer sesam"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer sesame"}).status_code == 200


def test_metrics_count_requests_and_tell_what_lags(
    client: Client, settings: "pytest.FixtureRequest", swept: None
) -> None:
    settings.METRICS_TOKEN = "sesame"  # type: ignore[attr-defined]
    client.get("/accounts/login/")
    text = client.get("/metrics", headers={"Authorization": "Bearer sesame"}).content.decode()
    assert 'desk_requests_total{method="GET",status="200",view="account_login"}' in text
    assert 'desk_sweep_age_seconds{sweep="clocks"}' in text
    for name in ("desk_outbox_waiting", "desk_clocks_lag_seconds", "desk_request_seconds_bucket"):
        assert f"\n{name}" in text


def test_a_request_leaves_one_line_with_its_id(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "supportdesk.request"):
        response = client.get("/accounts/login/?next=/secret", headers={"X-Request-ID": "from-the-proxy-1"})
    assert response["X-Request-ID"] == "from-the-proxy-1"
    (record,) = [r for r in caplog.records if r.name == "supportdesk.request"]
    assert (record.path, record.status) == ("/accounts/login/", 200)  # type: ignore[attr-defined]
    assert "secret" not in record.getMessage()


def test_an_id_that_could_forge_log_lines_is_replaced(client: Client) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "a b\tc<script>"})
    assert len(response["X-Request-ID"]) == 32


def test_log_lines_are_json_with_request_tenant_and_person() -> None:
    from django.conf import settings

    from accounts.tenancy import tenant_scope
    from supportdesk.logs import WhereFrom, request_id

    formatter = logging.config.DictConfigurator(settings.LOGGING).configure_formatter(  # type: ignore[attr-defined]
        dict(settings.LOGGING["formatters"]["json"])
    )
    record = logging.LogRecord("sla", logging.INFO, __file__, 1, "swept %s", ("it",), None)
    token = request_id.set("abcdefgh")
    try:
        with tenant_scope(7, 9):
            WhereFrom().filter(record)
    finally:
        request_id.reset(token)
    line = json.loads(formatter.format(record))
    assert line["message"] == "swept it"
    assert (line["request_id"], line["tenant_id"], line["person_id"]) == ("abcdefgh", 7, 9)
    assert (line["level"], line["logger"]) == ("INFO", "sla")
    assert line["at"].endswith("+00:00")


def test_production_settings_pass_djangos_own_check() -> None:
    call_command("check")
