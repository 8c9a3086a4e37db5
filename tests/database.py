"""The throw-away database and broker of a test run.

One PostgreSQL and one Valkey serve the whole run, however many processes it has. The schema is migrated
once, by the owner role, into a template; every process copies the template and then works as the
*application* role, so row security holds in the tests as it does in production.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from supportdesk.embedded import APP_ROLE, OWNER_ROLE, Services

TEMPLATE = "desk_template"
_HANDED_DOWN = "SUPPORTDESK_TEST_SERVICES"
# What migrations wrote, and no test changes.
_FOR_GOOD = ("django_migrations", "django_content_type", "auth_permission")


class TestServices:
    """Starts the services in the process that leads the run; the others find their addresses."""

    __test__ = False

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="desk-test-"))
        self.services = Services(self.folder, durable=False)
        self.services.start()
        assert self.services.postgres is not None
        addresses = {**self.services.environment(), "ADMIN_URL": self.services.postgres.admin_url()}
        os.environ[_HANDED_DOWN] = json.dumps(addresses)

    def stop(self) -> None:
        """Stop both and remove all that they wrote."""
        self.services.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.environ.pop(_HANDED_DOWN, None)


def addresses() -> dict[str, str]:
    """DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL and ADMIN_URL (the superuser's) of this run."""
    found: dict[str, str] = json.loads(os.environ[_HANDED_DOWN])
    return found


def with_path(url: str, path: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


def environment(media: Path, *, worker: int) -> dict[str, str]:
    """The settings of a test process; `worker` is its number, from 0."""
    found = addresses()
    name = f"desk_test_{worker}"
    return {
        "READ_ENV_FILES": "0",
        "DEBUG": "0",
        "DEMO": "0",
        "INSECURE_HTTP": "1",
        "SECRET_KEY": "a key that is used in tests and nowhere else at all",
        # The first is the host of Django's test client: a site's own, so that nobody asks whose desk it is.
        "ALLOWED_HOSTS": "testserver,*",
        "DATABASE_URL": with_path(found["DATABASE_URL"], name),
        "DATABASE_OWNER_URL": with_path(found["DATABASE_OWNER_URL"], name),
        "DATABASE_POOL_SIZE": "0",
        "REDIS_URL": with_path(found["REDIS_URL"], str(worker + 1)),
        "EMAIL_URL": "consolemail://",
        "MEDIA_ROOT": str(media),
        "METRICS_TOKEN": "",
        "STATIC_HASHED": "0",
        "STATIC_ROOT": str(media / "static"),
        "LOG_FORMAT": "json",
    }


def make_database(name: str) -> None:
    """Make a database of that name from the migrated template, replacing one that is there."""
    with psycopg.connect(addresses()["ADMIN_URL"], autocommit=True) as admin:
        # The first process to come migrates; the others wait here for it.
        admin.execute("SELECT pg_advisory_lock(4711)")
        ready = admin.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [TEMPLATE]
        ).fetchone()
        if ready is None:
            _make_template(admin)
        new, template, owner = (sql.Identifier(word) for word in (name, TEMPLATE, OWNER_ROLE))
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(new))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(new, template, owner))
        # A copy does not take over who may do what with the database itself (`supportdesk/roles.sql`).
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(new))
        admin.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(new, sql.Identifier(APP_ROLE))
        )


def drop_database(name: str) -> None:
    """Remove a database of the run, cutting off whoever still uses it."""
    with psycopg.connect(addresses()["ADMIN_URL"], autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def empty_tables(name: str) -> None:
    """Delete what a test has committed.

    Django truncates all tables, and makes permissions anew, which takes longer than most tests. Only tables
    that ever held a row have a size; they are emptied without asking foreign keys, as they all are.
    """
    with psycopg.connect(with_path(addresses()["ADMIN_URL"], name), autocommit=True) as admin:
        used = admin.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND pg_relation_size(oid) > 0 AND relname <> ALL(%s)",
            [list(_FOR_GOOD)],
        )
        deletions = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for (table,) in used]
        admin.execute(sql.SQL("; ").join([sql.SQL("SET session_replication_role = replica"), *deletions]))


def _make_template(admin: "psycopg.Connection[Any]") -> None:
    name = sql.Identifier(TEMPLATE)
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    # Copied from the database that the services made: it has the roles' privileges and the extensions.
    admin.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE supportdesk OWNER {}").format(name, sql.Identifier(OWNER_ROLE))
    )
    _migrate(with_path(addresses()["DATABASE_OWNER_URL"], TEMPLATE))
    admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(name))


def _migrate(owner_url: str) -> None:
    """Migrate in this process, as the owner, and leave Django's connection as it was before."""
    from django.core.management import call_command
    from django.db import connection

    owner = urlsplit(owner_url)
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(NAME=owner.path[1:], USER=owner.username, PASSWORD=_password(owner_url))
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict.update({key: before[key] for key in ("NAME", "USER", "PASSWORD")})


def _password(url: str) -> str:
    return psycopg.conninfo.conninfo_to_dict(url)["password"]  # type: ignore[return-value]  # always a text here
