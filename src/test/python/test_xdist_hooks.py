"""The hooks and node objects of pytest-xdist, with and without it installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import pytest

import outfit
from driver import Run
from outfit import Outfit
from test_fork import last_line, write
from test_plugins import needed, ours

#: Implements every hook without marking it as optional, as a conftest for xdist does.
RECORDER = """
    import json, os
    def say(*what):
        with open("said", "a") as file: file.write(json.dumps(what) + "\\n")
    def pytest_xdist_setupnodes(config, specs): say("setup", [spec.id for spec in specs], str(specs[0]), specs[0].chdir)
    def pytest_configure_node(node):
        node.workerinput["given"] = {"number": len(node.gateway.id), "bytes": b"x", "pair": (1, 2)}
        say("configure", node.gateway.id, node.gateway.spec.popen, node.workerinput["workerid"],
            node.workerinput["workercount"], node.config.rootpath.name, hasattr(node, "workeroutput"))
    def pytest_testnodeready(node): say("ready", node.gateway.id, node.workerinfo["id"])
    def pytest_xdist_node_collection_finished(node, ids): say("collected", node.gateway.id, ids)
    def pytest_testnodedown(node, error):
        say("down", node.gateway.id, error, getattr(node, "workeroutput", {}).get("answer"))
    def pytest_handlecrashitem(crashitem, report, sched):
        sched.mark_test_pending(crashitem)
        say("crash", crashitem, report.outcome, report.node.gateway.id)
    def pytest_runtest_logreport(report):
        if hasattr(report, "node") and report.when == "call": say("report", report.nodeid, report.node.gateway.id)
    def pytest_xdist_auto_num_workers(config): return 3
    def pytest_sessionfinish(session):
        if hasattr(session.config, "workerinput"):
            session.config.workeroutput["answer"] = [os.getpid(), session.config.workerinput["given"]["number"]]
"""
TESTS = """
    import os
    def test_given(request):
        given = request.config.workerinput["given"]
        assert given == {"number": 3, "bytes": b"x", "pair": (1, 2)}
    def test_fine(): pass
