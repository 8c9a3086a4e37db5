"""`make bench-million`: one calendar is edited while a million clocks run under it.

Starts its own database (durable, as in production), fills one desk, starts the web server, sweeps every
second and asks for pages while the edit is looked at and applied. ARGS: see `--help`.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from scripts.bench import ROOT, _environment, _machine, _web_server
from scripts.bench_clients import Client, Page
from supportdesk.embedded import Services

REPORT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- million -->", "<!-- end of million -->"


def main() -> int:
    """Measure and print; with `--write` also into docs/performance.md."""
    options = _arguments()
    folder = Path(options.data or tempfile.mkdtemp(prefix="desk-million-")).resolve()
    try:
        with Services(folder) as services:
            os.environ.update(_environment(folder, services))
            _prepare(folder, options.clocks // 2)
            with _web_server(folder) as port:
                text = _table([_measured(port, reach) for reach in options.reach.split(",")], options.clocks)
    finally:
        if not options.data:
            shutil.rmtree(folder, ignore_errors=True)
    print(text)
    if options.write:
        before, rest = REPORT.read_text().split(BEGIN)
        REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-million", description=__doc__)
    parser.add_argument("--clocks", type=int, default=1_000_000, help="running clocks, two a ticket")
    parser.add_argument("--reach", default="from_now,from_start", help="edits to apply, one after another")
    parser.add_argument("--data", help="folder to keep the filled database in, for another run")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    return parser.parse_args()


def _prepare(folder: Path, tickets: int) -> None:
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        subprocess.run([sys.executable, ROOT / "manage.py", *command, "--verbosity=0"], check=True)
    import django  # noqa: PLC0415  Django's settings stand by now

    django.setup()
    filled = folder / "filled"
    if filled.exists():
        return
    from scripts.bench_million_seed import seed  # noqa: PLC0415  Django's settings stand by now

    began = time.monotonic()
    seed(os.environ["DATABASE_OWNER_URL"], tickets)
    filled.touch()
    print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr)


def _measured(port: int, reach: str) -> dict[str, Any]:
    """One edit looked at and applied in a process of its own, beside sweeps and readers."""
    _tidy()
    quiet = _Beside(port)
    time.sleep(10)
    alone = quiet.stop()
    work = subprocess.Popen(
        [sys.executable, "-m", "scripts.bench_million_work", "edit", reach],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        _line(work)
        beside = _Beside(port)
        _tell(work)
        result: dict[str, Any] = _line(work)
        result |= {"reach": reach, "beside": beside.stop(), "alone": alone}
    finally:
        work.terminate()
        work.wait()
    result["differences"] = _audit()
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench_million_work", "due"],
        check=True, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    result |= json.loads(done.stdout.splitlines()[-1])
    print(json.dumps(result), file=sys.stderr)
    return result


def _tidy() -> None:
    """What autovacuum has done by the next day: calendars are not edited twice within minutes."""
    import psycopg  # noqa: PLC0415  as above

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) sla_clock, tickets_ticket, tickets_ticketevent")


def _line(process: subprocess.Popen[str]) -> Any:
    if process.stdout is None or not (line := process.stdout.readline()):
        raise RuntimeError("the process that applies the edit has ended early")
    return json.loads(line)


def _tell(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        process.stdin.write("go\n")
        process.stdin.flush()


class _Beside:
    """What goes on meanwhile: a sweep every second, and a reader of the queue and of tickets."""

    def __init__(self, port: int) -> None:
        self._over = threading.Event()
        self._times: dict[str, list[float]] = {
            "queue": [],
            "ticket": [],
            "sweep": [],
            "lock": [],
        }
        jobs: list[Callable[[], None]] = [lambda: self._read(port), self._sweep, self._watch_locks]
        self._threads = [threading.Thread(target=job) for job in jobs]
        for thread in self._threads:
            thread.start()

    def stop(self) -> dict[str, list[float]]:
        """The times in seconds: of each page and sweep."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        return self._times

    def _read(self, port: int) -> None:
        client, pages = Client(port), _pages()
        number = 0
        while not self._over.wait(1):
            for page in pages:
                number += 1
                self._times[page.name].append(client.ask(page, number)[0] / 1000)

    def _sweep(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.bench_million_work", "sweep"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        if process.stdout is not None:
            process.stdout.readline()
        while not self._over.wait(1):
            _tell(process)
            self._times["sweep"].append(_line(process)[0])
        process.terminate()
        process.wait()

    def _watch_locks(self) -> None:
        """How long other sessions have waited for a lock, at most, looked at ten times a second."""
        import psycopg  # noqa: PLC0415

        with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
            while not self._over.wait(0.1):
                row = owner.execute(
                    "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0)::float "
                    "FROM pg_locks WHERE NOT granted"
                ).fetchone()
                self._times["lock"].append(row[0] if row else 0.0)


def _pages() -> list[Page]:
    from accounts.models import Membership, Tenant  # noqa: PLC0415  Django's settings stand by now
    from accounts.tenancy import tenant_scope  # noqa: PLC0415
    from scripts.bench_pages import _cookie  # noqa: PLC0415

    tenant = Tenant.objects.get(slug="million")
    with tenant_scope(tenant.pk):
        cookie = _cookie(Membership.objects.select_related("user").get(role="owner"))
    return [
        Page("queue", lambda _n: "/t/million/queue/", cookie),
        Page("ticket", lambda n: f"/t/million/tickets/{1001 + (n * 37) % 900}/", cookie),
    ]


def _audit() -> int:
    """Replay a sample of tickets from their events; how many clocks differ."""
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import Tenant  # noqa: PLC0415  Django's settings stand by now
    from accounts.tenancy import tenant_scope  # noqa: PLC0415
    from sla.audit import Audit, _differences  # noqa: PLC0415
    from tickets.models import Ticket  # noqa: PLC0415

    tenant = Tenant.objects.get(slug="million")
    with tenant_scope(tenant.pk):
        last = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[0]
        sample = Ticket.objects.filter(pk__in=range(last, last - 500_000, -397))
        found = list(_differences(sample, timezone.now(), Audit()))
        for one in found[:10]:
            print(f"differs: {one} {one.stored} {one.reckoned}", file=sys.stderr)
        return len(found)


def _table(results: list[dict[str, Any]], clocks: int) -> str:
    today = date.today()  # noqa: DTZ011
    lines = [
        f"`make bench-million`, {today:%Y-%m-%d}, {_machine()}; {clocks:,} running clocks on {clocks // 2:,} "
        "tickets, three plans, one calendar edited; a sweep every second and a reader meanwhile.",
        "",
        "| | " + " | ".join(_HEADS[result["reach"]] for result in results) + " |",
        "| --- |" + " ---: |" * len(results),
    ]
    for name, say in _LINES:
        lines.append(f"| {name} | " + " | ".join(say(result) for result in results) + " |")
    return "\n".join(lines)


_HEADS = {"from_now": "from now on", "from_start": "as if from the start"}


def _worst(times: list[float]) -> str:
    if not times:
        return ""
    ordered = sorted(times)
    return f"{1000 * statistics.median(ordered):,.0f} / {1000 * ordered[int(len(ordered) * 0.95)]:,.0f}"


def _both(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda result: f"{_worst(result['beside'][name])}; {_worst(result['alone'][name])}"


_LINES: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
    ("its effect, s", lambda r: f"{sorted(r['looks'])[1]:.1f}"),
    ("a page of its effect, s", lambda r: f"{r['page']:.2f}"),
    ("applied to all, s", lambda r: f"{r['took']:.0f}"),
    ("tickets whose promise moved", lambda r: f"{r['moved']:,} of {r['total']:,}"),
    ("batches (a transaction each)", lambda r: f"{r['batches']:,}"),
    ("longest transaction; median, ms", lambda r: f"{1000 * r['longest']:,.0f}; {1000 * r['median']:,.0f}"),
    (
        "longest wait of anybody for a lock, ms",
        lambda r: f"{1000 * max(r['beside']['lock'], default=0):,.0f}",
    ),
    ("sweep, p50 / p95, ms; without the edit", _both("sweep")),
    ("queue, p50 / p95, ms; without the edit", _both("queue")),
    ("ticket, p50 / p95, ms; without the edit", _both("ticket")),
    ("then a sweep with nothing due, ms", lambda r: f"{1000 * r['nothing_due']:.1f}"),
    ("a sweep with 1,000 clocks due, s", lambda r: f"{r['due']:.1f} ({r['taken']:,} steps)"),
    ("memory of the process, MB", lambda r: f"{r['memory'] / 1024:,.0f}"),
    ("clocks of a sample that differ from their record", lambda r: f"{r['differences']}"),
]


if __name__ == "__main__":
    logging.basicConfig()
    sys.exit(main())
