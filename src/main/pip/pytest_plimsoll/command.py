"""The command line of `plimsoll run` that does what this pytest was asked to do."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import List, NamedTuple, Optional, Sequence

#: Options of Python whose value is the next argument.
_WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")


class Start(NamedTuple):
    """How this process was started, when pytest is its program: Python's options, and the script, or None for `-m pytest`."""

    flags: List[str]
    script: Optional[str]


def start_of(process: Sequence[str], arguments: Sequence[str]) -> Optional[Start]:
    """Read the command line of a process; None when another program than pytest was started, which called pytest.

    `arguments` is what that pytest was asked.
    """
    words = list(process[1:])
    count = len(arguments)
    if count and words[-count:] != list(arguments):
        return None
    words = words[: len(words) - count]
    if words[-2:] == ["-m", "pytest"]:
        flags, script = words[:-2], None
    elif words and os.path.basename(words[-1]) in ("pytest", "py.test"):
        flags, script = words[:-1], os.path.abspath(words[-1])
    else:
        return None
    return Start(flags, script) if _are_flags(flags) else None


def _are_flags(words: Sequence[str]) -> bool:
    value = False
    for word in words:
        if value:
            value = False
        elif word in _WITH_VALUE:
            value = True
        elif not word.startswith("-") or (word[1:2] not in ("-", "W", "X") and ("m" in word or "c" in word)):
            return False
    return not value


def process_line() -> List[str]:
    """The command line of this process."""
    if hasattr(sys, "orig_argv"):  # Python 3.10
        return list(sys.orig_argv)
    with open("/proc/self/cmdline", "rb") as line:
        return [os.fsdecode(word) for word in line.read().split(b"\0")[:-1]]


def command(program: str, start: Optional[Start], arguments: Sequence[str], quiet: bool) -> List[str]:
    """The command that runs these tests; without a `start` as a child of this process."""
    flags = subprocess._args_from_interpreter_flags() if start is None else start.flags  # type: ignore[attr-defined]
    line = [program, "run", "--pytest-output", "--python", sys.executable]
    line += ["--quiet"] if quiet else []
    line += [f"--python-flag={flag}" for flag in flags]
    if start is not None and start.script is not None:
        line += ["--pytest-script", start.script]
    return [*line, "--", *arguments]
