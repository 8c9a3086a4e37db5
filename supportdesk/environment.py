"""Reading the environment: a value that is missing or not understood stops the start with one line."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
_SECRET_LENGTH = 50


def read_files(*paths: Path) -> None:
    """Take over `NAME=value` lines of those files that exist; what the environment has already stays."""
    for path in paths:
        if path.is_file():
            environ.Env.read_env(str(path))


def text(name: str, default: str | None = None) -> str:
    """The value of a variable, stripped; without a default it must be there and not empty."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """A switch: 1, true, yes, on or 0, false, no, off; anything else is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} must be 1 or 0 (or true/false, yes/no, on/off), not {value!r}.")
    return word in _TRUE


def number(name: str, default: int, *, low: int = 0, high: int = 2**31) -> int:
    """A whole number between low and high, both included."""
    value = text(name, str(default))
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, allowed: list[str], default: str) -> str:
    """One of the allowed words."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def secret(name: str) -> str:
    """A secret that is long enough to be one."""
    value = text(name)
    if len(value) < _SECRET_LENGTH:
        raise ImproperlyConfigured(f"{name} is too short: at least {_SECRET_LENGTH} characters.")
    return value


def database(name: str) -> dict[str, Any]:
    """Django's settings for the PostgreSQL address in that variable."""
    url = text(name)
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"{name} must be an address that begins with postgres://.")
    return dict(_parsed(name, environ.Env.db_url_config, url))


def email(name: str, default: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for an address such as smtp+tls://user:password@host:587."""
    return dict(_parsed(name, environ.Env.email_url_config, text(name, default)))


def redis(name: str, default: str) -> str:
    """The address of a Redis or Valkey server."""
    value = text(name, default)
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(
            f"{name} must be an address that begins with redis://, rediss:// or unix://."
        )
    return value


def _parsed(name: str, parse: Callable[[str], T], url: str) -> T:
    try:
        return parse(url)
    except (KeyError, ValueError, TypeError, ImproperlyConfigured):
        # The address itself may hold a password, so it is not repeated.
        raise ImproperlyConfigured(f"{name} is not an address that can be understood.") from None
