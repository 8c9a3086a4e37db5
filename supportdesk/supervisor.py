"""A few processes that live and die together: their output in one stream, one signal ends them all."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from supportdesk.embedded.process import end_with_parent

_COLOURS = ("\033[36m", "\033[33m", "\033[35m", "\033[32m")
_PLAIN = "\033[0m"


@dataclass(frozen=True)
class Command:
    """A process to be started: its name in the log, what to run, what its environment has besides."""

    name: str
    arguments: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)


@dataclass
class Supervisor:
    """Starts processes, repeats what they print with their name before it, stops them together.

    When one of them ends by itself the others are stopped too: half a desk is worse than none.
    """

    stop_seconds: float = 15
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    asked_to_stop: threading.Event = field(default_factory=threading.Event)
    _readers: list[threading.Thread] = field(default_factory=list)
    _printing: threading.Lock = field(default_factory=threading.Lock)

    def start(self, commands: Sequence[Command], env: dict[str, str]) -> None:
        """Start all commands in this environment. Called once, before any thread of ours exists."""
        for command in commands:
            self.processes[command.name] = subprocess.Popen(
                command.arguments,
                env={**env, **command.env},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509  no thread of ours exists yet
            )
        for number, (name, process) in enumerate(self.processes.items()):
            reader = threading.Thread(target=self._repeat, args=(name, process, number), daemon=True)
            reader.start()
            self._readers.append(reader)

    def wait(self) -> int:
        """Wait until we are asked to stop (0) or a process ends by itself (1); then stop all."""
        ended = None
        while not self.asked_to_stop.wait(0.2):
            ended = self.first_ended()
            if ended:
                break
        self.stop()
        if ended:
            print(f"make run: {ended} ended by itself; everything is stopped.", file=sys.stderr, flush=True)
        return 1 if ended else 0

    def first_ended(self) -> str | None:
        """The name of a process that is no longer there."""
        return next((name for name, process in self.processes.items() if process.poll() is not None), None)

    def stop(self) -> None:
        """Ask all to end; after `stop_seconds` end what is still there, with its children."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self.stop_seconds
        for name, process in self.processes.items():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                print(f"{name} does not end by itself and is killed.", flush=True)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        for reader in self._readers:
            reader.join(1)

    def _repeat(self, name: str, process: "subprocess.Popen[bytes]", number: int) -> None:
        width = max(map(len, self.processes))
        before = f"{name:<{width}} | "
        if sys.stdout.isatty():
            before = f"{_COLOURS[number % len(_COLOURS)]}{before}{_PLAIN}"
        for line in process.stdout or ():
            with self._printing:
                print(before + line.decode(errors="replace").rstrip(), flush=True)
