"""Which Pythons and which versions of pytest can be had, and environments made of them."""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, NamedTuple, Optional, Tuple

#: What Plimsoll supports, as far as is known here; newer ones that are found are taken as well.
PYTHONS = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"]
PYTESTS = ["7.0", "7.1", "7.2", "7.3", "7.4", "8.0", "8.1", "8.2", "8.3", "8.4", "9.0", "9.1"]
#: What any pytest of these needs (with the name of the system's package), then plugins that scenarios use if they can.
NEEDED = {"pluggy": "pluggy", "iniconfig": "iniconfig", "packaging": "packaging", "attrs": "attr", "pygments": "pygments",
          "tomli": "tomli", "exceptiongroup": "exceptiongroup", "typing_extensions": "typing-extensions", "py": "py"}
EXTRAS = ["execnet", "pytest-xdist"]


class Missing(Exception):
    """Cannot be had on this machine."""


class Python(NamedTuple):
    path: str
    version: str

    @property
    def minor(self) -> str:
        return self.version.rpartition(".")[0]


class Version(NamedTuple):
    """A version of pytest, and where it comes from."""

    name: str
    source: str


def key(version: str) -> Tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def pythons() -> List[Python]:
    """The newest Python of each minor version that can make environments."""
    found: Dict[str, Python] = {}
    for path in _candidates():
        python = _asked(path)
        if python and key(python.minor) >= (3, 9):
            known = found.get(python.minor)
            if known is None or key(python.version) > key(known.version):
                found[python.minor] = python
    return sorted(found.values(), key=lambda python: key(python.version))


def _candidates() -> Iterator[str]:
    home = Path.home()
    pyenv = os.environ.get("PYENV_ROOT", str(home / ".pyenv"))
    uv = home / ".local/share/uv/python"
    yield from glob.glob(f"{pyenv}/versions/*/bin/python")
    yield from glob.glob(f"{uv}/*/bin/python3")
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if "shims" not in folder:
            yield from (path for path in glob.glob(f"{folder}/python3*") if re.search(r"/python3(\.\d+)?$", path))


def _asked(path: str) -> Optional[Python]:
    code = "import ensurepip, sys, venv; print('.'.join(map(str, sys.version_info[:3])), sys.version_info[3])"
    ended = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
    version, _, level = ended.stdout.strip().partition(" ")
    return Python(path, version) if ended.returncode == 0 and level == "final" else None


def absent(had: Iterable[str]) -> List[str]:
    """Which versions of pytest are not among these."""
    minors = {".".join(name.split(".")[:2]) for name in had}
    return [f"pytest {minor}" for minor in PYTESTS if minor not in minors]


class Environment:
    """One Python's environment: what pytest needs stays, pytest itself is exchanged."""

    def __init__(self, python: Python, root: Path) -> None:
        self.python = python
        self.place = root / python.version
        self.bin = self.place / "venv/bin"

    def versions(self) -> List[Version]:
        """The newest pytest of each minor version from 7.0 on, oldest first."""
        self._make()
        ended = self._pip("index", "versions", "pytest")
        listed = re.search(r"Available versions: (.*)", ended.stdout)
        names = re.findall(r"(?<![\w.])\d+\.\d+\.\d+(?![\w.])", listed.group(1)) if listed else []
        found = {".".join(name.split(".")[:2]): Version(name, "pip") for name in sorted(names, key=key)}
        system = _of_the_system()
        if system is not None:
            found.setdefault(".".join(system.split(".")[:2]), Version(system, "the system's packages"))
        return [found[minor] for minor in sorted(found, key=key) if key(minor) >= (7, 0)]

    def install(self, version: Version) -> None:
        for old in [*self._site.glob("pytest-*-info"), self._site / "_pytest", self._site / "pytest"]:
            shutil.rmtree(old, ignore_errors=True)
        if version.source == "pip":
            ended = self._pip("install", "--no-deps", f"pytest=={version.name}")
            if ended.returncode != 0:
                raise Missing(ended.stderr.strip().splitlines()[-1])
        else:
            self._unpack("pytest")
        ended = subprocess.run([str(self.bin / "python"), "-m", "pytest", "--version"], capture_output=True, text=True,
                               check=False)
        if ended.returncode != 0 or version.name not in ended.stdout + ended.stderr:
            raise Missing(f"it does not start: {(ended.stderr.strip().splitlines() or ['no message'])[-1]}")

    def _make(self) -> None:
        done = self.place / "done"
        if done.exists():
            return
        ended = subprocess.run([self.python.path, "-m", "venv", "--clear", str(self.place / "venv")], capture_output=True,
                               text=True, check=False)
        if ended.returncode != 0:
            raise Missing(f"no environment: {ended.stderr.strip()[-200:]}")
        for name, package in NEEDED.items():
            if self._pip("install", "--no-deps", name).returncode != 0:
                self._unpack(package)
        for name in EXTRAS:
            self._pip("install", "--no-deps", name)
        done.touch()

    @property
    def _site(self) -> Path:
        return self.place / f"venv/lib/python{self.python.minor}/site-packages"

    def _pip(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([str(self.bin / "python"), "-m", "pip", *arguments, "--retries", "0"], capture_output=True,
                              text=True, check=False)

    def _unpack(self, package: str) -> None:
        """Lay the files of a system's package of pure Python into the environment."""
        debs = self.place / "debs"
        shutil.rmtree(debs, ignore_errors=True)
        debs.mkdir(parents=True)
        ended = _quiet("apt-get", "download", f"python3-{package}", cwd=str(debs))
        for deb in debs.glob("*.deb"):
            _quiet("dpkg", "-x", str(deb), str(debs))
        place = debs / "usr/lib/python3/dist-packages"
        if ended is None or not place.is_dir():
            raise Missing(f"neither pip nor the system has {package}")
        shutil.copytree(place, self._site, dirs_exist_ok=True)


def _of_the_system() -> Optional[str]:
    shown = _quiet("apt-cache", "policy", "python3-pytest") or ""
    found = re.search(r"Candidate: (\d+\.\d+\.\d+)", shown)
    return found.group(1) if found else None


def _quiet(*command: str, cwd: str = ".") -> Optional[str]:
    try:
        ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return ended.stdout if ended.returncode == 0 else None
