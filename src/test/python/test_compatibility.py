"""The compatibility page claims what tests show, and shows what they test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Set

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[2] / "docs/compatibility.md"
FILES = ("test_plugins.py", "test_plugins_offered.py", "test_xdist_hooks.py", "test_hazards.py")


def defined(*files: Path) -> Set[str]:
    return {name for file in files for name in re.findall(r"^def (test_\w+)\(", file.read_text(), re.MULTILINE)}


def rows() -> Set[str]:
    claims = PAGE.read_text().split("## The matrix")[0]
    return {line for line in claims.splitlines() if line.startswith("|") and "---" not in line}


def shown_by(row: str) -> Set[str]:
    return set(re.findall(r"`(test_\w+)`", row.rstrip("| ").rsplit("|", 1)[-1]))


def test_each_row_names_tests_that_exist() -> None:
    known = defined(*HERE.glob("test_*.py"))
    claims = [row for row in rows() if "shown by" not in row]
    assert claims
    assert [row for row in claims if not shown_by(row) or not shown_by(row) <= known] == []


def test_each_test_has_a_row() -> None:
    named = {name for row in rows() for name in shown_by(row)}
    assert defined(*(HERE / file for file in FILES)) - named == set()
