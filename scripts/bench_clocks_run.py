"""The part of `make bench-clocks` that runs where the other libraries are installed: it measures and prints
JSON. Knows no Django; the core is imported from the source tree."""

import importlib.util
import json
import os
import platform
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.bench_clocks_peers import PEERS, NotExpressible, Ours, Peer, Spec

CASES = json.loads((Path(__file__).parent.parent / "tests" / "sla" / "data" / "sla-cases.json").read_text())
NEW_YORK: Spec = CASES["calendars"]["newyork"]
ROUNDS = 7
BATCH_SECONDS = 0.15
ROWS = 1_000_000
HOUR = 3_600_000_000
Span = tuple[datetime, datetime]


def main() -> int:
    """Measure everything; JSON on the standard output."""
    libraries = {"ours": Ours, **{name: peer for name, peer in PEERS.items() if _is_there(name)}}
    found: dict[str, Any] = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}",
        "versions": {name: version(name) for name in libraries if name != "ours"},
        "calls": _time_calls(libraries),
        "cases": {name: _judge(make) for name, make in libraries.items()},
        "core": _time_core(),
        "many": _time_many(),
    }
    if "workclock" in libraries:
        found["many"]["workclock"] = _time_many_workclock()
    json.dump(found, sys.stdout)
    return 0


def _is_there(name: str) -> bool:
    return importlib.util.find_spec(name.replace("-", "_")) is not None


# One call


def _spans(count: int) -> list[Span]:
    """Starts within ten months of 2026, each with an end at most 90 days later."""
    chance = random.Random(1)  # noqa: S311
    first = datetime(2026, 1, 5, tzinfo=UTC)
    starts = [first + timedelta(seconds=chance.randrange(300 * 86_400)) for _ in range(count)]
    return [(start, start + timedelta(seconds=chance.randrange(90 * 86_400))) for start in starts]


def _questions(peer: Peer) -> dict[str, Callable[[Span], object]]:
    working_day, working_week = timedelta(hours=8), timedelta(hours=40)
    return {
        "8 h": lambda span: peer.add(span[0], working_day),
        "40 h": lambda span: peer.add(span[0], working_week),
        "elapsed": lambda span: peer.elapsed(span[0], span[1]),
    }


def _time_calls(libraries: dict[str, Callable[[Spec], Peer]]) -> dict[str, dict[str, float]]:
    """Microseconds a call on the calendar of New York; the libraries take turns, and each has its
    best round: what is slower is the machine's other work."""
    samples: dict[tuple[str, str], list[float]] = {}
    batches = {}
    for name, make in libraries.items():
        for question, ask in _questions(make(NEW_YORK)).items():
            try:
                batches[name, question] = ask, _batch(ask)
            except NotExpressible:
                continue
    for _round in range(ROUNDS):
        for key, (ask, starts) in batches.items():
            samples.setdefault(key, []).append(_seconds(ask, starts) / len(starts) * 1e6)
    calls: dict[str, dict[str, float]] = {name: {} for name in libraries}
    for (name, question), taken in samples.items():
        calls[name][question] = min(taken)
    return calls


def _batch(ask: Callable[[Span], object]) -> list[Span]:
    """As many spans as fill a batch; the first answers, for which a library may lay things out, are not
    timed."""
    spans = _spans(2000)
    ask(spans[0])
    one = _seconds(ask, spans[:20]) / 20
    return spans[: max(20, min(2000, int(BATCH_SECONDS / one)))]


def _seconds(ask: Callable[[Any], object], values: Sequence[Any]) -> float:
    """Processor time, so that what else the machine is busy with does not count."""
    began = time.process_time()
    for value in values:
        ask(value)
    return time.process_time() - began


# Right and wrong


def _judge(make: Callable[[Spec], Peer]) -> dict[str, int]:
    """How many of the written cases come out right, wrong, with an error or not at all."""
    return dict(Counter(_verdict(make, case) for case in CASES["cases"]))


def _verdict(make: Callable[[Spec], Peer], case: dict[str, Any]) -> str:
    try:
        with _patience(5):
            return "right" if _is_right(make, case) else "wrong"
    except NotExpressible:
        return "not expressible"
    except Exception:  # whatever a library raises in place of an answer
        return "failed"


def _is_right(make: Callable[[Spec], Peer], case: dict[str, Any]) -> bool:
    peer, start = make(CASES["calendars"][case["calendar"]]), _at(case["start"])
    amount, expected = (
        timedelta(minutes=case.get(f"{prefix}minutes", 0), seconds=case.get(f"{prefix}seconds", 0))
        for prefix in ("", "expected_")
    )
    if case["kind"] == "elapsed":
        return peer.elapsed(start, _at(case["end"])) == expected
    if case["kind"] == "deadline":
        return peer.add(start, amount) == _at(case["expected"])
    if not isinstance(peer, Ours):
        raise NotExpressible(case["kind"])
    if case["kind"] == "business_days":
        return bool(peer.add_days(start, case["days"]) == _at(case["expected"]))
    pauses = [(_at(begin), _at(end)) for begin, end in case["pauses"]]
    return bool(peer.add(start, amount, pauses) == _at(case["expected"]))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@contextmanager
