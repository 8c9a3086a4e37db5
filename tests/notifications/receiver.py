"""A small web server that takes webhooks and answers as it is told."""

from dataclasses import dataclass
from typing import Any

from tests.local_server import LocalServer, SilentHandler


@dataclass
class Taken:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(LocalServer):
    """Takes POSTs; `answers` are the statuses to come, then 204 for ever."""

    def __init__(self, tls: Any = None) -> None:
        self.taken: list[Taken] = []
        self.answers: list[int] = []
        self.drips = False
        super().__init__(self._handler(), tls)
        self.url = f"http://{self.place}/hook"

    def _handler(self) -> type[SilentHandler]:
        receiver = self

        class Handler(SilentHandler):
            def do_POST(self) -> None:  # noqa: N802  as http.server calls it
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.taken.append(Taken(self.path, headers, body))
                if receiver.drips:
                    self.drip()
                    return
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.send_header("Location", f"http://{receiver.place}/elsewhere")
                self.end_headers()

        return Handler
