"""What tests print reaches every report whole, without growing the host by it."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any, Dict, List

import pytest
from driver import Run
from plimsoll_pytest.spool import LONG, Incoming, Sender, Spool
from test_fork import serial, write

PRINTS = """
    import sys

    def test_prints():
        for n in range(40_000):
            print(f"{n:08d} " + "\\N{GREEK SMALL LETTER OMEGA}" * 91)

    def test_fails():
        for n in range(40_000):
            print(f"{n:08d} " + "e" * 91, file=sys.stderr)
        assert 0

    def test_is_short():
        print("short")
"""


def outputs(path: Path) -> Dict[str, List[str]]:
    return {str(case.get("name")): [str(child.text) for child in case if child.tag in ("system-out", "system-err")]
            for case in ElementTree.parse(path).iter("testcase")}


def test_the_junit_file_of_pytest_has_all_of_it(project: Path, engine: str) -> None:
    write(project, test_prints=PRINTS)
    arguments = ["-p", "no:cacheprovider", "-o", "junit_logging=all", "-o", "junit_log_passing_tests=true"]
    serial(project, *arguments, "--junitxml=plain.xml")
    run = Run(project, [*arguments, "--junitxml=ours.xml"], engine=engine).complete()
    assert outputs(project / "ours.xml") == outputs(project / "plain.xml")
    text = next(done["text"] for done in run.of("done") if done["text"])
    assert "characters left out" in text and len(text) < 2 * LONG
    assert "00000000 e" in text and "00039999 e" in text


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
def test_an_error_after_the_last_test_is_in_its_test_case(project: Path, engine: str, family: str) -> None:
    """A fixture of the session ends when the test that used it last is done already."""
    write(project, test_ends="""
        import pytest
        @pytest.fixture(scope="session", autouse=True)
        def whole():
            yield
            print("ending")
            raise RuntimeError("the end")
        def test_one(record_property): record_property("key", "value")
        def test_two(record_property):
            record_property("key", "value")
            {last}
    """)
    for last, logging in (("pass", "all"), ("assert 0", "no"), ("pytest.skip('no')", "no")):
        text = (project / "test_ends.py").read_text()
        (project / "test_ends.py").write_text(text.replace("{last}", last))
        arguments = ["-p", "no:cacheprovider", "-o", f"junit_family={family}", "-o", f"junit_logging={logging}"]
        serial(project, *arguments, "--junitxml=plain.xml")
        Run(project, [*arguments, "--junitxml=ours.xml"], engine=engine, workers=1).complete()
        assert shape(project / "ours.xml") == shape(project / "plain.xml"), last
        (project / "test_ends.py").write_text(text)


def shape(report: Path) -> List[Any]:
    suite = ElementTree.parse(report).getroot()[0]
    counts = [suite.get(name) for name in ("tests", "errors", "failures", "skipped")]
    return [counts, *((case.get("name"), [part.tag for part in case]) for case in suite)]


def test_a_hook_of_the_host_reads_all_of_it(project: Path) -> None:
    write(project, test_prints=PRINTS, conftest="""
        def pytest_runtest_logreport(report):
            if report.when == "call" and report.nodeid.endswith("test_prints"):
                lines = report.capstdout.splitlines()
                assert len(lines) == 40_000 and lines[20_000].startswith("00020000 ")
                assert dict(report.sections)["Captured stdout call"] == report.sections[0][1] == report.capstdout
    """)
    run = Run(project).complete()
    assert sorted(run.outcomes.values()) == ["failed", "passed", "passed"] and run.status == 1


def travelled(sections: List[Any], spool: Any) -> Any:
    """These sections of two reports of a test, after their way to the host; and how many parts went ahead."""
    incoming, parts = Incoming(spool), []

    def send(frame: Any) -> None:
        parts.append(frame[1])
        try:
            incoming.add(frame[1])
        except OSError:
            pass

    sender = Sender(send)
    sent = [sender.sections(sections) for _ in range(2)]
    return [incoming.sections(one) for one in sent], len(parts)


def test_long_output_travels_once_and_comes_out_as_it_went_in() -> None:
    text = "\udc80\u20ac\U0001f600x" * LONG
    (one, other), parts = travelled([("short", "s"), ("long", text), ("other", text[1:])], Spool())
    assert list(one) == list(other) == [("short", "s"), ("long", text), ("other", text[1:])]
    assert parts == 2 * (4 * LONG // (1 << 18) + 1)


def test_a_full_disk_leaves_the_ends_and_says_so() -> None:
    class Full(Spool):
        def append(self, text: str) -> Any:
            raise OSError(28, "No space left on device")

    (one, _), _ = travelled([("long", "a" + "b" * LONG + "c")], Full())
    (name, content), = one
    assert content.startswith("a") and content.endswith("c") and "characters left out" in content


def test_a_full_disk_is_a_warning(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, test_prints=PRINTS, conftest="""
        import plimsoll_pytest.spool

        def refuse(spool, text):
            raise OSError(28, "No space left on device")

        plimsoll_pytest.spool.Spool.append = refuse
    """)
    run = Run(project).complete()
    assert sorted(run.outcomes.values()) == ["failed", "passed", "passed"]
    assert ["No space left on device" in note["text"] for note in run.of("note")] == [True, True]
