"""`make run`: everything that a desk needs, from nothing, in one terminal.

Starts a database and a broker of one's own (unless DATABASE_URL and REDIS_URL name others), migrates, loads
the demo into an empty database, then runs web server, worker and scheduler until Ctrl-C. What cannot work is
told in one line, with an exit code that is not 0.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from supportdesk import catalogue, environment
from supportdesk.connections import Addresses, check_broker, given_addresses, lacks_demo
from supportdesk.demo.content import SLUGS
from supportdesk.embedded import ServiceError, Services
from supportdesk.embedded.process import kept_secret
from supportdesk.steps import Steps
from supportdesk.supervisor import Command, Supervisor

ROOT = Path(__file__).resolve().parent.parent
_READY_SECONDS = 60


@dataclass(frozen=True)
class Options:
    """What the environment says about this run."""

    data_dir: Path
    bind: str
    port: int
    demo: bool

    @property
    def base_url(self) -> str:
        """The address to open in a browser."""
        return f"http://{'localhost' if self.bind in {'127.0.0.1', '0.0.0.0'} else self.bind}:{self.port}"  # noqa: S104


def read_options() -> Options:
    """Read and check the environment and `.env`; raises ImproperlyConfigured."""
    if environment.flag("READ_ENV_FILES", default=True):
        environment.read_files(ROOT / ".env")
    return Options(
        data_dir=Path(environment.text("DATA_DIR", str(ROOT / ".data"))).resolve(),
        bind=environment.text("BIND", "127.0.0.1"),
        port=environment.number("PORT", 8000, low=1, high=65535),
        demo=environment.flag("DEMO", default=True),
    )


def main() -> int:
    """Run the desk; the exit code is 0 after Ctrl-C or SIGTERM."""
    began = time.monotonic()
    supervisor = Supervisor()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.asked_to_stop.set())
    try:
        options = read_options()
        _refuse_used_port(options)
        with _only_run(options.data_dir), _services(options) as addresses:
            env = _environment(options, addresses)
            _prepare(options, addresses, env, supervisor.asked_to_stop)
            supervisor.start(_commands(options), env)
            threading.Thread(target=_welcome, args=(options, supervisor, began), daemon=True).start()
            return supervisor.wait()
    except _StoppedEarly:
        return 0
    except (ServiceError, ImproperlyConfigured) as refusal:
        print(f"make run: {refusal}", file=sys.stderr)
    except OSError as error:
        print(f"make run: {error.strerror or error} ({error.filename or 'no file'})", file=sys.stderr)
    return 1


def _refuse_used_port(options: Options) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.bind, options.port))
        except OSError as error:
            raise ServiceError(
                f"Port {options.port} of {options.bind} cannot be used ({error.strerror}): "
                "stop what uses it, or choose another one: make run PORT=8001"
            ) from None


@contextmanager
def _only_run(data_dir: Path) -> Iterator[None]:
    """Hold the data folder: two runs on the same database files would destroy them."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceError(f"Another `make run` already uses {data_dir}.") from None
        yield


@contextmanager
def _services(options: Options) -> Iterator[Addresses]:
    """The addresses of database and broker: given ones, or embedded ones for as long as the block runs."""
    given = given_addresses(options.data_dir)
    with Services(options.data_dir, database=given.app is None, broker=given.redis is None) as services:
        own = services.environment()
        addresses = Addresses(
            app=given.app or own["DATABASE_URL"],
            owner=given.owner if given.app else own["DATABASE_OWNER_URL"],
            redis=given.redis or own["REDIS_URL"],
        )
        check_broker(addresses.redis or "")
        yield addresses


def _environment(options: Options, addresses: Addresses) -> dict[str, str]:
    """The environment of all processes; also kept for `manage.py` in another terminal."""
    own = {
        "SECRET_KEY": kept_secret(options.data_dir / "secrets" / "secret-key"),
        "ALLOWED_HOSTS": "localhost,.localhost,127.0.0.1,[::1]",
        "INSECURE_HTTP": "1",
        "DEMO": "1" if options.demo else "0",
        "MEDIA_ROOT": str(options.data_dir / "media"),
        "STATIC_ROOT": str(options.data_dir / "static"),
        "LOG_FORMAT": "plain",
        "SITE_URL": options.base_url,
    }
    found = {
        # What somebody has set already is theirs; the addresses were read and completed before.
        **{name: os.environ.get(name, value) for name, value in own.items()},
        "DATABASE_URL": addresses.app or "",
        "REDIS_URL": addresses.redis or "",
    }
    if addresses.owner:
        found["DATABASE_OWNER_URL"] = addresses.owner
    kept = options.data_dir / "run.env"
    kept.touch(mode=0o600)
    kept.chmod(0o600)
    kept.write_text("".join(f"{name}={value}\n" for name, value in sorted(found.items())))
    return {**os.environ, **found, "READ_ENV_FILES": "0", "PYTHONUNBUFFERED": "1"}


