"""Add up JUnit XML reports: what failed, one line for each runner, and the sum as the last line.

usage: sum_tests.py FOLDER...

Exit code 1 when a test failed, when a report cannot be read, or when there is no test at all.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def outcome(case: ElementTree.Element) -> str:
    tags = {child.tag for child in case}
    if tags & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in tags else "passed"


def read(report: Path, failed: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        word = outcome(case)
        counts[word] += 1
        if word == "failed":
            failed.append(f"{case.get('classname')}.{case.get('name')}")
    return counts


def line(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[word]} {word}" for word in ("passed", "failed", "skipped"))


def main(folders: list[str]) -> int:
    total: Counter[str] = Counter()
    failed: list[str] = []
    broken = 0
    for folder in folders:
        counts: Counter[str] = Counter()
        for report in sorted(Path(folder).glob("*.xml")):
            try:
                counts += read(report, failed)
            except ElementTree.ParseError as error:
                broken += 1
                print(f"test: {report} cannot be read: {error}")
        if counts:
            print(f"test: {Path(folder).name}: {line(counts)}")
        total += counts
    for name in failed:
        print(f"test: failed: {name}")
    print(line(total))
    return 1 if total["failed"] or broken or not total else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
