"""The group lists and the project they belong to, by the built ./plimsoll."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

PLIMSOLL = Path(__file__).resolve().parents[3] / "plimsoll"


@pytest.fixture(autouse=True)
def built() -> None:
    if not (PLIMSOLL.parent / "target").is_dir():
        pytest.skip("Plimsoll is not built: bin/build")


def started(folder: Path, *args: str) -> "subprocess.Popen[str]":
    environ = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return subprocess.Popen([str(PLIMSOLL), *args], cwd=folder, env=environ, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    return out + err


def test_moves_at_once_are_all_kept(project: Path) -> None:
    files: List[str] = [f"test_{letter}.py" for letter in "abcdef"]
    for name in files:
        (project / name).write_text("def test_x(): pass\n")
    python = ["--python", sys.executable]
    said(started(project, "groups", "sync", *python))
    for process in [started(project, "groups", "move", name, "long", "--reason", name, *python) for name in files]:
        said(process)
    lists = project / "config" / "pytest-groups"
    assert (lists / "long.txt").read_text().split() == files
    assert (lists / "light.txt").read_text() == ""
    assert len((lists / "moved.tsv").read_text().splitlines()) == 1 + len(files)


def test_the_project_is_pytests_from_a_subfolder_too(project: Path) -> None:
    sub = project / "sub"
    sub.mkdir()
    (sub / "test_a.py").write_text("def test_x(): pass\n")
    said(started(sub, "run", "--python", sys.executable))
    assert (project / ".plimsoll").is_dir() and not (sub / ".plimsoll").exists()
    assert "1 passed" in said(started(sub, "history"))
    assert "1 passed" in said(started(project.parent, "history", "-C", str(sub)))
    assert "test_a.py::test_x" in said(started(project.parent, "history", "tests", "-C", str(sub)))


def test_what_is_no_python_is_told(project: Path) -> None:
    process = started(project, "groups", "list", "--python", "/bin/ls")
    _, err = process.communicate(timeout=300)
    assert process.returncode == 11 and "it does not start" in err
