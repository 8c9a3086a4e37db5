"""The document of the rules names tests that are there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
DOCUMENT = TESTS.parent / "docs" / "sla-clock.md"


def test_every_test_that_a_rule_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", DOCUMENT.read_text()))
    files = [file.read_text() for file in TESTS.rglob("test_*.py")]
    there = {name for text in files for name in re.findall(r"^def (test_\w+)\(", text, re.MULTILINE)}
    assert named
    assert not named - there, "these tests are named in docs/sla-clock.md and not there"


def test_every_rule_names_a_test() -> None:
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    rules = [row for row in rows if row not in ("| rule | test |", "| --- | --- |")]
    assert not [rule for rule in rules if "`test_" not in rule]
