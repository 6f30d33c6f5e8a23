"""Replacements of Python's own functions: one test file for each, and what plain pytest makes of it."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import random
import signal
import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

MODULES = ("os", "time", "socket", "select", "json", "struct", "threading", "io", "builtins")
CLASSES = ("socket.socket", "threading.Thread", "json.JSONEncoder", "json.JSONDecoder")
SETS, SEED = 40, 21
ENVIRONMENTS: Sequence[Dict[str, str]] = ({}, {"PATH": ""}, {"HOME": "/nowhere", "TMPDIR": "/nowhere"}, {"LC_ALL": "C", "TERM": ""},
                                          {"PYTHONPATH": "/nowhere", "PYTHONHASHSEED": "1", "COLUMNS": "x"})
#: Seconds after which plain pytest counts as hanging.
LIMIT = 30

SUITE = """
    import importlib
    import pytest

    set_attribute = setattr

    def refuse(*args, **kwargs):
        raise RuntimeError("replaced")

    def owner_of(name):
        module, _, path = name.partition(".")
        owner = importlib.import_module(module)
        while "." in path:
            part, _, path = path.partition(".")
            owner = getattr(owner, part)
        return owner, path

    OWNERS = [(*owner_of(name), getattr(*owner_of(name))) for name in {names!r}]

    @pytest.fixture(scope="{scope}", autouse=True)
    def replaced():
        for owner, name, _ in OWNERS:
            set_attribute(owner, name, refuse)
        yield
        for owner, name, before in OWNERS:
            set_attribute(owner, name, before)

    def test_passes():
        pass

    def test_is_skipped():
        pytest.skip("because")

    def test_fails():
        raise ValueError("of the test")

    def test_passes_after():
        pass
"""

ENVIRONMENT = """
    import os
    import pytest

    @pytest.fixture(scope="{scope}", autouse=True)
    def replaced():
        before = dict(os.environ)
        os.environ.clear()
        os.environ.update({variables!r})
        yield
        os.environ.clear()
        os.environ.update(before)

    def test_passes():
        pass

    def test_fails():
        raise ValueError("of the test")
"""


def names() -> List[str]:
    """Every function and class that can be replaced."""
    found = []
    for place in (*MODULES, *CLASSES):
        module, _, kind = place.partition(".")
        owner: Any = importlib.import_module(module)
        owner = getattr(owner, kind) if kind else owner
        found += [f"{place}.{name}" for name, value in sorted(vars(owner).items())
                  if callable(value) and (not name.startswith("_") or name == "_exit")
                  and not (inspect.isclass(value) and issubclass(value, BaseException))]
    return found


def sets(count: int, seed: int, among: Sequence[str]) -> Iterator[List[str]]:
    """Sets of two to twelve names."""
    numbers = random.Random(seed)
    for _ in range(count):
        yield numbers.sample(list(among), numbers.randint(2, 12))


def suite(names_of: Sequence[str], scope: str) -> str:
    return textwrap.dedent(SUITE).format(names=list(names_of), scope=scope)


def environment(variables: Dict[str, str], scope: str) -> str:
    return textwrap.dedent(ENVIRONMENT).format(variables=variables, scope=scope)


def outcomes(junit: Path) -> Dict[str, str]:
    """The outcome of each test; one that failed and then could not be torn down has failed."""
    found: Dict[str, str] = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        tags = {child.tag for child in case}
        word = next((word for tag, word in (("failure", "failed"), ("error", "error"), ("skipped", "skipped"))
                     if tag in tags), "passed")
        name = f"{str(case.get('classname')).split('.')[-1]}.py::{case.get('name')}"
        found[name] = "failed" if "failed" in (word, found.get(name)) else word
    return found


def plainly(file: Path) -> Optional[Dict[str, str]]:
    """What pytest alone makes of this file: the outcome of each test, or None when it comes to no verdict, or could not set
    up or tear down a test, which spoils all that follow in a session. It runs in a fork of this process, which has loaded
    pytest."""
    junit = file.with_suffix(".xml")
    pid = os.fork()
    if pid == 0:
        _be_pytest(file, junit)
    _, status = os.waitpid(pid, 0)
    try:
        if not os.WIFEXITED(status) or os.WEXITSTATUS(status) not in (0, 1):
            return None
        return outcomes(junit) if ElementTree.parse(junit).find(".//error") is None else None
    except (OSError, ElementTree.ParseError):
        return None


def _be_pytest(file: Path, junit: Path) -> None:
    import pytest

    leave = os._exit
    try:
        signal.alarm(LIMIT)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)
        os.chdir(file.parent)
        leave(int(pytest.main(["-p", "no:cacheprovider", f"--junitxml={junit}", file.name])))
    finally:
        leave(70)


def kinds() -> Iterator[Tuple[str, str]]:
    """All suites, with their names: each replacement on its own, sets of them, and environments."""
    single = names()
    for number, name in enumerate(single):
        yield f"single_{number}", suite([name], "module")
    system = [name for name in single if not name.startswith("builtins.")]
    for number, several in enumerate(sets(SETS, SEED, system)):
        yield f"set_{number}", suite(several, ("module", "function")[number % 2])
    for number, variables in enumerate(ENVIRONMENTS):
        for scope in ("module", "function"):
            yield f"environment_{number}_{scope}", environment(variables, scope)


def main() -> None:
    """Write the suites on which plain pytest comes to a verdict into the current folder, and print what it is."""
    expected: Dict[str, str] = {}
    for name, text in kinds():
        file = Path.cwd() / f"test_{name}.py"
        file.write_text(text)
        found = plainly(file)
        if found is None:
            file.unlink()
        else:
            expected.update(found)
    print(json.dumps(expected))


if __name__ == "__main__":
    main()
