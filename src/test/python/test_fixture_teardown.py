"""What is torn down behind a worker's last test: in the project's warning filters, as all else."""

from __future__ import annotations

from pathlib import Path

from driver import Run
from test_fork import write

WARNING_AT_THE_END = """
    import pytest, warnings
    @pytest.fixture(scope="session")
    def whole():
        yield
        warnings.warn("left open", UserWarning)
    def test_one(whole): pass
"""


def test_a_warning_when_a_session_fixture_ends_is_told(project: Path, engine: str) -> None:
    write(project, test_late=WARNING_AT_THE_END)
    run = Run(project, workers=1, engine=engine).complete()
    assert run.outcomes == {"test_late.py::test_one": "passed"}
    assert "UserWarning: left open" in run.printed and "1 passed, 1 warning" in run.printed


def test_a_warning_that_is_an_error_is_one_also_when_a_session_fixture_ends(project: Path, engine: str) -> None:
    write(project, test_late=WARNING_AT_THE_END)
    run = Run(project, args=["-W", "error"], workers=1, engine=engine).complete()
    assert run.outcomes == {"test_late.py::test_one": "passed+late"}
    assert "UserWarning: left open" in run.of("late")[0]["text"] and run.status == 1


def test_without_the_plugin_for_warnings_they_are_nobodys(project: Path, engine: str) -> None:
    write(project, test_late=WARNING_AT_THE_END)
    run = Run(project, args=["-p", "no:warnings"], workers=1, engine=engine).complete()
    assert run.outcomes == {"test_late.py::test_one": "passed"} and run.status == 0
