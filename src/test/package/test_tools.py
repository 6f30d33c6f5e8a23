"""The wheel under tools that make environments: pipx, which makes one for Plimsoll alone, and tox, which makes one for the project."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Dict

import pytest

from installed import PACKAGES, PYTHON, environment_of


def variables(place: Path) -> Dict[str, str]:
    """A user's own, without those of the environment that runs these tests."""
    runtime = place / "runtime"
    runtime.mkdir(mode=0o700)
    return {"HOME": str(place / "home"), "XDG_RUNTIME_DIR": str(runtime), "PATH": "/usr/bin:/bin", "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(PACKAGES)}


def suite(place: Path) -> Path:
    project = place / "project"
    (project / ".git").mkdir(parents=True)
    (project / "test_where.py").write_text("import os, sys\ndef test_where(): open('where', 'w').write(sys.prefix)\n")
    return project


def done(project: Path, user: Dict[str, str], *line: object) -> str:
    ran = subprocess.run(list(map(str, line)), cwd=project, env=user, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.skipif(not os.path.exists("/usr/bin/pipx"), reason="no pipx: install the package pipx")
def test_under_pipx_the_project_keeps_its_python(place: Path) -> None:
    user, project = variables(place), suite(place)
    done(project, user, "pipx", "install", "--python", PYTHON, "pytest-plimsoll")
    plimsoll = place / "home/.local/bin/plimsoll"
    done(project, user, plimsoll, "run")  # the only Python with pytest is the system's
    assert (project / "where").read_text() == "/usr"
    venv = environment_of(place)
    done(project, {**user, "VIRTUAL_ENV": str(venv)}, plimsoll, "run")
    assert (project / "where").read_text() == str(venv)
    shutil.move(venv, project / ".venv")
    done(project, user, plimsoll, "run")
    assert (project / "where").read_text() == str(project / ".venv")


@pytest.mark.skipif(not os.path.exists("/usr/bin/tox"), reason="no tox: install the package tox")
@pytest.mark.parametrize("command", ["python -m pytest --plimsoll", "plimsoll run"])
def test_under_tox_its_environment_runs_the_tests(place: Path, command: str) -> None:
    user, project = variables(place), suite(place)
    (project / "tox.ini").write_text(
        "[tox]\nenvlist = suite\nskipsdist = true\nno_package = true\n"
        "[testenv]\nsitepackages = true\npassenv = PIP_*\ndeps = pytest-plimsoll\n"
        f"commands = {command}\n")
    done(project, user, "/usr/bin/tox")
    assert (project / "where").read_text() == str(project / ".tox/suite")
