"""Loads the desk once; whatever a test starts is forked from here: loading takes seconds, forking none.

`python -m tests.processes.nursery` reads lines of JSON from its standard input and answers each with a line.
What it forks are processes like any other, each in a group of its own: they connect, work and die alone.
Once nobody can ask any more it kills what is left of them and ends.
"""

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


class Nursery:
    """Started by a test; asks the process below."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.processes.nursery"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, text=True, bufsize=1
        )

    def ask(self, **question: Any) -> Any:
        """One question, one answer; AssertionError when the nursery died of it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        answer = self.process.stdout.readline()
        assert answer, f"{question}: failed, see above"
        return json.loads(answer)

    def stop(self) -> None:
        """End it, and with it all that it has forked."""
        self.process.communicate()


class Child:
    """A process that a nursery has forked.

    It is `celery` with those `arguments`, or carries out that `task`, or calls what `call` names (as
    "module:function") and writes what that returns to the file `answer`. Its output goes to the end of `log`;
    `environment` and `settings` are what is other for it.
    """

    def __init__(self, nursery: Nursery, *, log: Path, **does: Any) -> None:
        self.nursery = nursery
        self.pid = int(nursery.ask(fork=does | {"log": str(log)}))

    def is_running(self) -> bool:
        return self.nursery.ask(ended=self.pid) is None

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        return int(self.nursery.ask(wait=self.pid))

    def kill(self) -> None:
        """Signal 9 to it and to all that it started."""
        os.killpg(self.pid, signal.SIGKILL)
        self.wait()


def load() -> None:
    """Everything that a worker comes to need, and no connection to anything."""
    import django

    django.setup()
    from celery.bin import celery as _celery  # noqa: F401
    from django.conf import settings
    from django.urls import get_resolver

    from supportdesk.celery import app

    app.loader.import_default_modules()
    app.finalize()
    for urlconf in (settings.ROOT_URLCONF, settings.TENANT_URLCONF):
        assert get_resolver(urlconf).url_patterns  # addresses stand in mails
    gc.collect()
    gc.freeze()


def run(*, arguments: Sequence[str] = (), task: str = "", call: str = "", answer: str = "") -> None:
    """What a child does (see `Child`)."""
    if task:
        from supportdesk.celery import app

        app.tasks[task]()
    elif call:
        module, _, function = call.partition(":")
        found = getattr(importlib.import_module(module), function)()
        Path(answer).write_text(json.dumps(found))
    else:
        from celery.bin.celery import main as celery

        sys.argv = ["celery", "-A", "supportdesk", *arguments]
        celery()


class _Forked:
    """The children, in the process that forks them."""

    def __init__(self) -> None:
        self.running: set[int] = set()
        self.ended: dict[int, int] = {}

    def fork(self, does: dict[str, Any]) -> int:
        pid = os.fork()
        if pid == 0:
            _be(does)
        _lead_group(pid)
        self.running.add(pid)
        return pid

    def end_of(self, pid: int, options: int = 0) -> int | None:
        """The exit code, None while it runs."""
        if pid in self.running:
            found, status = os.waitpid(pid, options)
            if found:
                self.running.discard(pid)
                self.ended[pid] = os.waitstatus_to_exitcode(status)
        return self.ended.get(pid)

    def kill_all(self) -> None:
        for pid in list(self.running):
            if self.end_of(pid, os.WNOHANG) is None:
                os.killpg(pid, signal.SIGKILL)
                self.end_of(pid)


def _lead_group(pid: int) -> None:
    """Both sides do this: whoever comes first, the group is there before anybody is told of the child."""
    try:
        os.setpgid(pid, pid)
    except OSError:
        assert os.getpgid(pid) == pid


def _be(does: dict[str, Any]) -> None:
    """Become that child; never returns."""
    code = 1
    try:
        _lead_group(os.getpid())
        log = os.open(does.pop("log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for ours, standard in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(ours, standard)
        from django.conf import settings

        os.environ.update(does.pop("environment", {}))
        for name, value in does.pop("settings", {}).items():
            setattr(settings, name, value)
        run(**does)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Answer until nothing more can come."""
    load()
    forked = _Forked()
    answers: dict[str, Callable[[Any], Any]] = {
        "fork": forked.fork,
        "wait": forked.end_of,
        "ended": lambda pid: forked.end_of(pid, os.WNOHANG),
    }
    try:
        for line in sys.stdin:
            ((question, about),) = json.loads(line).items()
            sys.stdout.write(json.dumps(answers[question](about)) + "\n")
            sys.stdout.flush()
    finally:
        forked.kill_all()


if __name__ == "__main__":
    main()
