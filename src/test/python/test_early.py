"""An interpreter that is started early is, once it has its order, what `python -m pytest` is."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest
from driver import WAITING, Run, known, order, start_early

ODD = ["-k", "facts or ünïcode", "--override-ini", "markers=odd: a\nb", "-p", "no:cacheprovider", "-q"]
VARIABLES = {"_PLIMSOLL_ENGINE": "fork", "ODD": "a=b\nünïcode"}

FACTS = """\
import json, multiprocessing, os, resource, signal, sys

def open_elsewhere(fd):
    try:
        return os.readlink(f"/proc/self/fd/{fd}").endswith("leaked")
    except OSError:
        return False

def other(queue):
    queue.put([sorted(vars(sys.modules["__main__"])), sys.path, sys.argv])

def test_facts(request):
    main = sys.modules["__main__"]
    queue = multiprocessing.get_context("spawn").Queue()
    child = multiprocessing.get_context("spawn").Process(target=other, args=(queue,))
    child.start()
    facts = {
        "argv": sys.argv, "orig": getattr(sys, "orig_argv", []), "path": sys.path, "flags": str(sys.flags),
        "cwd": os.getcwd(),
        "main": [main.__name__, main.__file__, main.__package__, main.__spec__.name, sorted(vars(main))],
        "stdin": [os.read(0, 10).decode(), os.isatty(0), os.readlink("/proc/self/fd/0")],
        "files": sorted(fd for fd in map(int, os.listdir("/proc/self/fd")) if fd > 2 and open_elsewhere(fd)),
        "limit": resource.getrlimit(resource.RLIMIT_NOFILE),
        "signals": {number: str(signal.getsignal(number)) for number in signal.valid_signals()},
        "environ": {name: os.environ[name] for name in sorted(os.environ)
                    if name not in ("PYTEST_CURRENT_TEST", "PWD", "OLDPWD", "_")},  # the last three a shell's
        "args": request.config.invocation_params.args,
        "multiprocessing": queue.get(timeout=60),
    }
    child.join()
    with open(os.environ["FACTS"], "w") as file:
        json.dump(facts, file)
"""


def as_java_sets_it() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def the_usual_way(folder: Path, arguments: List[str], facts: Path, output: Any) -> int:
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=folder, env={**known({"FACTS": str(facts)}), **VARIABLES},
        stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, preexec_fn=as_java_sets_it).returncode


def early(folder: Path, arguments: List[str], facts: Path, output: Any) -> int:
    return start_early(sys.executable, folder, arguments, known({"FACTS": str(facts)}), VARIABLES, output).wait()


def from_a_shell(folder: Path, arguments: List[str], facts: Path, output: Any) -> int:
    """As the launcher script does: in the background, its orders in a pipe that another process keeps open."""
    read, write = os.pipe()
    try:
        os.write(write, order(arguments, VARIABLES))
        return subprocess.run(
            ["sh", "-c", 'ulimit -Sn 256; exec 3<&0 7>leaked; "$1" -c "$2" <&3 3<&- & wait $!', "sh", sys.executable,
             WAITING], cwd=folder,
            env=known({"FACTS": str(facts)}), stdin=read, stdout=output, stderr=subprocess.STDOUT).returncode
    finally:
        os.close(read)
        os.close(write)


def test_it_sees_what_m_pytest_sees(project: Path, tmp_path: Path) -> None:
    (project / "test_facts.py").write_text(FACTS)
    seen = {}
    for way in (the_usual_way, early, from_a_shell):
        with (tmp_path / f"{way.__name__}.out").open("w+b") as output:
            status = way(project, ODD, tmp_path / "facts", output)
            output.seek(0)
            assert status == 0, output.read().decode()
        seen[way.__name__] = json.loads((tmp_path / "facts").read_text())
        (tmp_path / "facts").unlink()
    assert seen["early"] == seen["the_usual_way"]
    assert seen["from_a_shell"] == seen["the_usual_way"]
    assert seen["early"]["argv"][1:] == ODD
    assert seen["early"]["files"] == []


@pytest.mark.parametrize("broken", [
    {"_pytest/__init__.py": "raise ImportError('pytest is broken here')"},
    {"_pytest/__init__.py": "", "_pytest/config.py": "1 / 0", "pytest/__init__.py": "", "pytest/__main__.py": "1 / 0"},
    {"conftest.py": "def nothing(:"},
])
def test_what_is_broken_is_said_when_pytest_is_run(project: Path, tmp_path: Path, broken: Dict[str, str]) -> None:
    for name, text in broken.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text)
    said = []
    for way in (the_usual_way, early):
        with (tmp_path / "out").open("w+b") as output:
            status = way(project, [], tmp_path / "facts", output)
            output.seek(0)
            said.append((status, output.read().decode().splitlines()[-1]))
    assert said[0] == said[1]
    assert said[0][0] != 0


def test_it_loads_what_a_session_needs(project: Path) -> None:
    shown = "import sys; from plimsoll_pytest import early; early._load(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", shown], cwd=project, env=known({}), capture_output=True, check=True).stdout.split()
    assert {b"_pytest.terminal", b"_pytest.python", b"_pytest.junitxml", b"plimsoll_pytest.forked"} <= set(loaded)
    assert b"plimsoll_pytest.plugin" not in loaded  # pytest would say that it cannot rewrite it


def test_a_host_that_is_started_the_usual_way_does_the_same(project: Path, engine: str) -> None:
    (project / "test_a.py").write_text("def test_a(): pass\ndef test_b(): assert 0\n")
    run = Run(project, engine=engine, early=False).complete()
    assert (run.status, sorted(run.outcomes.values())) == (1, ["failed", "passed"])


def test_without_an_order_it_ends_and_says_nothing(project: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WAITING], cwd=project, env=known({}), input=b"", capture_output=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, b"", b"")
