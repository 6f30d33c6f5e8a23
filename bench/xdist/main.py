"""Run the tests that start pytest of a checkout of pytest-xdist with Plimsoll in place of pytest-xdist, and compare with what is known.

usage: bin/xdist-tests CHECKOUT [--engine NAME]

`different.toml` names each test that fails and why that is right. Those that pass by chance are named too. Exit code 1 when
another test fails.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent
#: What starts a run of pytest. The other tests of pytest-xdist call its own classes.
TESTS = ("acceptance_test.py", "test_newhooks.py", "test_plugin.py::test_dist_incompatibility_messages",
         *(f"test_remote.py::test_remote_{name}" for name in (
             "env_vars", "inner_argv", "mainargv", "usage_prog", "sys_path")))


def run(checkout: Path, engine: str, folder: Path) -> dict[str, str]:
    """The outcome of each test: passed, failed or skipped."""
    for name in {*(test.partition("::")[0] for test in TESTS), "conftest.py", "util.py"}:
        source = checkout / "testing" / name
        if source.exists():
            (folder / name).write_bytes(source.read_bytes())
    (folder / "pytest.ini").write_text("[pytest]\n")
    report = folder / "report.xml"
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "PLIMSOLL"))}
    environ |= {"PYTHONPATH": f"{HERE}{os.pathsep}{HOME / 'src/main/pip'}", "_PLIMSOLL_PROGRAM": str(HOME / "plimsoll"),
                "PLIMSOLL_ENGINE": engine}
    command = [sys.executable, "-m", "pytest", "-p", "shim", "-p", "no:cacheprovider", "-q", "--tb=short", "-rf",
               f"--basetemp={folder}-tests", f"--junitxml={report}", *TESTS]  # not below this pytest.ini
    subprocess.run(command, cwd=folder, env=environ, check=False)
    outcomes = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        kind = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        outcomes[f"{case.get('classname')}.{case.get('name')}"] = kind
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--engine", default="auto", choices=("auto", "fork", "spawn"))
    wish = parser.parse_args()
    known = tomllib.loads((HERE / "different.toml").read_text())
    why = {test: reason for reason, tests in known.items() for test in tests}
    with tempfile.TemporaryDirectory() as folder:
        outcomes = run(wish.checkout, wish.engine, Path(folder))
        shutil.rmtree(f"{folder}-tests", ignore_errors=True)
    failed = {test for test, outcome in outcomes.items() if outcome == "failed"}
    counts = [f"{sum(test in failed for test in tests)} {reason}" for reason, tests in known.items()]
    print(f"{len(outcomes)} tests: {sum(outcome == 'passed' for outcome in outcomes.values())} pass, "
          f"{sum(outcome == 'skipped' for outcome in outcomes.values())} are skipped; of the others: {', '.join(counts)}")
    for test in sorted(failed - why.keys()):
        print(f"fails: {test}")
    for test in sorted(test for test in why.keys() & outcomes.keys() if outcomes[test] == "passed"):
        print(f"passes, though it is named as `{why[test]}`: {test}")
    return 1 if failed - why.keys() or not outcomes else 0


if __name__ == "__main__":
    raise SystemExit(main())
