"""`make bench-status`: the status page beside a bare view, in the same run.

Starts its own database, broker and web server, as `make run` does, with a desk that has many services,
outages and windows. The bare view is `/healthz`: the least that the same server can answer, no database and
no template. Clients are plain sockets in processes of their own, since they share the cores with the server.
No worker runs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import shutil
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.bench import _environment, _machine, _web_server, prepare_empty
from supportdesk.embedded import Services

WARM_UP = 50
AIM_PER_SECOND, AIM_P50 = 2000, 5.0


@dataclass(frozen=True)
class Target:
    """What is asked for: its name in the table, and the whole request."""

    name: str
    request: bytes

    @classmethod
    def get(cls, name: str, path: str, *headers: str) -> Target:
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
        return cls(name, "\r\n".join(lines).encode())


def main() -> int:
    """Measure and print; 1 if the page misses its aim."""
    options = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-status-"))
    try:
        with Services(folder) as services:
            os.environ.update(_environment(folder, services))
            prepare_empty(folder)
            _fill(options.services)
            with _web_server(folder) as port:
                return _run(port, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-status", description=__doc__)
    parser.add_argument("--services", type=int, default=20, help="public services, each with an outage")
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement under load")
    parser.add_argument("--requests", type=int, default=1000, help="of one client, for the times")
    parser.add_argument("--clients", type=int, default=4, help="processes that ask at once")
    return parser.parse_args()


def _run(port: int, options: argparse.Namespace) -> int:
    gzip = "Accept-Encoding: gzip"
    targets = [
        Target.get("bare view", "/healthz"),
        Target.get("status page", "/t/bench/status/", gzip),
        Target.get("status page, not compressed", "/t/bench/status/"),
        Target.get("status page, Spanish", "/t/bench/status/", gzip, "Accept-Language: es"),
        Target.get("Atom feed", "/t/bench/status/feed.atom", gzip),
        Target.get("JSON", "/t/bench/status/status.json", gzip),
        Target.get("bare view, again", "/healthz"),
    ]
    print(f"{_machine()}; {options.services} services, {options.clients} clients under load\n")
    print("| what | p50 ms | p95 ms | requests/s | bytes |\n| --- | ---: | ---: | ---: | ---: |")
    found = {}
    for target in targets:
        times, size = _times(port, target, options.requests)
        rate = _rate(port, target, options.clients, options.seconds)
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        found[target.name] = (p50, rate)
        print(f"| {target.name} | {p50:.2f} | {p95:.2f} | {rate:,.0f} | {size:,} |", flush=True)
    limit = min(AIM_PER_SECOND, *(rate for name, (_p50, rate) in found.items() if "bare" in name))
    p50, rate = found["status page"]
    is_met = rate >= limit and p50 < AIM_P50
    print(f"\naim: {limit:,.0f} requests/s, p50 under {AIM_P50:g} ms: {'met' if is_met else 'missed'}")
    return 0 if is_met else 1


class Connection:
    """One kept-alive connection that asks and counts."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> int:
        """Bytes of the body; raises where the answer is not 200."""
        self.socket.sendall(request)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _gap, body = got.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.split(b"\r\n")[0].decode())
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if length is None:  # in chunks, the last of which is empty
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
            return len(body)
        size = len(body)
        while size < int(length[1]):
            size += len(self._more())
        return size

    def _more(self) -> bytes:
        part = self.socket.recv(1 << 16)
        if not part:
            raise RuntimeError("the server closed the connection")
        return part


def _times(port: int, target: Target, requests: int) -> tuple[list[float], int]:
    """Milliseconds of each of so many requests of one client, ascending; the size of the body."""
    connection, times, size = Connection(port), [], 0
    for _turn in range(WARM_UP):
        size = connection.ask(target.request)
    for _turn in range(requests):
        began = time.perf_counter()
        connection.ask(target.request)
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times), size


def _rate(port: int, target: Target, clients: int, seconds: float) -> float:
    """Requests a second that so many processes get answered together."""
    with multiprocessing.get_context("fork").Pool(clients) as pool:
        counts = pool.starmap(_count, [(port, target.request, seconds)] * clients)
    return sum(counts) / seconds


def _count(port: int, request: bytes, seconds: float) -> int:
    connection, asked = Connection(port), 0
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        connection.ask(request)
        asked += 1
    return asked


def _fill(services: int) -> None:
    from django.utils import timezone  # noqa: PLC0415  Django's settings stand by now

    from scripts.bench_status_seed import seed  # noqa: PLC0415

    seed(services, now=timezone.now())


if __name__ == "__main__":
    sys.exit(main())
