"""Whose code it is: the project's own, what is installed, the standard library, or Plimsoll's."""

from __future__ import annotations

import sysconfig
from types import FrameType
from typing import Optional

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os

INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
LIBRARY = sysconfig.get_paths()["stdlib"] + os.sep


def is_installed(file: str) -> bool:
    return any(part in file for part in INSTALLED)


def is_projects(file: str) -> bool:
    return os.path.isabs(file) and not file.startswith((LIBRARY, OURS)) and not is_installed(file)


def calling_line(frame: Optional[FrameType]) -> str:
    """The innermost line of the project that led to this frame: `tests/conftest.py:3`. Empty where there is none, and
    where an installed package came to it while it was imported: that is its own affair."""
    while frame is not None:
        file = frame.f_code.co_filename
        if is_projects(file):
            return f"{os.path.relpath(file)}:{frame.f_lineno}"
        if frame.f_code.co_name == "<module>" and is_installed(file):
            return ""
        frame = frame.f_back
    return ""
