"""A small web server that is checked, and answers as it is told."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Watched:
    """Answers GET on a free port of this machine with `status` and `body`, a byte at a time if it `drips`."""

    def __init__(self) -> None:
        self.status, self.body, self.location, self.drips = 200, "all is well", "", False
        self.paths: list[str] = []
        self.hosts: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.place = f"127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        watched = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                watched.paths.append(self.path)
                watched.hosts.append(self.headers["Host"])
                if watched.drips:
                    self._drip()
                    return
                self.send_response(watched.status)
                if watched.location:
                    self.send_header("Location", watched.location)
                self.end_headers()
                self.wfile.write(watched.body.encode())

            def _drip(self) -> None:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                for _turn in range(600):
                    try:
                        self.wfile.write(b"z")
                    except OSError:
                        return
                    time.sleep(0.05)

            def log_message(self, *arguments: Any) -> None:
                pass

        return Handler
