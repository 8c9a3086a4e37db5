"""Steps fall due and tickets are answered while workers die, the broker forgets, the database falls over."""

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis

from supportdesk.embedded import Services
from tests.database import addresses, with_path
from tests.processes.chaos import AIM, ANSWERED_AT_A_TIME, LIMIT, TICKETS
from tests.processes.conftest import Processes, wait_until
from tests.processes.mailbox import taken
from tests.processes.nursery import Child, Nursery

WORKERS = 3


class House:
    """A database and a broker of the test's own, which may fall over, with workers that may be killed."""

    def __init__(self, folder: Path, environment: dict[str, str], mailbox: Path) -> None:
        self.folder = folder
        self.services = Services(folder / "services", durable=False)
        self.services.start()
        self.environment = {
            **environment,
            **self.services.environment(),
            "DJANGO_SETTINGS_MODULE": "tests.processes.settings",
        }
        self.nursery = Nursery(self.environment)
        self.processes = Processes(self.nursery, mailbox, folder / "log")
        self.workers: list[Child] = []
        self.count = 0

    def make_tables(self, like: str) -> None:
        """The tables of the database at that address, which belongs to a run of tests."""
        postgres = self.services.postgres
        assert postgres is not None
        dump, psql = str(postgres.programs / "pg_dump"), str(postgres.programs / "psql")
        made = subprocess.run([dump, "--dbname", like], capture_output=True, check=True)
        restore = [psql, "--quiet", "--set=ON_ERROR_STOP=1", "--output", os.devnull]
        where = ["--dbname", postgres.admin_url("supportdesk")]
        subprocess.run([*restore, *where], input=made.stdout, check=True)

    def tell(self, request: str) -> Any:
        """Have another process do it (see `tests.processes.chaos`); returns what it answers."""
        answer = self.folder / "answer"
        told = self.processes.start(call=f"tests.processes.chaos:{request}", answer=str(answer))
        assert told.wait() == 0, f"{request}: failed\n{self.processes.log.read_text()[-5000:]}"
        return json.loads(answer.read_text())

    def stop(self) -> None:
        """End everything."""
        self.nursery.stop()
        self.services.stop()

    def hire(self) -> None:
        """Start workers until there are as many as there should be, all ready: disasters shall hit them."""
        self.workers = [worker for worker in self.workers if worker.is_running()]
        hired = []
        while len(self.workers) < WORKERS:
            self.count += 1
            hired.append(f"chaos{self.count}@test ready")
            self.workers.append(self.processes.worker(f"chaos{self.count}"))
        for words in hired:
            wait_until(lambda words=words: words in self.processes.log.read_text(), what=words)  # type: ignore[misc]

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
def house(
    django_db_setup: None, process_environment: dict[str, str], mailbox: Path, tmp_path: Path
) -> Iterator[House]:
    """A house of its own, with a desk whose promises are all overdue."""
    built = House(tmp_path, process_environment, mailbox)
    try:
        name = urlsplit(process_environment["DATABASE_URL"]).path
        built.make_tables(with_path(addresses()["ADMIN_URL"], name.removeprefix("/")))
        built.tell("make")
        yield built
    finally:
        built.stop()


def test_each_step_is_taken_once_whatever_dies(house: House, mailbox: Path) -> None:
    dice = random.Random(20261122)  # noqa: S311 - the same disasters every time
    disasters = ["kill"] * 6 + ["forget"] * 2 + ["fall over"] * 2
    dice.shuffle(disasters)
    for disaster in disasters:
        house.hire()
        house.tell("ask")
        time.sleep(dice.uniform(0.5, 3))
        if disaster == "kill":
            dice.choice(house.workers).kill()
        elif disaster == "forget":
            house.forget()
        else:
            house.fall_over()
        house.tell("answer")
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
        house.tell("ask")
        time.sleep(2)
        seen: dict[str, Any] = house.tell("look")
        if seen["steps"] >= 2 * TICKETS and not seen["unsent"]:
            return seen
        assert time.monotonic() < deadline, {key: seen[key] for key in ("steps", "unsent", "set aside")}
