"""Which database and broker a run on one's own machine uses, and whether they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import redis

from supportdesk import environment
from supportdesk.embedded.process import ServiceError, kept_secret
from supportdesk.roles import ensure_roles, steps_around_row_security

_CONNECT_SECONDS = 5


@dataclass(frozen=True)
class Addresses:
    """Where database and broker are; None is what nobody has named."""

    app: str | None
    owner: str | None
    redis: str | None


def given_addresses(data_dir: Path) -> Addresses:
    """Read DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL and complete them.

    When DATABASE_URL alone is given and its role could step around row security, that role is taken for the
    owner and the application gets a role of its own. Raises `ServiceError` when a database does not answer.
    """
    app, owner = (environment.text(name, "") or None for name in ("DATABASE_URL", "DATABASE_OWNER_URL"))
    broker = environment.text("REDIS_URL", "") or None
    if broker:
        check_broker(environment.redis("REDIS_URL", ""))
    if app is None:
        return Addresses(app=None, owner=None, redis=broker)
    environment.database("DATABASE_URL")
    if owner is not None:
        environment.database("DATABASE_OWNER_URL")
        connect(owner).close()
    with connect(app) as connection:
        if not steps_around_row_security(connection):
            return Addresses(app=app, owner=owner, redis=broker)
        if owner is not None:
            raise ServiceError(
                "The role of DATABASE_URL owns tables or is a superuser, so row security does not hold for "
                "it: give the application a role of its own (docs/operations.md)."
            )
        return Addresses(app=_with_own_role(connection, app, data_dir), owner=app, redis=broker)


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Open a connection; a database that does not answer is told in one line without its password."""
    try:
        return psycopg.connect(url, connect_timeout=_CONNECT_SECONDS, autocommit=True)
    except psycopg.OperationalError as error:
        parts = urlsplit(url)
        where = f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"
        reason = str(error).strip().splitlines()[-1].strip()
        raise ServiceError(f"The database {where} does not answer: {reason}") from None


def check_broker(url: str) -> None:
    """Raise `ServiceError` when Redis or Valkey does not answer."""
    client = redis.Redis.from_url(
        url, socket_connect_timeout=_CONNECT_SECONDS, socket_timeout=_CONNECT_SECONDS
    )
    try:
        client.ping()
    except redis.RedisError as error:
        where = f"{urlsplit(url).hostname or 'localhost'}:{urlsplit(url).port or 6379}"
        raise ServiceError(f"Redis at {where} does not answer: {error}") from None
    finally:
        client.close()


def lacks_demo(url: str, desks: Sequence[str]) -> bool:
    """Whether the demo is to be loaded: nobody has set up a desk of their own, and not all of the demo's
    are there. Each of them is loaded whole or not at all, so one that is missing was begun and not finished.
    The table of tenants is there after migrating.
    """
    with connect(url) as connection:
        there = {slug for (slug,) in connection.execute("SELECT slug FROM accounts_tenant")}
        return there < set(desks)


def _with_own_role(connection: "psycopg.Connection[tuple[object, ...]]", url: str, data_dir: Path) -> str:
    """Make a role for the application in this database and return the address with it."""
    database = connection.info.dbname
    # Roles belong to the whole server: another desk's database on it must not share ours.
    role = f"{database}_app"[:63]
    password = kept_secret(data_dir / "secrets" / f"postgres-{role}")
    try:
        ensure_roles(connection, owner=connection.info.user, app=role, app_password=password)
    except psycopg.errors.InsufficientPrivilege as error:
        raise ServiceError(
            "The role of DATABASE_URL owns the database but may not make another role "
            f"({error.diag.message_primary}): give it CREATEROLE, or name two roles in DATABASE_URL and "
            "DATABASE_OWNER_URL (docs/operations.md)."
        ) from None
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{quote(password)}@{place}"))
