"""Suites that users have reported end as in plain pytest: the outcome of each test, and what its failure says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import pytest
from driver import Run
from situations import SITUATIONS
from test_fork import write

#: Addresses, times and folders differ from run to run, and workers have the fixtures of pytest-xdist.
VARYING = re.compile(r"0x[0-9a-f]+|/\S+|\d+\.\d+s?|popen-gw\d+|available fixtures: .*")


def told(path: Path) -> Dict[str, List[Tuple[str, ...]]]:
    """What a JUnit file says of each test."""
    found: Dict[str, List[Tuple[str, ...]]] = {}
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        found.setdefault(name, []).extend(
            (child.tag, VARYING.sub("", str(child.get("message")))) for child in case if not child.tag.startswith("system-"))
    return found


def write_all(folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\n")
    for name, text in SITUATIONS.items():
        (folder / f"test_{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")


@pytest.fixture(scope="module", autouse=True)
def outside_ci() -> Iterator[None]:
    """pytest prints more of a difference in CI, and a situation that clears the environment hides that from later tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CI", raising=False)
        patch.delenv("BUILD_NUMBER", raising=False)
        yield


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Tuple[Path, Dict[str, List[Tuple[str, ...]]]]:
    folder = tmp_path_factory.mktemp("situations")
    write_all(folder)
    subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml=plain.xml"], cwd=folder, check=False,
                   stdout=subprocess.DEVNULL, env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    return folder, told(folder / "plain.xml")


def test_each_ends_as_in_plain_pytest(plain: Tuple[Path, Dict[str, List[Tuple[str, ...]]]], engine: str) -> None:
    folder, expected = plain
    assert len(SITUATIONS) >= 40 and len(expected) > 120
    run = Run(folder, ["-p", "no:cacheprovider", f"--junitxml={engine}.xml"], engine=engine).complete(300)
    found = told(folder / f"{engine}.xml")
    assert {name: (expected.get(name), found.get(name)) for name in {*expected, *found}
            if expected.get(name) != found.get(name)} == {}
    assert run.status == 1 and all(gone["expected"] for gone in run.of("gone"))


def test_a_summary_looks_at_all_reports_and_deselected_tests(project: Path, engine: str) -> None:
    write(project, conftest="""
        def pytest_terminal_summary(terminalreporter):
            found = [vars(one) for several in terminalreporter.stats.values() for one in several]
            terminalreporter.write_line(f"looked at {len(found)}")
    """, test_many="def test_a(): pass\ndef test_b(): pass\ndef test_c(): pass\n")
    run = Run(project, ["-k", "test_a"], engine=engine).complete()
    assert run.status == 0 and "looked at" in run.printed and "2 deselected" in run.printed
