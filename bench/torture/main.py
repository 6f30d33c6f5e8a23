"""Torture Plimsoll: random suites of small tests and memory hogs of unknown size, in a memory
control group with a hard limit, beside pytest-xdist on the same suites; or injected faults; or
memory bombs of 0.5 to 5 GB a second, with containment and without.

Right is: the kernel killed nothing but contained workers, each test has its right outcome, nothing
is left of the run two seconds after its end. The exit status is 1 when Plimsoll was wrong once, 3
when memory control groups cannot be made here.

With --keep each suite is added to bench/torture/results.jsonl, and seeds that are there are left out; --table writes
docs/reference/torture-results.md from all of them.

usage: bin/torture [--suites N] [--seed S] [--workers N] [--no-xdist] [--no-oracle] [--keep] [--table] [--json]
       bin/torture --faults N [--seed S] [--json]
       bin/torture --bombs N [--speed GB] [--seed S] [--workers N] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, List

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

import bombs  # noqa: E402
import engines  # noqa: E402
import faults  # noqa: E402
import judge  # noqa: E402
import results  # noqa: E402
import runners  # noqa: E402
import suites  # noqa: E402
from cage import Cage, Kill, KernelLog, NoCage, UserCage  # noqa: E402

FAULT_LIMIT = 1500 * suites.MB
NO_CAGE = 3
Row = Dict[str, object]
Rows = List[Row]


class Bench:
    """The cage, the kernel's log and the folder that all runs share."""

    def __init__(self, cage: Cage, work: Path, python: str, workers: int, limit: float) -> None:
        self.cage, self.work, self.python, self.workers, self.time_limit = cage, work, python, workers, limit
        self.log = KernelLog()

    def kills(self) -> list[Kill]:
        """Kills since the last call: those in the cage, and those for want of memory of the whole machine."""
        return [kill for kill in self.log.kills() if self.cage.owns(kill) or not kill.by]

    def plimsoll(self, suite: suites.Suite, declared: bool) -> tuple[runners.Outcome, list[Kill]]:
        folder = self.work / "project"
        suites.write(suite, folder, declared)
        more = ["--allow-oversize"] if declared else []
        line = runners.plimsoll(self.work, self.python, self.workers, *more)
        outcome = runners.run(line, folder, self.cage, self.work, self.time_limit)
        outcome.tests = runners.plimsoll_tests(self.work / "out")
        return outcome, self.kills()

    def xdist(self, suite: suites.Suite) -> tuple[runners.Outcome, list[Kill]]:
        folder, report = self.work / "project", self.work / "xdist.xml"
        suites.write(suite, folder, False)
        report.unlink(missing_ok=True)
        line = runners.xdist(self.python, self.workers, report)
        outcome = runners.run(line, folder, self.cage, self.work, self.time_limit)
        outcome.tests = runners.junit_tests(report)
        return outcome, self.kills()


def torture(bench: Bench, seed: int, xdist: bool, oracle: bool) -> dict[str, object]:
    """One suite: Plimsoll without knowledge, Plimsoll that knows every peak, pytest-xdist."""
    suite = suites.draw(seed)
    bench.cage.limit(suite.limit * suites.MB)
    bench.kills()
    outcome, kills = bench.plimsoll(suite, declared=False)
    row: dict[str, object] = {
        "seed": seed,
        "limit": suite.limit,
        "tests": len(suite.tests),
        "hogs": suite.hogs,
        "seconds": outcome.seconds,
        "kills": len(kills),
        "killsByOuterLimit": sum(kill.by == bench.cage.path for kill in kills),
        "preemptions": judge.preemptions(outcome),
        "faults": judge.faults(suite, outcome, kills),
    }
    if oracle:
        known, kills = bench.plimsoll(suite, declared=True)
        row["oracle"] = known.seconds
        row["faults"] += [f"oracle: {fault}" for fault in judge.faults(suite, known, kills)]
    if xdist:
        other, kills = bench.xdist(suite)
        row["xdist"] = judge.fate(suite, other)
        row["xdistSeconds"] = other.seconds
        row["xdistKills"] = len(kills)
    return row


def describe(row: dict[str, object]) -> str:
    parts = [f"seed {row['seed']}: {row['tests']} tests, {row['hogs']} hogs in {row['limit']} MB"]
    parts.append(f"{row['seconds']:.1f} s, {row['kills']} kills ({row['killsByOuterLimit']} by the outer limit), {row['preemptions']} preemptions")
    if "oracle" in row:
        parts.append(f"oracle {row['oracle']:.1f} s")
    if "xdist" in row:
        parts.append(f"xdist {row['xdist']} after {row['xdistSeconds']:.1f} s")
    return "; ".join([*parts, *(f"\n  WRONG: {fault}" for fault in row["faults"])])


