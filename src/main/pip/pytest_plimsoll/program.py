"""Where the program lies that was installed with this package."""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from typing import Iterator, Optional

#: Names a program to use instead; for Plimsoll's own tests.
OVERRIDE = "_PLIMSOLL_PROGRAM"


def find() -> Optional[str]:
    """Return the path of `plimsoll`, or None where pip installed the plugin alone."""
    override = os.environ.get(OVERRIDE)
    if override is not None:
        return override if os.access(override, os.X_OK) else None
    for prefix in _prefixes():
        program = os.path.join(prefix, "bin", "plimsoll")
        java = os.path.join(prefix, "lib", "plimsoll", "runtime", "bin", "java")
        if os.access(program, os.X_OK) and os.access(java, os.X_OK):
            return program
    return None


def _prefixes() -> Iterator[str]:
    """The folders that pip may have installed data files into: of this Python, of its user, and beside `--target`."""
    yield sysconfig.get_path("data")
    if sys.version_info >= (3, 10):
        yield sysconfig.get_path("data", sysconfig.get_preferred_scheme("user"))
    else:
        yield sysconfig.get_path("data", f"{os.name}_user")
    packages = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    yield packages
    yield os.path.abspath(os.path.join(packages, "..", "..", ".."))


def missing() -> str:
    """Say why there is no program."""
    if sys.platform != "linux":
        return f"it runs on Linux and WSL2, this is {platform.system() or sys.platform}"
    return f"the installed package has no program for this Linux ({platform.machine()}, {'-'.join(filter(None, platform.libc_ver())) or 'no glibc'})"
