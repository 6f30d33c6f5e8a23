"""Forked where that is right, spawned where it is not: what is there at the fork decides, and is named with its line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, List

import pytest
from driver import Run
from test_fork import write


def outcomes(run: Run) -> Dict[str, int]:
    found: Dict[str, int] = {}
    for outcome in run.outcomes.values():
        found[outcome] = found.get(outcome, 0) + 1
    return found


def chosen(run: Run) -> Any:
    assert len(run.of("collected")) == 1 and len(run.of("hello")) == 1, run.messages
    return run.of("collected")[0]


FOLLOWER = """
    import pytest

    state = {}

    class Controller:
        @staticmethod
        def pytest_configure_node(node):
            node.workerinput["database"] = "db_" + node.workerinput["workerid"]

    def pytest_configure(config):
        if hasattr(config, "workerinput"):
            state["database"] = config.workerinput["database"]
        else:
            config.pluginmanager.register(Controller())

    def pytest_sessionstart(session):
        state["connected"] = state.get("database", "db_main")

    @pytest.fixture
    def connection():
        return state["connected"]
"""


@pytest.mark.parametrize("engine", ["auto", "spawn"])
def test_a_project_that_names_a_database_for_each_worker(project: Path, engine: str) -> None:
    write(project, conftest=FOLLOWER, test_a="""
        import os, pytest
        @pytest.mark.parametrize("n", range(20))
        def test_own_database(connection, n): assert connection == "db_" + os.environ["PYTEST_XDIST_WORKER"]
    """)
    run = Run(project, engine=engine).complete()
    assert outcomes(run) == {"passed": 20} and chosen(run)["engine"] == "spawn", run.printed
    if engine == "auto":
        assert "pytest_configure in conftest.py:11 asks which worker it runs in" in chosen(run)["why"]


ROWS = """
    import pytest
    from conftest import ROWS

    @pytest.mark.parametrize("n", range(0, 1200, 5))
    def test_row(n):
        ROWS.seek(n * 7)
        assert ROWS.readline() == f"{n:06d}\\n"
"""


SHARE = """
    import os

    def pytest_configure(config):
        config.addinivalue_line("markers", "own: one of ours")
        count = os.environ.get("PYTEST_XDIST_WORKER_COUNT")
        config.share = 12 // int(count) if count else 12
        %s
"""


def test_a_hook_that_asks_how_many_workers_there_are_is_called_again_in_each(project: Path) -> None:
    write(project, conftest=SHARE % "", test_a="""
        import os, pytest
        @pytest.mark.parametrize("n", range(9))
        def test_share(pytestconfig, n):
            assert pytestconfig.share == 12 // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    """)
    run = Run(project, engine="auto", workers=3).complete()
    assert outcomes(run) == {"passed": 9} and chosen(run)["engine"] == "fork", run.printed


def test_a_hook_that_also_does_what_can_be_done_once_is_spawned(project: Path) -> None:
    write(project, conftest=SHARE % 'config.pluginmanager.register(object(), "ours")', test_a="def test_a(): pass")
    run = Run(project, engine="auto").complete()
    assert outcomes(run) == {"passed": 1} and chosen(run)["engine"] == "spawn", run.printed


@pytest.mark.parametrize("mode, engine", [("r", "fork"), ("r+", "spawn"), ("a+", "spawn")])
def test_a_file_that_was_opened_at_import_is_opened_again_where_it_is_only_read(
        project: Path, mode: str, engine: str) -> None:
    (project / "rows.txt").write_text("".join(f"{n:06d}\n" for n in range(2000)))
    write(project, conftest=f"""
        ROWS = open("rows.txt", "{mode}")
    """, test_a=ROWS, test_b=ROWS, test_c=ROWS)
    run = Run(project, workers=4).complete()
    assert outcomes(run) == {"passed": 720} and chosen(run)["engine"] == engine, run.printed
    assert engine == "fork" or "rows.txt, open for writing (conftest.py:2)" in chosen(run)["why"]


def test_an_opened_file_goes_on_where_it_was_read_to(project: Path) -> None:
    (project / "rows").write_text("".join(f"{n:06d}\n" for n in range(5000)))
    write(project, conftest="""
        import os
        BUFFERED = open("rows")
        assert BUFFERED.readline() == "000000\\n"
        RAW = os.open("rows", os.O_RDONLY)
        os.read(RAW, 7)
        TWIN = os.dup(RAW)
        OTHER = os.open("rows", os.O_RDONLY)
    """, test_a="""
        import os, pytest
        import conftest as c
        @pytest.mark.parametrize("n", range(3))
        def test_position(n):
            if not vars(c).setdefault("SEEN", False):  # the first in each worker
                c.SEEN = True
                assert c.BUFFERED.readline() == "000001\\n"
                assert os.read(c.RAW, 7) == b"000001\\n" and os.read(c.TWIN, 7) == b"000002\\n"
                assert os.read(c.OTHER, 7) == b"000000\\n"
    """)
    (project / "test_b.py").write_text((project / "test_a.py").read_text())
    run = Run(project, workers=2).complete()
    assert outcomes(run) == {"passed": 6} and chosen(run)["engine"] == "fork", run.printed