def _prepare(options: Options, addresses: Addresses, env: dict[str, str], stop: threading.Event) -> None:
    """Bring schema, translations and static files up to date; load the demo where it is lacking."""
    catalogue.compile_all()
    steps = Steps(options.data_dir / "prepared.json")
    static = None
    if not steps.static_is_done():
        static = _manage(["collectstatic", "--noinput", "--verbosity=0"], env)
    if addresses.owner and not steps.migration_is_done(addresses.owner):
        _finish(_manage(["migrate", "--noinput", "--verbosity=0"], env), "The migration failed", stop)
        steps.keep_migration(addresses.owner)
    if static is not None:
        _finish(static, "The static files could not be collected", stop)
        steps.keep_static()
    if options.demo and lacks_demo(addresses.owner or addresses.app or "", SLUGS):
        print("Loading the demo (once) ...", flush=True)
        _finish(_manage(["load_demo"], env), "The demo could not be loaded", stop)


class _StoppedEarly(Exception):
    """Ctrl-C came before anything was served."""


def _manage(arguments: Sequence[str], env: dict[str, str]) -> "subprocess.Popen[bytes]":
    # A session of its own, so that Ctrl-C reaches us only and no half-done step prints a traceback.
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.Popen(command, env=env, cwd=ROOT, start_new_session=True)


def _finish(process: "subprocess.Popen[bytes]", failure: str, stop: threading.Event) -> None:
    while process.poll() is None:
        if stop.wait(0.05):
            process.terminate()
            process.wait()
            raise _StoppedEarly
    if process.returncode != 0:
        raise ServiceError(f"{failure} (see above).")


def _commands(options: Options) -> list[Command]:
    """The three kinds of process, each as `docker-compose.yml` starts it too."""
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "supportdesk"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle"]
    beat = [*celery, "beat", "--schedule", str(options.data_dir / "beat"), "--pidfile=", "-l", "WARNING"]
    return [
        web_command(options),
        # While all start at once on a small machine, the page that somebody waits for comes first.
        Command("worker", ["nice", "-n", "5", *worker]),
        Command("beat", ["nice", "-n", "5", *beat]),
    ]


def web_command(options: Options) -> Command:
    """The web server; `make bench` measures this very one."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi"]
    web += ["--host", options.bind, "--port", str(options.port), "--no-ws", "--log-level", "warning"]
    web += ["--workers", "2", "--blocking-threads", "4", "supportdesk.wsgi:application"]
    return Command("web", web, _web_environment(options))


def _web_environment(options: Options) -> dict[str, str]:
    """What only the web server has: its threads share a pool, its processes count requests together."""
    counters = options.data_dir / "metrics"
    shutil.rmtree(counters, ignore_errors=True)
    counters.mkdir()
    return {"DATABASE_POOL_SIZE": "4", "PROMETHEUS_MULTIPROC_DIR": str(counters)}


def _welcome(options: Options, supervisor: Supervisor, began: float) -> None:
    """Once the web server answers, say where; this thread ends with the process."""
    while not supervisor.asked_to_stop.wait(0.1) and time.monotonic() - began < _READY_SECONDS * 10:
        try:
            with urllib.request.urlopen(f"{options.base_url}/healthz", timeout=2):  # noqa: S310  our own address
                break
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            continue
    else:
        return
    lines = [f"Support Desk is ready after {time.monotonic() - began:.0f} s: {options.base_url}/"]
    if options.demo:
        from supportdesk.demo import logins  # noqa: PLC0415  only the demo needs it

        lines += logins.lines(options.base_url)
    lines.append("Stop it with Ctrl-C.")
    print("\n" + "\n".join(f"  {line}" for line in lines) + "\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
