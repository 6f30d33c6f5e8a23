"""A trace of a run in a viewer that others wrote."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from test_pytest_option import HOME, environment

NODE_TESTS = HOME / "src/test/node"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.skipif(not (NODE_TESTS / "node_modules").is_dir(), reason="bin/setup-web did not run in this checkout")
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_speedscope_shows_a_track_for_each_worker(project: Path) -> None:
    (project / "test_life.py").write_text("""
import os, time, pytest
@pytest.mark.parametrize("number", range(8))
def test_waits(number): time.sleep(0.05)
def test_dies(): os.kill(os.getpid(), 9)
""")
    subprocess.run([HOME / "plimsoll", "run", "-n", "2", "--trace-file", "trace.json"], cwd=project, env=environment(), capture_output=True, timeout=300)
    names = {event["args"]["name"] for event in json.loads((project / "trace.json").read_text())["traceEvents"] if event["name"] == "thread_name"}
    assert len(names) >= 2
    done = subprocess.run(["node", NODE_TESTS / "speedscope.mjs", project / "trace.json", str(CHROMIUM)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["complaints"] == []
    assert {track.split("), ")[1].split(" ")[0] for track in shown["tracks"]} == names, shown["tracks"]
