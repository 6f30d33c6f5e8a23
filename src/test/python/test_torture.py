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


def test_only_contained_workers_are_killed_and_every_outcome_is_right():
    figures = torture("--suites", "3", "--seed", "108", "--no-xdist", "--no-oracle")
    assert figures["total"]["wrongSuites"] == 0
    assert figures["total"]["killsByOuterLimit"] == 0  # else Plimsoll itself would be in danger
    assert figures["total"]["kills"] + figures["total"]["preemptions"] > 0
