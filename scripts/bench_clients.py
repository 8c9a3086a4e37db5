"""Clients that measure: one connection each, kept open as a browser keeps it."""

import gzip
import http.client
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

_ids = count(1)


@dataclass(frozen=True)
class Page:
    """What one client asks for: `path` of the n-th request, with which cookie; `form` makes it a POST."""

    name: str
    path: Callable[[int], str]
    cookie: str
    form: Callable[[int], dict[str, str]] | None = None
    expects: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Figures:
    """What was measured of one page; times in milliseconds."""

    name: str
    p50: float = 0
    p95: float = 0
    per_second: float = 0
    queries: int | None = None
    raw: int = 0
    packed: int = 0
    times: list[float] = field(default_factory=list, repr=False)


class Client:
    """A browser as far as the server can tell."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, page: Page, number: int) -> tuple[float, bytes]:
        """Time until the whole answer is there (ms), and its body as it came; raises on another status."""
        headers = {"Cookie": page.cookie, "Accept-Encoding": "gzip", "Accept": "text/html,application/json"}
        headers |= page.headers
        body = None
        if page.form is not None:
            body = urlencode(page.form(number))
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request("POST" if body else "GET", page.path(number), body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != page.expects:
            raise RuntimeError(f"{page.name}: {answer.status} for {page.path(number)}")
        return took, content


def measure(page: Page, port: int, *, requests: int, crowd: int, crowd_requests: int) -> Figures:
    """One client for the times, then `crowd` clients at once for the pages a second."""
    client = Client(port)
    for _turn in range(10):
        _took, content = client.ask(page, next(_ids))
    times = sorted(client.ask(page, next(_ids))[0] for _turn in range(requests))
    raw = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    return Figures(
        page.name,
        p50=times[len(times) // 2],
        p95=times[int(len(times) * 0.95)],
        per_second=_crowd(page, port, crowd, crowd_requests),
        raw=len(raw),
        packed=len(content),
        times=times,
    )


def _crowd(page: Page, port: int, clients: int, requests: int) -> float:
    """Pages a second that `clients` get together for that many requests."""
    left = iter(range(requests))
    lock = threading.Lock()
    failed: list[Exception] = []

    def turns() -> Iterator[int]:
        while True:
            with lock:
                if next(left, None) is None:
                    return
                number = next(_ids)
            yield number

    def run() -> None:
        try:
            client = Client(port)
            for number in turns():
                client.ask(page, number)
        except Exception as error:  # told by the main thread
            failed.append(error)

    threads = [threading.Thread(target=run) for _client in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return requests / (time.perf_counter() - began)
