"""Random suites of small tests and memory hogs whose sizes the runner is not told."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

MB = 1 << 20
FILES = 3

APPETITE = '''
"""Hold memory: `mb` megabytes, filled at `speed` GB a second, kept for `hold` seconds."""
import ctypes
import mmap
import time

STEP = 2 << 20
NORESERVE = 0x4000  # more than the machine has is not refused, as with memory that grows


def eat(mb, speed, hold):
    size = mb << 20
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NORESERVE)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        memory.madvise(mmap.MADV_HUGEPAGE)
    first = ctypes.c_char.from_buffer(memory)
    address = ctypes.addressof(first)
    began = time.perf_counter()
    for done in range(0, size, STEP):
        ctypes.memset(address + done, 1, min(STEP, size - done))
        ahead = done / (speed * 1e9) - (time.perf_counter() - began)
        if ahead > 0.002:
            time.sleep(ahead)
    time.sleep(hold)
    assert memory[size - 1] == 1
    del first
    memory.close()
'''


@dataclass(frozen=True)
class Test:
    """kind: `small`, `hog` (fits the limit when alone) or `oversize` (never fits)."""

    name: str
    file: str
    kind: str
    mb: int
    speed: float
    hold: float

    @property
    def id(self) -> str:
        return f"{self.file}::{self.name}"


@dataclass(frozen=True)
class Suite:
    """limit: of the control group, in megabytes"""

    seed: int
    limit: int
    tests: list[Test]

    @property
    def hogs(self) -> int:
        return sum(test.kind != "small" for test in self.tests)


def draw(seed: int) -> Suite:
    """The suite of a seed; the same for ever."""
    dice = random.Random(f"torture {seed}")
    limit = dice.randint(700, 1200)
    kinds = ["small"] * dice.randint(20, 60) + ["hog"] * dice.randint(3, 8)
    kinds += ["oversize"] * (dice.random() < 0.3)
    dice.shuffle(kinds)
    return Suite(seed, limit, [_test(dice, number, kind, limit) for number, kind in enumerate(kinds)])


def _test(dice: random.Random, number: int, kind: str, limit: int) -> Test:
    speed = round(0.5 * 10 ** dice.random(), 2)
    file = f"test_part{dice.randrange(FILES)}.py"
    if kind == "small":
        return Test(f"test_small_{number}", file, kind, dice.randint(1, 8), speed, dice.random() * 0.03)
    if kind == "hog":
        mb = dice.randint(50, min(600, int(limit * 0.55)))
    else:
        mb = dice.randint(int(limit * 1.15), int(limit * 1.6))
    return Test(f"test_{kind}_{number}", file, kind, mb, speed, round(0.1 + dice.random() * 0.7, 2))


def write(suite: Suite, folder: Path, declared: bool) -> None:
    """Write the suite as a project; `declared` tells the runner each test's peak."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = plimsoll: what a test needs\n")
    (folder / "appetite.py").write_text(APPETITE)
    for number in range(FILES):
        file = f"test_part{number}.py"
        lines = ["import pytest", "from appetite import eat", ""]
        for test in suite.tests:
            if test.file == file:
                lines += _source(test, declared)
        (folder / file).write_text("\n".join(lines))


def _source(test: Test, declared: bool) -> list[str]:
    mark = [f'@pytest.mark.plimsoll(memory="{test.mb + 8}m")'] if declared else []
    return [*mark, f"def {test.name}(): eat({test.mb}, {test.speed}, {test.hold:.3f})", ""]
