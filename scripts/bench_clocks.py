"""`make bench-clocks`: how long one deadline takes, and a million, beside other libraries in one run.

The other libraries are installed into a virtual environment that is thrown away afterwards; nothing of
them gets into the lock files. One that cannot be had is left out and named. ARGS: see `--help`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- clocks -->", "<!-- end of clocks -->"
LIBRARIES = {
    "workclock": ["workclock==0.1.2"],
    "timegrid": ["timegrid==0.1.6"],
    "pandas": ["pandas==3.1.1"],
    "django-bizcal": ["django-bizcal==0.13.0"],
    "businesstimedelta": ["businesstimedelta==1.0.1", "pytz"],
}
LABELS = {
    "workclock": "workclock (Rust)",
    "timegrid": "timegrid (Rust)",
    "pandas": "pandas CustomBusinessHour",
}
Found = dict[str, Any]


def main() -> int:
    """Measure and print; with `--write` also into docs/performance.md."""
    parser = argparse.ArgumentParser(prog="make bench-clocks", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-clocks-") as folder:
        python, missing = _environment(Path(folder))
        run = subprocess.run(
            [python, "-m", "scripts.bench_clocks_run"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            check=True,
        )
    text = _report(json.loads(run.stdout), missing)
    print(text)
    if options.write:
        before, rest = REPORT.read_text().split(BEGIN)
        REPORT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}")
    return 0


def _environment(folder: Path) -> tuple[str, list[str]]:
    """A virtual environment with the libraries, and the names of those that cannot be had."""
    uv, python = str(Path(sys.executable).parent / "uv"), str(folder / "bin" / "python")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", python]
    ours = [f"{package}=={version(package)}" for package in ("numpy", "tzdata")]
    subprocess.run([*install, *ours], check=True)
    missing = []
    for name, wanted in LIBRARIES.items():
        print(f"installing {name} ...", file=sys.stderr)
        if subprocess.run([*install, *ours, *wanted], check=False).returncode != 0:
            missing.append(name)
    return python, missing


def _report(found: Found, missing: list[str]) -> str:
    sections = [_calls(found), _comparison(found), _core(found), _million(found)]
    if missing:
        sections.append(f"Not to be had this time: {', '.join(missing)}.")
    return "\n\n".join(sections)


def _calls(found: Found) -> str:
    cases = sum(found["cases"]["ours"].values())
    lines = [
        f"`make bench-clocks`, {date.today():%Y-%m-%d}, {found['machine']}; New York with lunch and holidays,"  # noqa: DTZ011
        f" microseconds of processor time a call, best of seven rounds in turns; {cases} written cases.",
        "",
        "| library | 8 h | 40 h | elapsed, up to 90 days | right | wrong | failed | cannot say |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, calls in sorted(found["calls"].items(), key=lambda item: item[1]["8 h"]):
        label = "**this one**" if name == "ours" else f"{LABELS.get(name, name)} {found['versions'][name]}"
        times = " | ".join(_figure(calls.get(question)) for question in ("8 h", "40 h", "elapsed"))
        verdicts = found["cases"][name]
        counts = (verdicts.get(kind, 0) for kind in ("right", "wrong", "failed", "not expressible"))
        lines.append(f"| {label} | {times} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def _comparison(found: Found) -> str:
    calls = dict(found["calls"])
    ours = calls.pop("ours")
    told = []
    for question in ("8 h", "40 h", "elapsed"):
        others = [times[question] for times in calls.values() if question in times]
        if others:
            middle, least = (value / ours[question] for value in (statistics.median(others), min(others)))
            told.append(f"{question} {middle:,.0f} and {least:.1f}")
    return f"Times faster than the median library and than the fastest one: {'; '.join(told)}."


def _core(found: Found) -> str:
    core = found["core"]
    return "\n".join(
        [
            "| the core besides | |",
            "| --- | ---: |",
            *(
                f"| deadline of 8 h, {name} | {core[name]:.1f} µs |"
                for name in ("two pauses", "edited calendar")
            ),
            f"| deadline of three business days | {core['three business days']:.1f} µs |",
            f"| a calendar year read and compiled; its zone known already | {core['compile']:.2f} ms; "
            f"{core['compile, zone known']:.2f} ms |",
        ]
    )


def _million(found: Found) -> str:
    many = found["many"]
    rows = {
        "deadlines of 8 h": many["8 h"],
        "deadlines of 40 h": many["40 h"],
        "deadlines of 8 h, two pauses each": many["two pauses"],
        "deadlines of three business days": many["three business days"],
        "elapsed, up to 90 days": many["elapsed"],
    }
    lines = ["| a million at once | ns each |", "| --- | ---: |"]
    lines += [f"| {name} | {taken:,.0f} |" for name, taken in rows.items()]
    if "workclock" in many:
        lines.append(f"| the same 8 h by workclock, in arrays | {many['workclock']:,.0f} |")
    lines.append(f"| memory of the whole process at its height | {many['megabytes']:,.0f} MB |")
    compared = f"{many['compared']:,} of them asked one by one: {many['differ']} differ."
    return "\n".join([*lines, "", compared])


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
