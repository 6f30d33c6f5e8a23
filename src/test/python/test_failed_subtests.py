"""A test whose subtests failed has failed for all of pytest, as in one process, and one whose subtests were skipped has not."""

from __future__ import annotations

from pathlib import Path

import pytest

from driver import Run
from test_fork import last_line, serial, write


def test_failed_subtests_fail_their_test_as_in_one_process(project: Path, engine: str) -> None:
    pytest.importorskip("_pytest.subtests", reason="pytest before 9 has no subtests")
    write(project, test_sub="""
        import unittest
        def test_of_pytest(subtests):
            for i in range(3):
                with subtests.test(i=i): assert i != 1
        class TestCase(unittest.TestCase):
            def test_of_unittest(self):
                for i in range(3):
                    with self.subTest(i=i): assert i != 1
    """)
    known = project / ".pytest_cache" / "v" / "cache" / "lastfailed"
    alone = last_line(serial(project).stdout)
    failed = known.read_text()
    known.unlink()
    run = Run(project, workers=1, engine=engine).complete()
    assert set(run.outcomes.values()) == {"failed"}
    assert last_line(run.printed) == alone and known.read_text() == failed


def test_a_skipped_subtest_does_not_skip_its_test(project: Path, engine: str) -> None:
    pytest.importorskip("_pytest.subtests", reason="pytest before 9 has no subtests")
    write(project, test_sub="""
        import pytest, unittest
        def test_of_pytest(subtests):
            with subtests.test(): pytest.skip("not this one")
            with subtests.test(): pytest.xfail("known")
        class TestCase(unittest.TestCase):
            def test_of_unittest(self):
                with self.subTest(): self.skipTest("not this one")
    """)
    run = Run(project, ["-v"], workers=1, engine=engine).complete()
    assert set(run.outcomes.values()) == {"passed"}
    assert last_line(run.printed) == last_line(serial(project, "-v").stdout)
