"""bin/setup, in a copy, with package tools that only pretend."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict

import pytest

BIN = Path(__file__).resolve().parents[3] / "bin"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(BIN, tmp_path / "home" / "bin")
    tools: Dict[str, str] = {
        "id": "echo 1000", "sudo": "echo 'sudo: a password is required' >&2; exit 1", "apt-get": "exit 0",
        "apt-cache": "exit 0"}
    (tmp_path / "tools").mkdir()
    for name, text in tools.items():
        tool(tmp_path, name, text)
    return tmp_path / "home"


def tool(folder: Path, name: str, text: str) -> None:
    path = folder / "tools" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def setup(home: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    environ = dict(os.environ, PATH=f"{home.parent / 'tools'}:{os.environ['PATH']}")
    return subprocess.run([str(home / "bin" / "setup"), *args], env=environ, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)


def test_help_installs_nothing(home: Path) -> None:
    ran = setup(home, "--help")
    assert ran.returncode == 0 and "usage: bin/setup [--tests]" in ran.stdout
    assert "setup:" not in ran.stdout


def test_an_unknown_option_installs_nothing(home: Path) -> None:
    ran = setup(home, "--test")
    assert ran.returncode == 4 and "no option `--test`" in ran.stderr and not ran.stdout


@pytest.mark.parametrize("version, works", [("6.2.5", False), ("7.0.0", True), ("10.0.0", True)])
def test_a_pytest_that_is_too_old_is_none(home: Path, version: str, works: bool) -> None:
    library = home.parent / "library"
    library.mkdir()
    (library / "pytest.py").write_text(f"__version__ = '{version}'\n")
    tool(home.parent, "python3", f"PYTHONPATH='{library}' exec '{sys.executable}' \"$@\"")
    ran = setup(home)
    said = ran.stdout + ran.stderr
    if works:
        assert f"Python with pytest: {home.parent / 'tools' / 'python3'}\n" in said
    else:
        assert f"with pytest {version}" in said
        assert "sudo: a password is required" in said
