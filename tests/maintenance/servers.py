"""A small web server that is checked, and answers as it is told."""

from tests.local_server import LocalServer, SilentHandler


class Watched(LocalServer):
    """Answers GET with `status` and `body`, a byte at a time if it `drips`."""

    def __init__(self) -> None:
        self.status, self.body, self.location, self.drips = 200, "all is well", "", False
        self.paths: list[str] = []
        self.hosts: list[str] = []
        super().__init__(self._handler())

    def _handler(self) -> type[SilentHandler]:
        watched = self

        class Handler(SilentHandler):
            def do_GET(self) -> None:  # noqa: N802  as http.server calls it
                watched.paths.append(self.path)
                watched.hosts.append(self.headers["Host"])
                if watched.drips:
                    self.drip()
                    return
                self.send_response(watched.status)
                if watched.location:
                    self.send_header("Location", watched.location)
                self.end_headers()
                self.wfile.write(watched.body.encode())

        return Handler
