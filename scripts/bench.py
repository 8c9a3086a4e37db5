"""`make bench`: how long pages and sweeps take at 100,000 tickets, on a throw-away database of its own.

Starts its own database (durable, as in production) and broker, fills two desks, starts the web server as
`make run` does and asks it over 127.0.0.1 as people who are logged in. ARGS: see `--help`.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from scripts.bench_clients import Client, Figures, Page, measure
from supportdesk.embedded import Services
from supportdesk.embedded.process import free_port, kept_secret
from supportdesk.run import Options, web_command

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
CROWD = 8


def main() -> int:
    """Measure and print; with `--write` also into docs/performance.md."""
    options = _arguments()
    folder = Path(options.data or tempfile.mkdtemp(prefix="desk-bench-")).resolve()
    try:
        with Services(folder) as services:
            os.environ.update(_environment(folder, services))
            _prepare(folder, options.tickets)
            with _web_server(folder) as port:
                figures = _measure_pages(port, options)
            sweeps = [] if options.only else _measure_sweeps()
    finally:
        if not options.data:
            shutil.rmtree(folder, ignore_errors=True)
    text = _table(figures, sweeps, options.tickets)
    print(text)
    if options.write:
        before, rest = REPORT.read_text().split(BEGIN)
        REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000, help="in the larger desk")
    parser.add_argument("--requests", type=int, default=100, help="timed requests a page, one client")
    parser.add_argument("--crowd-requests", type=int, default=240, help="requests a page, eight clients")
    parser.add_argument("--data", help="folder to keep the filled database in, for another run")
    parser.add_argument("--only", help="only pages whose name holds this, and no sweeps")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    options = parser.parse_args()
    options.requests = min(max(options.requests, 20), 1000)
    options.crowd_requests = min(max(options.crowd_requests, CROWD), 2000)
    return options


def _environment(folder: Path, services: Services) -> dict[str, str]:
    """Production's settings but for https."""
    return {
        **services.environment(),
        "READ_ENV_FILES": "0",
        "DJANGO_SETTINGS_MODULE": "supportdesk.settings",
        "SECRET_KEY": kept_secret(folder / "secrets" / "secret-key"),
        "ALLOWED_HOSTS": "127.0.0.1",
        "INSECURE_HTTP": "1",
        "DEMO": "0",
        "DEBUG": "0",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "WARNING",
        "EMAIL_URL": "consolemail://",
    }


def prepare_empty(folder: Path) -> None:
    """Migrate as the owner, collect static files, set Django up in this process."""
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        subprocess.run([sys.executable, ROOT / "manage.py", *command, "--verbosity=0"], check=True)
    import django  # noqa: PLC0415  Django's settings stand by now

    django.setup()


def _prepare(folder: Path, tickets: int) -> None:
    """An empty desk, filled unless an earlier run has."""
    prepare_empty(folder)
    filled = folder / "filled"
    if filled.exists():
        return
    from scripts.bench_seed import seed  # noqa: PLC0415  Django's settings stand by now

    began = time.monotonic()
    seed(os.environ["DATABASE_OWNER_URL"], tickets)
    filled.touch()
    print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr)


@contextmanager
def _web_server(folder: Path) -> Iterator[int]:
    port = free_port()
    command = web_command(Options(data_dir=folder, bind="127.0.0.1", port=port, demo=False))
    with (folder / "web.log").open("wb") as log:
        server = subprocess.Popen(
            command.arguments,
            env={**os.environ, **command.env, "LOG_LEVEL": "INFO"},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    healthy = Page("healthz", lambda _n: "/healthz", "")
    while True:
        try:
            Client(port).ask(healthy, 0)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _measure_pages(port: int, options: argparse.Namespace) -> list[Figures]:
    from scripts.bench_pages import count_queries, pages  # noqa: PLC0415  Django's settings stand by now

    figures = []
    for page in pages(Client(port)):
        if options.only and options.only not in page.name:
            continue
        measured = measure(
            page,
            port,
            requests=options.requests,
            crowd=CROWD,
            crowd_requests=options.crowd_requests,
        )
        measured.queries = count_queries(page)
        figures.append(measured)
    return figures


def _measure_sweeps() -> list[tuple[str, float]]:
    """Seconds of one sweep with nothing due (the median of nine) and of one with 1,000 steps due."""
    from scripts.bench_seed import make_due  # noqa: PLC0415  Django's settings stand by now
    from sla.tasks import sweep  # noqa: PLC0415  Django's settings stand by now

    def timed() -> tuple[int, float]:
        began = time.perf_counter()
        return sweep(), time.perf_counter() - began

    make_due(os.environ["DATABASE_OWNER_URL"], 100)
    timed()  # a worker that has swept before, as it has every 15 seconds
    idle = sorted(timed()[1] for _turn in range(9))[4]
    make_due(os.environ["DATABASE_OWNER_URL"], 1000)
    taken, busy = timed()
    return [("nothing due", idle), (f"1,000 due ({taken:,} steps taken)", busy)]


def _table(figures: list[Figures], sweeps: list[tuple[str, float]], tickets: int) -> str:
    lines = [
        f"`make bench`, {date.today():%Y-%m-%d}, {_machine()}; {tickets:,} tickets, {3 * tickets:,} messages,"  # noqa: DTZ011
        f" and a second desk of {tickets // 5:,}.",
        "",
        f"| page | p50 ms | p95 ms | pages/s, {CROWD} clients | queries | bytes | bytes, gzip |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for f in figures:
        times = f"{f.p50:.1f} | {f.p95:.1f} | {f.per_second:.0f}"
        lines.append(f"| {f.name} | {times} | {f.queries} | {f.raw:,} | {f.packed:,} |")
    if sweeps:
        lines += ["", "| sweep of all desks | ms |", "| --- | ---: |"]
        lines += [f"| {name} | {seconds * 1000:,.1f} |" for name, seconds in sweeps]
    return "\n".join(lines)


def _machine() -> str:
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, load {load:.1f}"


if __name__ == "__main__":
    sys.exit(main())
