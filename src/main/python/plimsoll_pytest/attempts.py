"""A collection of test files with as much of the project's configuration as works."""

from __future__ import annotations

import contextlib
import io
import os
from typing import Generator, List, NamedTuple, Sequence

import pytest

from plimsoll_pytest.lister import Lister, told


class Relaxed(NamedTuple):
    """What is left out of the project's configuration: its name, and the option of pytest that does so."""

    left_out: str = ""
    options: Sequence[str] = ()
    variables: Sequence[str] = ()


NO_CONFTESTS = Relaxed("its conftests", ("--noconftest",))
NO_OPTIONS = Relaxed("its options and plugins (addopts, required_plugins, PYTEST_ADDOPTS, PYTEST_PLUGINS)",
                     ("-o", "addopts=", "-o", "required_plugins="), ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"))
#: The attempts, when pytest cannot start with the project's full configuration.
ATTEMPTS: Sequence[Sequence[Relaxed]] = ((), (NO_CONFTESTS,), (NO_OPTIONS,), (NO_CONFTESTS, NO_OPTIONS))


class Attempt:
    """One run of pytest's collection: its exit status, what it said, and what the lister saw."""

    def __init__(self, args: Sequence[str], relaxed: Sequence[Relaxed]) -> None:
        self.relaxed = relaxed
        self.lister = Lister()
        said = io.StringIO()
        options = [option for one in relaxed for option in one.options]
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), _without(relaxed):
            full = ["-p", "plimsoll_pytest.plugin", *options, *args, "--collect-only", "-qq"]
            self.status = self._collect(full)
        self.said = said.getvalue()

    def _collect(self, args: List[str]) -> int:
        try:
            return int(pytest.main(args, plugins=[self.lister]))
        except KeyboardInterrupt:
            raise
        except BaseException as problem:  # a conftest may even skip itself, or leave
            self.lister.errors.append(told(problem))
            return pytest.ExitCode.INTERNAL_ERROR

    @property
    def complete(self) -> bool:
        return self.status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)

    def why(self) -> str:
        """The line that says best what went wrong."""
        text = "\n".join(self.lister.errors) or self.said
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        raised = [line[2:].strip() for line in lines if line.startswith("E ")] or lines
        blamed = [line for line in raised if "error" in line.lower() and "usage:" not in line]
        return (blamed or raised[-1:] or [f"pytest ended with status {self.status}"])[0]


@contextlib.contextmanager
def _without(relaxed: Sequence[Relaxed]) -> Generator[None, None, None]:
    """Run without the variables that are left out, and bring them back."""
    names = [name for one in relaxed for name in one.variables]
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
