"""The projects of test_xdist_scenarios.py: files by name, in the way of `write`."""

from __future__ import annotations

from typing import Dict

SAY = """
    import json
    def say(kind, *what):
        with open("said", "a") as file: file.write(json.dumps([kind, *what]) + "\\n")
"""

LIFE: Dict[str, str] = {
    "saying": SAY,
    "conftest": """
        import os, sys
        sys.path.insert(0, os.path.dirname(__file__))
        import pytest
        from saying import say
        KEY = pytest.StashKey() if hasattr(pytest, "StashKey") else None
        if KEY is None:
            from _pytest.stash import StashKey
            KEY = StashKey()
        def pytest_configure(config):
            config.stash[KEY] = "set in pytest_configure"
            if hasattr(config, "workerinput"):  # as the documentation of pytest-xdist shows it
                config.workeroutput["r"] = config.workerinput["a"] + config.workerinput["b"]
        def pytest_configure_node(node):
            node.workerinput["a"], node.workerinput["b"] = 42, 7
        def pytest_testnodedown(node, error):
            say("sum", node.workeroutput["r"])
        def pytest_sessionfinish(session):
            if not hasattr(session.config, "workerinput"):
                say("collected", session.testscollected)
                say("path", [entry for entry in sys.path if os.path.isabs(entry)])
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logreport(report):
            if getattr(report, "node", None) is not None:
                if report.when == "call": say("report", report.nodeid, report.worker_id, report.node.gateway.id)
                if report.nodeid.endswith("test_reported_twice") and report.when == "call": say("extra report", "call")
        def pytest_runtest_logstart(nodeid):
            if "PYTEST_XDIST_WORKER" not in os.environ: say("logstart", nodeid)
        def pytest_runtest_logfinish(nodeid):
            if "PYTEST_XDIST_WORKER" not in os.environ: say("logfinish", nodeid)
        def pytest_runtest_protocol(item, nextitem):
            if item.name != "test_reported_twice": return None
            from _pytest.runner import runtestprotocol
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
            for report in runtestprotocol(item, nextitem=nextitem, log=False):
                item.ihook.pytest_runtest_logreport(report=report)
                if report.when == "call": item.ihook.pytest_runtest_logreport(report=report)
            item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
            return True
        @pytest.fixture(scope="session")
        def once():
            say("made", os.getpid())
            return 3
        @pytest.fixture(autouse=True)
        def noted(request):
            if request.node.name not in ("test_plain_skipped", "test_plain_error"): say("ran", request.node.nodeid)
    """,
    "test_plain": """
        import pytest
        def test_plain_pass(): pass
        def test_plain_pass_too(): pass
        def test_plain_fail(): assert 0, 'plainly'
        def test_plain_raise(): raise ValueError("raised")
        @pytest.mark.skip(reason="my reason")
        def test_plain_skipped(): pass
        @pytest.mark.xfail(reason="known")
        def test_plain_xfail(): assert 0
        @pytest.fixture
        def broken(): raise KeyError("broken")
        def test_plain_error(broken): pass
        def test_reported_twice(): pass
    """,
    "test_torn": """
        def test_torn(): pass
        def teardown_function(function): assert 0, "torn"
    """,
    "test_module": """
        import pytest
        @pytest.fixture(scope="module")
        def mine():
            yield 42
            raise ValueError("late in the module")
        def test_module_fixture(mine): assert mine == 42
    """,
    "test_identity": """
        import os, sys, pytest
        from conftest import KEY
        from saying import say
        @pytest.mark.parametrize("x", range(6))
        def test_identity(x, worker_id, testrun_uid, request, tmp_path, once):
            assert once == 3
            given = request.config.workerinput
            say("identity", {
                "worker_id": worker_id, "variable": os.environ["PYTEST_XDIST_WORKER"], "input": given["workerid"],
                "count": os.environ["PYTEST_XDIST_WORKER_COUNT"], "uid": testrun_uid,
                "uid_variable": os.environ["PYTEST_XDIST_TESTRUNUID"], "mainargv": given["mainargv"],
                "folder": os.getcwd(), "path": sys.path, "verbose": request.config.option.verbose,
                "tmp": str(tmp_path), "stash": request.config.stash.get(KEY, "")})
    """,
    "test_warned": """
        import gc, socket, warnings
        import pytest
        class Odd(UserWarning):
            def __init__(self, one, two):
                self.one, self.two, self.args = one, two, ()
        @pytest.fixture
        def warning(): warnings.warn("in a fixture", DeprecationWarning)
        def test_warned(warning): warnings.warn("this is a warning")
        def test_warned_oddly(): warnings.warn(Odd("one", 2))
        def test_warned_with_a_file(tmp_path):
            with open(tmp_path / "open.txt", "w") as file: warnings.warn(UserWarning("foo", file))
        @pytest.mark.filterwarnings("always")
        def test_warned_of_a_socket():
            opened = socket.socket()
            del opened
            gc.collect()
    """,
    "test_grouped": """
        import pytest
        from saying import say
        @pytest.mark.xdist_group("one")
        def test_grouped(worker_id): say("group", "one", worker_id)
        @pytest.mark.xdist_group(name="one")
        def test_grouped_by_name(worker_id): say("group", "one", worker_id)
        @pytest.mark.parametrize("browser", [
            pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("chrome", "edge")])
        @pytest.mark.xdist_group("store")
        def test_grouped_twice(browser, worker_id): say("group", browser + "_store", worker_id)
    """,
}

