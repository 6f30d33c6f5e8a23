"""Run a suite inside the cage, with Plimsoll or with pytest-xdist, and say what came out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from cage import Cage

HOME = Path(__file__).resolve().parents[2]
MARK = "_PLIMSOLL_TORTURE"
SPEND = 2.0


@dataclass
class Outcome:
    """What came out of one run.

    status: exit status; None when the time limit passed
    tests: by id, the outcome and what was said about it
    left: processes that were still there two seconds after the end
    groups: control groups that were still there then
    """

    status: int | None
    seconds: float
    tests: dict[str, tuple[str, str]]
    left: list[str]
    groups: list[str]
    said: str


def build(work: Path, installed: Path | None) -> None:
    """Have Plimsoll built where no limit holds yet, and take a copy: sources may change meanwhile. Or use an installed one."""
    if installed:
        (work / "program").mkdir()
        (work / "program" / "plimsoll").symlink_to(installed)
        return
    subprocess.run([str(HOME / "plimsoll"), "--version"], check=True, stdout=subprocess.DEVNULL)
    (work / "program" / "target").mkdir(parents=True)
    shutil.copy2(HOME / "plimsoll", work / "program")
    shutil.copytree(HOME / "bin" / "lib", work / "program" / "bin" / "lib")
    shutil.copytree(HOME / "target" / "dist", work / "program" / "target" / "dist")


def environment(work: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PLIMSOLL_"))}
    kept.update({MARK: str(work), "XDG_CACHE_HOME": str(work / "cache"), "NO_COLOR": "1"})
    kept.update({"XDG_RUNTIME_DIR": str(work / "runtime"), "PYTHONDONTWRITEBYTECODE": "1"})
    for name in ("cache", "runtime"):
        (work / name).mkdir(parents=True, exist_ok=True)
    return kept


def plimsoll(work: Path, python: str, workers: int, *more: str) -> list[str]:
    options = ["--workers", str(workers), "--mode", "packed", "--json", *more]
    return [str(work / "program" / "plimsoll"), "run", "--python", python, *options]


def xdist(python: str, workers: int, report: Path) -> list[str]:
    return [python, "-m", "pytest", "-q", "-n", str(workers), f"--junitxml={report}"]


def start(line: list[str], folder: Path, cage: Cage, work: Path) -> subprocess.Popen[bytes]:
    """Start a command inside the cage; it writes `out` and `err` in `work`."""
    with open(work / "out", "wb") as out, open(work / "err", "wb") as err:
        cage.hand_over(work)
        return subprocess.Popen(
            cage.command(line, folder, environment(work)),
            cwd=folder,
            env=environment(work),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            preexec_fn=cage.enter,
            start_new_session=True,
        )


def run(line: list[str], folder: Path, cage: Cage, work: Path, limit: float) -> Outcome:
    """Run to the end or the time limit."""
    began = time.monotonic()
    process = start(line, folder, cage, work)
    try:
        status: int | None = process.wait(limit)
    except subprocess.TimeoutExpired:
        status = None
    seconds = time.monotonic() - began
    left, groups = ([], []) if status is None else leftovers(cage, work)
    cage.clear()
    process.wait()
    said = (work / "err").read_text(errors="replace")
    return Outcome(status, seconds, {}, left, groups, said)


def leftovers(cage: Cage, work: Path, groups_too: bool = True) -> tuple[list[str], list[str]]:
    """Processes and groups that are still there two seconds from now; at once when there are none."""
    end = time.monotonic() + SPEND
    while True:
        left, groups = sorted(processes(cage, work)), [str(group) for group in cage.below()]
        if not (left or (groups_too and groups)) or time.monotonic() > end:
            return left, groups
        time.sleep(0.02)


def processes(cage: Cage, work: Path) -> set[str]:
    """What lives of a run, as `pid command`: by its control group and by its environment."""
    mark = f"{MARK}={work}".encode()
    found = set(map(str, cage.pids()))
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                if mark in Path("/proc", entry, "environ").read_bytes().split(b"\0"):
                    found.add(entry)
            except OSError:
                continue
    return {f"{pid} {_command(pid)}" for pid in found if _lives(pid)}


def _command(pid: str) -> str:
    try:
        return Path("/proc", pid, "cmdline").read_bytes().replace(b"\0", b" ").decode()[:160]
    except OSError:
        return ""


def _lives(pid: str) -> bool:
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def plimsoll_tests(out: Path) -> dict[str, tuple[str, str]]:
    """Outcomes of `--json`; none when there is no such document."""
    try:
        tests = json.loads(out.read_text())["tests"]
    except (ValueError, KeyError):
        return {}
    return {t["id"]: (t["outcome"], "\n".join([t["reason"], *t["notes"], t["text"]])) for t in tests}


def junit_tests(report: Path) -> dict[str, tuple[str, str]]:
    """Outcomes of a JUnit report; none when it is missing or torn."""
    try:
        cases = ElementTree.parse(report).getroot().iter("testcase")
    except (OSError, ElementTree.ParseError):
        return {}
    found = {}
    for case in cases:
        red = [child for child in case if child.tag in ("failure", "error")]
        file = str(case.get("classname")).rpartition(".")[2]
        text = red[0].get("message", "") if red else ""
        found[f"{file}.py::{case.get('name')}"] = ("failed" if red else "passed", text)
    return found


def say(text: str) -> None:
    print(f"torture: {text}", file=sys.stderr, flush=True)
