"""Plugins that only some registries offer: the real one where pip has it, and what its public source does in any case."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import List

import outfit
from driver import Run
from test_fork import last_line, write
from test_plugins import needed, ours, plain

MANY = """
    import pytest
    @pytest.mark.parametrize("x", range(8))
    def test_x(x): assert x != 5
"""


def test_split_runs_one_group_and_stores_all_durations(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_split")
    write(project, test_a=MANY)
    ordered = ["-p", "no:randomly"]
    stored = ours(project, kit, engine, *ordered, "--store-durations", batch=2)
    assert len(stored.outcomes) == 8
    assert set(json.loads((project / ".test_durations").read_text())) == set(stored.outcomes)
    parts = [ours(project, kit, engine, *ordered, "--splits=2", f"--group={group}") for group in (1, 2)]
    assert sorted(name for part in parts for name in part.outcomes) == sorted(stored.outcomes)
    assert all(part.outcomes for part in parts)


def test_the_contract_of_split(project: Path, engine: str) -> None:
    """It deselects other groups' tests, and writes durations from the terminal reporter's reports when a session ends."""
    write(project, conftest="""
        import json
        class Cache:
            def __init__(self, config): self.config = config
            def pytest_sessionfinish(self):
                took = {}
                for reports in self.config.pluginmanager.get_plugin("terminalreporter").stats.values():
                    for report in reports:
                        if hasattr(report, "duration"):
                            took[report.nodeid] = took.get(report.nodeid, 0) + report.duration
                with open(".test_durations", "w") as file: json.dump(took, file)
        def pytest_configure(config): config.pluginmanager.register(Cache(config))
        def pytest_collection_modifyitems(config, items):
            config.hook.pytest_deselected(items=items[6:])
            items[:] = items[:6]
    """, test_a=MANY)
    run = Run(project, engine=engine, batch=2).complete()
    assert last_line(run.printed) == "1 failed, 5 passed, 2 deselected"
    assert set(json.loads((project / ".test_durations").read_text())) == set(run.outcomes)


SNAPSHOTS = """
    import pytest
    @pytest.mark.parametrize("x", range(6))
    def test_x(x, snapshot): assert {"x": x} == snapshot
"""


def test_syrupy_compares_updates_and_knows_what_is_unused(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "syrupy")
    needed(outfit.from_pip, "xdist")
    write(project, test_a=SNAPSHOTS)
    place = project / "__snapshots__/test_a.ambr"
    plain(project, kit, "--snapshot-update")
    expected = place.read_text()
    place.unlink()
    made = ours(project, kit, engine, "--snapshot-update", workers=1, batch=6)
    assert made.status == 0 and place.read_text() == expected
    run = ours(project, kit, engine, workers=2, batch=1)
    assert run.status == 0 and set(run.outcomes.values()) == {"passed"} and "6 snapshots passed" in run.printed
    write(project, test_a=SNAPSHOTS.replace("range(6)", "range(5)"))
    unused = ours(project, kit, engine, workers=2, batch=1)
    assert unused.status == plain(project, kit).returncode == 1 and "1 snapshot unused" in unused.printed


def test_the_contract_of_syrupy(project: Path, engine: str) -> None:
    """Workers publish what they used in `workeroutput`; the controller adds it up, and may make the run fail."""
    write(project, conftest="""
        import os
        used = []
        class Deferred:
            def pytest_testnodedown(self, node, error): used.extend(node.workeroutput["used"])
        def pytest_configure(config):
            if config.pluginmanager.hasplugin("xdist"): config.pluginmanager.register(Deferred())
        def pytest_runtest_logreport(report):
            if report.when == "call" and "PYTEST_XDIST_WORKER" in os.environ: used.append(report.nodeid)
        def pytest_sessionfinish(session, exitstatus):
            if os.getenv("PYTEST_XDIST_WORKER"): session.config.workeroutput["used"] = used
            elif len(used) != 8: session.exitstatus |= 1
        def pytest_terminal_summary(terminalreporter):
            if not os.getenv("PYTEST_XDIST_WORKER"): terminalreporter.write_line(f"{len(set(used))} snapshots")
    """, test_a=MANY.replace("x != 5", "1"))
    kit = needed(outfit.from_pip, "xdist")
    run = ours(project, kit, engine, batch=2)
    assert run.status == 0 and "8 snapshots" in run.printed, run.printed


def test_html_writes_one_report(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_html")
    write(project, test_a=MANY)
    run = ours(project, kit, engine, "--html=report.html", "--self-contained-html", batch=2)
    assert len(run.outcomes) == 8
    report = (project / "report.html").read_text()
    assert sorted(set(re.findall(r"test_a\.py::test_x\[\d\]", report))) == sorted(run.outcomes)
    assert "8 tests took" in report and [path.name for path in project.glob("*.html")] == ["report.html"]


def test_randomly_shuffles_as_in_a_serial_run(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_randomly")
    write(project, test_a=MANY + "\n    import random\n    def test_drawn():\n"
                                 "        with open('drawn', 'a') as file: print(random.random(), file=file)\n")
    listed = plain(project, kit, "-v", "-p", "no:cacheprovider", "--randomly-seed=7").stdout
    expected = re.findall(r"^(\S+::\S+) (?:PASSED|FAILED)", listed, re.MULTILINE)
    run = ours(project, kit, engine, "--randomly-seed=7", batch=2)
    assert [item["id"] for item in run.items] == expected and len(run.outcomes) == 9
    assert len(set((project / "drawn").read_text().split())) == 1


def test_reportlog_has_each_line_of_a_serial_run(project: Path, engine: str) -> None:
    kit = needed(outfit.from_pip, "pytest_reportlog")
    write(project, test_a=MANY)

    def lines(name: str) -> List[List[str]]:
        found = [json.loads(line) for line in (project / name).read_text().splitlines()]
        return sorted([one["$report_type"], one.get("nodeid", ""), one.get("when") or ""] for one in found
                      if one["$report_type"] == "TestReport")

    plain(project, kit, "--report-log=plain.json")
    ours(project, kit, engine, "--report-log=ours.json", batch=2)
    assert lines("ours.json") == lines("plain.json") and len(lines("ours.json")) == 24
