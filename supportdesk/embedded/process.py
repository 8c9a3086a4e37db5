"""Child processes that end with us, and the small secrets that they share with us."""

import contextlib
import ctypes
import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1


class ServiceError(Exception):
    """A service could not be started or reached; the message is one line for the person at the terminal."""


def end_with_parent(stop_signal: int) -> Callable[[], None]:
    """What a new process does first: ask Linux for this signal when its parent is gone, however it went."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def ask() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, stop_signal)

    return ask


def start_child(
    command: Sequence[str], *, log: Path, stop_signal: int, user: pwd.struct_passwd | None = None
) -> "subprocess.Popen[bytes]":
    """Start a server whose output goes to a log file.

    It gets a session of its own, because Ctrl-C reaches every process of the terminal at once and the
    database must outlive those that use it. On Linux it is stopped even when we are killed. Call it from
    the main thread: Linux watches over the thread that made the child.
    """
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            **as_user(user),
            preexec_fn=end_with_parent(stop_signal),  # noqa: PLW1509  runs before any thread of the runner exists
        )


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments for `subprocess` that run a program as that user with its own group only."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def stop_child(process: "subprocess.Popen[bytes] | None", stop_signal: int, timeout: float = 20) -> None:
    """Ask the process to end, and end it when it does not within `timeout` seconds."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(stop_signal)
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tell_failure(name: str, log: Path) -> ServiceError:
    """An error that names the service and repeats the last line of its log."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return ServiceError(f"{name} did not start: {lines[-1] if lines else 'no message'} (see {log})")


def free_port() -> int:
    """A port of the loopback interface that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kept_secret(path: Path) -> str:
    """The random word in that file, made on first use; only its owner may read it."""
    with contextlib.suppress(FileExistsError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def is_running(pid: int) -> bool:
    """Whether a process of that number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


STOP_FAST = (
    signal.SIGINT
)  # PostgreSQL's "fast" shutdown: ends the sessions, writes everything, leaves cleanly
