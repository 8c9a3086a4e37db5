"""A PostgreSQL and a Valkey of one's own, as child processes, for `make run` and for the tests.

Both come as wheels; only their programs are used, started here with what a desk wants: passwords, loopback
addresses only, two database roles, UTC. TCP and not a Unix socket, because a socket's path may hold hardly
more than a hundred bytes and a checkout can lie deeper than that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from supportdesk.embedded.postgres import Postgres
from supportdesk.embedded.process import ServiceError
from supportdesk.embedded.valkey import Valkey

__all__ = ["Postgres", "ServiceError", "Services", "Valkey", "running"]

OWNER_ROLE = "supportdesk_owner"
APP_ROLE = "supportdesk_app"
DATABASE = "supportdesk"


class Services:
    """Database and broker with their data in one folder; a context manager that stops them again.

    `durable=False` is for tests: nothing is forced to disk. Raises `ServiceError` with one line.
    """

    def __init__(
        self, data_dir: Path, *, durable: bool = True, database: bool = True, broker: bool = True
    ) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.postgres = Postgres(data_dir / "postgres", durable=durable) if database else None
        self.valkey = Valkey(data_dir / "valkey", durable=durable) if broker else None

    def start(self) -> None:
        """Start what was asked for and make the database with its two roles where it is missing."""
        if self.postgres:
            self.postgres.start()
            self.postgres.ensure_database(DATABASE, owner=OWNER_ROLE, app=APP_ROLE)
        if self.valkey:
            self.valkey.start()

    def stop(self) -> None:
        """Stop both, the database cleanly; safe to call twice."""
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop()

    def environment(self) -> dict[str, str]:
        """The variables that lead the application to these services."""
        found = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url(APP_ROLE, DATABASE)
            found["DATABASE_OWNER_URL"] = self.postgres.url(OWNER_ROLE, DATABASE)
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url()
        return found

    def __enter__(self) -> "Services":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextmanager
def running(data_dir: Path) -> Iterator[dict[str, str]]:
    """Throw-away services for a script or a test; yields their environment variables."""
    with Services(data_dir, durable=False) as services:
        yield services.environment()
