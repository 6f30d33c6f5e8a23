"""Tests that misbehave: each gets its own right outcome, and the rest of the run goes on."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any, Dict

import pytest

from driver import Message, Run
from test_fork import serial, write

#: Tests around the bad one: they must all run, once each.
NEIGHBOURS = """
import os, sys, time, signal, subprocess, ctypes, pytest
@pytest.mark.parametrize("x", range(6))
def test_before(x): pass

{bad}

@pytest.mark.parametrize("x", range(6))
def test_after(x): print("fine")
"""


def outcome_of(project: Path, bad: str, engine: str = "fork", **options: Any) -> Run:
    """Run the bad test among its neighbours, and check these."""
    (project / "test_it.py").write_text(NEIGHBOURS.format(bad=bad), encoding="utf-8")
    run = Run(project, engine=engine, batch=3, **options).complete()
    neighbours = {name: outcome for name, outcome in run.outcomes.items() if "test_bad" not in name}
    assert len(neighbours) == 12 and set(neighbours.values()) == {"passed"}
    return run


def bad_of(run: Run) -> Dict[str, str]:
    return {name.split("::", 1)[1]: outcome for name, outcome in run.outcomes.items() if "test_bad" in name}


def death(run: Run) -> Message:
    deaths = [message for message in run.of("gone") if not message["expected"]]
    assert len(deaths) == 1
    return deaths[0]


@pytest.mark.parametrize("status", [0, 1, 42, 137])
def test_a_test_that_exits_the_process(project: Path, engine: str, status: int) -> None:
    run = outcome_of(project, f"def test_bad(): os._exit({status})", engine)
    assert bad_of(run) == {"test_bad": "crashed"}
    gone = death(run)
    assert (gone["signal"], gone["status"], gone["phase"]) == (None, status, "call")
    assert run.items[gone["item"]]["id"].endswith("test_bad")
    assert run.status == 1 and "1 failed (1 crashed), 12 passed" in run.printed


def test_a_test_that_segfaults_leaves_its_stack(project: Path, engine: str) -> None:
    run = outcome_of(project, "def test_bad():\n    print('last', flush=True); ctypes.string_at(0)", engine)
    assert bad_of(run) == {"test_bad": "crashed"}
    gone = death(run)
    assert gone["signal"] == signal.SIGSEGV and gone["status"] is None
    assert "Segmentation fault" in gone["stack"] and "test_it.py" in gone["stack"]
    assert gone["output"] == "last\n"


@pytest.mark.parametrize("phase", ["setup", "call", "teardown"])
def test_a_killed_test_is_known_with_its_phase(project: Path, phase: str) -> None:
    kill = "os.kill(os.getpid(), signal.SIGKILL)"
    actions = {name: kill if name == phase else "pass" for name in ("setup", "call", "teardown")}
    run = outcome_of(project, "@pytest.fixture\ndef it():\n    {setup}\n    yield\n    {teardown}\n"
                              "def test_bad(it): {call}".format(**actions))
    assert bad_of(run) == {"test_bad": "crashed"}
    assert (death(run)["signal"], death(run)["phase"]) == (signal.SIGKILL, phase)


@pytest.mark.parametrize("bad", [
    "os.close(1)",
    "os.close(1); os.close(2); os.close(0)",
    "os.write(1, b'\\xff\\xfe\\x00' * 1000)",
    "sys.stdout.write('\\udcff lone')",
    "sys.stdout = None",
    "sys.stdout = sys.stderr = object()",
    "os.chdir('/')",
    "os.setpgid(0, 0) if os.getpid() != os.getpgid(0) else None",
    "os.environ.clear()",
])
def test_harmless_mischief_passes_as_in_serial_pytest(project: Path, engine: str, bad: str) -> None:
    plain = "def test_bad():\n    " + bad
    (project / "test_alone.py").write_text("import os, sys\n" + plain + "\ndef test_bad_next(): print('x')\n")
    expected = serial(project, "test_alone.py").stdout.rstrip().splitlines()[-1]
    (project / "test_alone.py").unlink()
    run = outcome_of(project, plain + "\ndef test_bad_next(): print('x')", engine)
    assert bad_of(run)["test_bad_next"] in ("passed", "error")
    if "2 passed" in expected:
        assert bad_of(run) == {"test_bad": "passed", "test_bad_next": "passed"}


def test_a_flood_of_output(project: Path) -> None:
    run = outcome_of(project, "def test_bad():\n    for _ in range(100): print('x' * (1 << 20))\n    assert 0")
    assert bad_of(run) == {"test_bad": "failed"}
    text = next(message["text"] for message in run.of("done") if message["outcome"] == "failed")
    assert "characters left out" in text and len(text) < 2 << 20


def test_a_child_that_outlives_its_worker_keeps_nobody_waiting(project: Path, engine: str) -> None:
    run = outcome_of(project, """
