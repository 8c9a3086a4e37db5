"""Real workers, real beat: started, killed, started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.celery import app


class Processes:
    """The processes that one test has started; those still there at its end are killed."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment = environment
        self.log = log
        self.started: list[subprocess.Popen[bytes]] = []

    def celery(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start `celery -A supportdesk …` as a process group of its own."""
        command = [sys.executable, "-m", "celery", "-A", "supportdesk", *arguments]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.started.append(process)
        return process

    def worker(self, name: str) -> "subprocess.Popen[bytes]":
        """A worker that does one task at a time in its own process, so that killing it kills the task."""
        return self.celery(
            "worker", "--pool=solo", "--without-mingle", "--without-gossip", "-n", f"{name}@test"
        )

    def beat(self, folder: Path) -> "subprocess.Popen[bytes]":
        """The scheduler, with the schedule of the product."""
        return self.celery("beat", "-s", str(folder / "beat-schedule"), "--pidfile=")

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Signal 9 to the process and all that it started."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_all(self) -> None:
        """Leave nothing behind."""
        for process in self.started:
            if process.poll() is None:
                self.kill(process)


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """The folder of the mail server of `tests.processes.mailbox`."""
    box = tmp_path / "mailbox"
    box.mkdir()
    return box


@pytest.fixture
def processes(
    transactional_db: None, process_environment: dict[str, str], mailbox: Path, tmp_path: Path
) -> Iterator[Processes]:
    """Start real processes on this test's database and broker."""
    environment = {
        **process_environment,
        "DJANGO_SETTINGS_MODULE": "tests.processes.settings",
        "TEST_MAILBOX": str(mailbox),
    }
    started = Processes(environment, tmp_path / "log")
    yield started
    started.kill_all()


def send_task(name: str, times: int = 1) -> None:
    """Put a task into the broker of this test, as beat does."""
    for _ in range(times):
        app.send_task(name)


def wait_until(condition: Callable[[], bool], *, what: str, seconds: float = 60) -> None:
    """Look again every 50 ms; fail with `what` when it never comes true (a guard, not a measurement)."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.05)
