"""Results of all runs so far: one JSON object a line, and the table in the documentation that is made of them."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Dict, List

HOME = Path(__file__).resolve().parents[2]
RESULTS = HOME / "bench" / "guest" / "results.jsonl"
TABLE = HOME / "docs" / "reference" / "guest-results.md"
KEPT = ("date", "setting", "scenario", "arguments", "faults", "tests", "kills", "killsByOuterLimit", "preemptions", "verdict")
Row = Dict[str, object]

HEAD = """# Results in the guest

A Debian 12 guest under QEMU (`-accel tcg`, 2 processors, 2 GiB) with systemd and cgroup v2; an ordinary user runs an installed package.
`bin/guest-test` makes each row and adds it to `bench/guest/results.jsonl`; `bin/guest-test --table` writes this file.

| setting | scenario | runs | tests | kernel kills, of them by the outer limit | wrong runs | command |
| --- | --- | ---: | ---: | ---: | ---: | --- |
"""


def read() -> List[Row]:
    return [json.loads(line) for line in RESULTS.read_text().splitlines()] if RESULTS.exists() else []


def add(row: Row) -> None:
    """Keep what counts; the suites of one torture become its sums."""
    parts: List[Row] = row.get("rows", [])  # type: ignore[assignment]
    sums = {key: sum(part[key] for part in parts) for key in ("tests", "kills", "killsByOuterLimit", "preemptions") if parts}
    verdicts = {"verdict": parts[0]["verdict"]} if parts and "verdict" in parts[0] else {}
    kept = {key: value for key, value in {**row, **sums, **verdicts}.items() if key in KEPT}
    with RESULTS.open("a") as file:
        file.write(json.dumps(kept) + "\n")


def next_seeds(setting: str, count: int) -> List[int]:
    done = [int(row["arguments"][0]) for row in read() if row["setting"] == setting and row["scenario"] == "torture"]
    return list(range(max(done, default=0) + 1, max(done, default=0) + 1 + count))


def next_bomb(setting: str, speed: str) -> int:
    return 1 + sum(row["setting"] == setting and row["scenario"] == "bombs" and row["arguments"][0] == speed for row in read())


def write() -> None:
    groups: Dict[tuple, List[Row]] = defaultdict(list)
    for row in read():
        shown = f"bombs, {row['arguments'][0]} GB/s" if row["scenario"] == "bombs" else str(row["scenario"])
        groups[str(row["setting"]), shown].append(row)
    lines = []
    for (setting, shown), of in groups.items():
        def total(key: str) -> object:
            return sum(row[key] for row in of if key in row) if any(key in row for row in of) else "-"

        name = str(of[0]["scenario"])
        example = name if name not in ("torture", "bombs") else f'"{name} {of[0]["arguments"][0]}"'
        wrong = sum(bool(row["faults"]) for row in of)
        kills = f"{total('kills')}, {total('killsByOuterLimit')}"
        lines.append(f"| {setting} | {shown} | {len(of)} | {total('tests')} | {kills} | {wrong} | `bin/guest-test --setting {setting} {example}` |")
    TABLE.write_text(HEAD + "\n".join(lines) + "\n")