CHILD = """
    import subprocess, sys

    ECHO = subprocess.Popen(
        [sys.executable, "-u", "-c", "import sys\\nfor line in sys.stdin: sys.stdout.write('got ' + line)"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def pytest_unconfigure():
        ECHO.stdin.close()
"""


def test_a_program_that_was_started_at_import(project: Path) -> None:
    test = """
        import pytest
        from conftest import ECHO
        @pytest.mark.parametrize("n", range(60))
        def test_echo(n):
            assert ECHO.poll() is None
            ECHO.stdin.write(f"{n}\\n")
            assert ECHO.stdout.readline() == f"got {n}\\n"
    """
    write(project, conftest=CHILD, test_a=test, test_b=test)
    run = Run(project, batch=1).complete()
    assert outcomes(run) == {"passed": 120} and chosen(run)["engine"] == "spawn", run.printed
    assert "the process `" in chosen(run)["why"] and "(conftest.py:4)" in chosen(run)["why"]


@pytest.mark.parametrize("made, told", [
    ("import multiprocessing; LOCK = multiprocessing.Lock()", "shared memory"),
    ("import multiprocessing; VALUE = multiprocessing.Value('i', 0)", ", mapped into memory"),
    ("import multiprocessing; QUEUE = multiprocessing.Queue()", "a pipe"),
    ("import mmap; SHARED = mmap.mmap(-1, 100)", "shared memory"),
    ("import os; PIPE = os.pipe()", "a pipe"),
    ("import select; EPOLL = select.epoll()", "an event loop (epoll)"),
    ("import socket; PAIR = socket.socketpair()", "a connection to another socket"),
    ("import socket; SERVER = socket.create_server(('127.0.0.1', 0))", "a socket at 127.0.0.1:"),
    ("import fcntl; FILE = open('x.lock', 'a'); fcntl.flock(FILE, fcntl.LOCK_SH)", "a lock on x.lock"),
    ("import fcntl; FILE = open('x.lock', 'a'); fcntl.lockf(FILE, fcntl.LOCK_EX, 1, os.getpid())", "a lock on x.lock"),
    ("import sqlite3; BASE = sqlite3.connect('x.db'); BASE.execute('create table if not exists t (x)')",
     "the SQLite database x.db"),
    ("import tempfile; FILE = tempfile.TemporaryFile()", "open for writing"),
    ("import tempfile; FOLDER = tempfile.TemporaryDirectory()", "the temporary folder "),
    ("from tempfile import mkdtemp; os.environ['DATA'] = mkdtemp()", "the temporary folder "),
    ("import tempfile; NAMES = [os.close(fd) or name for fd, name in [tempfile.mkstemp()]]", "the temporary file "),
    ("import tempfile; FILE = tempfile.NamedTemporaryFile(delete=False); FILE.close()", "the temporary file "),
    ("import tempfile; FILE = tempfile.NamedTemporaryFile()", "open for writing (test_a.py:3)"),
    ("import tempfile; NAME = tempfile.mktemp()", "the name of a temporary file "),
    ("import threading; threading.Thread(target=threading.Event().wait, name='own', daemon=True).start()",
     "Python thread 'own'"),
    ("import signal; signal.signal(signal.SIGALRM, lambda *_: None); signal.alarm(600)", "a timer that runs"),
    ("import signal; signal.signal(signal.SIGCHLD, lambda *_: None)", "a handler of SIGCHLD"),
    ("import asyncio; LOOP = asyncio.new_event_loop()", "an event loop (epoll)"),
    ("import mmap; FILE = open(__file__, 'rb'); MAP = mmap.mmap(FILE.fileno(), 0, access=mmap.ACCESS_READ)",
     "test_a.py, mapped into memory"),
    ("FILE = open('gone', 'w+'); FILE.close(); FILE = open('gone'); os.remove('gone')", "which its path no longer names"),
], ids=lambda value: value.split(";")[0].partition(" ")[2] if ";" in value else "")
def test_what_forked_workers_cannot_share_is_named_with_the_line_that_made_it(
        project: Path, made: str, told: str) -> None:
    write(project, test_a=f"""
        import os
        {made}
        def test_a(): pass
    """)
    run = Run(project, workers=1).complete()
    assert outcomes(run) == {"passed": 1} and chosen(run)["engine"] == "spawn", run.printed
    assert told in chosen(run)["why"] and "(test_a.py:3)" in chosen(run)["why"], chosen(run)["why"]


