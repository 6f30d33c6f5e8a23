from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Iterator

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user reaches; that of pytest is its user's alone."""
    path = Path(subprocess.check_output(["mktemp", "-d", "/tmp/plimsoll-package.XXXXXX"], text=True).strip())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
