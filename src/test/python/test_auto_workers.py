"""`pytest -n auto` where the wheel is installed: pytest-xdist starts no more workers than the memory allows."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Dict, List

import pytest

import outfit
from test_pytest_option import environment

pytestmark = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="`auto` is 1 on one processor")

SUITE = """
import os
import pytest

@pytest.mark.parametrize("n", range(8))
def test_one(n):
    assert os.environ["PYTEST_XDIST_WORKER_COUNT"] == os.environ["WANTED"]
"""
HOOK = "def pytest_xdist_auto_num_workers(config): return 2\n"
USUAL = str(len(os.sched_getaffinity(0)))
#: Room for one worker.
LITTLE = {"PLIMSOLL_MEMORY": "300m"}


def check(folder: Path, wanted: str, *line: str, notices: int, **more: str) -> str:
    """Run with pytest-xdist; the tests compare the number of workers."""
    try:
        kit = outfit.from_pip()
    except outfit.Missing as missing:
        pytest.skip(str(missing))
    variables: Dict[str, str] = {**environment(), **kit.environ, "PYTEST_XDIST_AUTO_NUM_WORKERS": "", "WANTED": wanted, **more}
    if not variables["PYTEST_XDIST_AUTO_NUM_WORKERS"]:
        del variables["PYTEST_XDIST_AUTO_NUM_WORKERS"]
    (folder / "test_suite.py").write_text(SUITE)
    arguments: List[str] = [kit.python, "-m", "pytest", "-p", "no:cacheprovider", *line]
    done = subprocess.run(arguments, cwd=folder, env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("plimsoll: `-n auto` starts") == notices, done.stdout
    return done.stdout


def test_the_memory_lowers_the_number(project: Path) -> None:
    text = check(project, "1", "-n", "auto", notices=1, **LITTLE)
    assert f"starts 1 of {USUAL} workers, because of memory: the workers may use 300 MiB together" in text
    assert not (project / ".plimsoll").exists()


def test_enough_memory_changes_nothing(project: Path) -> None:
    check(project, USUAL, "-n", "auto", notices=0, PLIMSOLL_MEMORY="64g")


def test_the_configured_number_counts(project: Path) -> None:
    (project / "plimsoll.toml").write_text("workers = 1\n")
    assert "plimsoll.toml:1" in check(project, "1", "-n", "auto", notices=1)


@pytest.mark.parametrize(("line", "more"), [
    (["-n", "2"], {}),
    (["-n", "auto"], {"PLIMSOLL": "0"}),
    (["-n", "auto"], {"PYTEST_XDIST_AUTO_NUM_WORKERS": "2"}),
    (["-n", "auto"], {"_PLIMSOLL_PROGRAM": "/bin/false"}),
], ids=["a number", "switched off", "the variable of pytest-xdist", "the program fails"])
def test_who_decides_otherwise_is_not_asked(project: Path, line: List[str], more: Dict[str, str]) -> None:
    wanted = "2" if line[1] == "2" or "PYTEST_XDIST_AUTO_NUM_WORKERS" in more else USUAL
    check(project, wanted, *line, notices=0, **{**LITTLE, **more})


def test_the_hook_of_a_project_decides(project: Path) -> None:
    (project / "conftest.py").write_text(HOOK)
    check(project, "2", "-n", "auto", notices=0, **LITTLE)
