"""What a start may leave out, because an earlier one did it and nothing has changed since.

Both steps are harmless to repeat; leaving them out only makes the second start quick. A database is asked
itself what it holds, so that another one, or an emptied one, is never taken for a migrated one.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from supportdesk.connections import connect

ROOT = Path(__file__).resolve().parent.parent


class Steps:
    """Remembers in a file for which sources each step was last done."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._done: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}

    def static_is_done(self) -> bool:
        """Whether the static files are collected as they are now."""
        return self._done.get("static") == _static_sources() and (self._kept.parent / "static").is_dir()

    def keep_static(self) -> None:
        """The static files have just been collected."""
        self._keep("static", _static_sources())

    def migration_is_done(self, url: str) -> bool:
        """Whether this database has been migrated to the migrations as they are now."""
        return self._done.get("migration") == _migration_state(url)

    def keep_migration(self, url: str) -> None:
        """The database has just been migrated."""
        self._keep("migration", _migration_state(url))

    def _keep(self, step: str, state: str) -> None:
        self._done[step] = state
        self._kept.write_text(json.dumps(self._done))


def _static_sources() -> str:
    # Our own files by name, size and time; those of packages by the lock.
    files = [path for path in sorted((ROOT / "static").rglob("*")) if path.is_file()]
    facts = [f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files]
    code = [ROOT / "supportdesk" / name for name in ("storage.py", "compression.py", "settings.py")]
    return _digest([*facts, *_contents([ROOT / "requirements.lock", *code])])


def _migration_state(url: str) -> str:
    files = sorted(ROOT.glob("*/migrations/*.py"))
    return _digest([*_contents([ROOT / "requirements.lock", *files]), *_applied(url)])


def _applied(url: str) -> list[str]:
    """What the database itself says has been applied, and when; nothing for an empty one."""
    with connect(url) as connection:
        known = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        if not (known and known[0]):
            return []
        rows = connection.execute("SELECT app, name, applied FROM django_migrations ORDER BY id").fetchall()
        return [f"{app}.{name}:{applied}" for app, name, applied in rows]


def _contents(paths: Iterable[Path]) -> list[str]:
    return [f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths]


def _digest(facts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()
