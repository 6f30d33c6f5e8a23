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
    expected = (recordings.FOLDER / f"{scenario.name}.txt").read_text(encoding="utf-8")
    assert recordings.without_figures(plain(screen(recording))) + "\n" == expected, "bin/recordings writes it anew"


def test_every_picture_is_shown() -> None:
    page = (recordings.HOME / "docs/pictures.md").read_text(encoding="utf-8")
    pictures = {path.name for path in recordings.FOLDER.glob("*.svg")}
    assert {f"{scenario.name}.svg" for scenario in recordings.SCENARIOS} <= pictures
    assert all(f"](recordings/{name})" in page for name in pictures)
