"""Steps fall due and tickets are answered while workers die, the broker forgets, the database falls over."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from supportdesk.embedded import Services
from tests.processes.chaos import AIM, ANSWERED_AT_A_TIME, LIMIT, TICKETS
from tests.processes.conftest import Processes
from tests.processes.mailbox import taken

WORKERS = 3
SWEEPS = ("sla.tasks.sweep", "notifications.tasks.deliver")


class House:
    """A database and a broker of the test's own, which may fall over, with workers that may be killed."""

    def __init__(self, folder: Path, environment: dict[str, str], mailbox: Path) -> None:
        self.services = Services(folder / "services", durable=False)
        self.services.start()
        self.environment = {
            **environment,
            **self.services.environment(),
            "DJANGO_SETTINGS_MODULE": "tests.processes.settings",
            "TEST_MAILBOX": str(mailbox),
        }
        self.processes = Processes(self.environment, folder / "log")
        self.workers: list[subprocess.Popen[bytes]] = []
        self.count = 0

    def run(self, *arguments: str) -> str:
        """Run Python to its end; returns what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def look(self) -> dict[str, Any]:
        """What has happened so far (`tests.processes.chaos.look`)."""
        seen: dict[str, Any] = json.loads(self.run("-m", "tests.processes.chaos", "look").splitlines()[-1])
        return seen

    def hire(self) -> None:
        """Start workers until there are as many as there should be."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < WORKERS:
            self.count += 1
            self.workers.append(self.processes.worker(f"chaos{self.count}"))

    def ask(self, times: int) -> None:
        """Put sweeps into the broker, as beat does, only more often."""
        code = f"from supportdesk.celery import app\nfor name in {SWEEPS!r} * {times}: app.send_task(name)"
        self.run("-c", code)

    def forget(self) -> None:
        """Let the broker lose all that it held."""
        redis.Redis.from_url(self.environment["REDIS_URL"]).flushall()

    def fall_over(self) -> None:
        """Let the database crash, with every session that it has, and come back at the same address."""
        postgres = self.services.postgres
        assert postgres is not None
        assert postgres.process is not None
        os.kill(postgres.process.pid, signal.SIGQUIT)
        postgres.process.wait()
        postgres.start()


@pytest.fixture
def house(process_environment: dict[str, str], mailbox: Path, tmp_path: Path) -> Iterator[House]:
    """A house of its own, migrated, with a desk whose promises are all overdue."""
    built = House(tmp_path, process_environment, mailbox)
    try:
        built.run("manage.py", "migrate", "--verbosity=0")
        built.run("-m", "tests.processes.chaos", "make")
        yield built
    finally:
        built.processes.kill_all()
        built.services.stop()


def test_each_step_is_taken_once_whatever_dies(house: House, mailbox: Path) -> None:
    dice = random.Random(20261122)  # noqa: S311 - the same disasters every time
    disasters = ["kill"] * 6 + ["forget"] * 2 + ["fall over"] * 2
    dice.shuffle(disasters)
    for disaster in disasters:
        house.hire()
        house.ask(2)
        time.sleep(dice.uniform(0.5, 3))
        if disaster == "kill":
            house.processes.kill(dice.choice(house.workers))
        elif disaster == "forget":
            house.forget()
        else:
            house.fall_over()
        house.run("-m", "tests.processes.chaos", "answer")
    seen = _when_all_is_done(house)
    assert (seen["steps"], seen["different"]) == (2 * TICKETS, 2 * TICKETS)
    assert seen["instants"] == [AIM, LIMIT]
    assert seen["events"] == 2 * TICKETS
    assert seen["bells"] == seen["different bells"] == 2 * TICKETS * seen["people"]
    assert (seen["breached"], seen["late by"]) == (TICKETS, [LIMIT])
    assert (seen["answered"], seen["met when answered"]) == (len(disasters) * ANSWERED_AT_A_TIME, True)
    assert (seen["set aside"], seen["differences"]) == (0, [])
    sent = Counter(taken(mailbox))
    assert set(sent) == set(seen["letters"]), "every letter was handed over"


def _when_all_is_done(house: House) -> dict[str, Any]:
    """Sweep on until nothing waits (a guard against waiting for ever, not a measurement)."""
    deadline = time.monotonic() + 180
    while True:
        house.hire()
        house.ask(2)
        time.sleep(2)
        seen = house.look()
        if seen["steps"] >= 2 * TICKETS and not seen["unsent"]:
            return seen
        assert time.monotonic() < deadline, {key: seen[key] for key in ("steps", "unsent", "set aside")}
