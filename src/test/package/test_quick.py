"""The wheel as users install it. A part of bin/test; the whole of it is bin/package-test."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import List

import pytest

from installed import bare, environment_of, example, needs_root, wheel


@needs_root
def test_wheel_without_java_as_an_ordinary_user(place: Path) -> None:
    venv, project = environment_of(place, "pytest-plimsoll"), example(place)
    assert bare(project, "java", "-version").returncode == 127
    version = bare(project, venv / "bin" / "plimsoll", "--version")
    assert version.stdout.split() == ["plimsoll", wheel().name.split("-")[1]]
    ran = bare(project, venv / "bin" / "plimsoll", "run", "--json")
    document = json.loads(ran.stdout)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr
    assert str(venv) in ran.stderr  # the environment is not activated
    assert len(document["tests"]) == 207
    report = bare(project, venv / "bin" / "plimsoll", "report", "--html", "report.html")
    assert report.returncode == 0 and (project / "report.html").stat().st_size > 100_000, report.stderr
    option = bare(project, venv / "bin" / "python", "-m", "pytest", "--plimsoll", "tests/test_cart.py")
    plain = bare(project, venv / "bin" / "python", "-m", "pytest", "tests/test_cart.py")
    assert (option.returncode, plain.returncode) == (0, 0), option.stdout + option.stderr
    assert option.stdout.splitlines()[-1].split(" in ")[0] == plain.stdout.splitlines()[-1].split(" in ")[0]
    assert ", budget " in option.stderr


WAITS = """
import os, pytest, time

@pytest.mark.parametrize("number", range(20))
def test_waits(number):
    open("begun", "w").close()
    while not os.path.exists("go"): time.sleep(0.02)
"""


@pytest.mark.parametrize("command", [["plimsoll", "run"], ["python", "-m", "pytest", "--plimsoll"]])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_lets_the_running_test_end(place: Path, command: List[str], name: str) -> None:
    """The runtime of the package sees signals as the JDK does."""
    venv = environment_of(place, "pytest-plimsoll")
    (place / "test_waits.py").write_text(WAITS)
    run = subprocess.Popen(
        [venv / "bin" / command[0], *command[1:]], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(place), "PLIMSOLL_WORKERS": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # a shell ignores it in what it starts in the background
    try:
        until(run, place / "begun")
        run.send_signal(getattr(signal, name))
        printed = ""
        while "interrupted: waiting for the running test" not in printed:
            line = run.stdout.readline()  # type: ignore[union-attr]
            assert line, printed
            printed += line
        (place / "go").touch()
        printed += run.communicate(timeout=120)[0]
    finally:
        run.kill()
    assert run.returncode == 2 and " passed" in printed, printed
    assert re.search(r"not run +\d+ tests?: interrupted", printed), printed


def until(run: "subprocess.Popen[str]", file: Path) -> None:
    deadline = time.monotonic() + 120
    while not file.exists():
        assert run.poll() is None and time.monotonic() < deadline, "it has not begun"
        time.sleep(0.02)


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server: install the package redis-server")
def test_the_runtime_of_the_package_reaches_a_board(place: Path) -> None:
    """Parts of the client for Redis are left out of the package."""
    venv = environment_of(place, "pytest-plimsoll")
    (place / "test_two.py").write_text("def test_a(): pass\ndef test_b(): assert 0\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = subprocess.Popen(["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", place, "--save", ""], stdout=subprocess.DEVNULL)
    try:
        url, user = f"redis://127.0.0.1:{port}/run", {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(place)}
        plimsoll = venv / "bin/plimsoll"
        for line, code in ((["run", "--join", url], 1), (["board", "status", url], 0), (["finish", url, "--json"], 1)):
            ran = subprocess.run([plimsoll, *line], cwd=place, env=user, capture_output=True, text=True, timeout=120)
            assert ran.returncode == code, ran.stdout + ran.stderr
        outcomes = {test["id"]: test["outcome"] for test in json.loads(ran.stdout)["tests"]}
        assert outcomes == {"test_two.py::test_a": "passed", "test_two.py::test_b": "failed"}
    finally:
        store.terminate()
        store.wait()