def total(rows: list[dict[str, object]]) -> dict[str, object]:
    """The figures over all suites."""
    figures: dict[str, object] = {
        "suites": len(rows),
        "tests": sum(row["tests"] for row in rows),
        "kills": sum(row["kills"] for row in rows),
        "killsByOuterLimit": sum(row["killsByOuterLimit"] for row in rows),
        "preemptions": sum(row["preemptions"] for row in rows),
        "wrongSuites": sum(bool(row["faults"]) for row in rows),
    }
    ratios = [row["seconds"] / row["oracle"] for row in rows if "oracle" in row]
    if ratios:
        figures["oracleRatioMean"] = round(statistics.mean(ratios), 3)
        figures["oracleRatioOfSums"] = round(
            sum(row["seconds"] for row in rows) / sum(row["oracle"] for row in rows), 3
        )
    if rows and "xdist" in rows[0]:
        figures["xdist"] = dict(Counter(row["xdist"] for row in rows))
    return figures


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/torture", description=__doc__.split("usage:")[0])
    parser.add_argument("--suites", type=int, default=200, metavar="N", help="suites (default: 200)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="seed of the first suite")
    parser.add_argument("--workers", type=int, default=6, metavar="N", help="workers (default: 6)")
    parser.add_argument("--no-xdist", action="store_true", help="leave pytest-xdist out")
    parser.add_argument("--no-oracle", action="store_true", help="no second run with known peaks")
    parser.add_argument("--faults", type=int, metavar="N", help="inject at least N faults instead")
    parser.add_argument("--bombs", type=int, metavar="N", help="N bombs of each speed instead")
    parser.add_argument("--speed", type=float, metavar="GB", help="bombs of this speed only, in GB a second")
    parser.add_argument("--user", metavar="NAME", help="run as this user, in the slice of systemd's login session (needs root)")
    parser.add_argument("--without-session", action="store_true", help="with --user: from a system service, without a login session")
    parser.add_argument("--installed", type=Path, metavar="FILE", help="the plimsoll of a package, instead of this checkout's")
    parser.add_argument("--time-limit", type=float, default=180, metavar="SECONDS", help="of one run (default: 180)")
    parser.add_argument("--keep", action="store_true", help="add each suite to bench/torture/results.jsonl, and leave out the seeds in it")
    parser.add_argument("--table", action="store_true", help="write the table in the documentation from it")
    parser.add_argument("--json", action="store_true", help="write all figures to standard output")
    return parser.parse_args()


def stopped(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)
    options = arguments()
    alone = options.no_xdist or options.faults or options.bombs
    python = sys.executable if alone else engines.python_with_xdist()
    run, told, summed = (
        (inject, faults.describe, faults.total)
        if options.faults
        else (bomb, bombs.describe, bombs.total)
        if options.bombs
        else (compare, describe, total)
    )
    rows: Rows = []
    try:
        cage = UserCage(options.user, not options.without_session) if options.user else Cage(f"torture-{os.getpid()}")
    except NoCage as e:
        runners.say(str(e))
        return NO_CAGE
    with tempfile.TemporaryDirectory(prefix="torture-") as work:
        try:
            runners.build(Path(work), options.installed)
            for row in run(Bench(cage, Path(work), python, options.workers, options.time_limit), options):
                rows.append(row)
                runners.say(told(row))
        except NoCage as e:
            runners.say(str(e))
            return NO_CAGE
        finally:
            cage.close()
            if rows:  # also when it was stopped before its end
                runners.say(json.dumps(summed(rows)))
    if options.table:
        results.write_table()
    if options.json:
        print(json.dumps({"total": summed(rows), "rows": rows}, indent=1))
    return 1 if any(row["faults"] for row in rows) else 0


def compare(bench: Bench, options: argparse.Namespace) -> Iterator[Row]:
    kept = {row["seed"] for row in results.kept()} if options.keep else set()
    for seed in range(options.seed, options.seed + options.suites):
        if seed in kept:
            continue
        row = torture(bench, seed, not options.no_xdist, not options.no_oracle)
        if options.keep:
            results.keep(row)
        yield row


def inject(bench: Bench, options: argparse.Namespace) -> Iterator[Row]:
    bench.cage.limit(FAULT_LIMIT)
    seed, injected = options.seed, 0
    while injected < options.faults:
        row = faults.inject(bench.cage, bench.work, bench.python, seed)
        seed, injected = seed + 1, injected + len(row["injected"])
        yield row


def bomb(bench: Bench, options: argparse.Namespace) -> Iterator[Row]:
    runners.say(f"a bomb without a brake fills {bombs.fastest(bench.work):.1f} GB/s here")
    bench.cage.limit(bombs.LIMIT * suites.MB)
    for seed in range(options.seed, options.seed + options.bombs):
        for bare in [options.without_session] if options.user else [False, True]:
            for speed in [options.speed] if options.speed else bombs.SPEEDS:
                yield bombs.drop(bench, seed, speed, bare)


if __name__ == "__main__":
    raise SystemExit(main())
