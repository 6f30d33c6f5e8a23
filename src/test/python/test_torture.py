"""bin/torture in its short form: memory hogs of unknown size under a hard limit, real kernel kills."""

import json
import subprocess
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[3]
NO_CONTROL_GROUPS = 3


def torture(*options):
    done = subprocess.run(
        [str(HOME / "bin" / "torture"), "--json", *options], capture_output=True, text=True
    )
    if done.returncode == NO_CONTROL_GROUPS:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_bomb_is_red_for_want_of_memory_and_takes_nobody_with_it():
    figures = torture("--bombs", "1", "--speed", "0.5", "--workers", "3")
    contained, bare = figures["rows"]
    assert contained["faults"] == []
    assert contained["killsByOuterLimit"] == 0
    assert "memory" in contained["verdict"]
    assert "memory" in bare["verdict"]
    assert not [fault for fault in bare["faults"] if "test_beside" in fault]


def test_only_contained_workers_are_killed_and_every_outcome_is_right():
    figures = torture("--suites", "3", "--seed", "108", "--no-xdist", "--no-oracle")
    assert figures["total"]["wrongSuites"] == 0
    assert figures["total"]["killsByOuterLimit"] == 0  # else Plimsoll itself would be in danger
    assert figures["total"]["kills"] + figures["total"]["preemptions"] > 0
