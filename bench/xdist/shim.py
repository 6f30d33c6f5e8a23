"""Runs the pytest processes of pytest-xdist's own tests with Plimsoll.

Loaded with `-p shim` into the pytest that runs them. A process that their tests start with `-n`, `--tx` or `--dist` becomes
`PLIMSOLL=1 pytest` with as many workers; any other one runs serially. The lines of `-v` are rewritten into those of pytest-xdist
(`[gw0] passed test_a.py::test` into `[gw0] [ 50%] PASSED test_a.py::test`), because its tests count tests and workers by them.
"""

from __future__ import annotations

import os
import re
from typing import Any, List, Optional, Tuple

import pytest
from _pytest.pytester import LineMatcher, Pytester, RunResult

LINE = re.compile(r"\[(gw\d+)\] (passed|failed|crashed|skipped|error) (\S+).*")
START = Pytester.runpytest_subprocess


def converted(args: Tuple[Any, ...]) -> Tuple[List[str], Optional[int]]:
    """The arguments without those that say how many workers there are, and that number; none without pytest-xdist."""
    left: List[str] = []
    workers: Optional[int] = None
    rest = iter(os.fspath(arg) for arg in args)
    for arg in rest:
        option, _, value = arg.partition("=") if arg.startswith("--") else (arg[:2], "", arg[2:].lstrip("=").strip())
        if option in ("-n", "--numprocesses"):
            number = value or next(rest)
            workers = int(number) if number.isdigit() else 2
        elif option == "--tx":
            times = re.match(r"(\d+)\*", value or next(rest))
            workers = (workers or 0) + (int(times[1]) if times else 1)
        else:
            if option in ("--dist", "-d") and workers is None:
                workers = 1
            left.append(arg)
    return left, workers


def as_of_xdist(line: str) -> str:
    found = LINE.fullmatch(line)
    if found is None:
        return line
    outcome = "FAILED" if found[2] == "crashed" else found[2].upper()
    return f"[{found[1]}] [ 50%] {outcome} {found[3]} "


def runpytest(self: Pytester, *args: Any, timeout: Any = None, **_: Any) -> RunResult:
    left, workers = converted(args)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")  # Plimsoll leaves a nested pytest alone
        if not workers:
            return START(self, *left, "-n0", timeout=timeout)
        patch.setenv("PLIMSOLL", "1")
        patch.setenv("PLIMSOLL_WORKERS", str(workers))
        result = START(self, "-p", "pytest_plimsoll.plugin", *left, timeout=timeout)
    result.outlines = [as_of_xdist(line) for line in result.outlines]
    result.stdout = LineMatcher(result.outlines)
    return result


@pytest.fixture(autouse=True)
def runs_plimsoll(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("runpytest", "runpytest_inprocess", "runpytest_subprocess"):
        monkeypatch.setattr(Pytester, name, runpytest)
