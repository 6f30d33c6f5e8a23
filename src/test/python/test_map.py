"""Every file that docs/architecture.md and docs/glossary.md name exists, so that the map stays true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Set

import pytest

ROOT = Path(__file__).parents[3]
JAVA = ROOT / "src/main/java/dev/plimsoll"
PLUGIN = ROOT / "src/main/python/plimsoll_pytest"


def missing(text: str) -> Set[str]:
    """Names in backquotes that look like a file or package of ours, and are none."""
    paths = {name for name in re.findall(r"`([a-z]\w*(?:/\w+)+)`", text)}
    modules = {name for name in re.findall(r"`(\w+\.py)`", text)}
    return {name for name in paths if not (JAVA / (name + ".java")).exists() and not (JAVA / name).is_dir()} | {
        name for name in modules if not (PLUGIN / name).exists()}


@pytest.mark.parametrize("document", ["docs/architecture.md", "docs/glossary.md"])
def test_every_named_file_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8").partition("## Retired names")[0]
    assert len(re.findall(r"`[a-z]\w*(?:/\w+)+`", text)) > 20
    assert not missing(text)


def test_a_file_that_is_gone_is_seen() -> None:
    assert missing("`schedule/Floor` and `crew.py`, but not `schedule/Scheduler`") == {"schedule/Floor", "crew.py"}
