"""Environments with the plugins that teams use, made once for each machine from what its package registries offer."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, NamedTuple

PLACE = Path(__file__).resolve().parents[3] / "target/outfits"
FROM_PIP = ["pytest-cov", "pytest-timeout", "pytest-asyncio", "pytest-mock", "pytest-xdist", "hypothesis", "grpcio",
            "filelock"]
#: Not in every registry: their tests are skipped where pip does not find them.
PERHAPS = ["pytest-html", "pytest-randomly", "pytest-reportlog", "pytest-split", "syrupy"]
FROM_DEBIAN = [
    "asgiref", "attr", "dateutil", "django", "freezegun", "glob2", "hypothesis", "loguru", "mako", "markupsafe",
    "parse", "parse-type", "pyfakefs", "pytest-bdd", "pytest-django", "pytest-forked", "pytest-instafail",
    "pytest-order", "pytest-repeat", "pytest-rerunfailures", "pytest-subtests", "six", "sortedcontainers", "sqlparse",
    "typing-extensions", "tz",
]


#: Its plugins are there to be loaded (see conftest).
LOADED = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": ""}


class Outfit(NamedTuple):
    """An interpreter and what its environment needs."""

    python: str
    environ: Dict[str, str]


class Missing(Exception):
    """This machine's registries do not have it."""


def from_pip() -> Outfit:
    """The newest plugins, above this interpreter's own packages."""
    if os.environ.get("_PLIMSOLL_TESTS_OUTFIT") == "this":  # bin/matrix: the environment is what is to be tested
        return Outfit(sys.executable, {})
    place = PLACE / f"pip-{sys.version_info[0]}.{sys.version_info[1]}"
    python = place / "bin/python"
    with _once(place, FROM_PIP + PERHAPS) as needed:
        if needed:
            _quiet([sys.executable, "-m", "venv", "--system-site-packages", str(place)])
            for name in FROM_PIP + PERHAPS:  # one by one: what cannot be had must not keep the others away
                subprocess.run([str(python), "-m", "pip", "install", "-q", "--retries", "0", name], capture_output=True)
    return Outfit(str(python), LOADED)


def from_debian() -> Outfit:
    """The system's pytest, with plugins unpacked beside it: nothing is installed."""
    if os.environ.get("_PLIMSOLL_TESTS_OUTFIT") == "this":
        raise Missing("bin/matrix tests one environment at a time")
    place = PLACE / "debian"
    with _once(place, FROM_DEBIAN) as needed:
        if needed:
            _quiet(["/usr/bin/python3", "-c", "import pytest, xdist"])
            debs = place / "debs"
            debs.mkdir(parents=True, exist_ok=True)
            _quiet(["apt-get", "download", *(f"python3-{name}" for name in FROM_DEBIAN)], cwd=str(debs))
            for deb in debs.glob("*.deb"):
                _quiet(["dpkg", "-x", str(deb), str(place)])
    return Outfit("/usr/bin/python3", {**LOADED, "PYTHONPATH": str(place / "usr/lib/python3/dist-packages")})


def has(outfit: Outfit, module: str) -> bool:
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([outfit.python, "-c", code], env=outfit.environ).returncode == 0


class _once:
    """Says whether something is still to be made; of several processes one makes it and the others wait."""

    def __init__(self, place: Path, names: List[str]) -> None:
        self._done = place.parent / f"{place.name}.done"
        self._names = " ".join(names)
        place.parent.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> bool:
        self._lock = open(f"{self._done}.lock", "w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return not self._done.exists() or self._done.read_text() != self._names

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._done.write_text(self._names)
        self._lock.close()


def _quiet(command: List[str], cwd: str = ".") -> None:
    try:
        ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    except OSError as problem:
        raise Missing(f"{command[0]}: {problem}") from problem
    if ended.returncode != 0:
        raise Missing(f"{' '.join(command)}: {ended.stderr[-500:]}")
