"""Puts the plugin's sources on the path of the tests and of the processes they start."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "main" / "python"
sys.path.insert(0, str(SOURCES))


@pytest.fixture(autouse=True)
def only_plugins_that_were_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this interpreter has installed would be loaded by each of a thousand pytest processes, which takes most
    of the start of one. An environment of `outfit` loads what it has, and in `bin/matrix` all is to be tested."""
    if os.environ.get("_PLIMSOLL_TESTS_OUTFIT") != "this":
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with a pytest.ini, so that no settings above it count, and a place for temporary files of its
    own: runs that share one warn when they clean up at the same time."""
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("PYTEST_DEBUG_TEMPROOT", str(tmp_path / "temporary"))
    (root / "pytest.ini").write_text("[pytest]\n")
    return root


@pytest.fixture(params=["fork", "spawn"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)
