"""Shards against serial pytest: the same outcomes whatever the order of the collection, and every loss is found.

usage: check.py [--runs N] [--reruns N] [--seed N] [--python PATH] -- PLIMSOLL...
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from outcomes import RECORDER, differences, serial, write_suite

CONFTEST = '''
import json, os, random

def pytest_configure(config):
    config.addinivalue_line("markers", "xdist_group: tests that stay together")

def pytest_collection_modifyitems(items):
    random.Random(os.environ.get("ORDER", "")).shuffle(items)

def pytest_runtest_call(item):
    if "STARTED" in os.environ:
        with open(os.environ["STARTED"], "a") as file:
            file.write(item.nodeid + "\\n")
''' + RECORDER
MODULE = '''
import pytest

@pytest.fixture(scope="module")
def shared():
    return []

@pytest.mark.parametrize("x", range({few}))
def test_shares_the_module(shared, x):
    shared.append(x)

@pytest.mark.parametrize("x", range({many}))
def test_free(x):
    assert x % 11 != {number}

class TestTogether:
    @pytest.fixture(scope="class")
    def one(self):
        return object()
    def test_a(self, one): pass
    def test_b(self, one): pass

@pytest.mark.xdist_group("database")
def test_of_the_group(): pass

@pytest.mark.skip(reason="not now")
def test_skipped(): pass

@pytest.mark.xfail
def test_expected_to_fail(): assert False

def test_without_its_fixture(missing_fixture): pass
'''


class Project:
    """A suite with everything that keeps tests together, and with every outcome."""

    def __init__(self, root: Path, python: str, plimsoll: List[str]) -> None:
        self.root = root
        self.python = python
        self.plimsoll = plimsoll
        write_suite(root, CONFTEST, MODULE, lambda number: 4 + 3 * number)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "NO_COLOR": "1", **variables}
        environ.pop("CI", None)
        environ.pop("GITHUB_ACTIONS", None)
        environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)  # the plugins are a part of the environment
        return subprocess.run([*self.plimsoll, *arguments, "--python", self.python],
                              cwd=self.root, env=environ, text=True, capture_output=True)

    def serial(self) -> Dict[str, str]:
        return serial(self.python, self.root, self.root / "serial.json")

    def plan(self, shards: int, name: str = "plan.json") -> None:
        done = self.run("plan", "--shards", str(shards), "--output", name)
        assert done.returncode == 0, done.stderr

    def shard(self, number: int, of: int, seed: object, records: str, **variables: str) -> List[str]:
        """Run a shard; returns the tests that it began, in a fixed order."""
        started = self.root / "started"
        started.unlink(missing_ok=True)
        done = self.run("run", "--shard", f"{number}/{of}", "--plan", "plan.json", "--record", records, "-q",
                        ORDER=f"{seed}/{number}", STARTED=str(started), **variables)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return sorted(started.read_text().split("\n")) if started.exists() else []

    def merge(self, records: str, plan: str = "plan.json") -> subprocess.CompletedProcess[str]:
        return self.run("merge", records, "--plan", plan, "--json")


def outcomes(merged: subprocess.CompletedProcess[str]) -> Dict[str, str]:
    document: Dict[str, Any] = json.loads(merged.stdout)
    return {test["id"]: test["outcome"] for test in document["tests"]}


def runs(project: Project, serial: Dict[str, str], count: int, seed: int) -> None:
    """Whole runs in shards have the outcomes of serial pytest, and began no test twice."""
    draw = random.Random(seed)
    for index in range(count):
        of = draw.randint(2, 7)
        shutil.rmtree(project.root / "records", ignore_errors=True)
        project.plan(of)
        began: List[str] = []
        for number in range(1, of + 1):
            began += [test for test in project.shard(number, of, draw.random(), "records") if test]
        merged = project.merge("records")
        assert outcomes(merged) == serial, differences(outcomes(merged), serial)
        assert merged.returncode == 1, merged.stderr
        assert len(began) == len(set(began)), "a test ran in two shards"
        print(f"run {index + 1} of {count}: {of} shards, {len(serial)} outcomes as in serial pytest", flush=True)


def reruns(project: Project, serial: Dict[str, str], count: int, seed: int) -> None:
    """A shard that runs again runs the same tests, also when the history has changed meanwhile."""
    draw = random.Random(seed)
    shutil.rmtree(project.root / "records", ignore_errors=True)
    project.plan(3)
    first = {number: project.shard(number, 3, draw.random(), "records") for number in (1, 2, 3)}
    for index in range(count):
        number = draw.randint(1, 3)
        assert project.shard(number, 3, draw.random(), "records") == first[number]
        merged = project.merge("records")
        assert outcomes(merged) == serial and "newest attempt counts" in merged.stderr, merged.stderr
        print(f"rerun {index + 1} of {count}: shard {number}/3 ran the same tests", flush=True)


def losses(project: Project) -> None:
    """What is missing or does not belong together is found. Needs the three shards that `reruns` left."""
    records = project.root / "records"
    file = next(records.glob("shard-2-of-3.*.jsonl"))
    kept = file.read_text()
    for other in list(records.glob("shard-2-of-3.*"))[1:]:
        other.unlink()
    file = next(records.glob("shard-2-of-3.*.jsonl"))
    kept = file.read_text()

    file.unlink()
    found(project.merge("records"), "shard 2/3 left no record")
    lines = kept.splitlines(keepends=True)
    ended = next(line for line in lines if '"event":"ended"' in line)
    file.write_text("".join(line for line in lines if line != ended))
    found(project.merge("records"), "shard 2/3 lost it: 1 tests have no result")
    file.write_text(kept[: len(kept) * 2 // 3])
    found(project.merge("records"), "shard 2/3 did not come to its end")
    file.write_text(kept)
    project.run("plan", "--machine", "2x 4c 8g", "--machine", "1x 2c 4g", "--output", "other.json")
    found(project.merge("records", "other.json"), "the records are of different plans")

    environment = project.root / "extra"
    (environment / "extra_plugin-1.0.dist-info").mkdir(parents=True)
    (environment / "extra_plugin.py").write_text("")
    (environment / "extra_plugin-1.0.dist-info" / "METADATA").write_text("Name: extra-plugin\nVersion: 1.0\n")
    (environment / "extra_plugin-1.0.dist-info" / "entry_points.txt").write_text("[pytest11]\nextra = extra_plugin\n")
    project.shard(2, 3, 0, "records", PYTHONPATH=str(environment))
    found(project.merge("records"), "extra-plugin: missing in shard 1, 1.0 in shard 2")

    new = project.root / "tests" / "test_new.py"
    new.write_text("def test_new(): pass\n")
    project.shard(2, 3, 0, "records")
    found(project.merge("records"), "only in the second: tests/test_new.py::test_new")
    new.unlink()
    print("6 of 6 losses and differences found", flush=True)


def found(merged: subprocess.CompletedProcess[str], text: str) -> None:
    assert merged.returncode == 14, (merged.returncode, merged.stderr)
    assert text in merged.stderr, merged.stderr


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--reruns", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("plimsoll", nargs="+")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "project", options.python, options.plimsoll)
        serial = project.serial()
        runs(project, serial, options.runs, options.seed)
        reruns(project, serial, options.reruns, options.seed)
        losses(project)


if __name__ == "__main__":
    main()
