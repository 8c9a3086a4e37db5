"""A small web server that takes webhooks and answers as it is told."""

import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Taken:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Answers on a free port of this machine; `answers` are the statuses to come, then 204 for ever."""

    def __init__(self, tls: Any = None) -> None:
        self.taken: list[Taken] = []
        self.answers: list[int] = []
        self.drips = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.place = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.place}/hook"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.taken.append(Taken(self.path, headers, body))
                if receiver.drips:
                    self._drip()
                    return
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.send_header("Location", f"http://{receiver.place}/elsewhere")
                self.end_headers()

            def _drip(self) -> None:
                """A header that never ends, a byte at a time."""
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                for _second in range(600):
                    try:
                        self.wfile.write(b"z")
                    except OSError:
                        return
                    time.sleep(0.05)

            def log_message(self, *arguments: Any) -> None:
                pass

        return Handler
