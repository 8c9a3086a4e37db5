"""Real workers, real beat: started, killed, started again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from supportdesk.celery import app
from tests.processes.nursery import Child, Nursery


class Processes:
    """The processes that one test has started; those still there at its end are killed."""

    def __init__(self, nursery: Nursery, mailbox: Path, log: Path) -> None:
        self.nursery = nursery
        self.mailbox = mailbox
        self.log = log
        self.settings: dict[str, Any] = {}
        self.started: list[Child] = []

    def start(self, **does: Any) -> Child:
        """Have a process of its own do it (see `Child`)."""
        environment = {"TEST_MAILBOX": str(self.mailbox)}
        child = Child(self.nursery, log=self.log, environment=environment, settings=self.settings, **does)
        self.started.append(child)
        return child

    def worker(self, name: str) -> Child:
        """A worker that does one task at a time in its own process, so that killing it kills the task."""
        options = ["--pool=solo", "--without-mingle", "--without-gossip", "-n", f"{name}@test"]
        return self.start(arguments=["worker", *options])

    def beat(self, folder: Path) -> Child:
        """The scheduler, with the schedule of the product."""
        return self.start(arguments=["beat", "-s", str(folder / "beat-schedule"), "--pidfile="])

    def at_once(self, task: str, times: int) -> None:
        """The task in that many processes at the same time; all must come to its end."""
        started = [self.start(task=task) for _ in range(times)]
        assert {child.wait() for child in started} == {0}, self.log.read_text()

    def kill_all(self) -> None:
        """Leave nothing behind."""
        for child in self.started:
            if child.is_running():
                child.kill()


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """The folder of the mail server of `tests.processes.mailbox`."""
    box = tmp_path / "mailbox"
    box.mkdir()
    return box


@pytest.fixture(scope="session")
def nursery(process_environment: dict[str, str]) -> Iterator[Nursery]:
    """What real processes of all tests are forked from."""
    started = Nursery({**process_environment, "DJANGO_SETTINGS_MODULE": "tests.processes.settings"})
    yield started
    started.stop()


@pytest.fixture
def processes(transactional_db: None, nursery: Nursery, mailbox: Path, tmp_path: Path) -> Iterator[Processes]:
    """Start real processes on this test's database and broker."""
    started = Processes(nursery, mailbox, tmp_path / "log")
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