"""


@pytest.fixture(params=["without xdist", "with xdist"])
def kit(request: pytest.FixtureRequest) -> Outfit:
    found = needed(outfit.from_pip, "xdist")
    return found if request.param == "with xdist" else Outfit(found.python, {"PYTEST_ADDOPTS": "-p no:xdist"})


def said(project: Path) -> Dict[str, List[Any]]:
    found: Dict[str, List[Any]] = {}
    for line in (project / "said").read_text().splitlines():
        kind, *values = json.loads(line)
        found.setdefault(kind, []).append(values)
    return found


def test_hooks_tell_the_life_of_a_worker(project: Path, engine: str, kit: Outfit) -> None:
    write(project, conftest=RECORDER, test_a=TESTS)
    run = ours(project, kit, engine, "-n", "auto", workers=1)
    assert run.outcomes == {"test_a.py::test_given": "passed", "test_a.py::test_fine": "passed"}, run.printed
    assert run.of("collected")[0]["numprocesses"] == 3
    told = said(project)
    assert told["setup"] == [[["gw0"], "popen", None]]
    assert told["configure"] == [["gw0", True, "gw0", 1, project.name, False]]
    assert told["ready"] == [["gw0", "gw0"]]
    assert told["collected"] == [["gw0", [item["id"] for item in run.items]]]
    assert sorted(told["report"]) == [["test_a.py::test_fine", "gw0"], ["test_a.py::test_given", "gw0"]]
    assert told["down"] == [["gw0", None, [run.of("worker")[0]["pid"], 3]]]
    assert run.of("note") == []


def test_options_and_outputs_are_those_of_xdist(project: Path, engine: str, kit: Outfit) -> None:
    write(project, conftest="""
        import json
        def say(*what):
            with open("said", "a") as file: file.write(json.dumps(what) + "\\n")
        def pytest_configure(config):
            side = "worker" if hasattr(config, "workerinput") else "controller"
            say(side, config.option.dist, config.option.numprocesses, config.option.tx)
        def pytest_testnodedown(node): say("down", node.workeroutput)
    """, test_a="def test_a(): assert 0\n")
    run = ours(project, kit, engine, "-n", "2", "-x", workers=1)
    assert run.outcomes == {"test_a.py::test_a": "failed"} and last_line(run.printed) == "1 failed"
    told = said(project)
    assert told["controller"] == [["load", 2, ["popen", "popen"]]] and told["worker"] == [["no", None, []]]
    assert told["down"] == [[{"exitstatus": 1, "shouldfail": "stopping after 1 failures", "shouldstop": False}]]


def test_hooks_tell_of_a_crash(project: Path, engine: str) -> None:
    write(project, conftest=RECORDER, test_a=TESTS, test_b="import os\ndef test_exit(): os._exit(3)\n")
    run = Run(project, workers=1, batch=1, engine=engine).complete()
    assert run.outcomes.pop("test_b.py::test_exit") == "crashed" and set(run.outcomes.values()) == {"passed"}
    told = said(project)
    assert told["down"][0] == ["gw0", "Not properly terminated: exit status 3", None]
    assert told["crash"] == [["test_b.py::test_exit", "failed", "gw0"]]


def test_hooks_are_called_for_each_fresh_process(project: Path, engine: str) -> None:
    write(project, conftest=RECORDER, test_a=TESTS)
    Run(project, workers=1, batch=1, fresh=True, engine=engine).complete()
    told = said(project)
    names = [values[0] for values in told["configure"]]
    assert names == [values[0] for values in told["down"]]
    assert names == ["gw0", "gw1"]  # one process for each of the two batches
    assert told["down"][0][2] != told["down"][1][2] and len(told["setup"]) == 1


#: The recipe of pytest-xdist's documentation: the tests of a parameter stay on one worker.
SCOPES = """
    from xdist.scheduler import LoadScopeScheduling
    class ByParameter(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return nodeid.rpartition("[")[2].rstrip("]").split("-")[0] if "[" in nodeid else nodeid
    def pytest_xdist_make_scheduler(config, log):
        return ByParameter(config, log)
"""
PARAMETERS = """
    import pytest
    @pytest.mark.parametrize("number", range(3))
    @pytest.mark.parametrize("host", ["a", "b"])
    def test_on(host, number): pass
    def test_free(): pass
"""


def groups(run: Run) -> Dict[str, Any]:
    return {item["id"].partition("::")[2]: item["group"] for item in run.items}


def test_the_scopes_of_a_scheduler_of_the_project_are_groups(project: Path, engine: str) -> None:
    write(project, conftest=SCOPES, test_a=PARAMETERS)
    run = ours(project, needed(outfit.from_pip, "xdist"), engine, "--dist=load", workers=2)
    assert len(run.outcomes) == 7 and set(run.outcomes.values()) == {"passed"}, run.printed
    assert groups(run) == {"test_free": None, **{f"test_on[{host}-{n}]": host for host in "ab" for n in range(3)}}
    assert run.of("collected")[0]["dist"] == "loadgroup" and run.of("note") == []


@pytest.mark.parametrize("conftest, told", [
    (SCOPES + "        \n    ByParameter.schedule = lambda self: None\n", "only `_split_scope` has an effect, not `schedule`"),
    ("    class Own: pass\n    def pytest_xdist_make_scheduler(config, log): return Own()\n", "has no effect"),
    ("    def pytest_xdist_make_scheduler(config, log): log.more('x')\n", ""),
    ("    from xdist.scheduler import LoadScheduling\n"
     "    def pytest_xdist_make_scheduler(config, log): return LoadScheduling(config, log)\n", ""),
], ids=["more than scopes", "no scopes", "none", "free"])
def test_what_does_not_hold_of_such_a_scheduler_is_a_warning(project: Path, conftest: str, told: str) -> None:
    write(project, conftest=conftest, test_a="def test_a(): pass\n")
    run = ours(project, needed(outfit.from_pip, "xdist"), "fork", workers=1)
    assert run.outcomes == {"test_a.py::test_a": "passed"}, run.printed
    notes = [note["text"] for note in run.of("note")]
    assert len(notes) == bool(told)
    assert all(told in note and "`--engine xdist` uses the project's scheduler" in note for note in notes)


def test_hooks_that_start_and_copy_are_said_to_be_ignored(project: Path) -> None:
    write(project, conftest="def pytest_xdist_getremotemodule(): assert 0\n", test_a="def test_a(): pass\n")
    run = Run(project, workers=1).complete()
    assert run.outcomes == {"test_a.py::test_a": "passed"}
    assert "pytest_xdist_getremotemodule" in run.of("note")[0]["text"] and "not called" in run.of("note")[0]["text"]


def test_an_error_in_such_a_hook_ends_the_run(project: Path) -> None:
    write(project, conftest="def pytest_configure_node(node): raise ValueError('no node')\n", test_a="def test_a(): pass\n")
    run = Run(project, workers=1).complete()
    assert run.status == 3 and "ValueError: no node" in run.printed