@pytest.mark.parametrize("made", [
    "import sqlite3; BASE = sqlite3.connect(':memory:')", "LOG = open('log', 'a')", "NULL = open('/dev/null', 'w')",
    "import signal; signal.signal(signal.SIGUSR1, lambda *_: None)", "FOLDER = os.open('.', os.O_RDONLY)",
    "import subprocess; subprocess.run(['true'])", "import asyncio; asyncio.run(asyncio.sleep(0))",
    "import logging; logging.basicConfig(filename='log')", "import random; random.random()",
    "import tempfile; tempfile.TemporaryDirectory().cleanup()", "import tempfile; tempfile.gettempdir()",
], ids=lambda value: value.split(";")[0].partition(" ")[2] if ";" in value else "")
def test_what_is_right_in_forked_workers_forks(project: Path, made: str) -> None:
    write(project, test_a=f"""
        import os
        {made}
        def test_a(): pass
    """)
    run = Run(project, workers=1).complete()
    assert outcomes(run) == {"passed": 1} and (chosen(run)["engine"], chosen(run)["why"]) == ("fork", ""), chosen(run)


def test_a_temporary_folder_that_was_made_at_import_is_each_workers_own(project: Path, engine: str) -> None:
    write(project, conftest="""
        import shutil, tempfile
        def pytest_configure(config): config.folder = tempfile.mkdtemp()
        def pytest_sessionfinish(session): shutil.rmtree(session.config.folder)
    """, test_a="""
        import os, pytest, tempfile, time
        FOLDER = tempfile.mkdtemp()
        @pytest.mark.parametrize("n", range(10))
        @pytest.mark.parametrize("make", [lambda config: FOLDER, lambda config: config.folder], ids=["module", "configure"])
        def test_alone(n, make, pytestconfig):
            folder = make(pytestconfig)
            with open(os.path.join(folder, "taken"), "x"): time.sleep(0.02)
            os.remove(os.path.join(folder, "taken"))
    """)
    run = Run(project, workers=4, batch=1, engine="auto" if engine == "fork" else engine).complete()
    assert outcomes(run) == {"passed": 20} and chosen(run)["engine"] == "spawn", run.printed
    if engine == "fork":
        assert "conftest.py:3" in chosen(run)["why"] and "test_a.py:3" in chosen(run)["why"]


def test_a_temporary_folder_of_an_installed_package_is_its_own_affair(project: Path) -> None:
    library = project / "site-packages"
    library.mkdir()
    (library / "cached.py").write_text("import tempfile\nCACHE = tempfile.mkdtemp()\n"
                                       "def made(): return tempfile.mkdtemp()\n")
    (project / "pytest.ini").write_text("[pytest]\npythonpath = site-packages\n")
    engines = []
    for made in ("", "\n        cached.made()"):
        write(project, test_a=f"""
        import cached{made}
        def test_a(): pass
        """)
        engines.append(chosen(Run(project, workers=1).complete())["engine"])
    assert engines == ["fork", "spawn"]


PORT = "SERVER = socket.create_server(('127.0.0.1', {port}), reuse_port=False)"
LOCK = "FILE = open('x.lock', 'a'); fcntl.flock(FILE, fcntl.LOCK_EX | fcntl.LOCK_NB)"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("place", ["test_a", "conftest"])
@pytest.mark.parametrize("held", [PORT, LOCK], ids=["port", "flock"])
def test_what_only_one_process_can_hold(project: Path, held: str, place: str, workers: int) -> None:
    """The process that has collected lets go of it: one worker can have it then, and a project whose conftest holds it
    runs in one process."""
    held = held.format(port=30000 + os.getpid() % 20000)
    files = {"test_a": "", "conftest": ""}
    files[place] = f"import fcntl, socket\n{held}\n"
    write(project, test_b="""
        import pytest
        @pytest.mark.parametrize("x", range(4))
        def test_b(x): pass
    """)
    (project / "conftest.py").write_text(files["conftest"])
    (project / "test_a.py").write_text(files["test_a"] + "def test_a(): pass\n")
    run = Run(project, workers=workers, batch=1).complete()
    assert outcomes(run) == {"passed": 5} and run.status == 0, run.printed
    assert chosen(run)["engine"] == ("spawn" if place == "test_a" else "serial"), chosen(run)


