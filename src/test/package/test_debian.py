"""Both packages in a Debian that has Python and nothing else. Started by bin/package-test."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Dict, Iterator

import pytest

from debian import DEV, INDEX, Root
from installed import HOME, needs_root, one

pytestmark = [
    needs_root,
    pytest.mark.skipif(shutil.which("mmdebstrap") is None, reason="no mmdebstrap here: apt-get install mmdebstrap"),
]


@pytest.fixture
def root(place: Path) -> Iterator[Root]:
    root = Root(place / "root")
    assert not [name for name in root.files() if Path(name).name in ("java", "mvn", "libjvm.so")]
    yield root


def closing(output: str) -> str:
    """pytest's last line without its time."""
    return next(line for line in reversed(output.splitlines()) if " passed" in line).split(" in ")[0].strip("= ")


def outcomes(document: str) -> Dict[str, int]:
    tests = json.loads(document)["tests"]
    return {outcome: sum(test["outcome"] == outcome for test in tests) for outcome in ("passed", "failed", "crashed", "not run")}


def test_the_wheel_runs_an_example_and_networkx(root: Root) -> None:
    shop, env = root.copy(HOME / "examples/shop", "shop"), "/home/dev/env/bin"
    root.done("python3", "-m", "venv", "env")
    root.done(f"{env}/pip", "install", "--no-index", f"--find-links={INDEX}", "networkx", "pytest-plimsoll", "pytest")

    serial = root.done(f"{env}/pytest", folder=shop)
    assert closing(root.done(f"{env}/pytest", "--plimsoll", folder=shop)) == closing(serial)
    assert outcomes(root.run(f"{env}/plimsoll", "run", "--json", folder=shop).stdout) == \
        {"passed": 204, "failed": 0, "crashed": 0, "not run": 0}

    (root.folder / "home/dev/nx").mkdir()
    shutil.chown(root.folder / "home/dev/nx", DEV, DEV)
    suite = ["--pyargs", "networkx"]
    serial = root.done(f"{env}/pytest", *suite, folder="/home/dev/nx")
    assert closing(root.done(f"{env}/pytest", "--plimsoll", *suite, folder="/home/dev/nx")) == closing(serial)
    ours = outcomes(root.run(f"{env}/plimsoll", "run", "--json", *suite, folder="/home/dev/nx").stdout)
    assert ours == {"passed": int(serial.split(" passed")[0].split()[-1]), "failed": 0, "crashed": 0, "not run": 0}


def test_the_deb_installs_runs_and_leaves_nothing(root: Root) -> None:
    shop = root.copy(HOME / "examples/shop", "shop")
    root.done("python3", "-m", "venv", f"{shop}/.venv")
    root.done(f"{shop}/.venv/bin/pip", "install", "--no-index", f"--find-links={INDEX}", "pytest")
    before = root.files()
    root.done("dpkg", "-i", f"{INDEX}/{one('*.deb').name}", user=0, folder="/")
    assert root.files() > before
    # The whole of the example has tests that disturb each other when a busy machine delays them.
    assert "PASSED: " in root.done("plimsoll", "run", "tests/test_cart.py", folder=shop)
    root.done("dpkg", "--purge", "plimsoll", user=0, folder="/")
    left = {name: os.lstat(root.folder / name[1:]).st_uid for name in root.files() - before}
    assert [name for name, owner in left.items() if owner != DEV] == ["/var/log/dpkg.log"]
    # What the user's runs wrote is the user's, and docs/install.md names it.
    places = (f"{shop}/.cache/plimsoll", f"{shop}/.plimsoll", f"/tmp/plimsoll-{DEV}")
    assert [name for name in left if "plimsoll" in name and not name.startswith(places)] == []
    assert before - root.files() == set()
