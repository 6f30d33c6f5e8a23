"""Without Plimsoll pytest stays pytest, with our plugin on its path or loaded: what editors rely on when they start it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Tuple

import pytest

from driver import SOURCES

MIXED = """
import os, pytest
def test_passes(): assert not [name for name in os.environ if name.startswith("PLIMSOLL")]
def test_fails(): print("said"); assert 1 == 2
@pytest.mark.parametrize("text", ["a b", "a::b"])
class TestOdd:
    def test_odd(self, text, request): assert "workerinput" not in dir(request.config)
@pytest.mark.skip(reason="not here")
def test_skipped(): pass
"""


def run(project: Path, *args: str) -> Tuple[int, str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PLIMSOLL", "PYTEST"))}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *args], cwd=project, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**environ, "PYTHONPATH": str(SOURCES)})
    return ended.returncode, re.sub(r"in [0-9.]+s", "in TIME", ended.stdout)


@pytest.mark.parametrize(("args", "status"), [
    (("test_mixed.py::test_passes",), 0), (("-rA",), 1), (("--collect-only", "-q"), 0),
    (("test_broken.py",), 2), (("--no-such-option",), 4), (("-k", "nothing"), 5),
    (("test_mixed.py::TestOdd::test_odd[a::b]", "-v"), 0),
])
def test_output_and_exit_code_are_the_same_with_the_plugin(project: Path, args: Tuple[str, ...], status: int) -> None:
    (project / "pytest.ini").write_text("[pytest]\naddopts = -p no:xdist -p no:hypothesispytest --ignore=test_broken.py\n")
    (project / "test_mixed.py").write_text(MIXED)
    if "test_broken.py" in args:
        (project / "pytest.ini").write_text("[pytest]\naddopts = -p no:xdist -p no:hypothesispytest\n")
        (project / "test_broken.py").write_text("import not_there\n")
    plain = run(project, *args)
    assert plain[0] == status
    assert run(project, "-p", "plimsoll_pytest.plugin", *args) == plain
