"""What the README and the guides tell the reader to type works, and their links lead somewhere.

A block of commands is fenced as `sh`; a comment `<!-- not run: REASON -->` above it keeps it from being run here. Blocks of `toml`
are the configuration of the project in which the commands of the same document run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Set, Tuple

import pytest

from test_pytest_option import environment

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = ["README.md", "docs/install.md", "docs/running.md", *sorted(f"docs/guides/{path.name}" for path in (ROOT / "docs/guides").glob("*.md"))]
BLOCK = re.compile(r"(?:^<!-- not run: (?P<reason>[^>]+) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
#: Commands in workflow files: `- run: X`, `- run: >` with lines, and GitLab's `script`.
STEP = re.compile(r"- run: >\n(?P<lines>(?: {6,}\S.*\n)+)|- run: (?P<line>[^>\n].*)|- (?P<script>plimsoll .*)")
MATRIX = {"matrix.group": "heavy", "matrix.workers": "1", "matrix.memory": "6g"}

PROJECT = {
    "pytest.ini": "[pytest]\n",
    "tests/test_cart.py": "def test_cart_is_empty(): pass\ndef test_cart_holds_one(): pass\n",
    "tests/test_orders.py": "def test_order(): pass\n",
    "tests/perf/test_prices.py": "def test_prices(): assert len(bytearray(20_000_000)) == 20_000_000\n",
    "tests/browser/test_page.py": "def test_page(): pass\n",
}


class Block(NamedTuple):
    kind: str
    text: str
    reason: str


def blocks(document: str) -> List[Block]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return [Block(match["kind"], match["text"], match["reason"] or "") for match in BLOCK.finditer(text)]


def commands(document: str) -> List[str]:
    """Those that are run here."""
    found: List[str] = []
    for block in blocks(document):
        if block.kind == "sh" and not block.reason:
            found += block.text.splitlines()
        elif block.kind == "yaml":
            for step in STEP.finditer(block.text):
                line = " ".join((step["lines"] or step["line"] or step["script"]).split())
                found.append(re.sub(r"\$\{\{ ([\w.]+) }}", lambda match: MATRIX[match[1]], line))
    return [line for line in found if not line.startswith("pip install")]


def write(folder: Path, document: str) -> None:
    config = "".join(block.text for block in blocks(document) if block.kind == "toml" and "[tool." not in block.text)
    for name, text in {**PROJECT, "plimsoll.toml": config}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def programs(tmp_path: Path) -> Dict[str, str]:
    """The variables of a shell that finds `plimsoll` and `pytest`, as after an installation."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "plimsoll").symlink_to(ROOT / "plimsoll")
    script = folder / "pytest"
    script.write_text(f"#!{sys.executable}\nimport sys\nfrom pytest import console_main\nsys.exit(console_main())\n")
    script.chmod(0o755)
    (tmp_path / "runtime").mkdir(mode=0o700)
    path = os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]])
    few = {"PLIMSOLL_CALIBRATE_LEVELS": "1", "PLIMSOLL_CALIBRATE_RUNS": "1"}  # one level, once: the command is what is tested
    return environment(PATH=path, XDG_RUNTIME_DIR=str(tmp_path / "runtime"), GROUP="heavy", WORKERS="1", **few)


@pytest.mark.parametrize("document", [document for document in DOCUMENTS if commands(document)])
def test_the_commands_work(project: Path, programs: Dict[str, str], document: str) -> None:
    write(project, document)
    for line in commands(document):
        done = subprocess.run(["sh", "-ec", line], cwd=project, env=programs, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{document}: {line}\n{done.stdout}{done.stderr}"


def test_what_is_not_run_is_counted() -> None:
    assert sum(len(commands(document)) for document in DOCUMENTS) >= 25
    kept_out = {document: sum(bool(block.reason) for block in blocks(document)) for document in DOCUMENTS}
    assert {document: count for document, count in kept_out.items() if count} == {
        "README.md": 3, "docs/install.md": 1, "docs/guides/browsers.md": 1, "docs/guides/containers.md": 2, "docs/guides/django.md": 1}
    assert all(block.kind == "sh" for document in DOCUMENTS for block in blocks(document) if block.reason)


def in_text() -> Iterator[Tuple[str, str]]:
    """The commands that stand in sentences and tables."""
    for document in DOCUMENTS:
        text = BLOCK.sub("", (ROOT / document).read_text(encoding="utf-8"))
        for span in re.findall(r"`(plimsoll [^`]+)`", text):
            yield document, span.replace("\\|", "|")


def test_options_in_sentences_exist() -> None:
    helps: Dict[str, str] = {}
    asked: Set[Tuple[str, str]] = set()
    for _document, span in in_text():
        words = span.split()[1:]
        at = next((i for i, word in enumerate(words) if not re.fullmatch(r"[a-z]+", word)), len(words))
        name = " ".join(words[: min(at, 2 if words[0] in ("groups", "stages", "history") else 1)])
        asked |= {(name, option) for option in re.findall(r"(?<!\S)--[a-z][a-z-]+", span.partition(" -- ")[0])} | {(name, "")}
    for name, option in sorted(asked):
        if name and name not in helps:
            done = subprocess.run([ROOT / "plimsoll", *name.split(), "--help"], capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, f"{name}: {done.stderr}"
            helps[name] = done.stdout
        if name and option and option not in helps[name]:
            assert name == "run" and option in ("--lf", "--pdb", "--tb"), f"plimsoll {name} has no {option}"
    assert len(helps) > 10


def anchors(path: Path) -> Set[str]:
    """Those that GitHub gives to headings."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def dead_links(document: Path) -> List[str]:
    text = re.sub(r"`[^`\n]*`", "", document.read_text(encoding="utf-8"))
    found = []
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        path = document.parent / name if name else document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            found.append(target)
    return found


def test_links_lead_somewhere() -> None:
    documents = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")]
    documents += [*(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*/README.md")]
    assert len(documents) > 40
    assert {str(path.relative_to(ROOT)): found for path in documents if (found := dead_links(path))} == {}


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("# Some title\n[a](b.md) [c](#some-title) [d](#other) [e](a.md#some-title) `[f](g.md)`\n")
    assert dead_links(document) == ["b.md", "#other"]
