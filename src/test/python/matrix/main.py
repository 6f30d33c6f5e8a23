"""The scenarios of compatibility under each Python, pytest and engine that can be had, and the share that holds.

Pythons: those on PATH and in the usual places (pyenv, uv). pytest: of each minor version the newest that pip finds, and
the package of the system. Each Python gets one environment in target/matrix, in which pytest is exchanged.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, Optional, Set

sys.path.insert(0, str(Path(__file__).resolve().parent))
import environments  # noqa: E402
import table  # noqa: E402

HOME = Path(__file__).resolve().parents[4]
TESTS = HOME / "src/test/python"
#: What every engine must do; the rest of the plugin's tests with --all.
SCENARIOS = ["test_xdist_scenarios.py"]
ALL = SCENARIOS + ["test_fork.py", "test_life.py", "test_semantics.py", "test_xdist_hooks.py", "test_plugins.py",
                   "test_hazards.py"]


def arguments(given: Optional[List[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/matrix", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--all", action="store_true", help="all tests of the plugin, not the scenarios alone (hours)")
    parser.add_argument("--python", action="append", metavar="3.N", help="only this Python; can be repeated")
    parser.add_argument("--pytest", action="append", metavar="N.N", help="only this pytest; can be repeated")
    parser.add_argument("--list", action="store_true", help="say what can be had, run nothing")
    parser.add_argument("-k", metavar="EXPRESSION", help="only these scenarios, as in pytest")
    parser.add_argument("--markdown", metavar="FILE", help="write the table there, too")
    return parser.parse_args(given)


def main(given: Optional[List[str]] = None) -> int:
    options = arguments(given)
    rows: List[table.Row] = []
    missing: List[str] = []
    had: Set[str] = set()
    for environment in chosen(options, missing):
        say(f"Python {environment.python.version}: {environment.python.path}")
        try:
            versions = [one for one in environment.versions() if wanted(one.name, options.pytest)]
        except environments.Missing as problem:
            missing.append(f"Python {environment.python.version}: {problem}")
            continue
        for version in versions:
            had.add(version.name)
            if options.list:
                say(f"  pytest {version.name} from {version.source}")
                continue
            row = tried(environment, version, options, missing)
            if row is not None:
                rows.append(row)
                say("  " + row.line())
    if not options.pytest:
        missing += environments.absent(had)
    if options.list:
        print("\n".join(f"not to be had here: {what}" for what in missing))
        return 0
    text = table.text(rows, missing)
    print(text)
    if options.markdown:
        Path(options.markdown).write_text(text + "\n", encoding="utf-8")
    return 0 if rows and not any(row.failed for row in rows) else 1


def chosen(options: argparse.Namespace, missing: List[str]) -> Iterator[environments.Environment]:
    found = environments.pythons()
    minors = {python.minor for python in found}
    missing += [f"Python {minor}" for minor in environments.PYTHONS
                if minor not in minors and wanted(minor, options.python)]
    for python in found:
        if wanted(python.minor, options.python):
            yield environments.Environment(python, HOME / "target/matrix")


def wanted(version: str, asked: Optional[List[str]]) -> bool:
    return not asked or any(version == one or version.startswith(one + ".") for one in asked)


def tried(environment: environments.Environment, version: environments.Version, options: argparse.Namespace,
          missing: List[str]) -> Optional[table.Row]:
    """The outcome of one combination; None when pytest does not install there."""
    try:
        environment.install(version)
    except environments.Missing as problem:
        missing.append(f"pytest {version.name} on Python {environment.python.minor}: {problem}")
        return None
    report = environment.place / f"pytest-{version.name}.xml"
    report.unlink(missing_ok=True)
    command = [str(environment.bin / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}",
               *(str(TESTS / name) for name in (ALL if options.all else SCENARIOS))]
    if options.k:
        command += ["-k", options.k]
    ended = subprocess.run(command, cwd=HOME, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env={
        **os.environ, "PYTHONPATH": str(HOME / "src/main/python"), "_PLIMSOLL_TESTS_OUTFIT": "this"})
    report.with_suffix(".txt").write_text(ended.stdout + ended.stderr, encoding="utf-8")
    return table.Row.read(environment.python.version, version.name, report)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
