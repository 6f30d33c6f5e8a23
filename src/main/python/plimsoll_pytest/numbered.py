"""What the project made of its process's number while it was imported.

A worker of pytest-xdist imports the project itself, so a name such as `f"test_{os.getpid()}"` is its own: of a database, a file, a
port. In forked workers it is the same in all, and the number is not theirs but the host's. Objects remember it too, and
refuse to work in another process: a lock of filelock 4, a process of multiprocessing that was not started. It may as
well be used by the controller alone, so the plugin warns and does not forbid it.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePath
from types import ModuleType
from typing import Any, Iterator, List, Tuple

#: Below this a number in a text may be any other. In a container processes have such numbers.
TELLING = 1000
SHOWN = 3


def notice(root: Path) -> str:
    """The warning for the user; empty if there is nothing to warn about."""
    found: List[str] = list(_names(f"{root}{os.sep}", os.getpid()))
    if not found:
        return ""
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"the number of pytest's process is in {', '.join(found[:SHOWN])}{more} since the import"


def _names(root: str, pid: int) -> Iterator[str]:
    word = re.compile(rf"(?<!\d){pid}(?!\d)")
    for name, module in sorted(sys.modules.items()):
        if _is_of(root, module):
            for place, variable, value in _variables(name, module):
                if _tells(variable, value, pid, word):
                    yield place
                for attribute, part in _attributes(value):
                    if type(part) is int and _tells(attribute, part, pid, word):
                        yield f"{place}.{attribute}"


def _variables(name: str, module: ModuleType) -> Iterator[Tuple[str, str, Any]]:
    """The variables of a module and of the classes that it defines: the place in full, the name and the value."""
    for variable, value in list(vars(module).items()):
        yield f"{name}.{variable}", variable, value
        if issubclass(type(value), type) and value.__dict__.get("__module__") == name:
            yield from ((f"{name}.{variable}.{own}", own, part) for own, part in list(value.__dict__.items()))


def _attributes(value: Any) -> Iterator[Tuple[str, Any]]:
    """What an object holds, without asking the object. Of functions, classes and modules nothing is read."""
    kind = type(value)
    if kind.__module__ == "builtins" or issubclass(kind, (type, ModuleType)):
        return
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return
    if type(held) is dict:
        yield from list(held.items())


def _is_of(root: str, module: Any) -> bool:
    """Whether it is a module of the project and not of what is installed in its folder. Of another kind of module
    nothing is read: it may import itself then."""
    file = vars(module).get("__file__") if type(module) is ModuleType else None
    return type(file) is str and file.startswith(root) and f"{os.sep}site-packages{os.sep}" not in file


def _tells(variable: str, value: Any, pid: int, word: "re.Pattern[str]") -> bool:
    kind = type(value)  # and not `isinstance`, which asks the object
    if kind is int:
        return value == pid and "pid" in variable.lower()
    if pid < TELLING or variable.startswith("__") or not (kind is str or issubclass(kind, PurePath)):
        return False
    return word.search(str(value)) is not None
