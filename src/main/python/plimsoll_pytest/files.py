"""List the files pytest would collect, without importing any test module.

``python -m plimsoll_pytest.files [pytest arguments]`` prints one JSON object on its last line of stdout:
``{"rootdir", "files": [{"path", "marks"}], "warnings", "markers"}``, with ``"error"`` and pytest's exit ``"status"`` when
nothing could be listed.

pytest itself walks the tree, so its settings, its ignore hooks and the project's conftests decide; each file it would
collect is then given an empty collector in place of the real one. A project whose conftest or options need something
that is not installed is listed with less of its configuration, and a warning says so.
"""

from __future__ import annotations

import contextlib
import fnmatch
import io
import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, Generator, List, Optional, Sequence

import pytest

from plimsoll_pytest.marks import UnreadableMarks, marks_of

#: What is left out, attempt by attempt, when pytest cannot start with the project's full configuration.
RELAXED: Sequence[Sequence[str]] = (
    (),
    ("--noconftest",),
    ("-o", "addopts=", "-o", "required_plugins="),
    ("--noconftest", "-o", "addopts=", "-o", "required_plugins="),
)
#: Plugins that would read or rewrite the project's cache.
CACHE_PLUGINS = ("lfplugin", "nfplugin", "stepwiseplugin")


class ListedFile(pytest.File):
    """Stands for a test file, with nothing in it. It is noted when pytest has selected it and asks for its tests."""

    noted: Dict[Path, None]

    def collect(self) -> List[Any]:
        self.noted[self.path] = None
        return []


class Lister:
    """The plugin that notes each file and keeps it from being imported."""

    def __init__(self) -> None:
        self.paths: Dict[Path, None] = {}
        self.rootdir: Optional[Path] = None
        self.markers: List[str] = []
        self.errors: List[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        self.rootdir = config.rootpath
        self.markers = sorted({_marker_name(line) for line in config.getini("markers")})
        config.args[:] = list(dict.fromkeys(arg.split("::")[0] for arg in config.args))
        for name in CACHE_PLUGINS:
            plugin = config.pluginmanager.get_plugin(name)
            if plugin is not None:
                config.pluginmanager.unregister(plugin)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_collect_file(self, file_path: Path, parent: Any) -> Generator[None, Any, None]:
        outcome = yield
        collectors = [one for one in _flat(outcome.get_result()) if _is_test_file(one, file_path)]
        if collectors:
            file = ListedFile.from_parent(parent, path=file_path)
            file.noted = self.paths
            outcome.force_result([file])
        else:
            outcome.force_result([])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append(report.longreprtext)


def _flat(results: Sequence[Any]) -> List[Any]:
    flat: List[Any] = []
    for result in results:
        flat.extend(result if isinstance(result, (list, tuple)) else [result])
    return flat


def _is_test_file(collector: Any, path: Path) -> bool:
    if not isinstance(collector, pytest.Package):
        return True
    # Before pytest 8 every __init__.py was a package's collector, whether it held tests or not.
    patterns = collector.config.getini("python_files")
    return any(fnmatch.fnmatch(path.name, pattern) for pattern in patterns)


def _marker_name(line: str) -> str:
    return line.split(":", 1)[0].split("(", 1)[0].strip()


class Attempt:
    """One run of pytest's collection: its exit status, what it said, and what the lister saw."""

    def __init__(self, args: Sequence[str], relaxed: Sequence[str]) -> None:
        self.relaxed = relaxed
        self.lister = Lister()
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            full = ["-p", "plimsoll_pytest.plugin", *relaxed, *args, "--collect-only", "-qq"]
            self.status = int(pytest.main(full, plugins=[self.lister]))
        self.said = said.getvalue()

    @property
    def complete(self) -> bool:
        return self.status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)

    def why(self) -> str:
        """The line that says best what went wrong."""
        text = "\n".join(self.lister.errors) or self.said
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        told = [line[2:].strip() for line in lines if line.startswith("E ")] or lines
        blamed = [line for line in told if "error" in line.lower() and "usage:" not in line]
        return (blamed or told[-1:] or [f"pytest ended with status {self.status}"])[0]


def list_files(args: Sequence[str]) -> Dict[str, Any]:
    """Return the listing for these pytest arguments, with as much of the project's configuration as works."""
    failures: List[str] = []
    best: Optional[Attempt] = None
    first: Optional[int] = None
    for relaxed in RELAXED:
        attempt = Attempt(args, relaxed)
        if attempt.complete:
            return _listing(attempt, failures)
        first = attempt.status if first is None else first
        if best is None or len(attempt.lister.paths) > len(best.lister.paths):
            best = attempt
        failures.append(_failure(attempt))
    assert best is not None
    if best.lister.paths:
        return _listing(best, failures)
    return {"rootdir": _text(best.lister.rootdir), "files": [], "warnings": failures[1:], "markers": [],
            "error": failures[0], "status": first}


def _failure(attempt: Attempt) -> str:
    options = " ".join(attempt.relaxed)
    prefix = f"with {options}: " if options else ""
    return f"{prefix}pytest could not collect: {attempt.why()}"


def _listing(attempt: Attempt, failures: Sequence[str]) -> Dict[str, Any]:
    lister = attempt.lister
    rootdir = lister.rootdir or Path.cwd()  # pytest had nothing to collect, `--version` for instance
    warnings = list(failures)
    if attempt.relaxed:
        warnings.append(f"listed with {' '.join(attempt.relaxed)}; ignore rules left out that way do not count")
    files = []
    for path in lister.paths:
        relative = Path(os.path.relpath(path, rootdir)).as_posix()
        try:
            marks = marks_of(path)
        except UnreadableMarks as problem:
            warnings.append(f"{relative}: {problem}; its marks are unknown")
            marks = []
        files.append({"path": relative, "marks": marks})
    files.sort(key=lambda entry: os.fsencode(str(entry["path"])))
    return {"rootdir": str(rootdir), "files": files, "warnings": warnings, "markers": lister.markers}


def _text(path: Optional[Path]) -> Optional[str]:
    return None if path is None else str(path)


def main() -> int:
    """Print the listing of the command line's arguments; 4 when pytest cannot list at all."""
    listing = list_files(sys.argv[1:])
    sys.stdout.write(json.dumps(listing) + "\n")
    sys.stdout.flush()
    return 4 if "error" in listing else 0


if __name__ == "__main__":
    sys.exit(main())
