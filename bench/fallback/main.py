"""Does the watchdog keep the machine alive where no control group can?

An ordinary user without control groups runs a bomb beside small tests, in a control group with a hard limit that this program
makes and the user cannot see into: the limit stands for the machine. Right is: the kernel killed nothing, the tests beside the
bomb passed, the bomb has its outcome, nothing is left. Kinds that the watchdog must win count as wrong when it does not; the
others are shown in the table. Each run is added to bench/fallback/results.jsonl; --table writes docs/reference/fallback-results.md
from all of them.

usage: bin/fallback-test [--runs N] [--kind NAME ...] [--limit MB] [--table]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Dict, List

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(1, str(HERE.parent / "torture"))

import kinds  # noqa: E402
import runners  # noqa: E402
import suites  # noqa: E402
from cage import Cage, KernelLog, NoCage  # noqa: E402

TABLE = HERE.parents[1] / "docs" / "reference" / "fallback-results.md"
RESULTS = HERE / "results.jsonl"
USER = 65534
LIMIT = 1500
TIME_LIMIT = 180.0
Row = Dict[str, object]


class UserInCage(Cage):
    """The same for an ordinary user, who may not make groups."""

    def command(self, line: List[str], folder: Path, environment: Dict[str, str]) -> List[str]:
        return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--", *line]

    def hand_over(self, folder: Path) -> None:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, USER, USER, follow_symlinks=False)


def drop(kind: kinds.Kind, cage: Cage, log: KernelLog, work: Path, python: str) -> Row:
    """One bomb."""
    folder = work / "project"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "appetite.py").write_text(suites.APPETITE)
    (folder / "test_bomb.py").write_text(kinds.source(kind, cage_limit(cage)))
    log.kills()
    outcome = runners.run(runners.plimsoll(work, python, 4), folder, cage, work, TIME_LIMIT)
    outcome.tests = runners.plimsoll_tests(work / "out")
    kills = [kill for kill in log.kills() if cage.owns(kill) or not kill.by]
    faults = [f"the kernel killed {kill.task}" for kill in kills]
    if outcome.status is None:
        faults.append(f"hung: {outcome.said[-500:]}")
    bomb, text = outcome.tests.get("test_bomb.py::test_bomb", ("no outcome", outcome.said[-800:]))
    if bomb not in kind.ends:
        faults.append(f"the bomb: {bomb}: {text[:500]}")
    beside = [outcome.tests.get(f"test_bomb.py::test_beside_{n}", ("no outcome", ""))[0] for n in range(kinds.BESIDE)]
    faults += [f"beside it: {outcome}" for outcome in beside if outcome != "passed"]
    faults += [f"left: {process}" for process in outcome.left]
    said = next((line for line in (text or outcome.said).splitlines() if line.strip()), "")
    return {"kind": kind.name, "kills": len(kills), "faults": faults, "bomb": bomb, "said": said[:160]}


def cage_limit(cage: Cage) -> int:
    return int((cage.dir / cage._file("limit")).read_text()) // suites.MB


def keep(row: Row, limit: int) -> None:
    """Add a run to the results of all calls."""
    with RESULTS.open("a") as file:
        file.write(json.dumps({"date": time.strftime("%Y-%m-%d"), "limit": limit, "cores": os.cpu_count(), **row}) + "\n")


def write_table() -> None:
    rows = [json.loads(line) for line in RESULTS.read_text().splitlines()] if RESULTS.exists() else []
    limits = " or ".join(f"{limit} MB" for limit in sorted({row["limit"] for row in rows}))
    cores = " or ".join(str(cores) for cores in sorted({row["cores"] for row in rows}))
    TABLE.write_text(HEAD.format(limits=limits, cores=cores) + "".join(table_row(kind, rows) for kind in kinds.KINDS))


HEAD = """# Results without control groups

`bin/fallback-test` adds each run to `bench/fallback/results.jsonl`, and with `--table` writes this file: an ordinary user without
control groups, in an outer limit of {limits} that stands for the machine, on {cores} cores. A run is right when the kernel killed
nothing, every test beside the bomb passed, and nothing was left.

| bomb | what the test does | runs | right | kernel kills | how the bomb ended | why it can be missed |
| --- | --- | ---: | ---: | ---: | --- | --- |
"""


def table_row(kind: kinds.Kind, rows: List[Row]) -> str:
    of = [row for row in rows if row["kind"] == kind.name]
    if not of:
        return ""
    ends = ", ".join(f"{count} {end}" for end, count in Counter(row["bomb"] for row in of).most_common())
    right = sum(not row["faults"] for row in of)
    kills = sum(row["kills"] for row in of)
    return f"| {kind.name} | {kind.words} | {len(of)} | {right} | {kills} | {ends} | {kind.missed} |\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/fallback-test", description=__doc__.split("usage:")[0])
    parser.add_argument("--runs", type=int, default=10, metavar="N", help="of each kind (default: 10)")
    parser.add_argument("--kind", nargs="+", choices=[kind.name for kind in kinds.KINDS], help="default: all")
    parser.add_argument("--limit", type=int, default=LIMIT, metavar="MB", help=f"the outer limit (default: {LIMIT})")
    parser.add_argument("--python", default=shutil.which("python3", path="/usr/bin:/bin") or sys.executable, help="one that the user may execute")
    parser.add_argument("--table", action="store_true", help="write the table in the documentation")
    options = parser.parse_args()
    wrong = 0
    try:
        cage, log = UserInCage(f"fallback-{os.getpid()}"), KernelLog()
    except NoCage as e:
        runners.say(str(e))
        return 3
    with tempfile.TemporaryDirectory(prefix="fallback-") as work:
        try:
            runners.build(Path(work), None)
            cage.limit(options.limit * suites.MB)
            for number in range(options.runs):
                for kind in kinds.KINDS:
                    if options.kind and kind.name not in options.kind:
                        continue
                    row = drop(kind, cage, log, Path(work), options.python)
                    keep(row, options.limit)
                    wrong += kind.must and bool(row["faults"])
                    print(f"{number + 1} {kind.name}: {'WRONG' if row['faults'] else 'right'}: {row['bomb']}: {row['said']}", flush=True)
                    print("".join(f"  {fault}\n" for fault in row["faults"]), end="", flush=True)
        finally:
            cage.close()
    if options.table:
        write_table()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