def test_the_first_process_ends_what_it_has_started(project: Path) -> None:
    write(project, test_a="""
        import atexit, os, subprocess, sys
        CHILD = subprocess.Popen(["sleep", "600"])
        with open("said", "a") as file: file.write(f"{os.getpid()} {CHILD.pid}\\n")
        @atexit.register
        def end():
            with open("ended", "a") as file: file.write(f"{os.getpid()}\\n")
        def test_a():
            before = [line.split()[1] for line in open("said")][0]
            assert not os.path.exists(f"/proc/{before}")
            CHILD.kill()
            CHILD.wait()
    """)
    run = Run(project, workers=1).complete()
    assert outcomes(run) == {"passed": 1}, run.printed
    said = [line.split()[0] for line in (project / "said").read_text().splitlines()]
    assert said[0] == str(run.process.pid) and len(said) == 2
    assert (project / "ended").read_text().split()[0] == said[0]
    assert run.printed.count("test session starts") == 1


def test_a_choice_is_remembered_until_what_led_to_it_has_gone(project: Path) -> None:
    choices = str(project / "engine.json")

    def engine_and_imports(made: str) -> List[Any]:
        write(project, test_a=f"""
            import os, socket
            with open("imported", "a") as file: file.write("x")
            {made}
            def test_a(): pass
        """)
        (project / "imported").write_text("")
        run = Run(project, workers=1, environ={"_PLIMSOLL_CHOICES": choices}).complete()
        assert outcomes(run) == {"passed": 1}, run.printed
        return [chosen(run)["engine"], chosen(run)["why"] != "", (project / "imported").read_text()]

    assert engine_and_imports("pass") == ["fork", False, "x"] and not os.path.exists(choices)
    assert engine_and_imports("SERVER = socket.create_server(('127.0.0.1', 0))") == ["spawn", True, "xx"]
    assert len(json.loads(Path(choices).read_text())) == 1
    assert engine_and_imports("SERVER = socket.create_server(('127.0.0.1', 0))") == ["spawn", True, "x"]
    assert engine_and_imports("pass") == ["spawn", True, "x"] and json.loads(Path(choices).read_text()) == {}
    assert engine_and_imports("pass") == ["fork", False, "x"]
    assert engine_and_imports("import tempfile; FOLDER = tempfile.mkdtemp()") == ["spawn", True, "xx"]
    assert engine_and_imports("import tempfile; FOLDER = tempfile.mkdtemp()") == ["spawn", True, "x"]
    assert engine_and_imports("pass") == ["spawn", True, "x"]
    assert engine_and_imports("NAME = os.environ.get('PYTEST_XDIST_WORKER')") == ["spawn", True, "xx"]
    assert engine_and_imports("NAME = os.environ.get('PYTEST_XDIST_WORKER')") == ["spawn", True, "x"]


@pytest.mark.parametrize("args, test, status, told", [
    ([], "raise RuntimeError('broken')", 2, "broken"), ([], "import sys; sys.exit(9)", 3, ""),
    (["nope.py"], "", 4, "nope.py"), (["-k", "nothing"], "", 5, ""), (["-x"], "raise RuntimeError('broken')", 2, ""),
    (["--continue-on-collection-errors"], "raise RuntimeError('broken')", 1, "broken"),
    ([], "import pytest; pytest.skip('not here', allow_module_level=True)", 0, "not here"),
    ([], "raise KeyboardInterrupt", 2, ""), ([], "import os; os._exit(7)", 7, ""),
], ids=["error", "exit", "no file", "none left", "first", "continue", "skip", "ctrl-c", "gone"])
def test_a_collection_ends_as_in_one_process(
        project: Path, engine: str, args: List[str], test: str, status: int, told: str) -> None:
    write(project, test_a="def test_a(): pass\n", test_b=f"{test}\ndef test_b(): pass\n")
    run = Run(project, args, engine=engine).complete()
    assert run.status == status, run.printed
    assert told in json.dumps(run.of("uncollected")) + run.printed


@pytest.mark.parametrize("hazard", ["", "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"],
                         ids=["asked for", "after the collection"])
def test_the_number_of_tests_is_printed_once(project: Path, hazard: str) -> None:
    write(project, test_a=hazard + "def test_a(): pass\ndef test_b(): pass\n")
    run = Run(project, ("-k", "test_a and not test_b"), workers=1, engine="auto" if hazard else "spawn").complete()
    assert chosen(run)["engine"] == "spawn" and outcomes(run) == {"passed": 1}
    assert run.printed.count("collected 2 items / 1 deselected / 1 selected") == 1
