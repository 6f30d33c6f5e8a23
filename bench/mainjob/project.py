"""Write a project of the size and shape of its users': `python3 project.py FOLDER [--small]`.

198 test files and 1,865 tests (a tenth of that with --small) in heavy, long and light lists, a
README in another language, old commands in Makefile, scripts and CI, a real Playwright project in
a subfolder, and what makes the choice of workers hard:

- light tests that wait, so that workers help even on few cores
- a test that is flaky above 4 workers
- two tests that share a file, in one group
- a heavy group of which no second worker fits the memory that the walk gives it
- files of which all tests are skipped
"""

import argparse
import json
import os
import shutil
import subprocess
from pathlib import Path

LIGHT = '''import time

import pytest


{marks}@pytest.mark.parametrize("case", range({tests}))
def test_light(case):
    time.sleep({seconds})
    assert case >= 0
'''

SKIPPED = '''import pytest

pytestmark = pytest.mark.skip(reason="needs a license server")


@pytest.mark.parametrize("case", range(3))
def test_licensed(case):
    assert False
'''

# Fails now and then when more than four workers run: which of them meet is chance.
FLAKY = '''import os
import time


def test_state_and_orchestrator(tmp_path_factory):
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    time.sleep(0.05)
    lucky = int.from_bytes(os.urandom(1), "big") % {odds}
    assert workers <= 4 or lucky, "the orchestrator answered late: another worker had its port"


def test_state_alone():
    assert True
'''

SHARED = '''import os
import time
from pathlib import Path

STATE = Path(__file__).parent / "state.lock"


def hold():
    handle = os.open(STATE, os.O_CREAT | os.O_EXCL)
    try:
        time.sleep(0.4)
    finally:
        os.close(handle)
        STATE.unlink()


def test_{name}_keeps_the_state():
    hold()
'''

LONG = '''import time

import pytest


@pytest.mark.parametrize("step", range({tests}))
def test_stream(step):
    time.sleep({seconds})
'''

HEAVY = '''import time

import pytest


@pytest.mark.parametrize("part", range({tests}))
def test_bulk(part):
    held = bytearray({mib} << 20)
    held[::4096] = b"1" * len(held[::4096])
    time.sleep({seconds})
    assert len(held)
'''

README = """# Lagerverwaltung

Die Verwaltung eines Lagers: Bestand, Preise, Bestellungen.

## Installation

    pip install -e .

## Tests

Alle Tests laufen mit

    pytest -n 8

und die schnellen mit `pytest -n 6 tests/unit`.
"""

MAKEFILE = """test:
\tpytest -n 6

test-light:
\tpython3 -m pytest -n8 tests/unit
"""

SCRIPT = """#!/bin/sh
# Run everything, as before.
set -e
pytest -n 6 --dist loadfile tests "$@"
"""

CI = """on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pytest -n auto
"""

#: A real Playwright project with its server.
WEB = Path(__file__).resolve().parents[2] / "examples/web"

#: Its test scripts; the first would run all of it, and the last waits for somebody.
TEST_SCRIPTS = {
    "test:e2e": "playwright test",
    "test:e2e:preflight": "node scripts/preflight.mjs",
    "test:e2e:functional": "playwright test tests/functional",
    "test:e2e:latency": "playwright test tests/latency.spec.ts --workers=1",
    "test:e2e:ui": "playwright test --ui",
}


class Project:
    def __init__(self, root, small):
        self.root = Path(root)
        self.lists = {"heavy": [], "long": [], "light": []}
        self.small = small

    def write(self, name, text, mode=0o644):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.chmod(file, mode)

    def test(self, group, name, text):
        self.write(name, text)
        self.lists[group].append(name)

    def generate(self):
        part = 10 if self.small else 1
        self.light(173 // part)
        for i in range(14 // min(part, 4)):
            tests = 2 if self.small else 6
            self.test("long", f"tests/integration/test_stream_{i:02}.py", LONG.format(tests=tests, seconds=0.2))
        for i in range(7 // min(part, 4)):
            self.test("heavy", f"tests/perf/test_bulk_{i:02}.py", HEAVY.format(tests=2, seconds=0.2, mib=220))
        self.rest()
        return self

    def light(self, files):
        for i in range(files):
            tests = 4 if self.small else 10 if i < 170 else 20
            self.test(
                "light", f"tests/unit/test_part_{i:03}.py", LIGHT.format(marks="", tests=tests, seconds=0.04)
            )
        self.test("light", "tests/unit/test_state_and_orchestrator.py", FLAKY.format(odds=3))
        self.test("light", "tests/unit/test_licensed.py", SKIPPED)
        for name in "ab":
            self.test("long", f"tests/integration/test_shared_{name}.py", SHARED.format(name=name))

    def web(self):
        """The example in a subfolder, and a suite that git ignores."""
        hidden = shutil.ignore_patterns("node_modules", "test-results", ".*", "plimsoll.toml")
        shutil.copytree(WEB, self.root / "web", ignore=hidden)
        packages = WEB / "node_modules"
        if packages.is_dir():
            (self.root / "web/node_modules").symlink_to(packages)
        package = json.loads((WEB / "package.json").read_text("utf-8"))
        package["scripts"].update(TEST_SCRIPTS)
        self.write("web/package.json", json.dumps(package, indent=2) + "\n")
        self.write("old/playwright.config.ts", "export default {};\n")
        self.write(".gitignore", "node_modules\nold/\n")
        subprocess.run(["git", "init", "-q", str(self.root)], check=True)

    def rest(self):
        self.write("README.md", README)
        self.write("Makefile", MAKEFILE)
        self.write("scripts/test.sh", SCRIPT, 0o755)
        self.write(".github/workflows/ci.yml", CI)
        self.write("pytest.ini", "[pytest]\ntestpaths = tests\n")
        self.write("lager/__init__.py", '"""The shop."""\n')
        self.web()
        for group, names in self.lists.items():
            self.write(f"config/pytest-groups/{group}.txt", "".join(f"{n}\n" for n in sorted(names)))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder")
    options.add_argument("--small", action="store_true", help="a tenth of the tests")
    given = options.parse_args()
    Project(given.folder, given.small).generate()


if __name__ == "__main__":
    main()