def test_bad_lingering():
    if os.fork() == 0:
        time.sleep(600)
def test_bad_death():
    if os.fork() == 0:
        time.sleep(600)
    os._exit(3)
""", engine, workers=1)
    assert bad_of(run) == {"test_bad_lingering": "passed", "test_bad_death": "crashed"}
    left = _strays(run)
    assert len(left) <= 1  # the dead worker's child is killed with its group; the other is Java's to find
    for pid in left:
        os.kill(pid, signal.SIGKILL)


def _strays(run: Run) -> Any:
    groups = {message["pid"] for message in run.of("worker")}
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                if os.getpgid(int(entry)) in groups and "Z" not in Path(f"/proc/{entry}/stat").read_text().split(")")[1]:
                    found.append(int(entry))
            except (OSError, ProcessLookupError):
                pass
    return found


def test_a_forked_child_that_returns_reports_nothing(project: Path, engine: str) -> None:
    run = outcome_of(project, """
def test_bad_parent():
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
    else:
        assert 0, "in the child"
""", engine)
    assert bad_of(run) == {"test_bad_parent": "passed"}


@pytest.mark.parametrize("bad, outcome", [
    ("sys.exit(3)", "failed"),
    ("raise BaseException('bare')", "failed"),
    ("def deep(): deep()\n    deep()", "failed"),
    ("class E(Exception):\n        def __str__(self): raise ValueError\n        __repr__ = __str__\n    raise E", "failed"),
    ("class X:\n        def __repr__(self): raise ValueError\n    x = X(); assert x == 1", "failed"),
    ("raise Exception('\\udcff\\ud800 lone', b'\\xff')", "failed"),
    ("import warnings; warnings.warn(type('W', (UserWarning,), {})(object(), lambda: 0))", "passed"),
])
def test_odd_failures(project: Path, engine: str, bad: str, outcome: str) -> None:
    run = outcome_of(project, "def test_bad():\n    " + bad, engine)
    assert bad_of(run) == {"test_bad": outcome}


def test_properties_reach_the_junit_file_as_in_serial_pytest(project: Path, engine: str) -> None:
    bad = ("import enum\nclass Colour(enum.Enum):\n    RED = 1\n"
           "def test_bad(record_property):\n    record_property('colour', Colour.RED)\n"
           "    record_property('tuple', (1, b'x'))\n    record_property('number', 1.5)\n")
    (project / "test_alone.py").write_text(bad)
    serial(project, "test_alone.py", "--junitxml=plain.xml")
    (project / "test_alone.py").unlink()
    outcome_of(project, bad, engine, args=["--junitxml=ours.xml"])
    for name in ("colour", "tuple", "number"):
        lines = [next(part for part in (project / file).read_text().split("<") if f'name="{name}"' in part)
                 for file in ("plain.xml", "ours.xml")]
        assert lines[0] == lines[1]


def test_odd_ids(project: Path, engine: str) -> None:
    ids = ["a b", "ünï", "a::b", "line\\nbreak", "x" * 300, "\\ud800", "[", "", "\\x00", "'\"", "🙂"]
    run = outcome_of(project, f"@pytest.mark.parametrize('x', range({len(ids)}), ids={ids!r})\n"
                              "def test_bad(x): pass".replace("\\\\", "\\"), engine)
    assert len(bad_of(run)) == len(ids) and set(bad_of(run).values()) == {"passed"}


def test_keyboard_interrupt_in_a_test_stops_the_run(project: Path, engine: str) -> None:
    write(project, test_a="def test_one(): raise KeyboardInterrupt\ndef test_two(): pass\n")
    run = Run(project, engine=engine, workers=1, batch=2).complete()
    plain = serial(project)
    assert run.status == plain.returncode == 2
    assert run.outcomes == {}
    assert [0] in [dropped["items"] for dropped in run.of("dropped")]
    where = f"{project}/test_a.py:1: KeyboardInterrupt\n"
    assert where in plain.stdout and where in run.printed


def test_pytest_exit_keeps_its_return_code(project: Path, engine: str) -> None:
    write(project, test_a="import pytest\ndef test_one(): pytest.exit('enough', returncode=77)\ndef test_two(): pass\n")
    run = Run(project, engine=engine, workers=1, batch=2).complete()
    assert run.status == serial(project).returncode == 77
    assert run.of("stop")[0]["reason"] == "enough" and "enough" in run.printed


def test_an_error_in_a_hook_is_an_internal_error(project: Path, engine: str) -> None:
    write(project, test_a="def test_one(): pass\n",
          conftest="def pytest_runtest_logstart(nodeid):\n    if 'one' in nodeid: raise ValueError('broken hook')\n")
    run = Run(project, engine=engine, workers=1).complete()
    assert run.status == serial(project).returncode == 3
    assert "broken hook" in run.printed
