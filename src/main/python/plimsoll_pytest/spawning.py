"""Starts workers that are processes of their own: they configure and collect by themselves."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from typing import Any, Dict, List, Sequence

import pytest

from plimsoll_pytest import identity
from plimsoll_pytest.host_priority import HOST_PRIORITY
from plimsoll_pytest.interrupts import INTERRUPTS
from plimsoll_pytest.pickling import packed
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os
from plimsoll_pytest.settings import Settings
from plimsoll_pytest.status_page import anonymous_file
from plimsoll_pytest.worker_spec import WorkerSpec

#: What the interpreter runs first: the orders tell it where our modules are.
BOOTSTRAP = (
    "import json, sys\n"
    "with open(int(sys.argv[1])) as file: orders = json.load(file)\n"
    "sys.path[:] = orders['path']\n"
    "from plimsoll_pytest import spawned\n"
    "spawned.live(orders)\n"
)


def digest(ids: Sequence[str]) -> str:
    """A short name for these node ids in this order."""
    return hashlib.sha1("\n\0".join(ids).encode("utf-8", "surrogatepass")).hexdigest()


class Spawner:
    """Starts interpreters with the options, the path and the order of tests of this session."""

    def __init__(self, config: pytest.Config, settings: Settings, testrun: str, tests: Sequence[Any]) -> None:
        self._tests = tests
        self._digest = ""
        self._shown = getattr(config.option, "capture", "fd") == "no"
        self._orders: Dict[str, Any] = {
            "path": settings.path, "argv": sys.argv, "host": os.getpid(), "testrun": testrun, "omitted": settings.omitted,
            "isolates": settings.isolates,
            "args": [str(arg) for arg in config.invocation_params.args],
            "dir": str(config.invocation_params.dir),
        }

    def spawn(self, spec: WorkerSpec, collects: str = "") -> int:
        """Start a worker; what it prints before it is ready goes to the file of its stacks. Returns its pid.

        `collects`: its tests are not known yet, and it is to say what it has collected (`tell`, or `trace` to find the
        lines of the project that matter as well)."""
        stacks = spec.stacks
        if not self._digest and not collects:
            self._digest = digest([item.nodeid for item in self._tests])
        orders = dict(self._orders, name=spec.name, count=spec.count, slot=spec.slot, page=spec.page.fd,
                      wire=spec.theirs.fileno(), stacks=stacks, base=spec.base, collects=collects,
                      digest=self._digest, gives_way=HOST_PRIORITY.gives_way,
                      input=base64.b64encode(packed(spec.input)).decode("ascii"))
        told = anonymous_file("plimsoll-orders")
        os.write(told, json.dumps(orders).encode("ascii"))
        os.lseek(told, 0, os.SEEK_SET)
        passed = [told, spec.page.fd, spec.theirs.fileno(), stacks]
        actions: List[Any] = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
        if not self._shown:
            actions += [(os.POSIX_SPAWN_DUP2, stacks, 1), (os.POSIX_SPAWN_DUP2, stacks, 2)]
        command = [sys.executable, *interpreter_flags(), "-c", BOOTSTRAP, str(told)]
        environment = {**os.environ, **identity.environment(spec.name, spec.count, spec.testrun)}
        try:
            for fd in passed:
                os.set_inheritable(fd, True)
            return os.posix_spawn(sys.executable, command, environment, file_actions=actions, setpgroup=0,
                                  setsigdef=INTERRUPTS.heard_by_spawned())
        finally:
            for fd in passed:
                os.set_inheritable(fd, False)
            os.close(told)


def interpreter_flags() -> List[str]:
    import subprocess

    flags: List[str] = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
    return flags


def difference(expected: Sequence[str], found: Sequence[str]) -> str:
    """Say how another collection differs."""
    missing = [name for name in expected if name not in set(found)]
    extra = [name for name in found if name not in set(expected)]
    lines = [f"it collected {len(found)} tests, the host {len(expected)}"]
    lines += [f"{word}: {', '.join(ascii_name(name) for name in names[:5])}"
              + (f" and {len(names) - 5} more" if len(names) > 5 else "")
              for word, names in (("missing", missing), ("extra", extra)) if names]
    if not missing and not extra:
        at = next((at for at, (one, two) in enumerate(zip(expected, found)) if one != two), len(expected))
        pair = [ascii_name(names[at]) if at < len(names) else "nothing" for names in (expected, found)]
        lines.append(f"the order differs from test {at + 1} on: {pair[0]} in the host, {pair[1]} in the worker")
    return "; ".join(lines)


def ascii_name(name: str) -> str:
    return name.encode("unicode_escape").decode("ascii")
