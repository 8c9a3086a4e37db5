"""A setting that is missing or not understood stops the start with one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from supportdesk import environment
from supportdesk.connections import connect
from supportdesk.embedded import ServiceError

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("off", False), ("", False)])
def test_a_switch_understands_usual_words(
    monkeypatch: pytest.MonkeyPatch, value: str, expected: bool
) -> None:
    monkeypatch.setenv("A_SWITCH", value)
    assert environment.flag("A_SWITCH") is expected


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DEBUG", "maybe", lambda: environment.flag("DEBUG")),
        ("PORT", "80a", lambda: environment.number("PORT", 8000, low=1, high=65535)),
        ("PORT", "70000", lambda: environment.number("PORT", 8000, low=1, high=65535)),
        ("SECRET_KEY", "short", lambda: environment.secret("SECRET_KEY")),
        ("DATABASE_URL", "mysql://a@b/c", lambda: environment.database("DATABASE_URL")),
        ("DATABASE_URL", "postgres://a:p@b:port/c", lambda: environment.database("DATABASE_URL")),
        ("REDIS_URL", "localhost:6379", lambda: environment.redis("REDIS_URL", "")),
        ("EMAIL_URL", "pigeon://roof", lambda: environment.email("EMAIL_URL", "consolemail://")),
        ("LOG_FORMAT", "xml", lambda: environment.choice("LOG_FORMAT", ["json"], "json")),
    ],
)
def test_what_is_not_understood_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: "object"
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        read()  # type: ignore[operator]
    assert "\n" not in str(refusal.value)


def test_a_missing_setting_ends_the_command_line_with_one_line() -> None:
    env = {key: value for key, value in os.environ.items() if key not in {"SECRET_KEY", "DATABASE_URL"}}
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "check"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "supportdesk: SECRET_KEY is not set."


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1:1/desk does not answer") as refusal:
        connect("postgres://somebody:hush-hush@127.0.0.1:1/desk")
    assert "hush" not in str(refusal.value)
    assert "\n" not in str(refusal.value)
