"""The listing of test files, against real projects on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict

import pytest

from conftest import SOURCES


def listing(project: Path, *args: str) -> Dict[str, Any]:
    environ = dict(os.environ, PYTHONPATH=str(SOURCES))
    ran = subprocess.run([sys.executable, "-m", "plimsoll_pytest.files", *args], cwd=project, env=environ,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


def write(project: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = project / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def paths(found: Dict[str, Any]) -> list:
    return [entry["path"] for entry in found["files"]]


def test_nothing_is_imported(project: Path) -> None:
    write(project, test_a="raise SystemExit(3)", sub__test_b="import missing_module\n")
    found = listing(project)
    assert paths(found) == ["sub/test_b.py", "test_a.py"]
    assert found["rootdir"] == str(project)
    assert found["warnings"] == []


def test_marks_come_from_the_text(project: Path) -> None:
    (project / "pytest.ini").write_text("[pytest]\nmarkers =\n  slow: takes long\n  load(n): how much\n")
    write(project, test_a=(
        "import pytest\nfrom pytest import mark\npytestmark = [pytest.mark.slow, mark.load(3)]\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.odd)])\ndef test_x(x): pass\n"
        "class TestY:\n    pytestmark: list = [mark.inner]\n"))
    found = listing(project)
    assert found["files"][0]["marks"] == ["inner", "load", "odd", "parametrize", "slow"]
    assert {"slow", "load", "skip"} <= set(found["markers"])


@pytest.mark.parametrize("text", [
    "import pytest\nperf = pytest.mark.heavy\n@perf\ndef test_x(): pass\n",
    "import pytest\nperf = pytest.mark.heavy(1)\npytestmark = perf\n",
    "import pytest\nm = pytest.mark\n@m.heavy\ndef test_x(): pass\n",
    "from pytest import mark as m\n@m.heavy\nclass TestX: pass\n",
    "import pytest\npytestmark = []\npytestmark.append(pytest.mark.heavy)\n",
    "import pytest\npytestmark = []\npytestmark += [pytest.mark.heavy]\n",
    "import pytest\nALL = [pytest.param(1, marks=pytest.mark.heavy)]\n"
    "@pytest.mark.parametrize('x', ALL)\ndef test_x(x): pass\n",
    "import pytest\na = pytest.mark.heavy\nb = [a, *b]\npytestmark = b\n",
])
def test_names_stand_for_their_marks(project: Path, text: str) -> None:
    write(project, test_a=text)
    assert "heavy" in listing(project)["files"][0]["marks"]


def test_a_mark_that_nothing_has_is_none(project: Path) -> None:
    write(project, test_a="import pytest\nunused = pytest.mark.heavy\ndef test_x(): unused\n")
    assert listing(project)["files"][0]["marks"] == []


def test_settings_and_conftests_decide(project: Path) -> None:
    (project / "pytest.ini").write_text(
        "[pytest]\ntestpaths = tests\npython_files = check_*.py\nnorecursedirs = skipped\n"
        "addopts = --ignore=tests/given -n 4 --dist loadfile\n")
    write(project, tests__check_a="", tests__test_b="", tests__skipped__check_c="", other__check_d="",
          tests__given__check_e="", tests__listed__check_f="", tests__globbed__check_g="", tests__hooked__check_h="",
          tests__conftest="collect_ignore = ['listed']\ncollect_ignore_glob = ['glob*']\n",
          conftest="def pytest_ignore_collect(collection_path): return collection_path.name == 'hooked' or None\n")
    assert paths(listing(project)) == ["tests/check_a.py"]
    assert paths(listing(project, "other")) == ["other/check_d.py"]


def test_packages_count_by_their_tests(project: Path) -> None:
    write(project, pack__test_a="", pack__deep__test_b="", pack__plain="")
    for folder in ("pack", "pack/deep"):
        (project / folder / "__init__.py").write_text("raise ImportError('not to be imported')\n")
    assert paths(listing(project)) == ["pack/deep/test_b.py", "pack/test_a.py"]
    (project / "pytest.ini").write_text("[pytest]\npython_files = *.py\n")
    assert paths(listing(project)) == [
        "pack/__init__.py", "pack/deep/__init__.py", "pack/deep/test_b.py", "pack/plain.py", "pack/test_a.py"]


def test_node_ids_select_their_file(project: Path) -> None:
    write(project, test_a="", test_b="")
    assert paths(listing(project, "test_a.py::test_x", "test_a.py::test_y")) == ["test_a.py"]


def test_a_syntax_error_is_listed_and_said(project: Path) -> None:
    write(project, test_a="pytestmark = []\ndef broken(:\n", test_b="def broken(:\n")
    found = listing(project)
    assert paths(found) == ["test_a.py", "test_b.py"]
    assert "test_a.py: syntax error in line 2" in found["warnings"][0]


def test_a_broken_conftest_is_left_out_with_a_warning(project: Path) -> None:
    write(project, conftest="import missing_module\n", test_a="")
    found = listing(project)
    assert paths(found) == ["test_a.py"]
    [warning] = found["warnings"]
    assert "No module named 'missing_module'" in warning
    assert "without its conftests" in warning


def test_a_broken_conftest_further_down_too(project: Path) -> None:
    write(project, deep__conftest="import missing_module\n", deep__test_a="", test_b="")
    found = listing(project)
    assert paths(found) == ["deep/test_a.py", "test_b.py"]
    assert "No module named 'missing_module'" in found["warnings"][0]


@pytest.mark.parametrize("text, why", [
    ("pytest_plugins = ['nosuch_plugin']", "nosuch_plugin"),
    ("import pytest\npytest.importorskip('nosuch_module')", "nosuch_module"),
    ("import pytest\npytest.skip('not here', allow_module_level=True)", "not here"),
    ("import pytest\npytest.exit('no more')", "no more"),
    ("import sys\nsys.exit(3)", "SystemExit: 3 (conftest.py:2)"),
])
def test_a_conftest_that_leaves_is_left_out_with_one_warning(project: Path, text: str, why: str) -> None:
    write(project, conftest=text, test_a="")
    found = listing(project)
    assert paths(found) == ["test_a.py"]
    [warning] = found["warnings"]
    assert why in warning and "without its conftests" in warning


def test_a_conftest_further_down_that_leaves(project: Path) -> None:
    write(project, deep__conftest="import sys\nsys.exit(3)", deep__test_a="", test_b="")
    found = listing(project)
    assert paths(found) == ["deep/test_a.py", "test_b.py"]
    assert "SystemExit: 3" in found["warnings"][0]


@pytest.mark.parametrize("where", ["ini", "PYTEST_ADDOPTS", "PYTEST_PLUGINS"])
def test_a_missing_plugin_is_left_out_with_one_warning(
        project: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if where == "ini":
        (project / "pytest.ini").write_text("[pytest]\naddopts = -p nosuch_plugin\n")
    else:
        monkeypatch.setenv(where, "nosuch_plugin" if where == "PYTEST_PLUGINS" else "-p nosuch_plugin")
    write(project, test_a="")
    found = listing(project)
    assert paths(found) == ["test_a.py"]
    [warning] = found["warnings"]
    assert "nosuch_plugin" in warning and "without its options and plugins" in warning


def test_what_a_project_prints_is_not_the_list(project: Path) -> None:
    write(project, test_a="", conftest=(
        "import atexit, os\nprint('hello')\nos.write(1, b'raw')\natexit.register(print, 'bye')\n"))
    assert paths(listing(project)) == ["test_a.py"]


def test_options_of_a_missing_plugin_are_left_out_with_a_warning(project: Path) -> None:
    (project / "pytest.ini").write_text("[pytest]\naddopts = --option-of-no-plugin\n")
    write(project, test_a="")
    found = listing(project)
    assert paths(found) == ["test_a.py"]
    assert "--option-of-no-plugin" in found["warnings"][0]


def test_a_missing_path_is_an_error(project: Path) -> None:
    found = listing(project, "nowhere")
    assert found["files"] == []
    assert "nowhere" in found["error"]


def test_the_cache_is_left_alone(project: Path) -> None:
    write(project, test_a="def test_x(): assert 0\n")
    cached = project / ".pytest_cache/v/cache/lastfailed"
    cached.parent.mkdir(parents=True)
    cached.write_text('{"test_a.py": true, "test_b.py::test_y": true}')
    before = cached.read_text()
    assert paths(listing(project, "--lf")) == ["test_a.py"]
    assert cached.read_text() == before
