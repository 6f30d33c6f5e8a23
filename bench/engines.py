"""How each engine runs a suite, and the Python they all run it with."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
WORK = HOME / "target" / "bench"


def has_module(python: str, name: str) -> bool:
    return subprocess.run([python, "-c", f"import {name}"], capture_output=True).returncode == 0


def python_with_xdist() -> str:
    """This Python when it has pytest-xdist, else a virtual environment on top of it that has."""
    if has_module(sys.executable, "xdist"):
        return sys.executable
    return made_python("venv", ["pytest-xdist"], system_site_packages=True)


def python_of_bench() -> str:
    """A virtual environment with exactly the versions of requirements.txt, so that figures of two days can be compared."""
    return made_python("venv-bench", ["-r", str(HOME / "bench" / "requirements.txt")], system_site_packages=False)


def made_python(name: str, wanted: list[str], system_site_packages: bool) -> str:
    folder = WORK / name
    python = str(folder / "bin" / "python")
    complete = folder / "complete"
    if not complete.exists() or complete.read_text() != hash_of(wanted):
        venv.create(folder, system_site_packages=system_site_packages, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "-q", "--prefer-binary", *wanted]
        done = subprocess.run(install, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(
                f"error: pip cannot install {' '.join(wanted)}, so there is no comparison\n"
                f"  why: {done.stderr.strip()[-500:]}"
            )
        complete.write_text(hash_of(wanted))
    return python


def hash_of(wanted: list[str]) -> str:
    """Of what pip installs, the text of a requirements file included."""
    texts = [Path(word).read_text() if Path(word).is_file() else word for word in wanted]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def command(
    engine: str, python: str, workers: int, report: Path, mode: str = "packed", arguments: tuple[str, ...] = ()
) -> list[str]:
    pytest = [python, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    if engine == "serial":
        return [*pytest, "-p", "no:xdist"]
    if engine == "freeze":
        return [*pytest, "-p", "no:xdist", "-p", "freeze_after_collection"]
    if engine.startswith("xdist"):
        dist = engine.removeprefix("xdist").lstrip("-")
        return [*pytest, "-n", str(workers), *([f"--dist={dist}"] if dist else [])]
    name = engine.removeprefix("plimsoll").lstrip("-") or "auto"
    options = ["--engine", name, "--workers", str(workers), "--mode", mode, "--quiet", "--python", python]
    if name == "xdist" and mode == "phased":  # a session for each group: pytest's own report holds the last one alone
        return [str(HOME / "plimsoll"), "run", *options, f"--junit={report}", "--", *arguments]
    return [str(HOME / "plimsoll"), "run", *options, "--", f"--junitxml={report}", *arguments]


def environment() -> dict[str, str]:
    """As a user's: what Python and pytest compile is kept from one run to the next, for every engine."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PLIMSOLL_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    kept["PYTHONPATH"] = str(HOME / "bench" / "plugins")
    return kept


def outcomes(report: Path) -> Counter[tuple[str, str]]:
    """How often each (test, outcome) stands in a JUnit XML report."""
    counts: Counter[tuple[str, str]] = Counter()
    if not report.exists():
        return counts
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        tags = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        kind = "+".join(sorted(tags)) or "passed"
        for child in case:
            if child.tag == "skipped" and child.get("type") == "pytest.xfail":
                kind = "xfailed"
        counts[f"{case.get('classname')}::{case.get('name')}", kind] += 1
    return counts
