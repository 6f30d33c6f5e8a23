"""The outcomes of a serial pytest, for checks that compare other runs with it, and which engine these had."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Callable, Dict

# For a conftest.py that imports json and os: writes the outcome of each test to the file that SERIAL names.
RECORDER = '''
OUTCOMES = {}

def pytest_runtest_logreport(report):
    wrong = report.when != "call" and report.failed
    if wrong or report.when == "call" or report.skipped:
        xfail = hasattr(report, "wasxfail")
        OUTCOMES[report.nodeid] = "error" if wrong else "xfailed" if xfail and report.skipped else (
            "xpassed" if xfail else report.outcome)

def pytest_sessionfinish():
    if "SERIAL" in os.environ:
        with open(os.environ["SERIAL"], "w") as file:
            json.dump(OUTCOMES, file)
'''


def write_suite(folder: Path, conftest: str, module: str, many: Callable[[int], int]) -> None:
    """A new project of six files; `module` has places for `few` and `many` cases, and for the `number` of the file."""
    (folder / "tests").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "conftest.py").write_text(conftest)
    for number in range(6):
        text = module.format(few=2 + number % 3, many=many(number), number=number)
        (folder / "tests" / f"test_{number}.py").write_text(text)


def serial(python: str, folder: Path, outcomes: Path, **variables: str) -> Dict[str, str]:
    """Run plain pytest in the folder, whose conftest.py has RECORDER, and read what it wrote."""
    subprocess.run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=folder,
                   env={**os.environ, "SERIAL": str(outcomes), **variables}, capture_output=True)
    found: Dict[str, str] = json.loads(outcomes.read_text())
    return found


def differences(one: Dict[str, str], other: Dict[str, str]) -> str:
    return "\n".join(f"{test}: {one.get(test)} and {other.get(test)}"
                     for test in sorted(one.keys() | other.keys()) if one.get(test) != other.get(test))


def engine_of(log: Path) -> str:
    """The engine of a run with `--engine auto`, from what it printed: it says so when it does not fork."""
    printed = log.read_text(errors="replace")
    alone = "serial" if "one process runs all tests" in printed else "fork"
    return "spawn" if "spawn instead of fork" in printed else alone
