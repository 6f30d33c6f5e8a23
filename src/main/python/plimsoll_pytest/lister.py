"""The plugin that notes the test files of a collection, and keeps them from being imported."""

from __future__ import annotations

import fnmatch
import os
import traceback
from pathlib import Path
from typing import Any, Dict, Generator, List, Optional, Sequence

import pytest

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

    def pytest_internalerror(self, excinfo: Any) -> None:
        self.errors.append(told(excinfo.value))

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


def told(problem: BaseException) -> str:
    """An exception on one line, with the line of the conftest that it came from."""
    text = " ".join(traceback.format_exception_only(type(problem), problem)[-1].split())
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.name == "<module>"]
    conftests = [frame for frame in frames if os.path.basename(frame.filename) == "conftest.py"]
    return f"{text} ({os.path.relpath(conftests[-1].filename)}:{conftests[-1].lineno})" if conftests else text