SMALL: Dict[str, str] = {
    "saying": SAY,
    "conftest": """
        import os, sys
        sys.path.insert(0, os.path.dirname(__file__))
    """,
    "test_small": """
        import pytest
        from saying import say
        @pytest.mark.parametrize("x", range(2))
        def test_small(x, testrun_uid): say("uid", testrun_uid)
    """,
}

CRASHING: Dict[str, str] = {
    "saying": SAY,
    "conftest": """
        import os, sys
        sys.path.insert(0, os.path.dirname(__file__))
        from saying import say
        def pytest_handlecrashitem(crashitem, report, sched): say("crash", crashitem, report.outcome)
    """,
    "test_crashing": """
        import os, pytest
        @pytest.fixture
        def dies(): os._exit(1)
        @pytest.fixture
        def dies_late():
            yield
            os._exit(1)
        def test_fine(): pass
        def test_crash_in_setup(dies): pass
        def test_crash_in_call(): os._exit(1)
        def test_crash_in_teardown(dies_late): pass
        def test_killed(): os.kill(os.getpid(), 15)
        def test_fine_too(): pass
        def test_fine_at_last(): pass
    """,
}

INTERRUPTED: Dict[str, str] = {
    "saying": SAY,
    "conftest": """
        import os, sys
        sys.path.insert(0, os.path.dirname(__file__))
        from saying import say
        def pytest_sessionfinish(session):
            if hasattr(session.config, "workeroutput"): session.config.workeroutput["answer"] = 42
        def pytest_testnodedown(node, error): say("answer", node.workeroutput["answer"])
    """,
    "test_one": "def test_hello(): raise KeyboardInterrupt()\n",
}

ERRING: Dict[str, str] = {
    "test_erring": """
        import pytest
        @pytest.fixture(params=["1", "2"])
        def erring(): raise RuntimeError
        def test_one(erring): pass
        def test_two(erring): pass
    """,
}

RAISING: Dict[str, str] = {"test_raising": "def test_raising(): raise RuntimeError('some failure happened')\n"}

RANDOM: Dict[str, str] = {
    "test_random": """
        import os, pytest, random
        numbers = list(range(30))
        random.SystemRandom().shuffle(numbers)
        @pytest.mark.parametrize("x", numbers)
        def test_random(x): pass
    """,
}

LOGS: Dict[str, str] = {
    "conftest": """
        import logging, os
        def pytest_configure(config):
            worker = os.environ.get("PYTEST_XDIST_WORKER")
            if worker is not None: logging.basicConfig(filename=f"tests_{worker}.log", level="INFO")
    """,
    "test_logs": """
        import pytest
        @pytest.mark.parametrize("x", range(8))
        def test_logs(x): pass
    """,
}

SCOPES: Dict[str, str] = {
    "conftest": """
        class ByParameter:
            def _split_scope(self, nodeid):
                return nodeid.rpartition("[")[2].split("-")[0]
        def pytest_xdist_make_scheduler(config, log):
            return ByParameter()
    """,
    "test_a": """
        import pytest
        @pytest.mark.parametrize("number", range(2))
        @pytest.mark.parametrize("host", ["one", "two"])
        def test_on(host, number): pass
    """,
}