def _patience(seconds: int) -> Iterator[None]:
    def give_up(_signal: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# The core alone


def _time_core() -> dict[str, float]:
    """Microseconds of what else the core is asked, milliseconds of compiling."""
    from sla.business_time import BusinessCalendar, SplicedCalendar  # noqa: PLC0415
    from sla.zones import offsets_of_year  # noqa: PLC0415

    desk = BusinessCalendar.from_spec(NEW_YORK)
    karachi = BusinessCalendar.from_spec(CASES["calendars"]["karachi"])
    edited = SplicedCalendar([(None, desk), (datetime(2026, 6, 1, tzinfo=UTC), karachi)])
    hour, day = timedelta(hours=1), timedelta(hours=8)

    def paused(span: Span) -> object:
        start = span[0]
        return desk.add(start, day, [(start + hour, start + 5 * hour), (start + 9 * hour, start + 40 * hour)])

    asked = {
        "two pauses": paused,
        "three business days": lambda span: desk.add_days(span[0], 3),
        "edited calendar": lambda span: edited.add(span[0], day),
    }
    found = {name: _best(ask, _spans(2000)) * 1e6 / 2000 for name, ask in asked.items()}

    def compiled(year: int) -> None:
        fresh = BusinessCalendar.from_spec(NEW_YORK)
        fresh.next_open(datetime(year, 7, 1, tzinfo=UTC))

    found["compile, zone known"] = _best(compiled, [2027]) * 1e3

    def compiled_cold(year: int) -> None:
        offsets_of_year.cache_clear()
        compiled(year)

    found["compile"] = _best(compiled_cold, [2027]) * 1e3
    return found


def _best(ask: Callable[[Any], object], values: Sequence[Any]) -> float:
    return min(_seconds(ask, values) for _ in range(3 * ROUNDS))


# A million


def _time_many() -> dict[str, float]:
    """Nanoseconds a row for a million rows, megabytes at most, and rows that differ from the scalar core."""
    import numpy as np  # noqa: PLC0415

    from sla import many  # noqa: PLC0415
    from sla.business_time import BusinessCalendar  # noqa: PLC0415
    from sla.zones import to_datetime, to_microseconds  # noqa: PLC0415

    desk = BusinessCalendar.from_spec(NEW_YORK)
    chance = np.random.default_rng(3)
    first = to_microseconds(datetime(2026, 1, 5, tzinfo=UTC))
    starts = first + chance.integers(0, 300 * 24 * HOUR, ROWS)
    ends = starts + chance.integers(0, 90 * 24 * HOUR, ROWS)
    pauses = chance.integers(0, 40 * HOUR, (ROWS, 4)).cumsum(axis=1) + starts[:, None]
    left_out = many.LeftOut(pauses.reshape(-1), np.arange(ROWS + 1, dtype=np.int64) * 4)
    asked: dict[str, Callable[[], Any]] = {
        "8 h": lambda: many.add(desk, starts, 8 * HOUR),
        "40 h": lambda: many.add(desk, starts, 40 * HOUR),
        "elapsed": lambda: many.counted(desk, starts, ends),
        "two pauses": lambda: many.add(desk, starts, 8 * HOUR, left_out),
        "three business days": lambda: many.add_days(desk, starts, 3),
    }
    found = {
        name: min(_seconds(lambda _n, ask=ask: ask(), [0]) for _ in range(ROUNDS)) * 1e9 / ROWS  # type: ignore[misc]
        for name, ask in asked.items()
    }
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    due, eight = asked["8 h"](), timedelta(hours=8)
    sample = range(0, ROWS, 97)
    found["differ"] = sum(
        to_microseconds(desk.add(to_datetime(int(starts[row])), eight)) != int(due[row]) for row in sample
    )
    found["compared"] = len(sample)
    return found


def _time_many_workclock() -> float:
    """Nanoseconds a deadline of 8 hours when workclock gets a million of them in one array."""
    import numpy as np  # noqa: PLC0415

    schedule: Any = vars(PEERS["workclock"](NEW_YORK))["_schedule"]
    seconds = np.random.default_rng(3).integers(0, 300 * 86_400, ROWS)
    starts = np.datetime64("2026-01-05T00:00:00", "us") + seconds.astype("timedelta64[s]")
    amounts = np.full(ROWS, np.timedelta64(8, "h")).astype("timedelta64[us]")
    return _seconds(lambda _n: schedule.add_many(starts, amounts), [0]) * 1e9 / ROWS


if __name__ == "__main__":
    sys.exit(main())
