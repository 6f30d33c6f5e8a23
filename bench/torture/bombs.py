"""Memory bombs: one test that fills memory at a given speed beside tests that hold a little.

The bomb fits no limit, so it must come out red for want of memory, and it must take nobody with
it: the kernel kills nothing but a contained worker, and the tests beside it pass. Bare is without
containment: the control groups are mounted read-only for the run, so that only looking in time and
killing in time protects. (An ordinary user without a session has none anyway.)
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import judge
import runners
import suites

if TYPE_CHECKING:
    from main import Bench

SPEEDS = (0.5, 1.0, 2.0, 3.0, 5.0)
LIMIT = 1500
BESIDE = 24
BARE = 'for m in $(awk \'$3 ~ /^cgroup/ { print $2 }\' /proc/self/mounts); do mount -o remount,bind,ro "$m" || exit 97; done; exec "$@"'


def suite(seed: int, speed: float) -> suites.Suite:
    """The bomb comes at another moment with each seed, while all workers hold something."""
    tests = [
        suites.Test(f"test_beside_{n}", f"test_part{n % suites.FILES}.py", "small", 20, 1.0, 0.15)
        for n in range(BESIDE)
    ]
    bomb = suites.Test("test_bomb", f"test_part{seed % suites.FILES}.py", "oversize", 2 * LIMIT, speed, 1.0)
    tests.insert(seed * 7 % BESIDE, bomb)
    return suites.Suite(seed, LIMIT, tests)


def fastest(work: Path) -> float:
    """GB a second that a bomb without a brake reaches on this machine, the best of three."""
    (work / "appetite.py").write_text(suites.APPETITE)
    code = "import time, appetite; t = time.perf_counter(); appetite.eat(1000, 1000.0, 0); print(time.perf_counter() - t)"
    line = [sys.executable, "-c", code]
    spent = [subprocess.run(line, cwd=work, check=True, capture_output=True, text=True) for _ in range(3)]
    return 1000 * suites.MB / 1e9 / min(float(one.stdout) for one in spent)


def drop(bench: Bench, seed: int, speed: float, bare: bool) -> dict[str, object]:
    """One bomb."""
    cage, log, work, python, workers = bench.cage, bench.log, bench.work, bench.python, bench.workers
    chosen, folder = suite(seed, speed), work / "project"
    suites.write(chosen, folder, declared=False)
    log.kills()
    line = runners.plimsoll(work, python, workers)
    if bare and cage.can_be_closed:
        line = ["unshare", "-m", "sh", "-c", BARE, "sh", *line]
    outcome = runners.run(line, folder, cage, work, bench.time_limit)
    outcome.tests = runners.plimsoll_tests(work / "out")
    kills = [kill for kill in log.kills() if cage.owns(kill) or not kill.by]
    return {
        "speed": speed,
        "bare": bare,
        "seed": seed,
        "seconds": outcome.seconds,
        "tests": len(chosen.tests),
        "kills": len(kills),
        "killsByOuterLimit": sum(kill.by == cage.path for kill in kills),
        "preemptions": judge.preemptions(outcome),
        "verdict": verdict(outcome, chosen),
        "faults": judge.faults(chosen, outcome, kills),
    }


def verdict(outcome: runners.Outcome, chosen: suites.Suite) -> str:
    """The first line of what was said of the bomb."""
    bomb = next(test.id for test in chosen.tests if test.kind == "oversize")
    _, text = outcome.tests.get(bomb, ("", ""))
    return text.strip().partition("\n")[0][:200]


def describe(row: dict[str, object]) -> str:
    how = "bare" if row["bare"] else "contained"
    head = f"{row['speed']} GB/s, {how}, seed {row['seed']}: {row['kills']} kills ({row['killsByOuterLimit']} by the outer limit), {row['preemptions']} preemptions: {row['verdict']}"
    return "\n".join([head, *(f"  WRONG: {fault}" for fault in row["faults"])])


def total(rows: list[dict[str, object]]) -> dict[str, object]:
    """By speed and containment: bombs, kills by the outer limit, wrong runs."""
    figures = {}
    for row in rows:
        name = f"{row['speed']} GB/s {'bare' if row['bare'] else 'contained'}"
        cell = figures.setdefault(name, {"bombs": 0, "killsByOuterLimit": 0, "preemptions": 0, "wrong": 0})
        cell["bombs"] += 1
        cell["killsByOuterLimit"] += row["killsByOuterLimit"]
        cell["preemptions"] += row["preemptions"]
        cell["wrong"] += bool(row["faults"])
    return figures
