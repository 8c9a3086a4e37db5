"""`make run` as a person meets it: real processes, from an empty data folder to a clean end."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from supportdesk.embedded import Services
from supportdesk.embedded.process import free_port, is_running
from tests import database
from tests.database import addresses, with_path

ROOT = Path(__file__).resolve().parents[2]
RUN = [sys.executable, "-m", "supportdesk.run"]
# What this test run has set for itself must not reach the desk that is started here.
_OURS = set(database.environment(ROOT, worker=0)) | {"DJANGO_SETTINGS_MODULE"}


def environment(data_dir: Path, **changes: str) -> dict[str, str]:
    """The environment of a person who types `make run` in a checkout of their own."""
    env = {key: value for key, value in os.environ.items() if key not in _OURS}
    return {**env, "READ_ENV_FILES": "0", "DEMO": "0", "DATA_DIR": str(data_dir), **changes}


def refusal(env: dict[str, str]) -> str:
    """Start the desk where it cannot run; what it says on its way out."""
    done = subprocess.run(RUN, env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} of 127.0.0.1 cannot be used" in refusal(environment(tmp_path, PORT=str(port)))


def test_a_wrong_setting_is_told_in_one_line(tmp_path: Path) -> None:
    assert "PORT must be a whole number" in refusal(environment(tmp_path, PORT="http"))


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    env = environment(
        tmp_path, PORT=str(free_port()), DATABASE_URL=f"postgres://a:b@127.0.0.1:{free_port()}/c"
    )
    assert "does not answer" in refusal(env)


def test_a_broker_that_does_not_answer_is_told_in_one_line(tmp_path: Path) -> None:
    env = environment(tmp_path, PORT=str(free_port()), REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert "Redis at 127.0.0.1" in refusal(env)


def test_a_role_that_steps_around_row_security_is_refused(tmp_path: Path) -> None:
    found = addresses()
    env = environment(
        tmp_path,
        PORT=str(free_port()),
        REDIS_URL=found["REDIS_URL"],
        DATABASE_URL=found["DATABASE_OWNER_URL"],
        DATABASE_OWNER_URL=found["DATABASE_OWNER_URL"],
    )
    assert "row security does not hold" in refusal(env)


@pytest.fixture
def deep_folder() -> Iterator[Path]:
    """A folder whose path is longer than a Unix socket's may be.

    Not below `tmp_path`: any other run of pytest closes the folder above those to all other users, and when
    we are root the database is another user.
    """
    with tempfile.TemporaryDirectory(prefix="desk-deep-") as folder:
        yield Path(folder) / ("a" * 60) / ("b" * 60)


class Desk:
    """A started desk: what it has printed so far, and its end."""

    def __init__(self, env: dict[str, str], output: Path) -> None:
        self.output = output
        self.began = time.monotonic()
        with output.open("wb") as file:
            self.process = subprocess.Popen(RUN, env=env, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)

    def wait_for(self, pattern: str, seconds: float) -> "re.Match[str]":
        """The first match in what was printed; fails when it does not come in time."""
        while time.monotonic() - self.began < seconds and self.process.poll() is None:
            if found := re.search(pattern, self.output.read_text()):
                return found
            time.sleep(0.1)
        pytest.fail(f"{pattern!r} did not come:\n{self.output.read_text()}")

    def stop(self) -> int:
        """Press Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@pytest.fixture
def start(tmp_path: Path) -> Iterator["type[Desk]"]:
    """Start desks that are gone when the test is over, whatever happened."""
    started: list[Desk] = []

    class Kept(Desk):
        def __init__(self, env: dict[str, str]) -> None:
            super().__init__(env, tmp_path / f"output-{len(started)}")
            started.append(self)

    yield Kept
    for desk in started:
        if desk.process.poll() is None:
            desk.process.send_signal(signal.SIGTERM)
            desk.process.wait(30)


def descendants(pid: int) -> set[int]:
    """The numbers of all processes below one."""
    found = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found |= {child} | descendants(child)
    return found


@pytest.mark.slow
def test_a_desk_starts_from_nothing_stops_cleanly_and_starts_again(
    deep_folder: Path, start: "type[Desk]"
) -> None:
    port = free_port()
    env = environment(deep_folder, PORT=str(port))
    first = start(env)  # type: ignore[call-arg]
    first.wait_for(r"ready after \d+ s: http://localhost:\d+/", 150)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=10) as page:
        assert page.status == 200
    children = descendants(first.process.pid)
    assert len(children) >= 7  # PostgreSQL, Valkey, web and two workers, worker, beat
    assert "Another `make run`" in refusal({**env, "PORT": str(free_port())})
    assert first.stop() == 0
    assert {pid for pid in children if is_running(pid)} == set()

    second = start(env)  # type: ignore[call-arg]
    second.wait_for(r"ready after", 60)
    assert second.stop() == 0


@pytest.mark.slow
def test_the_services_end_when_the_runner_is_killed(deep_folder: Path) -> None:
    code = (
        "import sys, time, pathlib; from supportdesk.embedded import Services\n"
        "with Services(pathlib.Path(sys.argv[1]), durable=False) as s:\n"
        "    print(s.postgres.process.pid, s.valkey.process.pid, flush=True); time.sleep(60)"
    )
    runner = subprocess.Popen(
        [sys.executable, "-c", code, deep_folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert runner.stdout is not None
    pids = [int(word) for word in runner.stdout.readline().split()]
    runner.kill()
    runner.wait()
    deadline = time.monotonic() + 20
    while any(map(is_running, pids)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_running, pids))
    # And the folder they leave behind starts again.
    with (
        Services(deep_folder, durable=False) as services,
        psycopg.connect(services.environment()["DATABASE_URL"]),
    ):
        pass


def test_one_address_is_enough_when_its_role_may_make_others(tmp_path: Path) -> None:
    from supportdesk.connections import given_addresses
    from supportdesk.roles import steps_around_row_security

    admin = addresses()["ADMIN_URL"]
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS single WITH (FORCE)")
        connection.execute("CREATE DATABASE single")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", with_path(admin, "single"))
        patch.delenv("DATABASE_OWNER_URL", raising=False)
        found = given_addresses(tmp_path)
    assert found.owner == with_path(admin, "single")
    assert found.app is not None
    with psycopg.connect(found.app) as app:
        assert app.info.user == "single_app"
        assert not steps_around_row_security(app)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("DROP DATABASE single WITH (FORCE)")
        connection.execute("DROP ROLE single_app")
