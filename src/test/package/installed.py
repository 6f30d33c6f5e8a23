"""Packages, installed for other users where there is no Java."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Sequence

import pytest

HOME = Path(__file__).resolve().parents[3]
PACKAGES = Path(os.environ["_PLIMSOLL_PACKAGES"]).resolve()
PYTHON = "/usr/bin/python3"
NOBODY = 65534
MEGABYTE = 1_000_000

needs_root = pytest.mark.skipif(os.getuid() != 0, reason="mount namespaces and other users need root")


def one(pattern: str) -> Path:
    found = sorted(PACKAGES.glob(pattern))
    assert len(found) == 1, f"{pattern}: {found}"
    return found[0]


def wheel() -> Path:
    return one("*manylinux*.whl")


def environment_of(place: Path, *packages: str) -> Path:
    """A virtual environment of the system's Python, with its pytest, and these packages from the local folder."""
    venv = place / "env"
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", "--system-site-packages", venv], check=True)
    if packages:
        pip(venv, "install", "--no-index", "--no-deps", f"--find-links={PACKAGES}", *packages)
    return venv


def pip(venv: Path, *line: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--python", venv / "bin" / "python", "-q", *line], check=True)


def bare(folder: Path, *line: object, user: int = NOBODY, home: str = "",
         around: Sequence[str] = ()) -> "subprocess.CompletedProcess[str]":
    """Run a command as a user without a home of its own, where there is neither Java nor Maven.

    `around` is a command of root around it.
    """
    hide = " && ".join(f"if [ -d {path} ]; then mount -t tmpfs none {path}; fi"
                       for path in ("/usr/lib/jvm", "/usr/share/maven", "/opt/java"))
    command = [*around, "unshare", "--mount", "sh", "-c", f"{hide} && exec \"$@\"", "sh",
               "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups",
               "env", "-i", "PATH=/usr/bin:/bin", *([f"HOME={home}"] if home else []), *map(str, line)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


def example(place: Path, name: str = "shop", owner: int = NOBODY) -> Path:
    """A copy of an example that belongs to a user."""
    project = place / name
    shutil.copytree(HOME / "examples" / name, project, ignore=shutil.ignore_patterns(".plimsoll", "__pycache__", "node_modules"))
    for path in [project, *project.rglob("*")]:
        os.chown(path, owner, owner)
    return project
