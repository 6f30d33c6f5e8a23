"""The text that users and contributors read avoids constructions that have to be read twice.

This file holds the list of patterns and is the only one that may contain them.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Iterator, Tuple

import pytest

ROOT = Path(__file__).parents[3]
AVOID = [
    r"\b(is|are) (told|said|had|taken for)\b",
    r"by itself",
    r"that is none",
    r"without a word",
    r"the talk",
]
PATTERN = re.compile("|".join(AVOID))
#: Comments and text that runs over a line break: the marks at the beginning of a line are no part of it.
MARKS = re.compile(r"[ \t]*\n[ \t]*(///?|#:?|\*|--)?[ \t]*")
#: A string that goes on in the next line, in Java and in Python.
JOINED = re.compile(r'"\s*\n?\s*(\+\s*)?f?"')
#: Licences and what other projects wrote.
FOREIGN = {"LICENSE", "package-lock.json"}
NO_TEXT = {".jar", ".png", ".db", ".gz", ".toml.lock"}


def texts() -> Iterator[Tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\n") if listed.returncode == 0 else [
        str(path.relative_to(ROOT)) for place in ("docs", "src", "bin", "bench", "examples") for path in (ROOT / place).rglob("*")
    ] + [path.name for path in ROOT.iterdir()]
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and path != Path(__file__) and path.name not in FOREIGN and path.suffix not in NO_TEXT:
            yield name, path.read_text(encoding="utf-8", errors="replace")


def found(text: str) -> "list[str]":
    return [match.group() for match in PATTERN.finditer(MARKS.sub(" ", JOINED.sub("", text)))]


@pytest.mark.parametrize("text", [
    "what is told here", "it goes on by\n  /// itself", "a port that is none", "ended without\n    # a word", "the talk of it",
    '"what is"\n    + " told"', '"each starts by "\n    f"itself"',
])
def test_the_check_sees_each_pattern(text: str) -> None:
    assert found(text)


def test_no_text_of_the_project_has_to_be_read_twice() -> None:
    read = list(texts())
    assert len(read) > 300
    assert {name: hits for name, text in read if (hits := found(text))} == {}
