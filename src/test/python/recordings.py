"""Six runs as a user sees them, recorded from the real program: bin/recordings writes docs/recordings, test_recordings.py compares.

Of each run there is a text with the figures taken out (NAME.txt), and a picture (NAME.svg, and NAME-live.svg in the middle of the
run); docs/recordings/green.cast is played on the site.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Callable, Dict, List, NamedTuple, Optional

from recorder import Recording, picture, plain, record, screen

HOME = Path(__file__).resolve().parents[3]
FOLDER = HOME / "docs/recordings"

CART = """
import time
import pytest

@pytest.mark.parametrize("count", range(12))
def test_total_of(count):
    time.sleep(0.1)
    assert sum([2] * count) == 2 * count
"""
FAILING = {
    "plimsoll.toml": "",
    "tests/test_cart.py": CART,
    "tests/test_prices.py": """
def test_price_with_tax():
    print("tax of 7 %")
    assert round(10 * 1.07, 2) == 10.8
""",
    "tests/test_stock.py": """
import pytest

@pytest.fixture
def stock():
    raise ConnectionError("the stock database does not answer")

def test_stock_is_counted(stock):
    pass
""",
}
KILLED = {
    "plimsoll.toml": "",
    "tests/test_cart.py": CART,
    "tests/test_import.py": """
def test_import_of_everything():
    rows = []
    while True:
        rows.append(bytearray(b"x" * 8_000_000))
""",
}
WAITING = {
    "plimsoll.toml": "",
    "tests/test_pages.py": """
import time
import pytest

@pytest.mark.parametrize("page", range(40))
def test_page(page):
    time.sleep(0.2)
""",
}
#: From the thirteenth on they wait for Ctrl-C, so that it comes in the middle of the run however slow the machine is.
INTERRUPTED = {
    "plimsoll.toml": "",
    "tests/test_pages.py": """
import pathlib
import time
import pytest

@pytest.mark.parametrize("page", range(40))
def test_page(page):
    while page > 11 and not pathlib.Path("pressed").exists():
        time.sleep(0.1)
    time.sleep(0.2)
""",
}


class Scenario(NamedTuple):
    name: str
    title: str
    command: str
    files: Dict[str, str] = {}
    variables: Dict[str, str] = {}
    interrupt: Optional[Callable[[str], bool]] = None


SCENARIOS = [
    Scenario("green", "A run in which all tests pass", "plimsoll run"),
    Scenario("failing", "A run with a failure and an error", "plimsoll run -n 1", FAILING),
    Scenario("killed", "A test that needs more memory than the run may use", "plimsoll run -n 2 --memory 400m", KILLED),
    Scenario("interrupted", "Ctrl-C in the middle of a run", "plimsoll run -n 2", INTERRUPTED,
             interrupt=lambda written: re.search(r" 1\d/40", written) is not None),
    Scenario("ci", "The log of a CI job", "plimsoll run -n 1", FAILING, {"CI": "true"}),
    Scenario("calibration", "A calibration of the light group", "plimsoll calibrate light --levels 1,2,4", WAITING),
]


def run(scenario: Scenario, place: Path) -> Recording:
    """Run it in a new project below this folder."""
    project = place / "shop"
    shutil.copytree(HOME / "examples/shop", project, ignore=shutil.ignore_patterns(".plimsoll", "__pycache__"))
    if scenario.files:
        shutil.rmtree(project)
    for name, text in scenario.files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for folder in ("bin", "runtime"):
        (place / folder).mkdir(mode=0o700)
    (place / "bin/plimsoll").symlink_to(HOME / "plimsoll")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLIMSOLL", "_PLIMSOLL", "PYTEST", "CI", "GITHUB"))}
    variables = {**kept, "PATH": f"{place / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}", "XDG_RUNTIME_DIR": str(place / "runtime"),
                 "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "LC_ALL": "C.UTF-8", **scenario.variables}
    return record(scenario.command, project, variables, interrupt=scenario.interrupt)


def without_figures(lines: List[str]) -> str:
    """What is the same in each run on each machine: no numbers, nothing about the machine or the versions."""
    kept = [line for line in lines if not re.match(r"(plimsoll: auto|  containment: |platform |rootdir: |plugins: |python: )", line)]
    text = re.sub(r"\d[\d.,:]*(?: ?(?:MiB|GiB|KiB|ms|min|s|m|h|B)\b)?", "#", "\n".join(kept))
    # How often a test is killed before it is alone differs, how much the run used then, and whether the test was measured in time.
    text = text.replace("more than its memory budget of #", "its memory budget").replace("; this test held # of it", "")
    text = re.sub(r"\(gw#[^)]*\)", "(gw# ...)", text)
    text = re.sub(r"measured by \w+$", "measured", text, flags=re.M)
    text = re.sub(r"^(killed: \S+ the run used #, its memory budget;).*(?:\n\1.*)*", r"\1 ...", text, flags=re.M)
    text = re.sub(r"^(crashed \S+ - killed by Plimsoll:).*", r"\1 ...", text, flags=re.M)
    return re.sub(r"[ █░]{2,}", "  ", text)


def expected(recording: Recording) -> str:
    """Where a line is wrapped depends on its figures: the terminal of the texts is wider than any line."""
    return without_figures(plain(screen(recording._replace(columns=400)))) + "\n"


def write(place: Path) -> None:
    """Record all of them again."""
    FOLDER.mkdir(exist_ok=True)
    for scenario in SCENARIOS:
        recording = run(scenario, place / scenario.name)
        lines = screen(recording)
        (FOLDER / f"{scenario.name}.txt").write_text(expected(recording), encoding="utf-8")
        (FOLDER / f"{scenario.name}.svg").write_text(picture(lines, recording.columns, scenario.title), encoding="utf-8")
        print(f"recordings: {scenario.name}, {recording.events[-1][0]:.1f} s")
        if scenario.name == "green":
            half = screen(recording.until(recording.events[-1][0] / 2))
            (FOLDER / "green-live.svg").write_text(picture(half, recording.columns, "The same run, halfway"), encoding="utf-8")
            (FOLDER / "green.cast").write_text(recording.cast(scenario.title), encoding="utf-8")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory(prefix="recordings-") as folder:
        write(Path(folder))
