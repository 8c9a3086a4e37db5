"""A small web server on this machine, for what calls out of the house. It answers as a test tells it."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class SilentHandler(BaseHTTPRequestHandler):
    """Writes no log, and can be slow without end."""

    def drip(self) -> None:
        """A header that never ends, a byte at a time."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _turn in range(600):
            try:
                self.wfile.write(b"z")
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, *arguments: Any) -> None:
        pass


class LocalServer:
    """Listens on a free port while it is entered; `place` is host:port."""

    def __init__(self, handler: type[BaseHTTPRequestHandler], tls: Any = None) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.place = f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
