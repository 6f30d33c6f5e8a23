"""The suites that are measured: copies of tests of installed packages, and generated ones."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CONFIG = """\
# One group, so that every engine sees the same suite in one piece.
[groups]
order = ["all"]
"""


@dataclass(frozen=True)
class Suite:
    """A suite as a project of its own.

    field: what kind of suite it is, in words
    arguments: of pytest; with `--pyargs` the tests are those of an installed package
    """

    name: str
    workers: tuple[int, ...]
    fill: Callable[[Path], None] = lambda project: None
    field: str = "generated"
    arguments: tuple[str, ...] = ()


def package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"the package {name} is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def copied(parts: dict[str, list[str]]) -> Callable[[Path], None]:
    """Copies of test folders, or of some files of them: `{"package": ["folder/tests/a.py"]}`."""

    def fill(folder: Path) -> None:
        for name, paths in parts.items():
            for path in paths:
                source = package(name) / path
                target = folder / f"{name}_tests" / path.replace("/tests", "")
                if source.is_dir():
                    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, target)
                    copy_beside(source, target)
        add_packages(folder)

    return fill


def copy_beside(source: Path, target: Path) -> None:
    for beside in (source.parent / "data", source.parent / "conftest.py"):
        place = target.parent / beside.name
        if beside.is_dir() and not place.exists():
            shutil.copytree(beside, place)
        elif beside.is_file():
            shutil.copy(beside, place)


def add_packages(folder: Path) -> None:
    for path in [p for p in folder.rglob("*") if p.is_dir()]:
        (path / "__init__.py").touch()


def import_heavy(folder: Path) -> None:
    """Modules that need half a gigabyte of objects which an import makes."""
    (folder / "stock.py").write_text(
        "ROWS = [(i, str(i), float(i)) for i in range(2_900_000)]\n"
    )
    for file in range(20):
        lines = ["import pytest", "from stock import ROWS", ""]
        lines += ["", '@pytest.mark.parametrize("row", range(20))', "def test_row(row):"]
        lines += [f"    number = {file} * 1000 + row", "    assert ROWS[number][0] == number"]
        lines += ["    assert sum(ROWS[i][0] for i in range(number, number + 5000)) > 0", ""]
        (folder / f"test_stock_{file:02}.py").write_text("\n".join(lines))
    (folder / "conftest.py").write_text("import stock  # noqa: F401\n")


def sleep_bound(folder: Path) -> None:
    """1,800 tests that sleep 1 to 50 ms, always the same."""
    for file in range(18):
        lines = ["import time", "import pytest", ""]
        lines += ["", '@pytest.mark.parametrize("number", range(100))', "def test_wait(number):"]
        lines += [f"    time.sleep((1 + (number * 37 + {file} * 11) % 50) / 1000)", ""]
        (folder / f"test_wait_{file:02}.py").write_text("\n".join(lines))


# Generated, or small parts of packages: they show one trait each.
SUITES = [
    Suite("networkx-classes", (2, 4), copied({"networkx": ["classes/tests"]})),
    Suite(
        "numpy-files",
        (2, 4),
        copied(
            {
                "numpy": [
                    "lib/tests/test_function_base.py",
                    "lib/tests/test_nanfunctions.py",
                    "lib/tests/test_arraypad.py",
                ]
            }
        ),
    ),
    Suite(
        "sympy-files",
        (2, 4),
        copied(
            {
                "sympy": [
                    "core/tests/test_expr.py",
                    "core/tests/test_function.py",
                ]
            }
        ),
    ),
    Suite("import-heavy", (2, 4), import_heavy),
    Suite("sleep-bound", (2, 4, 8), sleep_bound),
]

ALL_LEVELS = (1, 2, 4, 8)


def installed(name: str, field: str, *modules: str, more: tuple[str, ...] = ()) -> Suite:
    return Suite(name, ALL_LEVELS, field=field, arguments=("--pyargs", *modules, *more))


# Chosen before they were measured. None is replaced because of its figures.
REAL = [
    installed("scikit-learn", "numeric, BLAS and OpenMP", "sklearn.decomposition.tests"),
    installed("sympy", "symbolic", "sympy.core.tests.test_arit", "sympy.core.tests.test_expr", "sympy.sets.tests"),
    installed("networkx", "graphs in pure Python", "networkx.algorithms.tests"),
    installed("tornado", "web", "tornado.test"),
    installed("pandas-sql", "database", "pandas.tests.io.test_sql", more=("-k", "sqlite and not adbc")),
    installed("trio", "async", "trio._core._tests", "trio._tests.test_sync", "trio._tests.test_threads", more=("-p", "trio._tests.pytest_plugin")),
    installed("joblib", "subprocesses", "joblib.test.test_parallel", more=("-k", "multiprocessing")),
    installed("shapely", "tiny tests", "shapely.tests"),
    installed("statsmodels", "long fixtures", "statsmodels.discrete.tests.test_discrete"),
]

MEASURED = REAL + SUITES

COMPARED = [
    Suite("networkx", (1, 2, 4), copied({"networkx": ["classes/tests", "algorithms/tests"]})),
    Suite(
        "sympy",
        (1, 2, 4),
        copied({"sympy": ["core/tests/test_expr.py", "core/tests/test_arit.py", "sets/tests"]}),
    ),
    Suite("numpy", (1, 2, 4), copied({"numpy": ["lib/tests/test_function_base.py", "linalg/tests"]})),
]


def make(suite: Suite, folder: Path) -> Path:
    """Write a suite as a project of its own."""
    project = folder / suite.name
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    suite.fill(project)
    (project / "plimsoll.toml").write_text(CONFIG)
    (project / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    return project
