"""What runs the tests does not depend on functions that a test replaces."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Dict, Tuple

import outfit
import patches
import pytest
from driver import Run
from test_fork import write

#: So many replacements, and sets of them, leave plain pytest with a verdict.
ENOUGH = 300


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Tuple[Path, Dict[str, str]]:
    """The suites on which plain pytest comes to a verdict, and what it is."""
    folder = tmp_path_factory.mktemp("patches")
    (folder / "pytest.ini").write_text("[pytest]\n")
    told = subprocess.run([sys.executable, patches.__file__], cwd=folder, check=True, stdout=subprocess.PIPE,
                          env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    return folder, json.loads(told.stdout)


def test_any_replacement_leaves_the_verdict(suites: Tuple[Path, Dict[str, str]], engine: str) -> None:
    folder, expected = suites
    count = len(list(folder.glob("test_*.py")))
    print(f"{count} replacements and sets of them, {len(expected)} tests")
    assert count >= ENOUGH
    run = Run(folder, ["-p", "no:cacheprovider"], engine=engine).complete(900)
    assert {name: (expected.get(name), outcome) for name, outcome in run.outcomes.items()
            if expected.get(name) != outcome} == {}
    assert run.outcomes.keys() == expected.keys()
    assert all(gone["expected"] and gone["signal"] is None for gone in run.of("gone")) and run.status == 1


def test_what_stays_replaced_does_not_keep_a_worker_from_its_end(project: Path, engine: str) -> None:
    write(project, test_for_good="""
        import json, os, select, socket, threading, time

        def refuse(*args, **kwargs):
            raise RuntimeError("replaced")

        def test_replaces():
            for owner, names in (
                    (os, ["_exit", "getpid", "read", "write", "pread", "pwrite", "kill", "waitpid", "fork"]),
                    (time, ["time", "monotonic", "sleep"]), (json, ["dumps", "loads"]), (select, ["poll", "select"]),
                    (socket.socket, ["send", "sendall", "recv", "close"]), (threading, ["enumerate", "main_thread"])):
                for name in names:
                    setattr(owner, name, refuse)

        def test_after(): pass
    """)
    run = Run(project, engine=engine, workers=1).complete()
    assert set(run.outcomes.values()) == {"passed"}
    assert run.of("gone")[0]["expected"] and run.of("gone")[0]["status"] == 0


@pytest.fixture(scope="module")
def debian() -> outfit.Outfit:
    try:
        made = outfit.from_debian()
    except (outfit.Missing, OSError, subprocess.CalledProcessError) as problem:
        pytest.skip(f"no packages of Debian: {problem}")
    if not all(outfit.has(made, name) for name in ("freezegun", "loguru", "pyfakefs")):
        pytest.skip("freezegun, loguru and pyfakefs cannot be had here")
    return made


def test_freezegun_and_pyfakefs_stay_for_a_module(project: Path, engine: str, debian: outfit.Outfit) -> None:
    write(project, test_frozen="""
        import datetime, pytest, time
        from freezegun import freeze_time

        @pytest.fixture(scope="module", autouse=True)
        def frozen():
            with freeze_time("2012-01-14"):
                yield

        @pytest.mark.parametrize("n", range(3))
        def test_frozen(n): assert datetime.date.today().year == 2012 and time.time() == 1326499200
    """, test_files="""
        import os, pytest
        from pyfakefs.fake_filesystem_unittest import Patcher

        @pytest.fixture(scope="module", autouse=True)
        def files():
            with Patcher() as patcher:
                yield patcher.fs

        @pytest.mark.parametrize("n", range(3))
        def test_made(n):
            with open(f"/made{n}", "w") as file:
                file.write("x")
            assert os.path.exists(f"/made{n}")
    """)
    run = Run(project, engine=engine, python=debian.python, environ=debian.environ).complete()
    assert run.status == 0 and list(run.outcomes.values()) == ["passed"] * 6, run.printed


def test_loguru_writes_to_the_captured_output(project: Path, engine: str, debian: outfit.Outfit) -> None:
    write(project, conftest="from loguru import logger\n", test_logs="""
        import pytest
        from conftest import logger

        @pytest.mark.parametrize("n", range(8))
        def test_logs(n): logger.info("line {}", n)

        def test_fails():
            logger.warning("the last line")
            assert 0
    """)
    run = Run(project, engine=engine, python=debian.python, environ=debian.environ).complete()
    text = "".join(done["text"] for done in run.of("done"))
    assert "the last line" in text and "closed file" not in text + run.printed
