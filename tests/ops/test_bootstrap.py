"""Making the environment: a Python that is too old is told, or passed over for one that will do."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "bootstrap.py"
AS_OLD = (
    f"import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = [{str(SCRIPT)!r}];"
    f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
)


def run_as_old(path: Path) -> "subprocess.CompletedProcess[str]":
    """Run the script in a Python that takes itself for 3.9, with only that folder to find others in."""
    return subprocess.run(
        [sys.executable, "-c", AS_OLD], env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )


def test_a_python_too_old_is_told_in_one_line(tmp_path: Path) -> None:
    done = run_as_old(tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"make env: Python 3.11 or newer is needed, {sys.executable} is Python 3.9.\n"


def test_a_newer_python_on_the_path_is_taken(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "started with $1"\n')
    newer.chmod(0o755)
    assert run_as_old(tmp_path).stdout == f"started with {SCRIPT}\n"


def test_the_script_can_be_read_by_very_old_pythons() -> None:
    text = SCRIPT.read_text()
    assert " -> " not in text
    assert 'f"' not in text
    assert ":=" not in text


def test_make_lists_what_it_can_do() -> None:
    done = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    for word in (
        "run",
        "test",
        "check",
        "format",
        "messages",
        "schema",
        "bench",
        "seed",
        "screenshots",
        "lock",
    ):
        assert f"make {word} " in done.stdout
