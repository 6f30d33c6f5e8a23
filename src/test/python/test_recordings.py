"""The runs that the documentation shows look as it shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

import recordings
from recorder import plain, screen
from terminal_window import AVAILABLE


@pytest.mark.skipif(not AVAILABLE, reason="no tmux")
@pytest.mark.parametrize("scenario", [one for one in recordings.SCENARIOS if one.name != "calibration"], ids=lambda one: one.name)
def test_a_run_looks_as_in_the_documentation(tmp_path: Path, scenario: recordings.Scenario) -> None:
    """All but the calibration: it takes a minute, and how often it measures a level depends on what else the machine does."""
    recording = recordings.run(scenario, tmp_path)
    shown = (recordings.FOLDER / f"{scenario.name}.txt").read_text(encoding="utf-8")
    assert recordings.expected(recording) == shown, "bin/recordings writes it anew"


@pytest.mark.skipif(not AVAILABLE, reason="no tmux")
def test_after_a_hundred_failures_a_screenful_follows(tmp_path: Path) -> None:
    """20,000 failures print what 300 do: the hundredth with its text, then at most a screen of 24 lines."""
    suite = "import pytest\n@pytest.mark.parametrize('n', range(300))\ndef test_fails(n): assert n < 0\n"
    scenario = recordings.Scenario("many", "", "plimsoll run -n 2", {"plimsoll.toml": "", "tests/test_many.py": suite})
    lines = plain(screen(recordings.run(scenario, tmp_path)))
    assert sum(line.startswith("FAILED tests/") for line in lines) == 100
    after = lines[lines.index("100 failures are shown above; further ones are only counted here"):]
    assert len(after) <= 24 and any("history show" in line for line in after), after


def test_every_picture_is_shown() -> None:
    page = (recordings.HOME / "docs/pictures.md").read_text(encoding="utf-8")
    pictures = {path.name for path in recordings.FOLDER.glob("*.svg")}
    assert {f"{scenario.name}.svg" for scenario in recordings.SCENARIOS} <= pictures
    assert all(f"](recordings/{name})" in page for name in pictures)
