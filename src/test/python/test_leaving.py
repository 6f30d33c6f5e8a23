"""The end of a worker is that of a Python process."""

from __future__ import annotations

from pathlib import Path

import pytest
from driver import Run
from test_fork import write

LEAVES = """
    import atexit, logging.handlers, multiprocessing, os, pathlib, tempfile, threading, time
    HERE = pathlib.Path(__file__).parent

    def late(name):
        time.sleep(0.5)
        (HERE / name).write_text("done")

    def test_leaves_a_child():
        multiprocessing.get_context("fork").Process(target=late, args=("child",)).start()

    def test_leaves_a_daemon():
        multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,), daemon=True).start()

    def test_registers():
        atexit.register((HERE / "registered").write_text, "done")

    def test_keeps_a_folder():
        global FOLDER
        FOLDER = tempfile.TemporaryDirectory()
        (HERE / "folder").write_text(FOLDER.name)

    def test_keeps_records():
        target = logging.FileHandler(HERE / "records")
        handler = logging.handlers.MemoryHandler(100, target=target)
        handler.emit(logging.makeLogRecord({"msg": "kept", "levelno": 20}))
        globals().update(target=target, handler=handler)

    def test_thread_problem():
        threading._register_atexit(lambda: 1 / 0)
"""


def test_what_tests_leave_behind_is_ended(project: Path, engine: str) -> None:
    write(project, test_leaves=LEAVES)
    run = Run(project, engine=engine, workers=1).complete()
    assert run.status == 0 and set(run.outcomes.values()) == {"passed"}
    assert run.of("gone")[0]["expected"] and run.of("gone")[0]["status"] == 0 and run.of("note") == []
    for name in ("child", "registered"):
        assert (project / name).read_text() == "done"
    assert not Path((project / "folder").read_text()).exists()
    assert (project / "records").read_text() == "kept\n"


REGISTERED = """
    import atexit, os, pathlib, shutil, tempfile
    HERE = pathlib.Path(__file__).parent
    SHARED = pathlib.Path(tempfile.mkdtemp(dir=HERE))
    RAN = []

    @atexit.register
    def remove():
        shutil.rmtree(SHARED, ignore_errors=True)
        with open(HERE / "ran", "a") as file:
            file.write("".join(RAN))

    @atexit.register
    def forgotten():
        (HERE / "forgotten").touch()

    atexit.unregister(forgotten)
    OTHER = tempfile.mkdtemp(dir=HERE)
    atexit.register(shutil.rmtree, OTHER)
"""


def test_what_the_project_registered_at_import_runs_in_workers_when_no_test_uses_it(project: Path) -> None:
    write(project, conftest=REGISTERED, test_uses="""
        import time, pytest, conftest

        @pytest.mark.parametrize("n", range(6))
        def test_uses(n):
            time.sleep(n / 10)
            assert conftest.SHARED.is_dir()
            conftest.RAN.append(str(n))
    """)
    run = Run(project, engine="fork", workers=3, batch=1).complete()
    assert set(run.outcomes.values()) == {"passed"} and only_the_folders_are_warned_of(run)
    assert sorted((project / "ran").read_text()) == list("012345")
    assert not (project / "forgotten").exists()
    assert [path for path in project.iterdir() if path.name.startswith("tmp")] == []


def test_workers_for_one_batch_do_not_wait_for_others(project: Path) -> None:
    write(project, conftest=REGISTERED, test_many="def test_a(): pass\ndef test_b(): pass\ndef test_c(): pass\n")
    run = Run(project, engine="fork", workers=2, batch=1, fresh=True).complete()
    assert set(run.outcomes.values()) == {"passed"} and only_the_folders_are_warned_of(run)


@pytest.mark.parametrize("engine", ["auto", "spawn"])
def test_what_an_exit_handler_of_the_project_ends_is_there_for_each_isolated_test(project: Path, engine: str) -> None:
    write(project, conftest="""
        import atexit, pathlib, shutil
        SHARED = pathlib.Path(__file__).parent / "shared"
        SHARED.mkdir(exist_ok=True)

        @atexit.register
        def remove():
            shutil.rmtree(SHARED, ignore_errors=True)
    """, test_uses="""
        import pytest, conftest

        @pytest.mark.parametrize("n", range(3))
        def test_uses(n): assert conftest.SHARED.is_dir()
    """)
    for fresh, chosen in ((True, "spawn"), (False, engine.replace("auto", "fork"))):
        run = Run(project, engine=engine, workers=1, batch=1, fresh=fresh).complete()
        assert set(run.outcomes.values()) == {"passed"} and run.status == 0, run.printed
        collected = run.of("collected")[0]
        assert collected["engine"] == chosen
        assert ("what the atexit handler remove (conftest.py:6) ends" in collected["why"]) is (fresh and engine == "auto")


def only_the_folders_are_warned_of(run: Run) -> bool:
    return ["the temporary folder" in note["text"] for note in run.of("note") if note["level"] == "warning"] == [True]


def test_a_thread_that_does_not_end_is_named(project: Path, engine: str) -> None:
    write(project, test_thread="""
        import threading, time

        def test_starts():
            threading.Thread(target=time.sleep, args=(600,), name="the keeper").start()
    """)
    run = Run(project, engine=engine, workers=1).complete()
    assert run.outcomes == {"test_thread.py::test_starts": "passed"} and run.status == 0
    assert "thread 'the keeper' keeps it" in run.of("note")[0]["text"]


def test_streams_that_were_taken_at_import_stay_open(project: Path, engine: str) -> None:
    write(project, conftest="""
        import logging, sys
        LOG = logging.getLogger("early")
        LOG.addHandler(logging.StreamHandler(sys.stderr))
        LOG.propagate = False
        OUT = sys.stdout
    """, test_logs="""
        from conftest import LOG, OUT

        def test_captures(capsys):
            LOG.warning("a record")
            print("a line", file=OUT)

        def test_fails():
            LOG.warning("another record")
            print("another line", file=OUT)
            assert 0
    """)
    run = Run(project, engine=engine, workers=1).complete()
    text = run.of("done")[1]["text"]
    assert "Logging error" not in text + run.printed and "closed file" not in text + run.printed
    assert "another record" in text and "another line" in text and "a line\n" not in text.replace("another line", "")
