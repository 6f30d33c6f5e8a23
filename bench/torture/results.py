"""The suites that ran on this and other machines: kept with their figures, and as a table."""

from __future__ import annotations

import json
import os
import platform
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Dict, List

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.jsonl"
TABLE = HERE.parents[1] / "docs" / "reference" / "torture-results.md"
COLUMNS = ("tests", "hogs", "kills", "killsByOuterLimit", "preemptions")
Row = Dict[str, Any]

HEAD = """# Results of random suites under a hard memory limit

`bin/torture --no-xdist --no-oracle --keep` adds each suite to `bench/torture/results.jsonl`, and with `--table` writes this file. A suite is a
few dozen tests, some of which take much memory at a speed that nobody announced, with 6 workers in a control group with a hard limit. A suite is wrong when
a test has not the outcome that it has alone, when the kernel killed something else than a contained worker, or when a process is left
two seconds after the end.

| where | suites | wrong | tests | of them hogs | kills by the kernel | by the outer limit | tests that Plimsoll killed and ran again |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def kept() -> List[Row]:
    return [json.loads(line) for line in RESULTS.read_text().splitlines()] if RESULTS.exists() else []


def where() -> str:
    version = "v1" if Path("/sys/fs/cgroup/memory").is_dir() else "v2"
    user = "root" if os.geteuid() == 0 else "an ordinary user"
    return f"{user}, cgroup {version}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}"


def keep(row: Row) -> None:
    line = {"date": time.strftime("%Y-%m-%d"), "where": where(), **row}
    with RESULTS.open("a") as file:
        file.write(json.dumps(line) + "\n")


def write_table() -> None:
    groups: Dict[str, List[Row]] = defaultdict(list)
    for row in kept():
        groups[row["where"]].append(row)
    lines = []
    for place, rows in sorted(groups.items()):
        wrong = sum(bool(row["faults"]) for row in rows)
        sums = " | ".join(f"{sum(row[column] for row in rows):,}" for column in COLUMNS)
        lines.append(f"| {place} | {len(rows)} | {wrong} | {sums} |\n")
    TABLE.write_text(HEAD + "".join(lines))
