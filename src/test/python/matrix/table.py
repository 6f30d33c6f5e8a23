"""What the reports of all combinations say, as one table."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from typing import Dict, List, NamedTuple, Sequence

ENGINES = ("fork", "spawn")


class Row(NamedTuple):
    """One Python with one pytest: of each engine how many scenarios hold, of how many that ran. What differs as documented does not
    hold, but is no failure."""

    python: str
    pytest: str
    held: Dict[str, int]
    ran: Dict[str, int]
    failed: List[str]
    differs: List[str]
    skipped: List[str]

    @staticmethod
    def read(python: str, pytest: str, report: Path) -> "Row":
        held: Counter[str] = Counter()
        ran: Counter[str] = Counter()
        failed: List[str] = []
        differs: List[str] = []
        skipped: List[str] = []
        cases = ElementTree.parse(report).getroot().iter("testcase") if report.exists() else ()
        for case in cases:
            name = case.get("name") or ""
            tags = {child.tag for child in case}
            reason = next((child for child in case if child.tag == "skipped"), None)
            known = reason is not None and reason.get("type") == "pytest.xfail"
            if reason is not None and not known:
                skipped.append(f"{name}: {reason.get('message')}")
                continue
            broken = bool(tags & {"failure", "error"})
            if broken:
                failed.append(name)
            elif reason is not None:
                differs.append(f"{name}: {reason.get('message')}")
            for engine in engines_of(name):
                ran[engine] += 1
                held[engine] += not broken and not known
        if not ran:
            failed.append("no scenario ran")
        return Row(python, pytest, dict(held), dict(ran), failed, differs, skipped)

    def share(self, engine: str) -> str:
        return f"{self.held.get(engine, 0)} of {self.ran.get(engine, 0)}"

    def line(self) -> str:
        return f"pytest {self.pytest}: " + ", ".join(f"{engine} {self.share(engine)}" for engine in ENGINES)


def engines_of(name: str) -> Sequence[str]:
    """The engine in a test's parameters; a test without one is of both."""
    found = [engine for engine in ENGINES if re.search(rf"[\[-]{engine}[\]-]", name)]
    return found or ENGINES


def text(rows: List[Row], missing: List[str]) -> str:
    lines = ["| Python | pytest | fork | spawn |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.python} | {row.pytest} | {row.share('fork')} | {row.share('spawn')} |" for row in rows]
    held = sum(sum(row.held.values()) for row in rows)
    ran = sum(sum(row.ran.values()) for row in rows)
    lines += ["", f"{held} of {ran} hold ({100 * held / ran:.1f} %)." if ran else "Nothing ran."]
    for kind, names in (("does not hold", "failed"), ("differs, as documented", "differs"), ("skipped", "skipped")):
        told: Dict[str, List[str]] = {}
        for row in rows:
            for name in getattr(row, names):
                told.setdefault(name, []).append(f"{row.python}/{row.pytest}")
        lines += [f"- {kind}: {name} ({'all' if len(where) == len(rows) else ', '.join(where)})" for name, where in told.items()]
    lines += [f"- not to be had here: {what}" for what in missing]
    return "\n".join(lines)
