"""`plimsoll run` in a real terminal, the screen read back: nothing that pytest, a test or the shell prints is garbled."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

import terminal_window
from terminal_window import Window

HOME = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(not terminal_window.AVAILABLE, reason="tmux is not installed")

SUITE = """
import os, pytest, time

def test_first():
    print("日本語", "\\x1b[2J", "🚢")
    assert "load" == "line"

@pytest.mark.parametrize("name", ["船と港の名前が長い試験" * 6 + "🚢🚢" + "\\u202e" + "x" * 200])
def test_waits(name):
    while not os.path.exists("go"): time.sleep(0.05)
"""


@pytest.fixture(params=[80, 110, 200])
def window(request: pytest.FixtureRequest, project: Path) -> Iterator[Window]:
    (project / "test_a.py").write_text(SUITE, "utf-8")
    opened = Window(project, columns=getattr(request, "param", 80))
    yield opened
    opened.close()


def start(window: Window) -> None:
    window.type(f"{HOME / 'plimsoll'} run -n 1")
    window.wait(lambda: "1/2" in window.text() and "gw0" in window.lines()[-1])


def end(window: Window, project: Path) -> None:
    (project / "go").touch()
    window.wait(lambda: "FAILED: 1 failed, 1 passed" in window.text())


def test_the_block_fits_the_window_and_leaves_nothing(window: Window, project: Path) -> None:
    start(window)
    block = window.lines()[-4:]
    assert "1/2" in block[0] and "1 failed" in block[1] and block[2].startswith("memory ") and "…" in block[3]
    end(window, project)
    lines = window.lines()
    assert "日本語 \\x1b[2J 🚢" in lines and "E       AssertionError: assert 'load' == 'line'" in lines
    assert not [line for line in lines if "█" in line or "░" in line]
    assert sum("FAILED: 1 failed, 1 passed" in line for line in lines) == 1


@pytest.mark.parametrize("window", [80], indirect=True)
def test_a_window_that_changes_keeps_its_lines(window: Window, project: Path) -> None:
    start(window)
    for columns in (50, 140, 80):
        window.resize(columns, 24)
        window.wait(lambda: "test_a.py::" in window.lines()[-1])
    end(window, project)
    lines = window.lines()
    assert not [line for line in lines if line.startswith("memory ") and "measured" not in line]
    assert "E       AssertionError: assert 'load' == 'line'" in lines


@pytest.mark.parametrize("window", [110], indirect=True)
def test_what_the_shell_writes_while_it_is_stopped_stays(window: Window, project: Path) -> None:
    start(window)
    window.press("C-z")
    window.wait(lambda: "Stopped" in window.text())
    window.type("echo the shell was here")
    window.type("fg")
    window.wait(lambda: "test_a.py::" in window.lines()[-1])
    end(window, project)
    lines = window.lines()
    assert any("Stopped" in line for line in lines), "\n".join(lines)
    told = ["$ echo the shell was here", "the shell was here", "$ fg"]
    assert [line.strip() for line in lines if line.strip() in told] == told, window.text()
