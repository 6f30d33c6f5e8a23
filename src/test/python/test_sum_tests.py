"""bin/lib/sum_tests.py, which says how many tests of all runners passed."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[3] / "bin" / "lib" / "sum_tests.py"
REPORT = """<?xml version="1.0"?>
<testsuites><testsuite><testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="x"/></testcase>
<testcase classname="a" name="broken"><error message="x"/></testcase>
<testcase classname="a" name="left"><skipped/></testcase></testsuite></testsuites>
"""


def total(*folders):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, folders)], capture_output=True, text=True
    )
    return done.returncode, done.stdout.splitlines()


def test_adds_up_all_folders(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.xml").write_text(REPORT)
    status, lines = total(tmp_path / "one", tmp_path / "two", tmp_path / "none")
    assert status == 1
    assert lines[-1] == "2 passed, 4 failed, 2 skipped"
    assert "test: failed: a.bad" in lines


def test_only_passed_is_a_success(tmp_path):
    (tmp_path / "r.xml").write_text('<testsuite><testcase classname="a" name="b"/></testsuite>')
    assert total(tmp_path) == (0, [f"test: {tmp_path.name}: 1 passed, 0 failed, 0 skipped",
                                   "1 passed, 0 failed, 0 skipped"])


def test_nothing_and_a_broken_report_are_failures(tmp_path):
    assert total(tmp_path) == (1, ["0 passed, 0 failed, 0 skipped"])
    (tmp_path / "r.xml").write_text("<testsuite>")
    status, lines = total(tmp_path)
    assert status == 1
    assert "cannot be read" in lines[0]
